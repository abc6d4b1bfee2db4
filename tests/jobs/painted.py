"""A small simulated movie whose divisions are painted, as the studies read it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import tifffile
from numpy.typing import NDArray

from cell_events.events import Event, write_events
from cell_events.jobs import MovieSource
from cell_events.simulation import SimulationSettings, simulated_movie
from cell_events.simulation.life import LifeSettings
from cell_events.simulation.render import RenderSettings

SIMULATED = SimulationSettings(
    n_frames=10,
    size=(96, 176),
    life=LifeSettings(radius_px=7, cycle_frames=20, death_share=0.0),
    imaging=RenderSettings(look="fluorescence", noise=0.03),
    seed=5,
)
RADIUS_PX = 6


def painted(events: list[Event], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Discs in both frames of each division."""
    paint = np.zeros(shape, np.uint8)
    rows, columns = np.ogrid[: shape[1], : shape[2]]
    for event in events:
        near = (rows - event.y) ** 2 + (columns - event.x) ** 2 <= RADIUS_PX**2
        paint[max(0, event.t - 1) : event.t + 1, near] = 1
    return paint


def write_painted(folder: Path) -> MovieSource:
    """Write cells.tif, paint.tif and truth.csv."""
    frames, events = simulated_movie(SIMULATED)
    later = [event for event in events if event.t > 0]
    for name, stack in (("cells", frames), ("paint", painted(later, frames.shape))):
        tifffile.imwrite(
            folder / f"{name}.tif", stack, metadata={"axes": "TYX"}, photometric="minisblack"
        )
    write_events(folder / "truth.csv", later)
    return MovieSource(folder / "cells.tif")
