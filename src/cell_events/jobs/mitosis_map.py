"""Learn without annotation where normal cells are: the job `mitosis map` (M1)."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cell_events.jobs.cell_map_folder import CellMaps, read_cell_maps
from cell_events.jobs.checks import DEVICES, check_at_least, check_choice, make_folder_of
from cell_events.jobs.mitosis_checks import check_grid, check_maps, check_one_movie
from cell_events.jobs.mitosis_grid import shrink_for_maps
from cell_events.jobs.movie_source import MovieSource
from cell_events.jobs.reports import Progress, Report, Result, StagePlan, training_progress
from cell_events.jobs.stage_checkpoints import remove_checkpoints
from cell_events.jobs.whole_folder import make_folder

if TYPE_CHECKING:
    from cell_events.mitosis.cell_map import CellMapSettings
    from cell_events.movie import Movie

MAPS = 6
MAP_STEPS = 250
EROSION = 1

LEARN, WRITE = "learn the cell maps", "write the cell maps"
STAGES = (LEARN, WRITE)
"""The stages of the job."""


@dataclass(frozen=True, slots=True)
class MitosisMap:
    """Learn maps of a movie without annotation, one of which shows normal cells (M1).

    The map with disconnected, round objects of stable size and count is proposed. The folder holds
    a picture of all maps, so that a person can choose another one.

    Attributes
    ----------
    movies
        The movie; one at a time.
    out
        Folder to write: cell_map.safetensors, maps.zarr, maps.json and maps.png. An older one is
        replaced.
    maps
        Number of maps.
    choose
        Number of the map of normal cells, from 0; None takes the proposed one.
    steps
        Batches to learn from.
    erosion
        Grid places by which the objects of a map are made thinner at their rims.
    shrink
        Pixels of the movie for each place of the grid, along each side; 4 in the paper. None:
        what the size of cells proposes.
    resolution_um
        Width of a place of the grid in micrometres, instead of `shrink`.
    checkpoint
        File that keeps the state of the run, removed at the end; a run that finds its own goes on
        from it, bit by bit.
    device
        Where to compute: "auto", "cuda", "mps" or "cpu".
    seed
        Equal seeds give equal results.
    """

    movies: tuple[MovieSource, ...]
    out: Path = Path("mitosis")
    maps: int = MAPS
    choose: int | None = None
    steps: int = MAP_STEPS
    erosion: int = EROSION
    shrink: int | None = None
    resolution_um: float | None = None
    checkpoint: Path | None = None
    device: str = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        check_one_movie(self.movies)
        check_maps(self.maps, self.choose, self.erosion)
        check_at_least("steps", self.steps, 1)
        check_grid(self.shrink, self.resolution_um)
        check_choice("device", self.device, DEVICES)


def run_mitosis_map(job: MitosisMap) -> Iterator[Report]:
    """Learn the maps, reporting every batch, then write the folder."""
    movie = job.movies[0].open()
    maps = yield from map_cells(job, movie, StagePlan(STAGES))
    remove_checkpoints(job.checkpoint, 1)
    yield Result(maps.result())


def map_cells(
    job: MitosisMap, movie: Movie, stages: StagePlan
) -> Generator[Progress, None, CellMaps]:
    """Learn the maps of an open movie and write the folder; returns what is in it."""
    from cell_events.engine.device import choose_device, prepare_cpu
    from cell_events.jobs.cell_map_files import write_cell_maps
    from cell_events.mitosis.cell_map import TrainedCellMap, train_cell_map
    from cell_events.mitosis.frames import ShrunkenFrames

    make_folder(job.out)
    make_folder_of(job.checkpoint)
    device = choose_device(job.device)
    prepare_cpu()
    frames = ShrunkenFrames(movie, shrink_for_maps(movie, job.shrink, job.resolution_um))
    for report in train_cell_map(frames, cell_map_settings(job), device, job.checkpoint):
        if isinstance(report, TrainedCellMap):
            for done in write_cell_maps(job, frames, report.network):
                yield stages.placed(done)
        else:
            yield stages.placed(training_progress(LEARN, report))
    return read_cell_maps(job.out)


def cell_map_settings(job: MitosisMap) -> CellMapSettings:
    """Give the settings of the training that follow from a job."""
    from cell_events.mitosis.cell_map import CellMapSettings

    return CellMapSettings(maps=job.maps, steps=job.steps, seed=job.seed)
