"""Training the mitosis detector on a few consecutive annotated frames (sections III F to H)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from cell_events.engine.model_file import network_digest
from cell_events.engine.training import TrainReport, train
from cell_events.mitosis.annotated_movie import AnnotatedMovie, PartOfFrames
from cell_events.mitosis.detect import MitosisDetectSettings
from cell_events.mitosis.fitted_threshold import FittedThreshold, fit_threshold, judged
from cell_events.mitosis.held_out import held_out_parts
from cell_events.mitosis.network import FrozenFeatures, MitosisDetector, new_detector
from cell_events.mitosis.task import DetectorTask
from cell_events.mitosis.train_settings import MitosisTrainSettings

__all__ = ["AnnotatedMovie", "TrainedDetector", "train_detector"]


@dataclass(frozen=True)
class TrainedDetector:
    """The end of a training run.

    Attributes
    ----------
    shrink
        Pixels for each place of the grid that was learned on.
    shift
        Added to the log-odds of scores; 0 unless a threshold was fitted.
    steps
        Steps behind the weights: fewer than asked for if training stopped early.
    points
        Number of points that were learned from.
    validation
        ``loss`` and ``F1`` of these weights on what was held out; empty if nothing was.
    fitted
        The threshold that was fitted; None if none was.
    learned
        The parts of the movies that were learned from, in the order of the movies.
    """

    network: MitosisDetector
    settings: MitosisTrainSettings
    shrink: int
    steps: int
    points: int
    validation: dict[str, float]
    fitted: FittedThreshold | None = None
    learned: tuple[PartOfFrames, ...] = ()

    @property
    def margin(self) -> int:
        """Places and frames beside what was learned from that are not judged on."""
        return self.settings.dilations + 1

    @property
    def length(self) -> int:
        """Frames that the network reads at once, k."""
        return self.settings.length

    @property
    def shift(self) -> float:
        """What is added to the log-odds of scores, so that 0.5 is the threshold."""
        return self.fitted.shift if self.fitted else 0.0

    def detection(self, threshold: float = 0.5) -> MitosisDetectSettings:
        """How this detector looks for mitoses."""
        return MitosisDetectSettings(
            self.length,
            scores=self.settings.scores,
            time=self.settings.time,
            shift=self.shift,
            threshold=threshold,
        )


def train_detector(
    movies: Sequence[AnnotatedMovie],
    settings: MitosisTrainSettings,
    device: torch.device | str = "cpu",
    checkpoint: str | Path | None = None,
    features: FrozenFeatures | None = None,
) -> Iterator[TrainReport | TrainedDetector]:
    """Learn where mitoses complete; yields a report after each step, at last the detector.

    Sequences come from the annotated frames alone. What lies in their first and last frames is
    known less surely than it seems: a mitosis just outside has no point, yet the body grown around
    that would reach inside.

    Parameters
    ----------
    checkpoint
        File that keeps the state of the run, which goes on from it bit by bit.
    features
        What has made the maps that the movies' frames hold, to be kept with the detector; None
        where they are grey values.

    Raises
    ------
    ValueError
        If there is nothing to learn from, nothing can be held out, or the movies differ in shrink
        or number of maps.
    """
    shrink, channels = _common(movies, settings)
    detector = new_detector(channels, settings, features)
    detector.to(device)
    learned, held = held_out_parts(movies, settings.held_out, settings.dilations + 1)
    run = {**asdict(settings), "learns from": _digest(movies), "start": network_digest(detector)}
    task = DetectorTask(detector, learned, held, settings)
    for report in train(task, settings.training(), checkpoint, run):
        yield report
        if task.is_over:
            break
    steps = settings.steps if settings.patience is None else task.take_best()
    detector.eval()
    fitted = fit_threshold(movies, detector, settings) if settings.fit_threshold else None
    points = sum(len(movie.points_inside) for movie in learned)
    validation = judged(held, detector, settings) if held else {}
    parts = tuple(part.frames for part in learned if isinstance(part.frames, PartOfFrames))
    yield TrainedDetector(detector, settings, shrink, steps, points, validation, fitted, parts)


def _common(movies: Sequence[AnnotatedMovie], settings: MitosisTrainSettings) -> tuple[int, int]:
    """Shrink and number of maps that all movies share, once they are found fit to learn from."""
    if not any(movie.points for movie in movies):
        raise ValueError("There are no points to learn from; set one on each mitosis.")
    kinds = {(movie.frames.shrink, movie.frames.shape[1]) for movie in movies}
    if len(kinds) > 1:
        raise ValueError(
            "All movies must be shrunk by the same factor and have equally many maps for each "
            f"frame; got {sorted(kinds)} (shrink, maps)."
        )
    for movie in movies:
        if len(movie.annotated) < settings.length or movie.annotated.last >= movie.frames.shape[0]:
            raise ValueError(
                f"The annotated frames {movie.annotated} of a movie with {movie.frames.shape[0]} "
                f"frames hold no sequence of {settings.length}; annotate more frames or choose a "
                "smaller length."
            )
    return kinds.pop()


def _digest(movies: Sequence[AnnotatedMovie]) -> str:
    """What is learned from, by which a checkpoint knows its run."""
    digest = hashlib.blake2b(digest_size=16)
    for movie in movies:
        places = [(point.t, point.y, point.x) for point in movie.points]
        digest.update(f"{movie.frames.shape}|{movie.annotated}|{places}".encode())
    return digest.hexdigest()
