"""Find events in movies: the job `detect`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cell_events.events import Event, write_events
from cell_events.jobs.checks import (
    DEVICES,
    JobError,
    check_choice,
    check_fraction,
    check_frames,
    check_not_empty,
    make_folder_of,
)
from cell_events.jobs.movie_source import MISSING_CHUNKS, MovieSource, check_distinct_names
from cell_events.jobs.reports import Progress, Report, Result, StagePlan

if TYPE_CHECKING:
    from cell_events.mitosis.detect import MitosisReport
    from cell_events.movie import Movie
    from cell_events.recognition.detect import DetectReport

    SearchReport = DetectReport | MitosisReport
    Search = Callable[[Movie], Iterator[SearchReport]]


@dataclass(frozen=True, slots=True)
class Detect:
    """Find events with a trained model; writes a CSV.

    Attributes
    ----------
    movies
        Movies to look at. With several, the CSV has a column `movie`.
    model
        Model file that `train`, `update` or `mitosis train` has written.
    csv
        CSV of events to write.
    heatmap
        Zarr of the score of each class, (T, K, Y, X), to write; for a single movie. That of a
        mitosis model lies on a grid.
    frames
        Frames in which events may happen, such as "0-20,30"; empty for all.
    threshold
        Smallest score of an event.
    missing_chunks
        "error", or "fill" to read missing chunks of a zarr movie as its fill value.
    cache
        Folder that keeps dense features for the next run.
    device
        Where to compute: "auto", "cuda", "mps" or "cpu".
    seed
        Equal seeds give equal results.
    """

    movies: tuple[MovieSource, ...]
    model: Path
    csv: Path
    heatmap: Path | None = None
    frames: str = ""
    threshold: float = 0.5
    missing_chunks: str = "error"
    cache: Path | None = None
    device: str = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        check_not_empty("movie", self.movies)
        check_distinct_names(self.movies)
        check_frames("frames", self.frames)
        check_fraction("threshold", self.threshold)
        check_choice("missing_chunks", self.missing_chunks, MISSING_CHUNKS)
        check_choice("device", self.device, DEVICES)
        if self.heatmap is not None and len(self.movies) > 1:
            raise JobError(
                "A heat map belongs to one movie; detect one at a time, or leave it out."
            )


def run_detect(job: Detect) -> Iterator[Report]:
    """Detect movie by movie, then write the CSV."""
    from cell_events.engine.device import prepare_cpu

    make_folder_of(job.csv)
    prepare_cpu()
    search = _search(job)
    movies = [source.open(job.missing_chunks) for source in job.movies]  # type: ignore[arg-type]
    events, notes = list[Event](), list[str]()
    plan = StagePlan(f"search {movie.name}" for movie in movies)
    for movie in movies:
        report = None
        for report in search(movie):
            yield plan.placed(_progress(movie, report))
        found = report.events if report else ()
        events += _named(found, movie) if len(movies) > 1 else found
        if report is not None and report.same_scores:
            notes.append(_same_everywhere(job, movie, report.same_scores))
    scale = _common_scale(movies)
    write_events(job.csv, events, *scale)
    told = {"notes": notes} if notes else {}
    yield Result({"csv": str(job.csv), "events": len(events), **_counts(events), **told})


def _search(job: Detect) -> Search:
    """What looks for events in one movie, as the kind of the model asks for."""
    from cell_events.engine.header import ModelFileError, read_header

    kind = read_header(job.model).kind
    if kind == "events":
        from cell_events.jobs.detect_painted import painted_search

        return painted_search(job)
    if kind == "mitosis":
        from cell_events.jobs.detect_mitoses import mitosis_search

        return mitosis_search(job)
    raise ModelFileError(
        f"{job.model} is a model of kind '{kind}', which finds no events; expected one that train, "
        "update or mitosis train has written."
    )


def frames_of(job: Detect) -> frozenset[int] | None:
    """Frames in which events may happen; None for all."""
    from cell_events.recognition.paint import parse_frames

    return parse_frames(job.frames) if job.frames else None


def _progress(movie: Movie, report: SearchReport) -> Progress:
    stage = f"search {movie.name}"
    return Progress(stage, report.done, report.total, {"found": report.found}, report.seconds_left)


def _same_everywhere(job: Detect, movie: Movie, scores: tuple[float, ...]) -> str:
    """Say that a model tells nothing apart."""
    told = " and ".join(f"{score:.2g}" for score in scores)
    return (
        f"{job.model.name} gives the same score ({told}) everywhere in {movie.name}, so what it "
        "found means nothing; train it anew, or take another model. (A movie without any contrast "
        "gives the same.)"
    )


def _named(events: Iterable[Event], movie: Movie) -> list[Event]:
    """Events that say in which of several movies they lie."""
    return [replace(event, extra={**event.extra, "movie": movie.name}) for event in events]


def _common_scale(movies: list[Movie]) -> tuple[float | None, float | None]:
    """Pixel size and frame interval, each None unless all movies share it."""
    sizes = {movie.pixel_size_um for movie in movies}
    intervals = {movie.frame_interval_s for movie in movies}
    return sizes.pop() if len(sizes) == 1 else None, intervals.pop() if len(
        intervals
    ) == 1 else None


def _counts(events: Iterable[Event]) -> dict[str, dict[str, int]]:
    """Number of events of each kind."""
    return {"kinds": dict(Counter(event.kind for event in events))}
