"""Turn the scores of a model into probabilities: the job `calibrate`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cell_events.jobs.checks import (
    DEVICES,
    JobError,
    check_choice,
    check_done,
    check_examples,
    check_not_empty,
    make_folder_of,
)
from cell_events.jobs.movie_source import MovieSource
from cell_events.jobs.reports import Report

CROPS = ("all", "reviewed", "detections")
BY = ("likelihood", "calibration error")


@dataclass(frozen=True, slots=True)
class Calibrate:
    """Find what the scores of a model are worth; `detect` then tells probabilities.

    The model is compared with annotations that it has not learned from: blocks that its training
    held out, or movies that it has never seen. A model of `update` has learned from everything, so
    that models like it, each trained without a strip of the field, are asked instead. The result is
    kept in the model file.

    Attributes
    ----------
    movies
        Annotated movies.
    paints
        Painted mask (T, Y, X) of each movie, in the same order, as for `train`. None at all where
        decisions suffice, or for a model that `mitosis train` has written.
    model
        Model file that `train`, `update` or `mitosis train` has written.
    events
        CSV of each movie: decided events, as for `train`; for a model that `mitosis train` has
        written, all mitoses in the done frames.
    done
        Frames in which unpainted pixels mean "nothing happens here", or every mitosis has its
        point, such as "0-20,30": one text for each movie, or one for all.
    report
        Folder for the report: calibration errors before and after, and reliability diagrams.
    out
        Model file to write; None writes over `model`, in one step.
    crops
        "all" that is painted and decided, or events "reviewed" by a person alone; or "detections"
        in the done frames, which is what a user sees. A model that `mitosis train` has written is
        always calibrated on detections.
    by
        Whether the temperature is fitted by "likelihood" or by "calibration error".
    prior
        How frequent events are among all places of the movies to come, such as "division=0.001";
        empty: as in the done frames.
    cache
        Folder that keeps dense features for the next run.
    device
        Where to compute: "auto", "cuda", "mps" or "cpu".
    seed
        Equal seeds give equal results.
    """

    movies: tuple[MovieSource, ...]
    paints: tuple[Path, ...]
    model: Path
    events: tuple[Path, ...] = ()
    done: tuple[str, ...] = ()
    report: Path | None = None
    out: Path | None = None
    crops: str = "all"
    by: str = "likelihood"
    prior: str = ""
    cache: Path | None = None
    device: str = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        check_not_empty("movie", self.movies)
        check_examples(self.paints, self.events, self.movies)
        check_done(self.done, self.movies)
        check_choice("crops", self.crops, CROPS)
        check_choice("by", self.by, BY)
        check_choice("device", self.device, DEVICES)
        if self.crops == "reviewed" and not self.events:
            raise JobError(
                "To calibrate on reviewed events, give the CSV of each movie that holds them."
            )
        if self.crops == "detections" and not any(frames.strip() for frames in self.done):
            raise JobError(
                "A detection is known to be right or wrong only where every event is annotated; "
                "give the done frames, or choose all crops."
            )
        shares_of(self.prior)

    @property
    def target(self) -> Path:
        """The model file that is written."""
        return self.out or self.model


def shares_of(prior: str) -> dict[str, float]:
    """Read "division=0.001,death=0.0005".

    Raises
    ------
    JobError
        If the text reads otherwise, or leaves no share for "nothing".
    """
    shares: dict[str, float] = {}
    for part in prior.split(",") if prior.strip() else ():
        name, _, number = part.partition("=")
        try:
            shares[name.strip()] = float(number)
        except ValueError:
            raise JobError(
                f"prior must read like division=0.001,death=0.0005; got {prior!r}."
            ) from None
    if shares and not (min(shares.values()) > 0 and sum(shares.values()) < 1):
        raise JobError(
            "The shares of prior must be above 0 and together below 1, since the rest is nothing; "
            f"got {prior!r}."
        )
    return shares


def run_calibrate(job: Calibrate) -> Iterator[Report]:
    """Ask the model about crops with known labels, fit, judge, and write the model file."""
    from cell_events.jobs.calibrating import calibrated

    make_folder_of(job.target)
    yield from calibrated(job)
