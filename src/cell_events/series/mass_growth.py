"""Growth of cells under laws that differ from cell to cell, all frames at once.

A cell of mass m grows by dm/dt = rate * m**(1 - power): at a constant rate (power 0), by a constant
amount (power 1), or more and more slowly. Growth is counted in the cell's own time, which runs
faster or slower than frames do; masses are relative to the usual mass at birth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

Frames = NDArray[np.float32]
PerCell = NDArray[np.float64]

GENERATIONS = 16
"""Cycles that a curve can have, at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Laws:
    """How each of N cells grows and divides.

    Attributes
    ----------
    cycles
        (N, GENERATIONS) frames from birth to division.
    part
        Share of its first cycle that has passed at the first frame.
    power
        Law of growth: see above.
    births
        Mass at the birth of the first generation.
    return_to_usual
        How much of a deviation at birth is made up for within a cycle.
    kept
        (N, GENERATIONS) share of the mass that goes on after a division.
    speed
        (N, T) float32, how fast the cell's own time runs.
    divides
        Whether the curve goes on through divisions, as one of the daughters.
    """

    cycles: PerCell
    part: PerCell
    power: PerCell
    births: PerCell
    return_to_usual: PerCell
    kept: PerCell
    speed: Frames
    divides: NDArray[np.bool_]


def drawn_laws(lengths: NDArray[np.int64], random: np.random.Generator) -> Laws:
    """Laws for N curves of these lengths: half of them with divisions, cycles short and long."""
    count = len(lengths)
    divides = random.random(count) < 0.5
    least = np.where(divides, 0.15, 0.8)
    mean = lengths * np.exp(random.uniform(np.log(least), np.log(4.0), count))
    spread = random.uniform(0.03, 0.3, (count, 1))
    part = np.where(divides, random.random(count), random.uniform(0, 0.4, count))
    shape = (count, GENERATIONS)
    halves = 0.5 + random.uniform(0.01, 0.08, (count, 1)) * random.normal(size=shape)
    return Laws(
        cycles=np.maximum(mean[:, None] * random.lognormal(0, spread, shape), 3.0),
        part=part,
        # Growth at a constant rate or by a constant amount is the most common.
        power=0.02 + 2.2 * random.random(count) ** 1.6,
        births=random.lognormal(0, random.uniform(0.05, 0.3, count)),
        return_to_usual=random.random(count),
        kept=np.clip(halves, 0.3, 0.7) * random.uniform(0.82, 1.0, shape),
        speed=_speed(count, int(lengths.max()), random),
        divides=divides,
    )


def grown_masses(
    laws: Laws, factor: Frames | None = None, blocked_from: NDArray[np.int64] | None = None
) -> Frames:
    """Masses (N, T), of cells whose growth is multiplied with `factor` (N, T).

    From the frame `blocked_from` (N,) on, a cell does not divide any more.
    """
    speed = laws.speed if factor is None else laws.speed * factor
    own_time = np.cumsum(speed, axis=1, dtype=np.float64) - speed
    divisions = _division_frames(laws, own_time.shape[1], blocked_from)
    generation = _generation(divisions, own_time.shape[1])
    births, rates, begins = _generations(laws, own_time, divisions)
    power = laws.power[:, None]
    age = own_time - np.take_along_axis(begins, generation, axis=1)
    grown = np.take_along_axis(births**power, generation, axis=1)
    grown += power * np.take_along_axis(rates, generation, axis=1) * age
    return np.asarray(np.maximum(grown, 1e-6) ** (1 / power), np.float32)


def _speed(count: int, frames: int, random: np.random.Generator) -> Frames:
    """Slow deviations of the growth, larger in some cells than in others."""
    kept = random.choice([0.9, 0.97, 0.99])
    steps = random.standard_normal((count, frames))
    steps[:, 1:] *= np.sqrt(1 - kept**2)
    wander = lfilter([1], [1, -kept], steps, axis=1) * random.uniform(0, 0.4, (count, 1))
    return np.asarray(np.maximum(1 + wander, 0.05), np.float32)


def _division_frames(
    laws: Laws, frames: int, blocked_from: NDArray[np.int64] | None
) -> NDArray[np.int64]:
    """First frame (N, GENERATIONS) of each later generation; `frames` where there is none."""
    left = laws.cycles.copy()
    left[:, 0] *= 1 - laws.part
    divisions = np.ceil(np.cumsum(left, axis=1)).astype(np.int64)
    last = np.where(laws.divides, frames, 0)
    if blocked_from is not None:
        last = np.minimum(last, blocked_from)
    return np.where(divisions < last[:, None], divisions, frames)


def _generation(divisions: NDArray[np.int64], frames: int) -> NDArray[np.int64]:
    """Which generation (N, T) a curve is in at each frame."""
    begins = np.zeros((len(divisions), frames + 1), np.int64)
    np.add.at(begins, (np.arange(len(divisions))[:, None], divisions), 1)
    return np.asarray(np.minimum(begins[:, :-1].cumsum(axis=1), GENERATIONS - 1))


def _generations(
    laws: Laws, own_time: PerCell, divisions: NDArray[np.int64]
) -> tuple[PerCell, PerCell, PerCell]:
    """Mass at birth, rate, and own time at birth (N, GENERATIONS) of each generation."""
    power, frames = laws.power, own_time.shape[1]
    times = np.take_along_axis(own_time, np.minimum(divisions, frames - 1), axis=1)
    births, rates, begins = (np.empty(laws.cycles.shape) for _ in range(3))
    birth, begin = laws.births, -laws.part * laws.cycles[:, 0]
    for generation in range(GENERATIONS):
        cycle = laws.cycles[:, generation]
        target = np.maximum(2 * birth ** (1 - laws.return_to_usual), 1.2 * birth)
        rate = (target**power - birth**power) / (power * cycle)
        births[:, generation], rates[:, generation], begins[:, generation] = birth, rate, begin
        age = np.maximum(times[:, generation] - begin, 0)
        end = (birth**power + power * rate * age) ** (1 / power)
        birth, begin = end * laws.kept[:, generation], times[:, generation]
    return births, rates, begins
