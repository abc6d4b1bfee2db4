"""The rows of `study mitosis`: k x number of annotated frames (Phan et al. 2019, table II)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cell_events.engine.device import choose_device
from cell_events.events import Event
from cell_events.jobs.checks import JobError
from cell_events.jobs.detect_mitoses import inside
from cell_events.jobs.detector_frames import frames_read, frozen_features
from cell_events.jobs.mitosis_points import read_points
from cell_events.jobs.mitosis_train import MitosisTrain
from cell_events.jobs.mitosis_ways import PAPER, WAYS
from cell_events.jobs.reports import Progress, training_progress
from cell_events.jobs.study_mitosis import StudyMitosis
from cell_events.jobs.study_steps import Measuring
from cell_events.jobs.trained_mitosis import train_settings
from cell_events.matching import match_events
from cell_events.mitosis.annotated_movie import AnnotatedMovie
from cell_events.mitosis.detect import detect_mitoses
from cell_events.mitosis.frames import PAPER_SHRINK
from cell_events.mitosis.network import FrozenFeatures
from cell_events.mitosis.points import AnnotatedFrames, annotated_frames, checked_points
from cell_events.mitosis.shrink_choice import DETECTOR_PLACES, proposed_shrink
from cell_events.mitosis.train import TrainedDetector, train_detector
from cell_events.movie import Movie
from cell_events.trust.field_parts import FieldCut, field_cut
from cell_events.trust.study_table import StudyRow

if TYPE_CHECKING:
    import torch

TOLERANCES = (1, 3)
METRICS = tuple(
    f"{name}, {frames} frame{'s' if frames > 1 else ''}"
    for frames in TOLERANCES
    for name in ("F1", "precision", "recall")
)


@dataclass(frozen=True)
class MitosisStudy:
    """What every row needs.

    Attributes
    ----------
    points
        Divisions of the whole field, in the annotated frames.
    shrink
        Pixels for each place of the grid.
    """

    job: StudyMitosis
    movie: Movie
    points: tuple[Event, ...]
    annotated: AnnotatedFrames
    cut: FieldCut
    shrink: int
    features: FrozenFeatures | None
    device: torch.device

    def run_of(self, count: int) -> AnnotatedFrames:
        """Give the first of the runs of `count` frames that hold most points to learn from."""
        times = [point.t for point in self.cut.learned.inside(self.points)]
        firsts = range(self.annotated.first, self.annotated.last - count + 2)
        best = max(
            firsts, key=lambda first: (sum(first <= t < first + count for t in times), -first)
        )
        return AnnotatedFrames(best, best + count - 1)


def opened_mitosis(job: StudyMitosis) -> MitosisStudy:
    """Open everything, and cut the field.

    Raises
    ------
    JobError
        If fewer frames are annotated than are to be learned from.
    """
    movie = job.movies[0].open()
    annotated = annotated_frames(job.annotated or f"0-{movie.n_frames - 1}")
    if max(job.frames) > len(annotated):
        raise JobError(
            f"{max(job.frames)} frames cannot be learned from, as {len(annotated)} are annotated "
            f"({annotated}); ask for smaller numbers of frames."
        )
    points = checked_points(read_points(job.points[0], job.kind), annotated, movie, 1)
    device = choose_device(job.device)
    reads = WAYS[job.way]["features"] == "time-arrow"
    features = frozen_features(job.tap, device) if reads else None
    places = PAPER_SHRINK if job.way == PAPER else proposed_shrink(movie, DETECTOR_PLACES)
    cut = field_cut(movie.shape, points, job.held_out)
    return MitosisStudy(job, movie, points, annotated, cut, job.shrink or places, features, device)


def measure_row(study: MitosisStudy, row: StudyRow, seed: int) -> Measuring:
    """Learn from some frames of one part, and look for the divisions of the other."""
    job = study.job
    annotated = study.run_of(int(row.line.split()[0]))
    trained = None
    settings = train_settings(_training(job, annotated, seed), int(row.x or 0))
    examples = [_examples(study, annotated)]
    for report in train_detector(examples, settings, study.device, features=study.features):
        if isinstance(report, TrainedDetector):
            trained = report
        else:
            yield training_progress("learn from the points", report)
    if trained is None:
        raise RuntimeError("The training ended without a detector.")
    return (yield from _judged(study, trained))


def _training(job: StudyMitosis, annotated: AnnotatedFrames, seed: int) -> MitosisTrain:
    """The training of one row, as `mitosis train` would be asked for it."""
    return MitosisTrain(
        job.movies,
        job.points,
        (str(annotated),),
        Path(),
        way=job.way,
        steps=job.steps,
        seed=seed,
    )


def _examples(study: MitosisStudy, annotated: AnnotatedFrames) -> AnnotatedMovie:
    """The points of the part to learn from, in some frames."""
    part = study.cut.learned
    movie = study.movie.crop(rows=part.rows, columns=part.columns)
    points = tuple(point for point in part.inside(study.points) if point.t in annotated)
    source = frames_read(movie, study.shrink, study.features, study.device, study.job.cache)
    return AnnotatedMovie(source, points, annotated)


def _judged(study: MitosisStudy, trained: TrainedDetector) -> Measuring:
    """Look for the divisions of the part that was not learned from."""
    part, job = study.cut.judged, study.job
    movie = study.movie.crop(rows=part.rows, columns=part.columns)
    source = frames_read(movie, study.shrink, study.features, study.device, job.cache)
    only = frozenset(range(study.annotated.first, study.annotated.last + 1))
    found: tuple[Event, ...] = ()
    for report in detect_mitoses(source, trained.network, trained.detection(), only=only):
        found = report.events
        yield Progress("judge events", report.done, report.total, seconds_left=report.seconds_left)
    return _scores(inside(found, movie), part.inside(study.points), job.radius_px)


def _scores(found: Sequence[Event], truth: Sequence[Event], radius_px: float) -> dict[str, float]:
    """Give `METRICS`; kinds do not matter, since there is one."""
    same = [Event(e.t, e.y, e.x) for e in found], [Event(e.t, e.y, e.x) for e in truth]
    values = []
    for frames in TOLERANCES:
        matching = match_events(*same, radius_px=radius_px, frames=frames)
        values += [matching.f1, matching.precision, matching.recall]
    return dict(zip(METRICS, values, strict=True))
