"""A small simulated movie with its divisions, as the mitosis jobs read it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tifffile

from cell_events.events import write_events
from cell_events.jobs import Job, MovieSource, Progress, Result, run
from cell_events.simulation import SimulationSettings, simulated_movie
from cell_events.simulation.life import LifeSettings
from cell_events.simulation.render import RenderSettings

FRAMES = "4-15"
SIMULATED = SimulationSettings(
    n_frames=20,
    size=(96, 96),
    life=LifeSettings(radius_px=8, cycle_frames=24, death_share=0.0),
    imaging=RenderSettings(look="fluorescence", noise=0.03),
    seed=3,
)


def write_simulated(folder: Path) -> MovieSource:
    """Write cells.tif, truth.csv (all divisions) and points.csv (those in `FRAMES`)."""
    frames, events = simulated_movie(SIMULATED)
    path = folder / "cells.tif"
    tifffile.imwrite(path, frames, metadata={"axes": "TYX"}, photometric="minisblack")
    write_events(folder / "truth.csv", events)
    write_events(folder / "points.csv", [event for event in events if 4 <= event.t <= 15])
    return MovieSource(path, pixel_size_um=0.5, frame_interval_s=60.0)


def finish(job: Job) -> tuple[list[Progress], dict[str, Any]]:
    """Run a job to its end; give its progress and what it has achieved."""
    *progress, result = run(job)
    assert isinstance(result, Result)
    return [report for report in progress if isinstance(report, Progress)], dict(result.values)


def stages(progress: list[Progress]) -> list[str]:
    """Names of the stages in order, and what the first report says will follow."""
    return list(dict.fromkeys(report.stage for report in progress))
