"""The number by which found events are ranked: calibrated probability or raw score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cell_events.events import Event

AUTO, SCORE, PROBABILITY = "auto", "score", "probability"
RANKINGS = AUTO, SCORE, PROBABILITY


@dataclass(frozen=True, slots=True)
class EventScores:
    """How sure each event is.

    Attributes
    ----------
    values
        (N,); infinite for events without one, which remain at every threshold.
    name
        ``score`` or ``probability``.
    missing
        How many events have none.
    """

    values: NDArray[np.float64]
    name: str
    missing: int

    @property
    def is_ranking(self) -> bool:
        """Whether any event has one, so that there is more than one threshold."""
        return self.missing < len(self.values)

    @property
    def note(self) -> str:
        """One sentence if events have none; empty otherwise."""
        if not len(self.values) or not self.missing:
            return ""
        if not self.is_ranking:
            remedy = "detect writes scores"
            if self.name == "probability":
                remedy = "calibrate the model and detect again, or rank by score"
            return (
                f"None of the {len(self.values)} found events has a {self.name}, so there is one "
                f"point in place of a curve and no average precision; {remedy}."
            )
        return (
            f"Found events without {self.name}: {self.missing} of {len(self.values)}; they remain "
            "at every threshold."
        )


def event_scores(events: Sequence[Event], by: str = AUTO) -> EventScores:
    """Read what events are ranked by.

    Parameters
    ----------
    by
        ``score``, ``probability``, or ``auto``: the probability if every event with a score has it.

    Raises
    ------
    ValueError
        If `by` is none of these.
    """
    if by not in RANKINGS:
        raise ValueError(f"by is {by!r}; expected one of {', '.join(RANKINGS)}: choose one.")
    name = _calibrated_or_raw(events) if by == AUTO else by
    numbers = [getattr(event, name) for event in events]
    values = np.array([np.inf if n is None else n for n in numbers], np.float64)
    return EventScores(values, name, sum(n is None for n in numbers))


def _calibrated_or_raw(events: Sequence[Event]) -> str:
    scored = [event for event in events if event.score is not None or event.probability is not None]
    calibrated = bool(scored) and all(event.probability is not None for event in scored)
    return PROBABILITY if calibrated else SCORE
