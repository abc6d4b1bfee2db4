"""What the job `mitosis train` is given: points on a few consecutive frames, and settings (M3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from cell_events.jobs.checks import (
    DEVICES,
    JobError,
    check_at_least,
    check_choice,
    check_fraction,
    check_not_empty,
    check_positive,
)
from cell_events.jobs.mitosis_checks import check_frame_range, check_grid
from cell_events.jobs.mitosis_ways import PAPER, WAYS
from cell_events.jobs.movie_source import MovieSource

AUTO = "auto"
LEAST_LENGTH = 2
LEAST = {
    **dict.fromkeys(("steps", "batch", "checkpoint_every", "validate_every", "patience"), 1),
    **dict.fromkeys(("crop", "dilations", "time_dilations", "convolutions"), 0),
}
"""Smallest values of whole numbers."""

FEATURES = ("none", "time-arrow")
LOSSES = ("cross entropy", "dice")
NORMALISATIONS = ("none", "batch")
SCHEDULES = ("constant", "cosine", "cyclic")
OPTIMIZERS = ("rmsprop", "adam")
SCORES = ("binary", "mean")
TIMES = ("centre", "peak")


@dataclass(frozen=True, slots=True)
class MitosisTrain:
    """Learn to detect divisions from points on consecutive annotated frames (M3).

    The way decides on all settings from `features` to `fit_threshold` that are not given. `detect`
    uses the model file that is written.

    Attributes
    ----------
    movies
        Movies to learn from.
    points
        CSV of each movie, in the same order: one row t,y,x for each division, where and when the
        daughters begin to separate. Where a person has decided about any, only accepted and added
        ones count; otherwise all do.
    frames
        Annotated frames, such as "40-57": all divisions in them are among the points. One text for
        each movie, or one for all.
    model
        Model file to write.
    length
        Frames that the network reads at once, k in the paper; "auto" takes that of `plan`, or makes
        a plan for the first movie.
    plan
        Folder that `mitosis plan` has written for one of the movies. It tells the length, where
        that is "auto".
    kind
        Class of the events to learn; other ones in the CSV are left out.
    way
        "paper" learns as the paper does, in 6000 steps; "quick", ours, in 500: from time-arrow
        features, and from squares of which every other one shows a point.
    features
        "none" reads grey values as in the paper; "time-arrow" reads features of a time-arrow model
        in their place, which the model file then holds too.
    tap
        Time-arrow model of these features; None takes the one that comes with the package.
    steps
        Batches to learn from.
    batch
        Sequences of frames in one training step.
    crop
        Side of the squares that are learned from, in places of the grid, of which every other one
        shows a point; 0: whole frames, as in the paper.
    learning_rate, schedule
        How far each step goes, and over the run: "constant" as in the paper, "cosine" or "cyclic".
    optimizer
        "rmsprop" as in the paper, or "adam".
    dropout
        Share of hidden maps that is left out in training.
    dilations
        How often each point is expanded by one place in time and space.
    time_dilations
        By how many frames at most: 3 in the paper; in the quick way as many as fit into the
        sequence around the point.
    loss
        "cross entropy" as in the paper, or "dice" for rare positives.
    normalisation
        "none" as in the paper, or "batch", which learns faster.
    patience
        Validations without a better result after which training stops; None learns to the end.
    convolutions
        Number of convolutions in front of the ConvLSTMs; none in the paper.
    held_out
        Share of the points, at one side of the field, that is only validated on.
    scores
        "binary" as in the paper, or the "mean" probability of all sequences that hold a frame.
    time
        Time of an event: the "centre" of its group as in the paper, or the "peak" of its score.
    fit_threshold
        Shift scores so that 0.5 is the threshold that serves the annotated frames best.
    checkpoint_every, validate_every
        In steps.
    shrink
        Pixels of the movie for each place of the grid, along each side; None: 4 as in the
        paper, and in the quick way so many that cells are about five places wide.
    resolution_um
        Width of a place of the grid in micrometres, instead of `shrink`.
    report
        Folder for the plan, if one is made first; None leaves only the model.
    checkpoint
        File that keeps the state of the run, with a number behind its name for later stages;
        removed at the end; a run that finds its own goes on from it, bit by bit.
    cache
        Folder that keeps dense features for the next run.
    device
        Where to compute: "auto", "cuda", "mps" or "cpu".
    seed
        Equal seeds give equal results.
    """

    movies: tuple[MovieSource, ...]
    points: tuple[Path, ...]
    frames: tuple[str, ...]
    model: Path
    length: str = AUTO
    plan: Path | None = None
    kind: str = "division"
    way: str = PAPER
    features: str | None = None
    tap: Path | None = None
    steps: int | None = None
    batch: int | None = None
    crop: int | None = None
    learning_rate: float | None = None
    schedule: str | None = None
    optimizer: str | None = None
    dropout: float = 0.3
    dilations: int = 3
    time_dilations: int | None = None
    loss: str | None = None
    normalisation: str | None = None
    convolutions: int = 0
    patience: int | None = None
    held_out: float = 0.0
    scores: str | None = None
    time: str = TIMES[0]
    fit_threshold: bool | None = None
    checkpoint_every: int = 100
    validate_every: int = 100
    shrink: int | None = None
    resolution_um: float | None = None
    report: Path | None = None
    checkpoint: Path | None = None
    cache: Path | None = None
    device: str = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        check_not_empty("movie", self.movies)
        check_choice("way", self.way, tuple(WAYS))
        self._check_annotations()
        self._check_length()
        self._check_numbers()
        for name, choices in (
            ("features", FEATURES),
            ("schedule", SCHEDULES),
            ("optimizer", OPTIMIZERS),
            ("loss", LOSSES),
            ("normalisation", NORMALISATIONS),
            ("scores", SCORES),
            ("time", TIMES),
            ("device", DEVICES),
        ):
            if getattr(self, name) is not None:
                check_choice(name, getattr(self, name), choices)
        check_grid(self.shrink, self.resolution_um)

    def settled(self) -> MitosisTrain:
        """Give the job with all settings that the way decides on."""
        left = {n: value for n, value in WAYS[self.way].items() if getattr(self, n) is None}
        return replace(self, **left)

    def _check_annotations(self) -> None:
        if len(self.points) != len(self.movies):
            raise JobError(
                f"{len(self.movies)} movies need as many CSVs of points, got {len(self.points)}."
            )
        if len(self.frames) not in (1, len(self.movies)):
            raise JobError(
                f"Give the annotated frames once for all {len(self.movies)} movies or once for "
                f"each, got {len(self.frames)}."
            )
        for frames in self.frames:
            check_frame_range("frames", frames)
        if not self.kind:
            raise JobError("kind must name the class of the points, such as division.")

    def _check_length(self) -> None:
        if self.length != AUTO and (not self.length.isdecimal() or int(self.length) < LEAST_LENGTH):
            raise JobError(
                f"length must be auto or at least {LEAST_LENGTH} frames, got {self.length!r}."
            )

    def _check_numbers(self) -> None:
        for name, least in LEAST.items():
            if getattr(self, name) is not None:
                check_at_least(name, getattr(self, name), least)
        check_positive("learning_rate", self.learning_rate)
        for name in ("dropout", "held_out"):
            check_fraction(name, getattr(self, name))
        if self.patience is not None and not self.held_out:
            raise JobError("patience needs something to validate on; give held_out too.")
