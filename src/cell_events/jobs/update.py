"""From paint and decisions to a new result within seconds: the job `update`."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cell_events.events import write_events
from cell_events.jobs.annotations import open_masks
from cell_events.jobs.checks import (
    DEVICES,
    check_at_least,
    check_choice,
    check_classes,
    check_crop_size,
    check_done,
    check_examples,
    check_fraction,
    check_not_empty,
    check_one_for_each,
    make_folder_of,
)
from cell_events.jobs.kept import kept_pairs, kept_time_arrow
from cell_events.jobs.movie_source import MISSING_CHUNKS, MovieSource
from cell_events.jobs.prepare import DEFAULT_CROP_PX, check_shown_movie, shown_first
from cell_events.jobs.reports import Progress, Report, Result, training_progress
from cell_events.jobs.time_arrow_model import time_arrow_path
from cell_events.jobs.trained_model import saved_update

if TYPE_CHECKING:
    from cell_events.engine.training import TrainReport
    from cell_events.recognition.classifier import EventClassifier
    from cell_events.recognition.gather import GatherReport
    from cell_events.recognition.painted_pairs import PaintedPairs
    from cell_events.recognition.quick_update import QuickSettings


@dataclass(frozen=True, slots=True)
class Update:
    """Learn from paint and decisions, and show the result, within seconds; writes a model file.

    The classifier is that of `train` with its default head. It learns on a grid of places whose
    features are computed once; the frame that is looked at is predicted first, then its
    neighbours, then the rest of this movie and the others.

    Attributes
    ----------
    movies
        Movies to learn from and to search.
    paints
        Painted mask (T, Y, X) of each movie, in the same order: 0 unpainted, 1..K the event
        classes, 255 "nothing happens here". None at all where decisions suffice.
    model
        Model file to write, before anything is predicted.
    events
        CSV of decisions for each movie: accepted and added events are learned as painted ones,
        rejected ones as places where nothing happens; proposed ones are left out.
    csvs
        CSV of proposed events to write, for each movie.
    heatmaps
        Zarr to write, for each movie: the score of each class on the grid, (T, K, y, x) uint8,
        255 for a score of 1; its attributes tell where the grid lies.
    start
        Model to go on from, if it fits; otherwise learning begins anew.
    tap
        Time-arrow model; None takes the one that comes with the package.
    done
        Frames in which unpainted pixels mean "nothing happens here", such as "0-20,30": one text
        for each movie, or one for all.
    classes
        Names of the painted values 1..K, joined by commas on the command line.
    crop_size
        Side of a crop in pixels, an even number.
    delta
        Frame step between the two crops of a pair.
    steps
        Batches to learn from.
    threshold
        Smallest score of a proposed event.
    frame
        Frame to predict first; its neighbours follow outward.
    shown_movie
        Number of the movie to predict first, from 0.
    missing_chunks
        "error", or "fill" to read missing chunks of a zarr movie as its fill value.
    cache
        Folder that keeps features for the next update; without it they are kept only while the
        process lives, as far as memory allows.
    device
        Where to compute: "auto", "cuda", "mps" or "cpu".
    seed
        Equal seeds give equal results.
    """

    movies: tuple[MovieSource, ...]
    paints: tuple[Path, ...]
    model: Path
    events: tuple[Path, ...] = ()
    csvs: tuple[Path, ...] = ()
    heatmaps: tuple[Path, ...] = ()
    start: Path | None = None
    tap: Path | None = None
    done: tuple[str, ...] = ()
    classes: tuple[str, ...] = ("division",)
    crop_size: int = DEFAULT_CROP_PX
    delta: int = 1
    steps: int = 200
    threshold: float = 0.5
    frame: int = 0
    shown_movie: int = 0
    missing_chunks: str = "error"
    cache: Path | None = None
    device: str = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        check_not_empty("movie", self.movies)
        check_examples(self.paints, self.events, self.movies)
        check_one_for_each("CSVs", self.csvs, self.movies)
        check_one_for_each("heat maps", self.heatmaps, self.movies)
        check_done(self.done, self.movies)
        check_classes(self.classes)
        check_crop_size(self.crop_size)
        for name in ("delta", "steps"):
            check_at_least(name, getattr(self, name), 1)
        check_at_least("frame", self.frame, 0)
        check_shown_movie(self.shown_movie, self.movies)
        check_fraction("threshold", self.threshold)
        check_choice("missing_chunks", self.missing_chunks, MISSING_CHUNKS)
        check_choice("device", self.device, DEVICES)


def run_update(job: Update) -> Iterator[Report]:
    """Learn, write the model, then predict frame after frame and propose events."""
    from cell_events.engine.device import choose_device, prepare_cpu
    from cell_events.recognition.quick_update import QuickClassifier, quick_train

    make_folder_of(job.model, *job.csvs)
    device = str(choose_device(job.device))
    prepare_cpu()
    tap_path = time_arrow_path(job.tap)
    tap, tap_header = kept_time_arrow(tap_path)
    reading = (job.missing_chunks, tap_path, job.crop_size, job.cache, device)
    movies = [kept_pairs(source, *reading) for source in job.movies]
    settings = quick_settings(job)
    opened = [movie.features.movie for movie in movies]
    masks = open_masks(job, opened, settings.crops)
    for report in quick_train(movies, masks, tap, settings, _start(job)):
        if isinstance(report, QuickClassifier):
            values = saved_update(job, report, opened, tap_header)
            found = yield from _predict(job, movies, report.classifier)
            yield Result({**values, **found})
        else:
            yield _progress(report)


def quick_settings(job: Update) -> QuickSettings:
    """Give the settings of the training that follow from a job."""
    from cell_events.recognition.crops import CropSettings
    from cell_events.recognition.quick_update import QuickSettings

    crops = CropSettings(size=job.crop_size, delta=job.delta, seed=job.seed)
    return QuickSettings(crops, steps=job.steps, seed=job.seed)


def _start(job: Update) -> EventClassifier | None:
    """Read the classifier to go on from; whether it fits is seen later."""
    from cell_events.recognition.classifier import load_classifier

    return None if job.start is None else load_classifier(job.start)[0]


def _predict(
    job: Update, movies: list[PaintedPairs], classifier: EventClassifier
) -> Generator[Progress, None, dict[str, Any]]:
    """Score the movies, the shown one first; returns what was found and where it was written."""
    from cell_events.recognition.peaks import PeakSettings
    from cell_events.recognition.quick_detect import QuickDetection

    kinds: Counter[str] = Counter()
    for index in shown_first(job.shown_movie, len(movies)):
        features = movies[index].features
        heat_map = job.heatmaps[index] if job.heatmaps else None
        detection = QuickDetection(features, classifier, heat_map)
        started, total = time.monotonic(), features.shape[0] - classifier.delta
        first = job.frame if index == job.shown_movie else 0
        for done, frame in enumerate(detection.scan(first), 1):
            left = (time.monotonic() - started) / done * (total - done)
            yield Progress("predict", done, total, {"frame": frame, "movie": index}, left)
        if job.csvs:
            events = detection.events(PeakSettings(job.threshold), job.model.name)
            movie = features.movie
            write_events(job.csvs[index], events, movie.pixel_size_um, movie.frame_interval_s)
            kinds.update(event.kind for event in events)
    values: dict[str, Any] = {"heatmaps": [str(path) for path in job.heatmaps]}
    if job.csvs:
        values |= {"csvs": [str(path) for path in job.csvs], "events": kinds.total()}
        values["kinds"] = dict(kinds)
    return values


def _progress(report: GatherReport | TrainReport) -> Progress:
    from cell_events.recognition.gather import GatherReport

    if isinstance(report, GatherReport):
        return Progress("read the painted places", report.done, report.total)
    return training_progress("learn the painted events", report)
