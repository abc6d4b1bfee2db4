"""How many proposals are right, from some of them drawn at random: precision without bias."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cell_events.events import Event
from cell_events.review.decisions import is_decided
from cell_events.review.precision import AuditResult, is_right

LONGEST_SAMPLE = 2000


@dataclass(frozen=True)
class Audit:
    """A random order of review, fixed when it begins.

    Attributes
    ----------
    seed
        The same seed and population give the same order.
    population
        How many proposals were undecided when the audit began; the precision is theirs.
    sample
        Ids drawn from them one after the other without replacement, at most `LONGEST_SAMPLE`.
    answered
        Those that were answered in the course of the audit. A decision made elsewhere does not
        count until the audit comes to the event: else it would matter what one decides elsewhere.
    """

    seed: int = 0
    population: int = 0
    sample: tuple[str, ...] = ()
    answered: frozenset[str] = frozenset()

    @classmethod
    def begin(cls, events: Mapping[str, Event], seed: int) -> Audit:
        """Draw the order from the proposals that are undecided now."""
        open_ids = sorted(name for name, event in events.items() if not is_decided(event))
        drawn = np.random.default_rng(seed).permutation(len(open_ids))[:LONGEST_SAMPLE]
        return cls(seed, len(open_ids), tuple(open_ids[i] for i in drawn))

    def answer(self, event_id: str) -> Audit:
        """The audit after the event was answered; other events than drawn ones change nothing."""
        if event_id not in self.sample:
            return self
        return replace(self, answered=self.answered | {event_id})

    def counts(self, event_id: str, events: Mapping[str, Event]) -> bool:
        """Whether the event was answered here and is decided still."""
        return event_id in self.answered and event_id in events and is_decided(events[event_id])

    def result(self, events: Mapping[str, Event]) -> AuditResult:
        """Precision so far: only the answers before the first gap in the random order count."""
        done = [self.counts(name, events) for name in self.sample]
        prefix = done.index(False) if False in done else len(done)
        right = sum(is_right(events[name]) for name in self.sample[:prefix])
        waiting = sum(done[prefix:])
        lost = any(name not in events for name in self.sample[prefix : prefix + 1])
        return AuditResult(right, prefix, self.population, waiting, is_over=lost)

    def state(self) -> dict[str, Any]:
        """Plain values for JSON; `restore` reads them."""
        return {
            "seed": self.seed,
            "population": self.population,
            "sample": list(self.sample),
            "answered": sorted(self.answered),
        }

    @classmethod
    def restore(cls, state: Mapping[str, Any]) -> Audit:
        """The audit of which `state` was kept."""
        return cls(
            int(state["seed"]),
            int(state["population"]),
            tuple(state["sample"]),
            frozenset(state["answered"]),
        )
