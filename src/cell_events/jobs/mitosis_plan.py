"""Tell which frames of a movie to annotate: the job `mitosis plan` (M1 and M2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cell_events.jobs.checks import DEVICES, JobError, check_at_least, check_choice
from cell_events.jobs.mitosis_checks import check_grid, check_maps, check_one_movie
from cell_events.jobs.mitosis_map import EROSION, MAP_STEPS, MAPS
from cell_events.jobs.movie_source import MovieSource
from cell_events.jobs.reports import Report

LENGTH_STEPS = 600
PERCENTILE = 75.0


@dataclass(frozen=True, slots=True)
class MitosisPlan:
    """Estimate without annotation how long events last, and which frames to annotate (M1, M2).

    Attributes
    ----------
    movies
        The movie; one at a time.
    report
        Folder to write: plan.json, plan.png, lengths.csv, events.zarr and
        event_lengths.safetensors. An older one is replaced.
    map
        Folder that `mitosis map` has written for this movie; None makes it first, in `report`/map.
    choose
        Number of the map of normal cells, from 0; None takes the one chosen before, or proposed.
    maps
        Number of maps, if they are made first.
    map_steps
        Batches to learn the maps from, if they are made first.
    steps
        Batches to learn the lengths of events from.
    erosion
        Grid places by which the objects of a map are made thinner at their rims.
    percentile
        Share in percent of predicted events that is no longer than the frames read at once.
    shrink
        Pixels of the movie for each place of the grid, along each side; None: as in `map`, or 4 as
        in the paper.
    resolution_um
        Width of a place of the grid in micrometres, instead of `shrink`.
    checkpoint
        File that keeps the state of the run, with a number behind its name for the second stage;
        removed at the end; a run that finds its own goes on from it, bit by bit.
    device
        Where to compute: "auto", "cuda", "mps" or "cpu".
    seed
        Equal seeds give equal results.
    """

    movies: tuple[MovieSource, ...]
    report: Path
    map: Path | None = None
    choose: int | None = None
    maps: int = MAPS
    map_steps: int = MAP_STEPS
    steps: int = LENGTH_STEPS
    erosion: int = EROSION
    percentile: float = PERCENTILE
    shrink: int | None = None
    resolution_um: float | None = None
    checkpoint: Path | None = None
    device: str = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        check_one_movie(self.movies)
        check_maps(self.maps, self.choose, self.erosion)
        for name in ("map_steps", "steps"):
            check_at_least(name, getattr(self, name), 1)
        if not 0 < self.percentile <= 100:
            raise JobError(f"percentile must lie above 0 and up to 100, got {self.percentile}.")
        check_grid(self.shrink, self.resolution_um)
        check_choice("device", self.device, DEVICES)


def run_mitosis_plan(job: MitosisPlan) -> Iterator[Report]:
    """Map the cells unless that was done, learn the lengths of events, then write the folder."""
    yield from _unfinished(job)


def _unfinished(job: object) -> Iterator[Report]:
    raise NotImplementedError(job)
