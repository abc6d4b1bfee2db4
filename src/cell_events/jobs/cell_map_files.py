"""Writing the folder of `mitosis map`."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import zarr

from cell_events import __version__
from cell_events.engine import atomic
from cell_events.engine.header import ModelHeader
from cell_events.engine.model_file import network_digest, save_model
from cell_events.jobs.cell_map_folder import (
    CELL_MAP_MODEL,
    MAPS_JSON,
    MAPS_PNG,
    MAPS_ZARR,
    check_choice_of_map,
    holds_cell_maps,
)
from cell_events.jobs.cell_map_picture import cell_map_png
from cell_events.jobs.mitosis_map import WRITE, MitosisMap
from cell_events.jobs.reports import Progress
from cell_events.jobs.whole_folder import whole_folder
from cell_events.mitosis.cell_map import all_maps
from cell_events.mitosis.cell_map_network import CellMapNetwork
from cell_events.mitosis.frames import ShrunkenFrames
from cell_events.mitosis.map_choice import MapQuality, map_qualities, proposed_map
from cell_events.movie import HIGH_PERCENTILE, LOW_PERCENTILE


def write_cell_maps(
    job: MitosisMap, frames: ShrunkenFrames, network: CellMapNetwork
) -> Iterator[Progress]:
    """Write all maps of all frames, which of them shows cells, a picture and the model.

    Nothing is done if the folder holds just that already, as after an interruption.

    Raises
    ------
    ValueError
        If no map can be one of cells; nothing is written then.
    """
    made = _made(job, frames, network)
    if holds_cell_maps(job.out, made):
        return
    values = {**made, **_choice(job, frames, network)}
    with whole_folder(job.out, MAPS_JSON) as folder:
        yield from _write_zarr(folder / MAPS_ZARR, job.erosion, frames, network)
        atomic.write_bytes(folder / MAPS_PNG, cell_map_png(frames, folder / MAPS_ZARR, values))
        save_model(folder / CELL_MAP_MODEL, network, _header(made, frames, network))
        atomic.write_text(folder / MAPS_JSON, json.dumps(values, indent=1))


def _made(job: MitosisMap, frames: ShrunkenFrames, network: CellMapNetwork) -> dict[str, Any]:
    """What the maps were made of, and how."""
    return {
        "movie": frames.movie.name,
        "fingerprint": frames.movie.fingerprint,
        "shrink": frames.shrink,
        "erosion": job.erosion,
        "digest": network_digest(network),
        "asked": job.choose,
        "steps": job.steps,
        "seed": job.seed,
        "version": __version__,
    }


def _choice(job: MitosisMap, frames: ShrunkenFrames, network: CellMapNetwork) -> dict[str, Any]:
    """Which map shows cells, by its qualities or because a person says so."""
    found = map_qualities(network, frames, job.erosion)
    qualities = [asdict(quality) for quality in found]
    proposed = proposed_map(found) if job.choose is None else _proposed_if_any(found)
    chosen = proposed if job.choose is None else job.choose
    check_choice_of_map(chosen, qualities, job.out)
    return {"chosen": chosen, "proposed": proposed, "qualities": qualities}


def _proposed_if_any(qualities: tuple[MapQuality, ...]) -> int | None:
    """Map that is proposed; None if there is none that could be one of cells."""
    try:
        return proposed_map(qualities)
    except ValueError:
        return None


def _write_zarr(
    path: Path, erosion: int, frames: ShrunkenFrames, network: CellMapNetwork
) -> Iterator[Progress]:
    """Write the maps frame by frame, (T, n, y, x)."""
    n_frames, _, *grid = frames.shape
    shape = (n_frames, network.maps, *grid)
    stored = zarr.create_array(str(path), shape=shape, chunks=(1, *shape[1:]), dtype="uint8")
    offset_px = (frames.shrink - 1) / 2
    stored.attrs.update({"step_px": frames.shrink, "offset_px": offset_px})
    started = time.monotonic()
    for t in range(n_frames):
        stored[t] = all_maps(network, frames.read(t), erosion).astype(np.uint8)
        left = (time.monotonic() - started) / (t + 1) * (n_frames - t - 1)
        yield Progress(WRITE, t + 1, n_frames, seconds_left=left)


def _header(made: dict[str, Any], frames: ShrunkenFrames, network: CellMapNetwork) -> ModelHeader:
    """Header of the model file."""
    provenance = {name: made[name] for name in ("fingerprint", "steps", "seed", "version")}
    return ModelHeader(
        "cell_map",
        "cell_map",
        network.arguments,
        normalisation={"kind": "percentile", "low": LOW_PERCENTILE, "high": HIGH_PERCENTILE},
        settings={name: made[name] for name in ("shrink", "erosion")},
        pixel_size_um=frames.movie.pixel_size_um,
        frame_interval_s=frames.movie.frame_interval_s,
        provenance={"movies": [frames.movie.name], **provenance},
    )
