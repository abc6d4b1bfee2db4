"""Windows of curves: a past that the forecaster sees, and the future that it is to tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cell_events.dry_mass.curves import MassCurve

LEAST_SEEN = 0.5
"""Share of the frames of a future that must have been measured."""

MOST_CURVES = 0.75
"""Share of the curves that hold a window where its length is chosen from them."""

LEAST_WINDOW, LONGEST_WINDOW = 12, 180
"""In frames; the longest is that of the paper."""


@dataclass(frozen=True)
class WindowShape:
    """How long windows are.

    Attributes
    ----------
    past, future
        Frames that are seen and told.
    gap
        Missing frames in a row that are bridged by a straight line in the past. In the future they
        are never bridged, and never scored.
    """

    past: int
    future: int
    gap: int = 3

    @property
    def frames(self) -> int:
        """Frames of a window."""
        return self.past + self.future

    def __str__(self) -> str:
        return f"{self.past} + {self.future} frames"


@dataclass(frozen=True)
class Windows:
    """Windows of several curves, cut when they are asked for.

    Attributes
    ----------
    shape
        Their length.
    mass_pg
        Masses of all curves, one after the other; short gaps are bridged, NaN in longer ones.
    seen
        Which of these were measured.
    starts
        (W,) where each window begins in `mass_pg`.
    curves
        (W,) which curve, counted from 0, each window belongs to.
    """

    shape: WindowShape
    mass_pg: NDArray[np.float64]
    seen: NDArray[np.bool_]
    starts: NDArray[np.intp]
    curves: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.starts)

    def cut(
        self, chosen: NDArray[np.intp] | slice, backwards: bool = False
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]]:
        """Past (B, P) and future (B, F) in pg, and which of the future was measured (B, F).

        Backwards, windows are read from their end: the past comes after the future.
        """
        order = np.arange(self.shape.frames)
        frames = self.starts[chosen][:, None] + (order[::-1] if backwards else order)
        mass = self.mass_pg[frames].astype(np.float32)
        future = slice(self.shape.past, None)
        seen = self.seen[frames][:, future]
        return mass[:, : self.shape.past], np.where(seen, mass[:, future], 0), seen

    def complete(self, backwards: bool) -> NDArray[np.bool_]:
        """Which windows (W,) have a whole past and enough of a future, read in this direction."""
        past, future = self.shape.past, self.shape.future
        shift = (future, 0) if backwards else (0, past)
        holes = _counts(np.isnan(self.mass_pg), self.starts + shift[0], past)
        seen = _counts(self.seen, self.starts + shift[1], future)
        enough: NDArray[np.bool_] = (holes == 0) & (seen >= LEAST_SEEN * future)
        return enough

    def only(self, chosen: NDArray[np.bool_]) -> Windows:
        """Those windows that are chosen."""
        return replace(self, starts=self.starts[chosen], curves=self.curves[chosen])


def windows_of(curves: Sequence[MassCurve], shape: WindowShape, stride: int = 1) -> Windows:
    """All windows of the curves, every `stride` frames; the last one of each curve is among them.

    Some may have gaps; see `Windows.complete`.
    """
    masses = [bridged(curve.mass_pg, shape.gap) for curve in curves]
    begins = np.cumsum([0, *(len(mass) for mass in masses)])
    starts, owners = [], []
    for index, mass in enumerate(masses):
        last = len(mass) - shape.frames
        if last >= 0:
            offsets = np.unique(np.append(np.arange(0, last + 1, stride), last))
            starts.append(begins[index] + offsets)
            owners.append(np.full(len(offsets), index))
    nothing = [np.zeros(0, np.intp)]
    return Windows(
        shape,
        np.concatenate([*masses, np.zeros(0)]),
        np.concatenate([*(~np.isnan(curve.mass_pg) for curve in curves), np.zeros(0, bool)]),
        np.concatenate(starts or nothing),
        np.concatenate(owners or nothing),
    )


def bridged(mass_pg: NDArray[np.float64], gap: int) -> NDArray[np.float64]:
    """Masses with straight lines across up to `gap` missing frames in a row; longer gaps stay."""
    missing = np.isnan(mass_pg)
    if not missing.any() or missing.all():
        return mass_pg
    frames = np.arange(len(mass_pg))
    filled = np.interp(frames, frames[~missing], mass_pg[~missing])
    edges = np.flatnonzero(np.diff(missing, prepend=False, append=False))
    for begin, end in edges.reshape(-1, 2):
        if end - begin > gap or begin == 0 or end == len(mass_pg):
            filled[begin:end] = np.nan
    return filled


def fitting_shape(curves: Sequence[MassCurve], gap: int = 3) -> WindowShape:
    """Two thirds of past and one of future, as in the paper, so short that most curves hold one."""
    lengths = [len(curve.mass_pg) for curve in curves]
    frames = int(np.quantile(lengths, 1 - MOST_CURVES, method="lower"))
    frames = min(max(frames, LEAST_WINDOW), LONGEST_WINDOW)
    return WindowShape(frames - frames // 3, frames // 3, gap)


def _counts(marked: NDArray[np.bool_], starts: NDArray[np.intp], length: int) -> NDArray[np.intp]:
    """How many are marked among the `length` frames from each start."""
    sums = np.concatenate([[0], np.cumsum(marked)])
    counts: NDArray[np.intp] = sums[starts + length] - sums[starts]
    return counts
