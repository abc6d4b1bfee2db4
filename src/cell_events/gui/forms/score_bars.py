"""The bars of a histogram of scores, and the line of the threshold."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cell_events.gui.forms.curves import BOTTOM_AXIS_HEIGHT, new_plot

HEIGHT, BINS = 130, 48
SKEWED = 10.0
"""Scores are drawn logarithmically where the largest is so many times the middle one."""

NICE = (1, 2, 5)


def needs_logarithm(scores: NDArray[np.float64]) -> bool:
    """Whether a few large scores would squeeze all others into one bar; all must be positive."""
    return bool(scores.max() > SKEWED * np.median(scores))


class ScoreBars:
    """Owns the plot; places on its axes are logarithms where that is wished."""

    def __init__(self) -> None:
        import pyqtgraph as pg

        self.plot = new_plot(HEIGHT)
        self.plot.setLabel("left", "cells")
        self.bars = pg.BarGraphItem(x=[], height=[], width=1)
        self.line = pg.InfiniteLine(angle=90, movable=True)
        self.plot.addItem(self.bars)
        self.plot.addItem(self.line)
        for side in ("left", "bottom"):
            self.plot.getAxis(side).enableAutoSIPrefix(False)
        self.plot.getAxis("bottom").setHeight(BOTTOM_AXIS_HEIGHT)
        self.counts: NDArray[np.intp] = np.empty(0, int)
        self._centres = np.empty(0)
        self._is_log = False

    @property
    def threshold(self) -> float:
        """Score at the line."""
        place = float(self.line.value())
        return float(10**place) if self._is_log else place

    def show_scores(
        self, scores: NDArray[np.float64], log_scores: bool, log_counts: bool, words: str
    ) -> None:
        """Draw sorted scores."""
        self._is_log = log_scores
        places = np.log10(scores) if log_scores else scores
        self.counts, edges = np.histogram(places, BINS, range=_span(places))
        self._centres = (edges[:-1] + edges[1:]) / 2
        heights = np.log10(1 + self.counts) if log_counts else self.counts.astype(float)
        self.bars.setOpts(x=self._centres, height=heights, width=0.9 * (edges[1] - edges[0]))
        self.plot.setLabel("bottom", words)
        self._fit(edges, heights)
        self._mark_axes(edges, log_scores, log_counts)

    def show_threshold(self, threshold: float, dark: bool) -> None:
        """Move the line, and colour what lies beyond it."""
        import pyqtgraph as pg

        place = np.log10(max(threshold, 1e-300)) if self._is_log else threshold
        self.line.setValue(min(max(place, -1e300), 1e300))
        ink, usual, beyond = ON_DARK if dark else ON_LIGHT
        colours = [beyond if centre > place else usual for centre in self._centres]
        self.bars.setOpts(brushes=[pg.mkBrush(colour) for colour in colours], pen=pg.mkPen(None))
        self.line.setPen(pg.mkPen(beyond, width=2))
        self.line.setHoverPen(pg.mkPen(ink, width=3))
        self.plot.setBackground(None)
        for side in ("left", "bottom"):
            self.plot.getAxis(side).setPen(ink)
            self.plot.getAxis(side).setTextPen(ink)

    def _mark_axes(self, edges: NDArray[Any], log_scores: bool, log_counts: bool) -> None:
        """Write plain numbers at the axes, also where they are logarithmic; no halves of cells."""
        numbers = nice_numbers(10 ** edges[0], 10 ** edges[-1]) if log_scores else []
        ticks = [(float(np.log10(number)), f"{number:g}") for number in numbers]
        self.plot.getAxis("bottom").setTicks([ticks] if log_scores else None)
        decades = [(float(np.log10(1 + n)), f"{n:,}") for n in (0, 1, 10, 100, 1000, 10000)]
        self.plot.getAxis("left").setTicks([decades] if log_counts else None)
        self.plot.getAxis("left").setTickSpacing(*((1, 1) if self.counts.max() < 5 else ()))

    def _fit(self, edges: NDArray[Any], heights: NDArray[Any]) -> None:
        room = (edges[-1] - edges[0]) / BINS
        self.line.setBounds((edges[0] - room, edges[-1] + room))
        self.plot.setXRange(edges[0] - 2 * room, edges[-1] + 2 * room, padding=0)
        self.plot.setYRange(0, 1.06 * heights.max(), padding=0)


ON_DARK = "#d0d0d0", "#5cc8ff", "#ffb000"
ON_LIGHT = "#303030", "#0a6ebd", "#b35c00"
"""Axes, usual cells, flagged cells and the line."""


def nice_numbers(low: float, high: float, most: int = 7) -> list[float]:
    """Numbers such as 1, 2, 5, 10 between two positive ones, at most so many."""
    exponents = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    found = [float(f"{digit}e{e}") for e in exponents for digit in NICE]
    inside = [number for number in found if low <= number <= high]
    whole = [number for number in inside if f"{number:e}".startswith("1.0")]
    if len(inside) <= most or len(whole) < 2:
        return inside
    return whole[:: -(-len(whole) // most)]


def _span(places: NDArray[np.float64]) -> tuple[float, float]:
    """From the least to the largest place; something where all are the same."""
    low, high = float(places[0]), float(places[-1])
    return (low, high) if high > low else (low - 0.5, high + 0.5)
