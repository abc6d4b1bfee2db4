"""Why two lists of events may not be what the user means to compare."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cell_events.events import Event
from cell_events.jobs.evaluate_lists import ComparedLists
from cell_events.matching import Matching

MEANT = "are both lists of the same movie, with t in frames from 0, and y and x in pixels?"


def doubts(lists: ComparedLists, matching: Matching, threshold: float | None) -> Iterator[str]:
    """Yield sentences about lists that are empty, equal, or nowhere near each other."""
    outside = _outside(lists)
    if outside:
        yield outside
    if not matching.truth:
        yield (
            "There is no true event here: recall and average precision cannot be known, and "
            "whatever was found is a false alarm."
        )
    elif not matching.found:
        reason = "" if threshold is None or not lists.found else f" with a score from {threshold:g}"
        yield f"No event was found here{reason}, so there is no precision."
    elif not matching.pairs:
        yield _nothing_in_common(matching)
    elif _are_the_same(matching):
        yield (
            "Found and true events are the very same, so that no figure can be worse than perfect: "
            "is the truth a list of its own?"
        )
    if lists.against is not None and lists.found and lists.against == lists.found:
        yield "A and B hold the very same events."


def _nothing_in_common(matching: Matching) -> str:
    found, true = _kinds(matching.found), _kinds(matching.truth)
    if not set(found) & set(true):
        return (
            f"No kind of event is in both lists: found {', '.join(found)}, true "
            f"{', '.join(true)}. If they mean the same, give them one name in the column 'kind'."
        )
    limits = matching.tolerance
    return (
        f"No found event lies within {limits.radius_px:g} px and {limits.frames} "
        f"frame{'s' * (limits.frames != 1)} of a true one: {MEANT}"
    )


def _kinds(events: Sequence[Event]) -> list[str]:
    return sorted({event.kind for event in events})


def _are_the_same(matching: Matching) -> bool:
    """Whether all are pairs, without any error in time or place."""
    is_whole = len(matching.pairs) == len(matching.found) == len(matching.truth)
    return is_whole and not matching.time_errors.any() and not matching.distances.any()


def _outside(lists: ComparedLists) -> str:
    """Say how many events lie outside of the movie, where a model knows how large it is."""
    shapes = [split.blocks.shape for split in lists.splits if split.blocks is not None]
    if not shapes:
        return ""
    listed = [*lists.all_found, *lists.all_truth]
    number = sum(not _is_inside(event, shapes[0]) for event in listed)
    if not number:
        return ""
    frames, rows, columns = shapes[0]
    return (
        f"Events outside of the movie: {number} of {len(listed)}. It has {frames} frames of {rows} "
        f"x {columns} px: {MEANT}"
    )


def _is_inside(event: Event, shape: tuple[int, int, int]) -> bool:
    place = event.t, event.y, event.x
    return all(-0.5 <= at <= side - 0.5 for at, side in zip(place, shape, strict=True))
