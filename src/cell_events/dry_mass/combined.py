"""The combined score: how rare what a cell does is among normal cells, and what it looks like.

The growth of each cell, of log mass and without divisions, is compared to that of the others. How
much normal cells stray is learned from the population itself, most of which is taken to be normal.
Then each curve is asked whether one of a few changes explains it better (`change_kinds`), and each
division whether mass is handed on as usual (`division_odds`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import nan

import numpy as np
from numpy.typing import NDArray

from cell_events.dry_mass.cell_evidence import (
    Population,
    cell_evidence,
    evidence_by_chance,
    population,
    rarity,
)
from cell_events.dry_mass.cell_scores import CellScore, not_assessed, too_short
from cell_events.dry_mass.curves import MassCurve
from cell_events.dry_mass.division_odds import (
    division_odds,
    in_either_role,
    odds_by_chance,
    shows_at_division,
    with_division,
)
from cell_events.dry_mass.division_shares import divisions_of, usual_shares
from cell_events.dry_mass.log_masses import LogMasses, log_masses
from cell_events.dry_mass.reasons import Reason, odd_division, reasons
from cell_events.dry_mass.unusual_changes import Evidence
from cell_events.dry_mass.usual_growth import Reference

LEAST_SEEN = 0.5
"""Share of its frames in which a cell must have been measured."""

CLEARLY_ABNORMAL = float(np.log(10))
"""Evidence from which a cell has no say in what is normal."""

LEAST_NORMAL = 0.5
"""Share of the cells that decide what is normal, at least."""


@dataclass(frozen=True, slots=True)
class CombinedSettings:
    """Which cells are judged, and beside what.

    Attributes
    ----------
    shortest
        Measured frames that a cell needs.
    reference
        "same time": growth is compared to that of the other cells at the same time, so that what
        all of them do is normal; "whole recording": to the usual one of the recording, so that a
        time at which all of them stop is found, too.
    seed
        Equal seeds give equal results.
    """

    shortest: int = 12
    reference: Reference = "same time"
    seed: int = 0

    def __post_init__(self) -> None:
        if self.shortest < 10:
            raise ValueError(f"shortest must be at least 10 frames, got {self.shortest}.")


def combined_scores(
    curves: Sequence[MassCurve], settings: CombinedSettings | None = None
) -> tuple[CellScore, ...]:
    """Score each cell, in the order of the curves.

    The score is in standard deviations: as many normal cells exceed it by chance as values of a
    Gaussian do. Its reason says what the cell looks like, if more speaks for it than against.
    """
    settings = settings or CombinedSettings()
    complaints = [_complaint(curve, settings.shortest) for curve in curves]
    judged = np.array([row for row, found in enumerate(complaints) if found is None], np.intp)
    scores = iter(_judged_scores(curves, judged, settings) if len(judged) else ())
    return tuple(next(scores) if complaint is None else complaint for complaint in complaints)


def _judged_scores(
    curves: Sequence[MassCurve], judged: NDArray[np.intp], settings: CombinedSettings
) -> list[CellScore]:
    """Judge some of the cells; divisions are looked at with all of them."""
    chosen = [curves[row] for row in judged]
    cells = _beside_normal(log_masses(chosen), settings.reference)
    found = cell_evidence(cells)
    divisions = divisions_of(curves, cells.usual)
    shares = usual_shares(divisions)
    suspects = np.ones(len(curves), bool)
    suspects[judged] = found.total() > CLEARLY_ABNORMAL
    roles = division_odds(divisions, shares, suspects)[:, judged]
    totals = with_division(found.total(), in_either_role(roles))
    random = np.random.default_rng(settings.seed)
    chance, rows = evidence_by_chance(cells, random)
    chance = with_division(chance, odds_by_chance(divisions, shares, judged[rows], random))
    scores = rarity(totals, np.sort(chance))
    named = _named(chosen, cells, found, roles)
    return [
        _score(curve, float(score), what if total > 0 else replace(what, reason="", cause=""))
        for curve, score, total, what in zip(chosen, scores, totals, named, strict=True)
    ]


def _named(
    curves: Sequence[MassCurve], cells: Population, found: Evidence, roles: NDArray[np.float64]
) -> list[Reason]:
    """What each cell looks like: its division, if that says more than its curve."""
    return [
        odd_division(curve, as_mother) if at_division else reason
        for curve, as_mother, at_division, reason in zip(
            curves,
            roles[0] > roles[1],
            shows_at_division(found.total(), in_either_role(roles)),
            reasons(cells, found, curves),
            strict=True,
        )
    ]


def _score(curve: MassCurve, score: float, what: Reason) -> CellScore:
    return CellScore(
        curve.track_id, True, score, nan, what.first, what.last, what.reason, what.cause
    )


def _beside_normal(masses: LogMasses, reference: Reference) -> Population:
    """What is normal: asked of all cells at first, and then of those that looked normal."""
    normal = _normal(cell_evidence(population(masses, reference)).total())
    return population(masses, reference, normal)


def _normal(totals: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Cells that say what is normal: those with little evidence, and never too few."""
    highest = max(CLEARLY_ABNORMAL, float(np.quantile(totals, LEAST_NORMAL)))
    chosen: NDArray[np.bool_] = totals <= highest
    return chosen


def _complaint(curve: MassCurve, shortest: int) -> CellScore | None:
    """Why a cell is not assessed; None if it is."""
    seen = np.isfinite(curve.mass_pg)
    count, frames = int(seen.sum()), len(seen)
    if frames < shortest:
        return too_short(curve, shortest)
    if count < max(shortest, LEAST_SEEN * frames):
        needed = max(shortest, int(np.ceil(LEAST_SEEN * frames)))
        return not_assessed(curve, f"measured in {count} of {frames} frames, {needed} are needed")
    if np.median(curve.mass_pg[seen]) <= 0:
        return not_assessed(curve, "no mass in half of its frames")
    return None
