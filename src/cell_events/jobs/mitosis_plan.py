"""Tell which frames of a movie to annotate: the job `mitosis plan` (M1 and M2)."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cell_events.jobs.cell_map_folder import (
    CellMaps,
    check_same_grid,
    check_same_movie,
    read_cell_maps,
)
from cell_events.jobs.checks import (
    DEVICES,
    JobError,
    check_at_least,
    check_choice,
    make_folder_of,
)
from cell_events.jobs.mitosis_checks import check_grid, check_maps, check_one_movie
from cell_events.jobs.mitosis_map import EROSION, MAP_STEPS, MAPS, MitosisMap, map_cells
from cell_events.jobs.mitosis_map import STAGES as MAP_STAGES
from cell_events.jobs.movie_source import MovieSource
from cell_events.jobs.plan_folder import MAP_FOLDER, Plan, read_plan
from cell_events.jobs.reports import Progress, Report, Result, StagePlan, training_progress
from cell_events.jobs.stage_checkpoints import remove_checkpoints, stage_checkpoint
from cell_events.jobs.whole_folder import make_folder

if TYPE_CHECKING:
    from cell_events.mitosis.cell_masks import SteadyMasks
    from cell_events.mitosis.event_length_settings import EventLengthSettings
    from cell_events.movie import Movie

LENGTH_STEPS = 300
PERCENTILE = 75.0
STEADY = 5

LEARN, PREDICT = "learn the lengths of events", "predict events"
"""The stages of the job, after those of the cell maps."""

TRAININGS = 2
"""How many trainings have a checkpoint, if the cell maps are made first."""


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
    steady
        Frames, an odd number, of which a place must be part of a cell in most, so that cells that a
        map misses now and then are no events; 1 as in the paper.
    percentile
        Share in percent of predicted events that is no longer than the frames read at once.
    shrink
        Pixels of the movie for each place of the grid, along each side; 4 in the paper. None: as in
        `map`, or what the size of cells proposes.
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
    steady: int = STEADY
    percentile: float = PERCENTILE
    shrink: int | None = None
    resolution_um: float | None = None
    checkpoint: Path | None = None
    device: str = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        check_one_movie(self.movies)
        check_maps(self.maps, self.choose if self.map is None else None, self.erosion)
        for name in ("map_steps", "steps"):
            check_at_least(name, getattr(self, name), 1)
        if not 0 < self.percentile <= 100:
            raise JobError(f"percentile must lie above 0 and up to 100, got {self.percentile}.")
        if self.steady < 1 or self.steady % 2 == 0:
            raise JobError(f"steady must be an odd number of at least 1, got {self.steady}.")
        check_grid(self.shrink, self.resolution_um)
        check_choice("device", self.device, DEVICES)


def run_mitosis_plan(job: MitosisPlan) -> Iterator[Report]:
    """Map the cells unless that was done, learn the lengths of events, then write the folder."""
    movie = job.movies[0].open()
    plan = yield from make_plan(job, movie, StagePlan(stages_of(job)))
    remove_checkpoints(job.checkpoint, TRAININGS)
    yield Result(plan.result())


def stages_of(job: MitosisPlan) -> tuple[str, ...]:
    """The stages of the job."""
    return (LEARN, PREDICT) if job.map else (*MAP_STAGES, LEARN, PREDICT)


def make_plan(job: MitosisPlan, movie: Movie, stages: StagePlan) -> Generator[Progress, None, Plan]:
    """Plan the annotation of an open movie and write the folder; returns what is in it."""
    from cell_events.engine.device import choose_device, prepare_cpu
    from cell_events.jobs.plan_files import write_plan
    from cell_events.mitosis.event_lengths import TrainedEventLengths, train_event_lengths

    make_folder(job.report)
    make_folder_of(job.checkpoint)
    maps = yield from _cell_maps(job, movie, stages)
    device = choose_device(job.device)
    prepare_cpu()
    settings = event_length_settings(job)
    file = stage_checkpoint(job.checkpoint, 0 if job.map else 1)
    masks = steady_masks(job, maps)
    for report in train_event_lengths(masks, settings, device, file):
        if isinstance(report, TrainedEventLengths):
            for done in write_plan(job, movie, maps, report.network, settings):
                yield stages.placed(done)
        else:
            yield stages.placed(training_progress(LEARN, report))
    return read_plan(job.report)


def steady_masks(job: MitosisPlan, maps: CellMaps) -> SteadyMasks:
    """Give the chosen map of the cells without flicker."""
    from cell_events.mitosis.cell_masks import SteadyMasks

    return SteadyMasks(maps.masks(job.choose), job.steady)


def event_length_settings(job: MitosisPlan) -> EventLengthSettings:
    """Give the settings of the training that follow from a job."""
    from cell_events.mitosis.event_length_settings import EventLengthSettings

    return EventLengthSettings(steps=job.steps, percentile=job.percentile, seed=job.seed)


def _cell_maps(
    job: MitosisPlan, movie: Movie, stages: StagePlan
) -> Generator[Progress, None, CellMaps]:
    """Read the cell maps that were made for this movie, or make them first."""
    if job.map is None:
        return (yield from map_cells(_map_job(job), movie, stages))
    maps = read_cell_maps(job.map)
    check_same_movie(maps.values, movie, f"map {job.map}")
    if job.shrink is not None or job.resolution_um is not None:
        from cell_events.mitosis.frames import shrink_of

        shrink = shrink_of(movie, job.shrink, job.resolution_um)
        check_same_grid(maps.values, shrink, f"map {job.map}")
    return maps


def _map_job(job: MitosisPlan) -> MitosisMap:
    return MitosisMap(
        job.movies,
        job.report / MAP_FOLDER,
        maps=job.maps,
        choose=job.choose,
        steps=job.map_steps,
        erosion=job.erosion,
        shrink=job.shrink,
        resolution_um=job.resolution_um,
        checkpoint=job.checkpoint,
        device=job.device,
        seed=job.seed,
    )
