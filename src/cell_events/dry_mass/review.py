"""What an expert's answers say of the flags: table 1 of the paper, precision and recall."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cell_events.dry_mass.audit_draw import AuditSettings, audited_cells
from cell_events.dry_mass.flags import EXPERT_CATEGORIES, FLAGGED, NORMAL, NOT_ASSESSED, CellFlag
from cell_events.dry_mass.share import Share, wilson_interval

CATEGORIES: Mapping[str, str] = {
    "CA": "cellular anomaly",
    "MA": "measurement anomaly",
    "CMA": "cellular and measurement anomaly",
    "PA": "prediction anomaly",
}
"""The answers, abbreviated as in the paper's table 1; with PA, only the flag is wrong."""

ABNORMAL = ("CA", "MA", "CMA")
"""Answers that say that the cell, or its measurement, is abnormal indeed."""

Answers = Mapping[int, str]
"""The expert's category of each cell that was answered, by its track."""


@dataclass(frozen=True, slots=True)
class ReviewSummary:
    """How far a review is, and what it says.

    Attributes
    ----------
    flagged, normal, not_assessed
        How many cells the detector flagged, found normal, and could not judge.
    drawn
        How many of the normal ones were drawn for the audit.
    flagged_answers, audit_answers
        How many flagged and drawn cells got each category.
    """

    flagged: int
    normal: int
    not_assessed: int
    drawn: int
    flagged_answers: Mapping[str, int]
    audit_answers: Mapping[str, int]

    @property
    def reviewed(self) -> int:
        """Flagged cells with an answer."""
        return sum(self.flagged_answers.values())

    @property
    def audited(self) -> int:
        """Drawn cells with an answer."""
        return sum(self.audit_answers.values())

    @property
    def right(self) -> int:
        """Flagged cells that are abnormal: CA + MA + CMA."""
        return sum(self.flagged_answers[name] for name in ABNORMAL)

    @property
    def missed(self) -> int:
        """Drawn cells that are abnormal, though nothing flagged them."""
        return sum(self.audit_answers[name] for name in ABNORMAL)

    @property
    def precision(self) -> Share | None:
        """(CA + MA + CMA) / all flagged cells with an answer; None before the first answer."""
        if not self.reviewed:
            return None
        low, high = wilson_interval(self.right, self.reviewed)
        return Share(self.right / self.reviewed, low, high)

    @property
    def recall(self) -> Share | None:
        """Estimated share of the abnormal cells that were flagged; None while nothing tells it.

        Flagged cells without an answer count like the others in the estimate, and in its interval
        once as all wrong and once as all right, since the most abnormal ones were answered first.
        """
        if not (self.audited and (self.reviewed or not self.flagged)):
            return None
        unseen = self.flagged - self.reviewed
        precision = self.right / self.reviewed if self.reviewed else 0.0
        low, high = wilson_interval(self.missed, self.audited)
        value = _recall(self.right + unseen * precision, self._lost(self.missed / self.audited))
        if value is None:
            return None
        lowest = _recall(self.right, self._lost(high))
        highest = _recall(self.right + unseen, self._lost(low))
        return Share(value, lowest or 0.0, 1.0 if highest is None else highest)

    @property
    def prevalence(self) -> float | None:
        """Estimated share of abnormal cells among those assessed; None while nothing tells it."""
        if self.recall is None or self.precision is None:
            return None
        abnormal = self.flagged * self.precision.value + self._lost(self.missed / self.audited)
        return abnormal / (self.flagged + self.normal)

    def _lost(self, share: float) -> float:
        """How many abnormal cells were not flagged, if of those not audited this share is."""
        return self.missed + (self.normal - self.audited) * share

    def as_json(self) -> dict[str, Any]:
        """Plain values for a report."""
        return {
            "categories": dict(CATEGORIES),
            "cells": {
                "flagged": self.flagged,
                "normal": self.normal,
                "not_assessed": self.not_assessed,
                "drawn": self.drawn,
            },
            "flagged": dict(self.flagged_answers),
            "audit": dict(self.audit_answers),
            "precision": None if self.precision is None else self.precision.as_json(),
            "recall": None if self.recall is None else self.recall.as_json(),
            "prevalence": self.prevalence,
        }


@dataclass(frozen=True, slots=True)
class ReviewCells:
    """Which cells a review is about: tracks of the flagged and the drawn ones, and all numbers."""

    flagged: tuple[int, ...]
    drawn: tuple[int, ...]
    normal: int
    not_assessed: int

    @classmethod
    def of(cls, flags: Iterable[CellFlag], audit: AuditSettings | None = None) -> ReviewCells:
        """The cells of all flags, with an audit drawn from those that are not flagged."""
        listed = list(flags)
        count = Counter(flag.flag for flag in listed)
        flagged = tuple(flag.track_id for flag in listed if flag.flag == FLAGGED)
        drawn = audited_cells(listed, audit or AuditSettings())
        return cls(flagged, drawn, count[NORMAL], count[NOT_ASSESSED])

    def summary(self, answers: Answers) -> ReviewSummary:
        """Count answers; "" and cells that are neither flagged nor drawn count for nothing."""
        return ReviewSummary(
            len(self.flagged),
            self.normal,
            self.not_assessed,
            len(self.drawn),
            _counted(self.flagged, answers),
            _counted(self.drawn, answers),
        )


def review_summary(
    flags: Iterable[CellFlag], answers: Answers, audit: AuditSettings | None = None
) -> ReviewSummary:
    """What answers say of all flags, and of an audit that was drawn as the settings say."""
    return ReviewCells.of(flags, audit).summary(answers)


def answers_of(flags: Iterable[CellFlag]) -> dict[int, str]:
    """The answers that a file of flags holds."""
    return {flag.track_id: flag.category for flag in flags if flag.category}


def with_answers(flags: Iterable[CellFlag], answers: Answers) -> list[CellFlag]:
    """The flags with these answers as their categories, and no others."""
    wanted = ((flag, answers.get(flag.track_id, "")) for flag in flags)
    return [
        flag if flag.category == name else replace(flag, category=name) for flag, name in wanted
    ]


def _counted(cells: Iterable[int], answers: Answers) -> dict[str, int]:
    count = Counter(answers.get(track_id, "") for track_id in cells)
    return {name: count[name] for name in EXPERT_CATEGORIES}


def _recall(found: float, lost: float) -> float | None:
    return found / (found + lost) if found + lost else None
