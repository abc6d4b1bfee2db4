"""The bars of a histogram of scores, and the line of the threshold."""

from __future__ import annotations

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
        self._places = np.empty(0)
        self._is_log = self._logs_counts = False

    @property
    def threshold(self) -> float:
        """Score at the line."""
        place = float(self.line.value())
        return float(10**place) if self._is_log else place

    def show_scores(
        self, scores: NDArray[np.float64], log_scores: bool, log_counts: bool, words: str
    ) -> None:
        """Draw sorted scores."""
        self._is_log, self._logs_counts = log_scores, log_counts
        self._places = np.log10(scores) if log_scores else scores
        self.plot.setLabel("bottom", words)
        low, high = _span(self._places)
        room = (high - low) / BINS
        self.line.setBounds((low - room, high + room))
        self.plot.setXRange(low - 2 * room, high + 2 * room, padding=0)
        self._mark_scores(low, high)

    def show_threshold(self, threshold: float, dark: bool) -> None:
        """Move the line, and colour what lies beyond it."""
        import pyqtgraph as pg

        place = np.log10(max(threshold, 1e-300)) if self._is_log else threshold
        self.line.setValue(min(max(place, -1e300), 1e300))
        ink, usual, beyond = ON_DARK if dark else ON_LIGHT
        self._draw_bars(place, usual, beyond)
        self.line.setPen(pg.mkPen(beyond, width=2))
        self.line.setHoverPen(pg.mkPen(ink, width=3))
        self.plot.setBackground(None)
        for side in ("left", "bottom"):
            self.plot.getAxis(side).setPen(ink)
            self.plot.getAxis(side).setTextPen(ink)

    def _draw_bars(self, place: float, usual: str, beyond: str) -> None:
        """Draw bars that end at the threshold, so that no bar has two colours."""
        import pyqtgraph as pg

        edges = edges_through(place, *_span(self._places))
        self.counts = np.diff(np.searchsorted(self._places, edges, side="right"))
        heights = np.log10(1 + self.counts) if self._logs_counts else self.counts.astype(float)
        colours = [beyond if low >= place else usual for low in edges[:-1]]
        self.bars.setOpts(
            x=(edges[:-1] + edges[1:]) / 2,
            height=heights,
            width=0.9 * (edges[1] - edges[0]),
            brushes=[pg.mkBrush(colour) for colour in colours],
            pen=pg.mkPen(None),
        )
        self.plot.setYRange(0, 1.06 * heights.max(), padding=0)
        self._mark_counts()

    def _mark_scores(self, low: float, high: float) -> None:
        """Write plain numbers at the axis, also where it is logarithmic."""
        numbers = nice_numbers(10**low, 10**high) if self._is_log else []
        ticks = [(float(np.log10(number)), f"{number:g}") for number in numbers]
        self.plot.getAxis("bottom").setTicks([ticks] if self._is_log else None)

    def _mark_counts(self) -> None:
        """The same for numbers of cells; no halves of them."""
        decades = [(float(np.log10(1 + n)), f"{n:,}") for n in (0, 1, 10, 100, 1000, 10000)]
        self.plot.getAxis("left").setTicks([decades] if self._logs_counts else None)
        self.plot.getAxis("left").setTickSpacing(*((1, 1) if self.counts.max() < 5 else ()))


ON_DARK = "#d0d0d0", "#5cc8ff", "#ffb000"
ON_LIGHT = "#303030", "#0a6ebd", "#b35c00"
"""Axes, usual cells, flagged cells and the line."""


def edges_through(place: float, low: float, high: float) -> NDArray[np.float64]:
    """Edges of bars from the least to the largest score, one of which is the threshold.

    A score at an edge belongs to the bar that ends there: at the threshold, cells are not flagged.
    """
    step = (high - low) / BINS
    is_inside = bool(low <= place <= high)
    offset = (place - low) % step if is_inside else 0.0
    edges = low + offset + step * np.arange(-1, BINS + 1)
    edges[-1] = max(edges[-1], high)
    if is_inside:
        edges[np.argmin(np.abs(edges - place))] = place
    return np.asarray(edges)


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
