"""How many frames to read at once, and how many to annotate: the job `study mitosis`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cell_events.jobs.checks import (
    DEVICES,
    JobError,
    check_at_least,
    check_choice,
    check_not_empty,
    check_positive,
)
from cell_events.jobs.mitosis_checks import check_frame_range
from cell_events.jobs.mitosis_train import LEAST_LENGTH
from cell_events.jobs.mitosis_ways import QUICK, WAYS
from cell_events.jobs.movie_source import MovieSource
from cell_events.jobs.reports import Report
from cell_events.jobs.study_checks import check_held_out, check_study_movie


@dataclass(frozen=True, slots=True)
class StudyMitosis:
    """Compare lengths k and numbers of annotated frames, as table II of Phan et al. 2019.

    A detector learns from one part of the field, for each k and each number of frames, and is
    judged on the other part. Finished rows are kept; the same command goes on where it was stopped.

    Attributes
    ----------
    movies
        The annotated movie, one.
    points
        CSV of its divisions, as `mitosis train` takes it.
    out
        Folder to write: a page, a CSV, a picture, and the finished rows.
    annotated
        Frames in which every division has its point, such as "0-49"; empty for all.
    lengths
        Frames that the network reads at once, k; those above the number of frames are left out.
    frames
        Numbers of consecutive frames to learn from: those with most points.
    kind
        Class of the points to learn.
    way
        "quick" or "paper", see `mitosis train`.
    steps
        Batches to learn from, if not those of the way.
    tap
        Time-arrow model; None takes the one that comes with the package.
    shrink
        Pixels for each place of the grid; None as in `mitosis train`.
    held_out
        Share of the points and of the field that is judged on, at one side.
    radius_px
        Largest distance in pixels between a found event and the true one.
    seeds
        How often everything is done, with other random numbers.
    cache
        Folder that keeps dense features for the next run.
    device
        Where to compute: "auto", "cuda", "mps" or "cpu".
    """

    movies: tuple[MovieSource, ...]
    points: tuple[Path, ...]
    out: Path
    annotated: str = ""
    lengths: tuple[int, ...] = (4, 6, 8)
    frames: tuple[int, ...] = (6, 12, 18)
    kind: str = "division"
    way: str = QUICK
    steps: int | None = None
    tap: Path | None = None
    shrink: int | None = None
    held_out: float = 0.4
    radius_px: float = 10.0
    seeds: int = 3
    cache: Path | None = None
    device: str = "auto"

    def __post_init__(self) -> None:
        check_study_movie(self.movies)
        if len(self.points) != 1:
            raise JobError(f"A study needs one CSV of points; got {len(self.points)}.")
        if self.annotated:
            check_frame_range("annotated", self.annotated)
        for name in ("lengths", "frames"):
            check_not_empty(name, getattr(self, name))
            check_at_least(name, min(getattr(self, name)), LEAST_LENGTH)
        if min(self.lengths) > max(self.frames):
            raise JobError(
                f"The smallest length, {min(self.lengths)}, is above the largest number of frames, "
                f"{max(self.frames)}; a sequence must fit into the annotated frames."
            )
        check_choice("way", self.way, tuple(WAYS))
        check_choice("device", self.device, DEVICES)
        for number in ("seeds", "steps", "shrink"):
            if getattr(self, number) is not None:
                check_at_least(number, getattr(self, number), 1)
        check_held_out(self.held_out)
        check_positive("radius_px", self.radius_px)


def run_study_mitosis(job: StudyMitosis) -> Iterator[Report]:
    """Measure row after row, then write the table and the page."""
    from cell_events.jobs.study_mitosis_table import study_mitosis

    yield from study_mitosis(job)
