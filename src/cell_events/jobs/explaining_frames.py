"""Explain whole frames: `explain` without events."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cell_events.jobs.checks import JobError, make_folder_of
from cell_events.jobs.explain import Explain
from cell_events.jobs.explained_network import ExplainedNetwork
from cell_events.jobs.explained_networks import explained_network
from cell_events.jobs.explained_silence import silent_notes
from cell_events.jobs.explaining_sanity import write_sanity_check
from cell_events.jobs.kept import kept_movie
from cell_events.jobs.reports import Progress, Report, Result
from cell_events.jobs.whole_folder import make_folder
from cell_events.trust.explained_frames import ExplainedFrames
from cell_events.trust.grad_cam_dense import frame_maps
from cell_events.trust.region_figure import write_region_figure
from cell_events.trust.top_regions import Region, region_crops, top_regions, write_regions

if TYPE_CHECKING:
    from cell_events.movie import Movie

TILE_PX = 512
STAGE = "explain the frames"


def explain_frames(job: Explain) -> Iterator[Report]:
    """Write the map of one frame after the other, then the table of regions."""
    job.out.parent.mkdir(parents=True, exist_ok=True)
    make_folder_of(job.table)
    if job.crops is not None:
        make_folder(job.crops)
    movie = kept_movie(job.movie, job.missing_chunks)
    network = explained_network(movie, job.model, job.kind, job.layer, job.device)
    frames = frames_to_explain(job.frames, movie, network)
    written = _opened(job, movie, network)
    started, regions, silent = time.monotonic(), list[Region](), 0
    for done, t in enumerate(frames, 1):
        found = _explained(job, movie, network, written, t)
        regions += found
        silent += not found
        left = (time.monotonic() - started) / done * (len(frames) - done)
        yield Progress(STAGE, done, len(frames), seconds_left=left)
    write_regions(job.table, regions)
    checked = (
        write_sanity_check(job, network, lambda n: whole_map(n, frames[0])) if job.sanity else {}
    )
    yield Result(
        {
            "maps": str(job.out),
            "regions": str(job.table),
            "kind": network.kind,
            "layer": network.layer,
            "layers": list(network.layers),
            "frames": len(frames),
            **silent_notes("frame", silent, len(frames), network.layer),
            "delta": network.delta,
            "size": network.size,
            **({} if job.crops is None else {"crops": str(job.crops)}),
            **checked,
        }
    )


def whole_map(network: ExplainedNetwork, t: int) -> NDArray[np.float32]:
    """Map (Y, X) of a frame: the mean of the maps of all frames that the network reads for it."""
    attention = np.zeros(network.frame_px, np.float32)
    for part in frame_maps(network, network.layer, t, TILE_PX):
        attention[part.window] = part.maps.mean(0)
    return attention


def frames_to_explain(frames: str, movie: Movie, network: ExplainedNetwork) -> list[int]:
    """Frames that are asked for and have what the network compares them with.

    Raises
    ------
    JobError
        If a frame lies outside of the movie, or if none is left.
    """
    from cell_events.recognition.paint import parse_frames

    possible = range(network.first_frame, movie.n_frames)
    wanted = sorted(parse_frames(frames)) if frames else list(possible)
    if wanted[-1] >= movie.n_frames or not set(wanted) & set(possible):
        raise JobError(
            f"Frames {possible[0]} to {possible[-1]} of {movie.name} can be explained; asked for "
            f"{frames}, so give others."
        )
    return [t for t in wanted if t in possible]


def _opened(job: Explain, movie: Movie, network: ExplainedNetwork) -> ExplainedFrames:
    """Open the maps to write; those of the same run go on."""
    from cell_events.engine.model_file import network_digest

    digest = network_digest(network.network)
    run = (digest, network.kind, network.layer, network.size, network.pixels, job.top)
    about = {
        "kind": network.kind,
        "layer": network.layer,
        "model": job.model.name,
        "delta": network.delta,
        "size": network.size,
    }
    return ExplainedFrames(job.out, movie, run, about)


def _explained(
    job: Explain, movie: Movie, network: ExplainedNetwork, written: ExplainedFrames, t: int
) -> tuple[Region, ...]:
    """Write map, regions and picture of a frame, unless they are there already."""
    regions = written.regions(t)
    if regions is None:
        for part in frame_maps(network, network.layer, t, TILE_PX):
            written.write(t, part.window, part.maps.mean(0))
        regions = top_regions(written.frame(t), t, job.top, network.size)
        written.finish(t, regions)
    if job.crops is not None and regions:
        crops = region_crops(movie, regions, network.delta, network.size)
        title = f"{movie.name}: what {job.model.name} looks at for '{network.kind}'"
        picture = job.crops / f"frame-{t:04d}.png"
        write_region_figure(picture, movie, written.frame(t), crops, network.delta, title)
    return regions
