"""The precision that an audit has shown, and its interval."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scipy.stats import hypergeom

from cell_events.events import Event
from cell_events.review.decisions import PROPOSED_KIND

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class AuditResult:
    """What an audit has shown so far.

    Attributes
    ----------
    right, decided
        Proposals that were right, of those that count.
    population
        How many proposals they stand for.
    held_back
        Later answers that do not count until the skipped event before them is decided.
    is_over
        The next drawn proposal is no longer there: new ones came, which need a new audit.
    """

    right: int
    decided: int
    population: int
    held_back: int = 0
    is_over: bool = False

    @property
    def precision(self) -> float | None:
        """Share of right proposals; None before the first answer."""
        return self.right / self.decided if self.decided else None

    @property
    def interval(self) -> tuple[float, float]:
        """Exact 95 % interval of the precision of the whole population."""
        return precision_interval(self.right, self.decided, self.population)

    @property
    def sentence(self) -> str:
        """The result in words, with what it is about and what holds it back."""
        if self.precision is None:
            told = f"No answer yet, of {self.population:,} proposals undecided when it began."
        else:
            low, high = self.interval
            told = (
                f"{percent(self.precision)} right "
                f"({percent(CONFIDENCE)} interval {percent(low)} to {percent(high)}): "
                f"{self.right} of {self.decided}, drawn from the {self.population:,} proposals "
                "undecided when the audit began."
            )
        if self.held_back:
            answers = (
                "1 later answer waits"
                if self.held_back == 1
                else f"{self.held_back} later answers wait"
            )
            told += f" {answers} for the skipped one before to be decided."
        if self.is_over:
            told += " The proposals are others now: begin a new audit."
        return told


def percent(share: float) -> str:
    """Say a share in percent, such as "90 %", that no line break divides."""
    return f"{100 * share:.0f}\N{NO-BREAK SPACE}%"


def is_right(event: Event) -> bool:
    """Whether a decided proposal was right: accepted, and of the kind that was proposed.

    One that was moved in time is still right; it was found, if not at its very frame.
    """
    return event.status == "accepted" and PROPOSED_KIND not in event.extra


def precision_interval(
    right: int, decided: int, population: int, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Exact interval of the share of right ones in a finite population.

    The counterpart of Clopper and Pearson's for draws without replacement: every share is inside
    under which at least so many, and under which at most so many, right ones are not too
    improbable. It shrinks to a point when everything is decided.

    Raises
    ------
    ValueError
        Unless 0 <= right <= decided <= population.
    """
    if not 0 <= right <= decided <= population:
        raise ValueError(
            f"found {right} right of {decided} decided of {population}; each number can be at most "
            "the next: count the answers anew."
        )
    if not decided:
        return 0.0, 1.0
    tail = (1 - confidence) / 2
    possible = range(right, population - (decided - right) + 1)
    low = _first(possible, lambda k: hypergeom.sf(right - 1, population, k, decided) > tail)
    high = _first(possible[::-1], lambda k: hypergeom.cdf(right, population, k, decided) > tail)
    return low / population, high / population


def _first(candidates: Sequence[int], holds: Callable[[int], bool]) -> int:
    """First candidate that holds, where all after it do as well."""
    return candidates[bisect.bisect_left(candidates, True, key=lambda k: bool(holds(k)))]
