"""Writing the folder of `mitosis plan`."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray

from cell_events import __version__
from cell_events.engine import atomic
from cell_events.engine.grid_heat_map import HIGHEST, GridHeatMap
from cell_events.engine.header import ModelHeader
from cell_events.engine.model_file import network_digest, save_model
from cell_events.jobs.cell_map_folder import CellMaps
from cell_events.jobs.mitosis_plan import PREDICT, MitosisPlan, steady_masks
from cell_events.jobs.plan_folder import (
    EVENTS_ZARR,
    LENGTHS_CSV,
    LENGTHS_MODEL,
    PLAN_JSON,
    PLAN_PNG,
)
from cell_events.jobs.reports import Progress
from cell_events.jobs.whole_folder import whole_folder
from cell_events.mitosis.annotation_plan import annotation_plan
from cell_events.mitosis.cell_masks import CellMasks
from cell_events.mitosis.event_length_network import EventLengthNetwork
from cell_events.mitosis.event_length_settings import EventLengthSettings
from cell_events.mitosis.event_lengths import predicted_events
from cell_events.mitosis.frames import to_pixels
from cell_events.mitosis.length_figure import write_length_figure
from cell_events.mitosis.length_statistics import (
    PredictedEvent,
    found_events,
    length_interval,
    length_statistics,
    sequence_length,
)
from cell_events.movie import Movie

DECIMALS = 3
"""Of places in pixels."""


def write_plan(
    job: MitosisPlan,
    movie: Movie,
    maps: CellMaps,
    network: EventLengthNetwork,
    settings: EventLengthSettings,
) -> Iterator[Progress]:
    """Predict events frame by frame, and write what follows from them.

    Raises
    ------
    ValueError
        If no event is predicted, or the movie is shorter than they last; nothing is written then.
    """
    made = _made(job, movie, maps, network)
    with whole_folder(job.report, PLAN_JSON) as folder:
        heat = folder / EVENTS_ZARR
        yield from _predict(heat, steady_masks(job, maps), maps.shrink, network, settings)
        events = found_events(stored_probabilities(heat), settings.threshold)
        plan = annotation_plan(events, sequence_length(events, job.percentile), movie.n_frames)
        statistics = length_statistics(events)
        write_length_figure(folder / PLAN_PNG, events, statistics, plan)
        atomic.write_text(folder / LENGTHS_CSV, _csv(events, maps.shrink))
        save_model(folder / LENGTHS_MODEL, network, _header(movie, made, network))
        found = {
            "interval": length_interval(events, job.percentile),
            "statistics": asdict(statistics),
            "lengths": [event.length for event in events],
        }
        values = {**asdict(plan), "frames": plan.frames, **found, **made}
        atomic.write_text(folder / PLAN_JSON, json.dumps(values, indent=1))


def stored_probabilities(path: Path) -> Iterator[NDArray[np.float32]]:
    """Probabilities (Y, X) of an event, frame after frame, as a heat map holds them."""
    stored = zarr.open_array(str(path), mode="r")
    for t in range(stored.shape[0]):
        yield np.asarray(stored[t, 0], np.float32) / np.float32(HIGHEST)


def _predict(
    path: Path,
    masks: CellMasks,
    shrink: int,
    network: EventLengthNetwork,
    settings: EventLengthSettings,
) -> Iterator[Progress]:
    """Write the probability of an event as a heat map on the grid."""
    n_frames, *grid = masks.shape
    heat = GridHeatMap(path, (n_frames, 1, grid[0], grid[1]), ("event",), shrink)
    device = next(network.parameters()).device
    started = time.monotonic()
    for t, probability in enumerate(predicted_events(network, masks, settings, device)):
        heat.write(t, probability[None])
        left = (time.monotonic() - started) / (t + 1) * (n_frames - t - 1)
        yield Progress(PREDICT, t + 1, n_frames, seconds_left=left)


def _csv(events: Sequence[PredictedEvent], shrink: int) -> str:
    """Predicted events as a table, places in pixels of the movie."""
    rows = [
        f"{event.first},{event.last},{event.length},"
        f"{round(to_pixels(event.y, shrink), DECIMALS)},"
        f"{round(to_pixels(event.x, shrink), DECIMALS)}\n"
        for event in events
    ]
    return "".join(["first,last,length,y,x\n", *rows])


def _made(
    job: MitosisPlan, movie: Movie, maps: CellMaps, network: EventLengthNetwork
) -> dict[str, Any]:
    """What the plan was made of, and how."""
    return {
        "movie": movie.name,
        "fingerprint": movie.fingerprint,
        "shrink": maps.shrink,
        "map": maps.index(job.choose),
        "map_folder": str(maps.folder),
        "map_digest": maps.digest,
        "digest": network_digest(network),
        "steady": job.steady,
        "percentile": job.percentile,
        "steps": job.steps,
        "seed": job.seed,
        "version": __version__,
    }


def _header(movie: Movie, made: Mapping[str, Any], network: EventLengthNetwork) -> ModelHeader:
    """Header of the model file."""
    provenance = (
        *("map", "map_digest", "fingerprint", "steady"),
        *("percentile", "steps", "seed", "version"),
    )
    return ModelHeader(
        "event_lengths",
        "event_lengths",
        network.arguments,
        axes="BTYX",
        settings={"shrink": made["shrink"]},
        pixel_size_um=movie.pixel_size_um,
        frame_interval_s=movie.frame_interval_s,
        provenance={"movies": [movie.name], **{name: made[name] for name in provenance}},
    )
