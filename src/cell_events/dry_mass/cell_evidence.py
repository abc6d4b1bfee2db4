"""Evidence for unusual changes in each cell of a population, and how rare it is in normal cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular
from scipy.special import ndtri_exp

from cell_events.dry_mass.growth_noise import GrowthNoise, growth_noise, noise_scales
from cell_events.dry_mass.halvings import halvings
from cell_events.dry_mass.log_masses import LogMasses
from cell_events.dry_mass.noise_tails import tail_degrees, tailed_noise
from cell_events.dry_mass.unusual_changes import Evidence, evidence
from cell_events.dry_mass.usual_growth import Reference, trimmed_mean, usual_growth

LONGEST = 240
"""Changes that are weighed together; longer curves are cut into pieces that overlap by half."""

SCALE_STEP = 0.25
"""Cells whose noise differs by less than this, as a logarithm, count as equally noisy."""

NORMAL_CELLS = 4000
"""Normal cells that are simulated, to see how much evidence chance brings about."""

TAIL = 0.02
"""Share of these, with the most evidence, beyond which chance falls as fast as evidence grows."""

UNDECIDED = 0.02
"""A cell with even odds is no rarer than this: changes that speak for nothing are not unusual."""


@dataclass(frozen=True)
class Pieces:
    """Stretches of curves that are weighed by themselves: nearly always whole curves.

    Attributes
    ----------
    rows
        (P,) row of the curve.
    begins
        (P,) its first change.
    lengths
        (P,) its changes.
    """

    rows: NDArray[np.intp]
    begins: NDArray[np.intp]
    lengths: NDArray[np.intp]

    @classmethod
    def of(cls, lengths: NDArray[np.intp]) -> Pieces:
        """Cut curves with that many frames."""
        found = [
            (row, begin, min(LONGEST, changes - begin))
            for row, changes in enumerate((lengths - 1).tolist())
            for begin in range(0, max(1, changes - LONGEST // 2), LONGEST // 2)
        ]
        rows, begins, sizes = np.array(found, np.intp).reshape(-1, 3).T
        return cls(rows, begins, sizes)


@dataclass(frozen=True)
class Population:
    """What normal cells do, and how each cell differs from it.

    Attributes
    ----------
    masses
        Log masses of the cells.
    excess
        (N, L - 1) change beyond the usual one; 0 at divisions, and after the end.
    divisions
        (N, L - 1) changes that are divisions.
    usual
        Usual change of log mass from frame to frame, all cells and times together; not negative.
    noise
        How normal cells stray from it.
    scales
        (N,) noise of each cell as a multiple of that.
    degrees
        Degrees of freedom of Student's t: few where outliers are common (`tail_degrees`).
    """

    masses: LogMasses
    excess: NDArray[np.float64]
    divisions: NDArray[np.bool_]
    usual: float
    noise: GrowthNoise
    scales: NDArray[np.float64]
    degrees: float


def population(
    masses: LogMasses,
    reference: Reference = "same time",
    normal: NDArray[np.bool_] | None = None,
) -> Population:
    """Find out what is normal among these cells; if given, only the (N,) normal ones are asked."""
    asked = np.ones(len(masses.lengths), bool) if normal is None else normal
    divisions = halvings(masses)
    changes = np.where(divisions, np.nan, masses.changes)
    usual_changes = usual_growth(masses, np.where(asked[:, None], changes, np.nan), reference)
    excess = np.nan_to_num(changes - usual_changes)
    usual = max(trimmed_mean(changes[asked]), 0.0)
    noise = growth_noise(excess[asked], masses.lengths[asked], usual)
    scales = noise_scales(excess, masses.lengths)
    steps = np.round(np.log(scales) / SCALE_STEP)
    cells = Population(
        masses, excess, divisions, usual, noise, np.exp(steps * SCALE_STEP), degrees=np.inf
    )
    return replace(cells, degrees=tail_degrees(_innovations(cells)))


def cell_evidence(cells: Population) -> Evidence:
    """Evidence for each cell; where a curve was cut, that of the piece that speaks loudest."""
    pieces = Pieces.of(cells.masses.lengths)
    found = Evidence.none(len(pieces.rows))
    for chosen, covariance in _alike(cells, pieces):
        columns = pieces.begins[chosen, None] + np.arange(len(covariance))
        rows = pieces.rows[chosen, None]
        excess, unknown = cells.excess[rows, columns], cells.divisions[rows, columns]
        found.put(chosen, evidence(excess, unknown, covariance, cells.usual, cells.degrees))
    found.starts[:] += pieces.begins[:, None]
    found.stops[:] += pieces.begins[:, None]
    order = np.lexsort((found.total(), pieces.rows))
    loudest = order[np.diff(pieces.rows[order], append=-1) != 0]
    cut = np.bincount(pieces.rows)
    best = Evidence(*(getattr(found, field.name)[loudest] for field in fields(Evidence)))
    best.log_odds[:] -= np.log(cut)[:, None]
    return best


def evidence_by_chance(
    cells: Population, random: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Total evidence in simulated cells with which nothing is wrong, and whom each stands for."""
    pieces = Pieces.of(cells.masses.lengths)
    drawn = random.choice(len(pieces.rows), NORMAL_CELLS)
    some = Pieces(pieces.rows[drawn], pieces.begins[drawn], pieces.lengths[drawn])
    totals = np.empty(NORMAL_CELLS)
    for chosen, covariance in _alike(cells, some):
        root = np.linalg.cholesky(covariance)
        excess = tailed_noise(random, (len(chosen), len(root)), cells.degrees) @ root.T
        known = np.zeros(excess.shape, bool)
        totals[chosen] = evidence(excess, known, covariance, cells.usual, cells.degrees).total()
    return totals, some.rows


