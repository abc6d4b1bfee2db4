"""The painted movie of a study, cut into a part to learn from and one to be judged on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cell_events.events import Event
from cell_events.jobs.checks import JobError
from cell_events.movie import Movie
from cell_events.recognition.paint import PaintedMask
from cell_events.recognition.painted_events import painted_events
from cell_events.trust.field_parts import FieldCut, FieldPart, field_cut


@dataclass(frozen=True)
class PaintedPart:
    """A movie or a part of one, its paint, and its events in the frames that are known.

    Attributes
    ----------
    known
        Frames marked as done whose frame before, `delta` earlier, is too: all events are known.
    """

    movie: Movie
    mask: PaintedMask
    events: tuple[Event, ...]
    known: frozenset[int]

    def cropped(self, part: FieldPart) -> PaintedPart:
        """Give the part of the field alone."""
        rows, columns = part.rows, part.columns
        paint = self.mask.movie.crop(rows=rows, columns=columns)
        mask = replace(self.mask, movie=paint)
        events = part.inside(self.events)
        return PaintedPart(self.movie.crop(rows=rows, columns=columns), mask, events, self.known)


def whole_movie(
    movie: Movie, mask: PaintedMask, delta: int, truth: Sequence[Event] | None
) -> PaintedPart:
    """Find the events of a painted movie: those given as true, or as the paint tells them.

    Raises
    ------
    JobError
        If no two frames `delta` apart are marked as done, or no event happens in them.
    """
    known = frozenset(t for t in mask.done if t - delta in mask.done)
    if not known:
        raise JobError(
            f"No two frames {delta} apart are marked as done, so that nothing tells false alarms; "
            "name the frames in which everything is painted, such as --done 0-20."
        )
    if truth is None:
        truth = [painted.event for painted in painted_events(mask, delta)]
    events = tuple(e for e in truth if e.t in known and e.kind in mask.classes)
    if len(events) < len(mask.classes) * 2:
        raise JobError(
            f"Events that happen in the done frames: {len(events)}; a study needs at least two of "
            "each class, one to learn and one to be judged by: paint more."
        )
    return PaintedPart(movie, mask, events, known)


def parts_of(whole: PaintedPart, share: float) -> tuple[PaintedPart, PaintedPart, FieldCut]:
    """Cut a movie into what is learned from and what is judged on.

    Raises
    ------
    ValueError
        If no straight cut leaves events in both parts.
    """
    cut = field_cut(whole.movie.shape, whole.events, share)
    return whole.cropped(cut.learned), whole.cropped(cut.judged), cut
