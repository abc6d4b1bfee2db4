"""The events that the job `evaluate` compares: those of one movie, where they may be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cell_events.events import Event, read_events
from cell_events.jobs.checks import JobError
from cell_events.jobs.evaluate import Evaluate
from cell_events.jobs.evaluate_split import Split, split_of
from cell_events.matching import Tolerance, radius_in_px

MORE_HELD_OUT = (
    "train with a larger share held out (train --validation, or mitosis train --held-out)"
)


@dataclass(frozen=True, slots=True)
class ComparedLists:
    """What is compared.

    Attributes
    ----------
    found, truth, against
        Events that nobody rejected, in the places that count; `against` is None without one.
    all_found, all_truth
        The same, wherever they lie.
    splits
        Which places count, for each list of found events, and why.
    """

    found: list[Event]
    truth: list[Event]
    against: list[Event] | None
    all_found: list[Event]
    all_truth: list[Event]
    splits: tuple[Split, ...]

    @property
    def are_held_out(self) -> bool:
        """Whether some places do not count, since a model has learned there."""
        return any(split.blocks is not None for split in self.splits)

    def split_sentences(self, names: Sequence[str]) -> list[str]:
        """Which places count, why, and how many true events lie there.

        Parameters
        ----------
        names
            What the lists of found events are called, in the order of `splits`.
        """
        told = [split.sentence for split in self.splits]
        if len(set(told)) > 1:
            told = [f"{name}: {words}" for name, words in zip(names, told, strict=False)]
        told = list(dict.fromkeys(told))
        if self.are_held_out:
            return [*told, f"So {len(self.truth)} of {len(self.all_truth)} true events count."]
        return ["The whole movie counts. " + told[0], *told[1:]]


def compared_lists(job: Evaluate) -> ComparedLists:
    """Read the CSVs, and keep the places that count for every model.

    Raises
    ------
    JobError
        If a CSV holds several movies, or it cannot be known which places count.
    EventsError, ModelFileError
        If a file cannot be read.
    """
    found, truth = readable_events(job.found), readable_events(job.truth)
    against = readable_events(job.against) if job.against else None
    splits = [split_of(job.model, job.of_movie, job.where, found)]
    if against is not None:
        splits.append(split_of(job.against_model, job.of_movie, job.where, against))
    all_found, all_truth, limits = found, truth, tolerance_of(job)
    for split in splits:
        found, kept = split.keep(found, truth, limits)
        if against is not None:
            against, _ = split.keep(against, truth, limits)
        truth = kept
    if all_truth and not truth:
        raise JobError(
            f"None of the {len(all_truth)} true events lies whole in places that were held out "
            f"from training; {MORE_HELD_OUT}, evaluate on another movie, or count all places "
            "(--where everywhere), which gives figures that are too good."
        )
    return ComparedLists(found, truth, against, all_found, all_truth, tuple(splits))


def tolerance_of(job: Evaluate) -> Tolerance:
    """How far apart events may lie."""
    return Tolerance(radius_in_px(job.radius_px, job.radius_um, job.pixel_size_um), job.frames)


def list_names(job: Evaluate) -> tuple[str, str]:
    """What the found events and those to compare with are called: their files, kept apart.

    The second is empty if there are none to compare with.
    """
    a, b = job.found, job.against
    if b is None:
        return a.stem, ""
    if a.stem != b.stem:
        return a.stem, b.stem
    names = f"{a.parent.name}/{a.stem}", f"{b.parent.name}/{b.stem}"
    return names if names[0] != names[1] else (f"{a.stem} (A)", f"{b.stem} (B)")


def readable_events(path: Path) -> list[Event]:
    """Events of one movie that nobody rejected."""
    events = [event for event in read_events(path) if event.status != "rejected"]
    movies = {event.extra["movie"] for event in events if "movie" in event.extra}
    if len(movies) > 1:
        raise JobError(
            f"{path} holds events of {len(movies)} movies ({', '.join(sorted(movies))}); "
            "evaluate one movie at a time."
        )
    return events
