"""How far the review is, and how often the reviewer agreed with the proposals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cell_events.events import Event
from cell_events.review.decisions import ADDED_ID, is_decided, is_unchanged
from cell_events.review.precision import percent

RECENT = 20


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a review stands.

    Attributes
    ----------
    decided, total
        Proposals with a decision, and all of them; events that a person added do not count.
    recent, agreed
        The latest decisions that were looked at, and those of them that took the proposal as it
        was.
    """

    decided: int
    total: int
    recent: int = 0
    agreed: int = 0

    @property
    def sentence(self) -> str:
        """Short words for the screen: "37 of 120, last 20: 90 % agreed"."""
        count = f"{self.decided:,} of {self.total:,}"
        if not self.recent:
            return count
        return f"{count}, last {self.recent}: {percent(self.agreed / self.recent)} agreed"


def progress(
    events: Mapping[str, Event], history: Iterable[str], decided: int, total: int
) -> Progress:
    """Count how the latest decisions agreed with the proposals.

    Parameters
    ----------
    events
        The events as they are now.
    history
        Ids in the order in which they were decided, the latest last; those that are undecided
        again or were added by a person do not count.
    decided, total
        As in `Progress`.
    """
    decisions = [
        events[i]
        for i in history
        if i in events and is_decided(events[i]) and not i.startswith(ADDED_ID)
    ][-RECENT:]
    return Progress(decided, total, len(decisions), sum(map(agrees, decisions)))


def agrees(event: Event) -> bool:
    """Whether a decided event was accepted with the kind and time that were proposed."""
    return event.status == "accepted" and is_unchanged(event)
