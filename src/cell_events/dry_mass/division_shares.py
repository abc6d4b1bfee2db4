"""With what share of their mother's mass daughters begin, and what is normal there.

Mothers hand on nearly all of their mass, and nearly half of it to each daughter. How nearly is
learned from the divisions of the recording, together with what is known before: 0.77 to 1.00 of
the mother is found in both daughters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cell_events.dry_mass.curves import MassCurve
from cell_events.dry_mass.noise_tails import tail_degrees, tailed_noise

LEVEL_FRAMES = 3
"""Frames before and after a division that are averaged."""

LONGEST_GAP, LONGEST_OVERLAP = 10, 2
"""Frames that may lie between mother and daughter, and in which both may be seen."""

USUAL_SHARE = float(np.log(0.46))
TOGETHER_SPREAD, APART_SPREAD = 0.08, 0.15
"""What is expected of log shares: their usual value, deviation of their mean, of their distance."""

EXPECTED_COUNTS = 10
"""Divisions that must be seen to count for as much as what is expected."""

QUARTILES_TO_SD = 1.349

EXPECTED_DEGREES = 8.0
"""Degrees of freedom of Student's t: outlines are worst where cells are round."""

TAIL_GROUP, TAIL_GROUPS = 8, 10
"""Divisions of which the most unusual one tells of the tails; how many such groups are needed."""


@dataclass(frozen=True)
class Divisions:
    """Mothers and those of their daughters that have tracks of their own.

    Attributes
    ----------
    mothers
        (D,) index of the mother's curve.
    daughters
        (D, 2) indices of her daughters' curves; -1 for a second one that is not known.
    shares
        (D, 2) logarithm of the daughter's first mass relative to the mother's last; NaN likewise.
    """

    mothers: NDArray[np.intp]
    daughters: NDArray[np.intp]
    shares: NDArray[np.float64]


@dataclass(frozen=True)
class UsualShares:
    """What share of their mother's mass normal daughters have.

    Attributes
    ----------
    center
        Usual log share.
    together, apart
        Variances of the mean of both daughters' log shares, and of their distance.
    degrees
        Degrees of freedom of Student's t that tell how far they stray.
    """

    center: float
    together: float
    apart: float
    degrees: float = EXPECTED_DEGREES

    @property
    def covariance(self) -> NDArray[np.float64]:
        """Covariance (2, 2) of the log shares of two daughters."""
        own, shared = self.together + self.apart / 4, self.together - self.apart / 4
        return np.array([[own, shared], [shared, own]])


def divisions_of(curves: Sequence[MassCurve], usual: float) -> Divisions:
    """Divisions after which a daughter begins where her mother ends.

    Two daughters of one mother are one division; one, or three, are taken each by herself.

    Parameters
    ----------
    usual
        Usual change of log mass from frame to frame, for frames in which nobody was seen.
    """
    by_mother: dict[int, list[int]] = {}
    for index, mother in enumerate(_mothers_of(curves).tolist()):
        if mother >= 0 and mother != index and _follows(curves[mother], curves[index]):
            by_mother.setdefault(mother, []).append(index)
    rows = [
        (mother, *pair)
        for mother, daughters in by_mother.items()
        for pair in ([daughters] if len(daughters) == 2 else [[each, -1] for each in daughters])
    ]
    table = np.array(rows, np.intp).reshape(-1, 3)
    shares = np.array([[_share(curves, m, d, usual) for d in pair] for m, *pair in rows])
    shares = shares.reshape(-1, 2)
    known = np.isfinite(shares[:, 0])
    return Divisions(table[known, 0], table[known, 1:], shares[known])


def usual_shares(divisions: Divisions) -> UsualShares:
    """What is normal, in the middle between what was seen and what is expected."""
    shares = divisions.shares
    pairs = shares[np.isfinite(shares).all(axis=1)]
    singles = shares[np.isnan(shares[:, 1]), 0]
    means = np.concatenate([pairs.mean(axis=1), singles])
    seen = [
        (np.median(means) if len(means) else USUAL_SHARE, len(means), USUAL_SHARE),
        (_variance(pairs.mean(axis=1)), len(pairs), TOGETHER_SPREAD**2),
        (_variance(pairs[:, 0] - pairs[:, 1]), len(pairs), APART_SPREAD**2),
    ]
    learned = UsualShares(
        *(
            float((count * found + EXPECTED_COUNTS * expected) / (count + EXPECTED_COUNTS))
            for found, count, expected in seen
        )
    )
    return replace(learned, degrees=_degrees(pairs - learned.center, learned.covariance))


def shares_by_chance(
    divisions: Divisions, usual: UsualShares, random: np.random.Generator
) -> Divisions:
    """The same divisions with shares as normal cells have them."""
    spreads = np.sqrt([usual.together, usual.apart])
    together, apart = (tailed_noise(random, (len(divisions.mothers), 2), usual.degrees) * spreads).T
    shares = usual.center + np.stack([together + apart / 2, together - apart / 2], axis=1)
    return replace(divisions, shares=np.where(np.isnan(divisions.shares), np.nan, shares))


def _mothers_of(curves: Sequence[MassCurve]) -> NDArray[np.intp]:
    """(N,) index of the curve of each cell's mother; -1 where there is none."""
    place = {curve.track_id: index for index, curve in enumerate(curves)}
    found = [-1 if c.parent_id is None else place.get(c.parent_id, -1) for c in curves]
    return np.array(found, np.intp)


def _gap(mother: MassCurve, daughter: MassCurve) -> int:
    return daughter.first - mother.last - 1


def _follows(mother: MassCurve, daughter: MassCurve) -> bool:
    return -LONGEST_OVERLAP <= _gap(mother, daughter) <= LONGEST_GAP


def _share(curves: Sequence[MassCurve], mother: int, daughter: int, usual: float) -> float:
    if daughter < 0:
        return np.nan
    gap = _gap(curves[mother], curves[daughter])
    before = _level(curves[mother].mass_pg[-LEVEL_FRAMES:])
    return _level(curves[daughter].mass_pg[:LEVEL_FRAMES]) - before - usual * gap


def _level(masses: NDArray[np.float64]) -> float:
    """Mean log mass of some frames; NaN if there is no mass."""
    known = masses[masses > 0]
    return float(np.log(known).mean()) if known.size else np.nan


def _degrees(excess: NDArray[np.float64], covariance: NDArray[np.float64]) -> float:
    """How far pairs (D, 2) stray, as far as there are enough of them to tell."""
    groups = len(excess) // TAIL_GROUP
    if groups < TAIL_GROUPS:
        return EXPECTED_DEGREES
    errors = np.linalg.solve(np.linalg.cholesky(covariance), excess[: groups * TAIL_GROUP].T).T
    return tail_degrees([errors.reshape(groups, 2 * TAIL_GROUP)])


def _variance(values: NDArray[np.float64]) -> float:
    if not values.size:
        return 0.0
    low, high = np.quantile(values, [0.25, 0.75])
    return float(((high - low) / QUARTILES_TO_SD) ** 2)
