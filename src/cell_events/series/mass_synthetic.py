"""Synthetic mass curves with labelled mishaps, each under its own law of growth.

The law, the cycle length, the noise and the length of the track are drawn anew for each curve: a
network that has learned from one fixed simulation does not find its way in other cells.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from cell_events.series.mass_growth import Frames, drawn_laws, grown_masses
from cell_events.series.mass_mishaps import MASS_KINDS, Mishaps, drawn_mishaps, masses_with
from cell_events.series.synthetic import POINTS

AT_ONCE = 128

LEAST_CHANGE = 0.05
"""A mishap that changes a mass by less than this share, or than the noise, is none."""


@dataclass(frozen=True, slots=True)
class MassSyntheticSettings:
    """Which curves.

    Attributes
    ----------
    abnormal
        Share of curves to which something happens.
    frames
        Shortest and longest curve, before it is brought to 1,024 points.
    noise
        Smallest and largest relative error of a mass.
    """

    abnormal: float = 0.4
    frames: tuple[int, int] = (16, 500)
    noise: tuple[float, float] = (0.005, 0.08)

    def __post_init__(self) -> None:
        if not 0 <= self.abnormal <= 1:
            raise ValueError(f"abnormal is {self.abnormal}; expected a share of 0 to 1.")
        if not 8 <= self.frames[0] <= self.frames[1] <= POINTS:
            raise ValueError(f"frames are {self.frames}; expected two numbers from 8 to {POINTS}.")
        if not 0 < self.noise[0] <= self.noise[1] <= 0.5:
            raise ValueError(f"noise is {self.noise}; expected two shares, above 0 to at most 0.5.")


def synthetic_mass_curves(
    count: int, seed: int, settings: MassSyntheticSettings | None = None
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Make mass curves under randomised laws; equal seeds give equal curves.

    Returns
    -------
    values
        (count, 1, 1024) float32, relative to the usual mass at birth: bring them to one scale as
        any other series.
    labels
        (count, 7, 1024) bool, one row for each of `MASS_KINDS`.
    """
    settings = settings or MassSyntheticSettings()
    random = np.random.default_rng(seed)
    shortest, longest = np.log(settings.frames[0]), np.log(settings.frames[1] + 1)
    # Curves of similar length are made together: their arrays are no longer than they must be.
    lengths = np.sort(np.exp(random.uniform(shortest, longest, count)).astype(np.int64))
    values = np.empty((count, 1, POINTS), np.float32)
    labels = np.zeros((count, len(MASS_KINDS), POINTS), bool)
    places = random.permutation(count)
    for begin in range(0, count, AT_ONCE):
        some = places[begin : begin + AT_ONCE]
        values[some, 0], labels[some] = _some_curves(
            lengths[begin : begin + AT_ONCE], settings, random
        )
    return values, labels


def _some_curves(
    lengths: NDArray[np.int64], settings: MassSyntheticSettings, random: np.random.Generator
) -> tuple[Frames, NDArray[np.bool_]]:
    laws, mishaps = drawn_laws(lengths, random), drawn_mishaps(lengths, random)
    smallest, largest = np.log(settings.noise)
    noise = np.exp(random.uniform(smallest, largest, (len(lengths), 1)))
    usual = grown_masses(laws)
    abnormal = masses_with(mishaps, laws, usual)
    is_abnormal = random.random(len(lengths)) < settings.abnormal
    is_abnormal &= _are_visible(mishaps, abnormal, usual, noise[:, 0])
    masses = np.where(is_abnormal[:, None], abnormal, usual)
    measured = masses * (1 + _errors(noise, masses.shape[1], random))
    measured = _filled(measured, _seen(measured, random))
    return _stretched(measured, lengths), _labels(mishaps, is_abnormal, lengths)


def _are_visible(
    mishaps: Mishaps, abnormal: Frames, usual: Frames, noise: NDArray[np.float64]
) -> NDArray[np.bool_]:
    ratio = np.maximum(abnormal, 1e-3) / np.maximum(usual, 1e-3)
    changed = np.where(mishaps.inside(usual.shape[1]), np.abs(np.log(ratio)), 0).max(axis=1)
    visible: NDArray[np.bool_] = changed >= np.maximum(LEAST_CHANGE, 1.5 * noise)
    return visible


def _errors(noise: NDArray[np.float64], frames: int, random: np.random.Generator) -> Frames:
    """Errors of size `noise` (N, 1), partly correlated, with a rare outlier of a single frame."""
    shape = (len(noise), frames)
    kept = random.choice([0.3, 0.6, 0.8, 0.9, 0.97])
    steps = random.standard_normal(shape)
    steps[:, 1:] *= np.sqrt(1 - kept**2)
    slow = lfilter([1], [1, -kept], steps, axis=1)
    part = random.random((len(noise), 1))
    errors = np.sqrt(part) * slow + np.sqrt(1 - part) * random.standard_normal(shape)
    errors *= np.where(random.random(shape) < 0.001, 4.0, 1.0)
    return np.asarray(np.maximum(noise * errors, -0.9), np.float32)


def _seen(measured: Frames, random: np.random.Generator) -> NDArray[np.bool_]:
    """Frames in which a cell was measured: in a third of the curves up to 15 % are missing."""
    count = len(measured)
    missing = random.uniform(0, 0.15, count) * (random.random(count) < 1 / 3)
    seen: NDArray[np.bool_] = random.random(measured.shape, np.float32) >= missing[:, None]
    seen[:, 0] = True
    return seen


def _filled(measured: Frames, seen: NDArray[np.bool_]) -> Frames:
    """Masses with lines across what was not seen."""
    frames = measured.shape[1]
    times = np.arange(frames)
    before = np.maximum.accumulate(np.where(seen, times, 0), axis=1)
    after = np.minimum.accumulate(np.where(seen, times, frames)[:, ::-1], axis=1)[:, ::-1]
    after = np.where(after < frames, after, before)
    part = ((times - before) / np.maximum(after - before, 1)).astype(np.float32)
    return _between(measured, before, after, part)


def _between(
    measured: Frames, before: NDArray[np.int64], after: NDArray[np.int64], part: Frames
) -> Frames:
    low, high = (np.take_along_axis(measured, frame, axis=1) for frame in (before, after))
    return np.asarray(low + part * (high - low), np.float32)


def _stretched(measured: Frames, lengths: NDArray[np.int64]) -> Frames:
    """Curves (N, 1024), each stretched from its own length by lines from frame to frame."""
    at = np.linspace(0, 1, POINTS) * (lengths[:, None] - 1)
    before = at.astype(np.int64)
    after = np.minimum(before + 1, lengths[:, None] - 1)
    part = (at - before).astype(np.float32)
    return _between(measured, before, after, part)


def _labels(
    mishaps: Mishaps, is_abnormal: NDArray[np.bool_], lengths: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Labels (N, 7, 1024): each abnormal frame up to half-way to its neighbours."""
    at = np.linspace(0, 1, POINTS) * (lengths[:, None] - 1)
    inside = (at >= mishaps.first[:, None] - 0.5) & (at <= mishaps.last[:, None] + 0.5)
    labels = np.zeros((len(lengths), len(MASS_KINDS), POINTS), bool)
    rows = np.flatnonzero(is_abnormal)
    labels[rows, mishaps.kind[rows]] = inside[rows]
    return labels