def rarity(totals: NDArray[np.float64], by_chance: NDArray[np.float64]) -> NDArray[np.float64]:
    """How many standard deviations of a Gaussian are as rare as that much evidence by chance.

    Parameters
    ----------
    totals
        (N,) evidence.
    by_chance
        (n,) evidence in normal cells, in ascending order.

    Beyond what was simulated, the odds themselves bound the chance: evidence of 100 to 1 comes
    about in less than one normal cell of a hundred.
    """
    shares = (len(by_chance) - np.arange(len(by_chance)) - 0.5) / len(by_chance)
    last = int((1 - TAIL) * len(by_chance))
    log_chance = np.interp(totals, by_chance[: last + 1], np.log(shares[: last + 1]))
    log_chance -= np.maximum(totals - by_chance[last], 0.0)
    log_chance = np.maximum(log_chance, np.log(UNDECIDED) - np.maximum(totals, 0.0))
    return np.asarray(-ndtri_exp(log_chance))


def _innovations(cells: Population) -> list[NDArray[np.float64]]:
    """What each change holds beyond what those before foretold, in arrays of equal length."""
    pieces = Pieces.of(cells.masses.lengths)
    found = []
    for chosen, covariance in _alike(cells, pieces):
        columns = pieces.begins[chosen, None] + np.arange(len(covariance))
        excess = cells.excess[pieces.rows[chosen, None], columns]
        root = np.linalg.cholesky(covariance)
        found.append(np.asarray(solve_triangular(root, excess.T, lower=True).T))
    return found


def _alike(
    cells: Population, pieces: Pieces
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.float64]]]:
    """Pieces that are equally long and noisy, and the covariance of normal ones among them."""
    scales = cells.scales[pieces.rows]
    which = np.unique(np.stack([pieces.lengths, scales]), axis=1, return_inverse=True)[1]
    order = np.argsort(which, kind="stable")
    for chosen in np.split(order, np.flatnonzero(np.diff(which[order])) + 1):
        length, scale = int(pieces.lengths[chosen[0]]), float(scales[chosen[0]])
        yield chosen, cells.noise.covariance(length, scale)
