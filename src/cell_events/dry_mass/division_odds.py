"""How much a division speaks against its mother, or against one of her daughters.

If a daughter's mass is wrong, or her mother is another cell, her share alone is unusual; if the
mother's is, the shares of both daughters are. Each explanation is weighed against the others.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cell_events.dry_mass.division_shares import (
    Divisions,
    UsualShares,
    shares_by_chance,
)

SPREAD = 0.35
"""Standard deviation of log mass by which a wrong mass is wrong."""

SHARE = 0.1
"""Share of the anomalies that show at a division, before any is seen."""

RIVAL = 0.05
"""Chance that another one of the three cells is wrong."""


def division_odds(
    divisions: Divisions, usual: UsualShares, suspects: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Log odds (2, N) that a cell is wrong as mother, and as daughter; -inf without a division.

    A mother is judged only where both of her daughters are known: one may be wrong herself.

    Parameters
    ----------
    suspects
        (N,) cells that look abnormal by themselves, or could not be judged: they are to blame
        rather than the others.
    """
    odds = np.full((2, len(suspects)), -np.inf)
    pairs = np.isfinite(divisions.shares[:, 1])
    mothers, daughters = divisions.mothers[pairs], divisions.daughters[pairs]
    blamed = suspects[np.column_stack([mothers, daughters])]
    both = _odds(divisions.shares[pairs] - usual.center, usual, blamed)
    odds[0, mothers] = both[:, 0]
    odds[1, daughters] = both[:, 1:]
    alone = divisions.shares[~pairs, :1] - usual.center
    better = _better(alone, usual, np.ones(1))
    blamed = suspects[divisions.mothers[~pairs]]
    odds[1, divisions.daughters[~pairs, 0]] = better - np.where(blamed, np.logaddexp(better, 0), 0)
    return odds


def in_either_role(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log odds (N,) for each cell, from those as mother and as daughter (2, N)."""
    roles = np.isfinite(odds).sum(axis=0)
    joined: NDArray[np.float64] = np.logaddexp(*odds) - np.log(np.maximum(roles, 1))
    return joined


def odds_by_chance(
    divisions: Divisions,
    usual: UsualShares,
    cells: NDArray[np.intp],
    random: np.random.Generator,
) -> NDArray[np.float64]:
    """Log odds (n,) as chance brings them about for these cells (n,), each drawn by itself."""
    count = int(max(divisions.daughters.max(initial=0), divisions.mothers.max(initial=0)))
    nobody = np.zeros(max(count, int(cells.max(initial=0))) + 1, bool)
    rounds = int(np.ceil(len(cells) / len(nobody)))
    drawn = np.stack(
        [
            in_either_role(division_odds(shares_by_chance(divisions, usual, random), usual, nobody))
            for _ in range(rounds)
        ]
    )
    return np.asarray(drawn[random.integers(rounds, size=len(cells)), cells])


def with_division(totals: NDArray[np.float64], odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Odds (N,) for anything, with those at divisions where there are any."""
    joined = np.logaddexp(totals + np.log(1 - SHARE), odds + np.log(SHARE))
    return np.where(np.isfinite(odds), joined, totals)


def shows_at_division(totals: NDArray[np.float64], odds: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether (N,) a division says more than the rest of a curve."""
    louder: NDArray[np.bool_] = odds + np.log(SHARE) > totals + np.log(1 - SHARE)
    return louder


def _odds(
    excess: NDArray[np.float64], usual: UsualShares, suspects: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Log odds (D, 3) for mother, first and second daughter, from the shares (D, 2) of a pair."""
    ways = (np.array([-1.0, -1.0]), np.array([1.0, 0.0]), np.array([0.0, 1.0]))
    better = np.stack([_better(excess, usual, way) for way in ways], axis=1)
    chances = better + np.log(np.where(suspects, 1.0, RIVAL))
    others = [np.delete(chances, column, axis=1) for column in range(3)]
    rivals = np.stack([np.logaddexp(*each.T) for each in others], axis=1)
    return np.asarray(better - np.logaddexp(rivals, 0))


def _better(
    excess: NDArray[np.float64], usual: UsualShares, way: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Logarithm (D,) of the likelihood of shares (D, n) with a change in a way, beside without."""
    covariance, degrees = usual.covariance[: len(way), : len(way)], usual.degrees
    weighed = excess @ np.linalg.inv(covariance)
    information = float(way @ np.linalg.solve(covariance, way))
    gain = 1 + SPREAD**2 * information
    without = (weighed * excess).sum(axis=1)
    explained = (weighed @ way) ** 2 / information * (1 - 1 / gain)
    steps = 0.5 * (degrees + excess.shape[1])
    tails = np.log1p(without / degrees) - np.log1p((without - explained) / degrees)
    return np.asarray(steps * tails - 0.5 * np.log(gain))
