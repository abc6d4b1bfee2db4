"""The lines and areas of a mass curve, in the colours of a theme."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cell_events.dry_mass.cell_picture import CellPicture
from cell_events.dry_mass.curves import MassCurve
from cell_events.dry_mass.population_band import PopulationBand
from cell_events.gui.forms.curves import BOTTOM_AXIS_HEIGHT, new_plot
from cell_events.gui.forms.frame_times import FrameTimes
from cell_events.gui.forms.mass_curve_colours import ON_DARK, ON_LIGHT, Colours, brush, pen
from cell_events.gui.forms.plot_band import Band

HEIGHT = 150
MARGIN = 0.12
"""Part of the cell's time that is shown before and after it, of relatives and others."""


class MassCurveDrawing:
    """Owns the plot and everything in it."""

    def __init__(self) -> None:
        import pyqtgraph as pg

        self.plot = new_plot(HEIGHT)
        self.plot.setLabel("left", "dry mass (pg)")
        self.plot.getAxis("left").enableAutoSIPrefix(False)
        self.plot.getAxis("bottom").enableAutoSIPrefix(False)
        self.plot.getAxis("bottom").setHeight(BOTTOM_AXIS_HEIGHT)
        self._times = FrameTimes()
        self.stretch = pg.LinearRegionItem(movable=False)
        self.others, self.expected = Band(self.plot), Band(self.plot)
        self.relatives, self.mass = self.plot.plot(), self.plot.plot()
        self.single, self.doubtful = pg.ScatterPlotItem(), pg.ScatterPlotItem()
        self.cursor = pg.InfiniteLine(angle=90)
        self.divisions: list[Any] = []
        for item in (self.stretch, self.single, self.doubtful, self.cursor):
            self.plot.addItem(item)
        self.stretch.setZValue(-20)

    def show(
        self, seen: CellPicture, others: PopulationBand | None, times: FrameTimes, dark: bool
    ) -> None:
        """Draw a cell."""
        colours = ON_DARK if dark else ON_LIGHT
        self._times = times.fitting(seen.curve.last)
        self._draw_axes(colours)
        self._draw_others(others, colours)
        self._draw_forecast(seen, colours)
        self._draw_curves(seen, colours)
        self._draw_stretch(seen, colours)
        self._draw_divisions(seen.divisions, colours)
        self.cursor.setPen(pen(colours.cursor, 1))
        self._fit_ranges(seen, others)

    @property
    def times(self) -> FrameTimes:
        """How frames stand on the axis."""
        return self._times

    def show_frame(self, t: int) -> None:
        """Move the line that marks the viewer's frame."""
        self.cursor.setValue(self._times.at(float(t)))

    def frame_at(self, place: Any) -> int:
        """Frame at a place of the scene."""
        return self._times.frame(self.plot.getViewBox().mapSceneToView(place).x())

    def _draw_axes(self, colours: Colours) -> None:
        self.plot.setBackground(None)
        self.plot.setLabel("bottom", self._times.words)
        for side in ("left", "bottom"):
            self.plot.getAxis(side).setPen(colours.ink)
            self.plot.getAxis(side).setTextPen(colours.ink)

    def _draw_others(self, others: PopulationBand | None, colours: Colours) -> None:
        if others is None or not len(others.frames):
            self.others.clear()
            return
        x = self._times.at(others.frames.astype(float))
        masses = others.low_pg, others.median_pg, others.high_pg
        self.others.show(x, masses, pen(colours.others, 1, 120), brush(colours.others, 40))

    def _draw_forecast(self, seen: CellPicture, colours: Colours) -> None:
        if seen.forecast is None:
            self.expected.clear()
            return
        import pyqtgraph as pg

        x = self._times.at(seen.forecast.frames.astype(float))
        masses = seen.forecast.low_pg, seen.forecast.mass_pg, seen.forecast.high_pg
        line = pg.mkPen(colours.forecast, width=1.5, style=pg.QtCore.Qt.PenStyle.DashLine)
        self.expected.show(x, masses, line, brush(colours.forecast, 55))

    def _draw_curves(self, seen: CellPicture, colours: Colours) -> None:
        curve = seen.curve
        x, mass = self._times.at(_frames(curve)), curve.mass_pg
        self.mass.setData(x, mass, connect="finite", pen=pen(colours.cell, 2))
        self.relatives.setData(*self._joined(seen.relatives), connect="finite")
        self.relatives.setPen(pen(colours.cell, 1, 150))
        alone = _stands_alone(mass)
        self.single.setData(x[alone], mass[alone], size=4, pen=None, brush=colours.cell)
        marked = curve.doubtful & np.isfinite(mass)
        crosses = {"size": 7, "symbol": "x", "pen": pen(colours.doubtful, 1.5), "brush": None}
        self.doubtful.setData(x[marked], mass[marked], **crosses)

    def _joined(self, relatives: Iterable[MassCurve]) -> tuple[NDArray[Any], NDArray[Any]]:
        """All relatives as one line that is broken between them."""
        x, mass = [np.empty(0)], [np.empty(0)]
        for curve in relatives:
            x += [self._times.at(_frames(curve)), np.array([np.nan])]
            mass += [curve.mass_pg, np.array([np.nan])]
        return np.concatenate(x), np.concatenate(mass)

    def _draw_stretch(self, seen: CellPicture, colours: Colours) -> None:
        self.stretch.setVisible(seen.stretch is not None)
        if seen.stretch is not None:
            self.stretch.setRegion([self._times.at(float(t)) for t in seen.stretch])
            self.stretch.setBrush(brush(colours.stretch, 45))
            for line in self.stretch.lines:
                line.setPen(pen(colours.stretch, 1, 140))

    def _draw_divisions(self, frames: Iterable[int], colours: Colours) -> None:
        import pyqtgraph as pg

        for line in self.divisions:
            self.plot.removeItem(line)
        dots = pg.mkPen(colours.ink, width=1, style=pg.QtCore.Qt.PenStyle.DotLine)
        half = 0.5  # a division lies between the last frame of one curve and the first of the next
        places = [self._times.at(t - half) for t in frames]
        self.divisions = [self.plot.addLine(x=place, pen=dots) for place in places]

    def _fit_ranges(self, seen: CellPicture, others: PopulationBand | None) -> None:
        """Show all of the cell, a little before and after it, and all that is beside it there."""
        curve = seen.curve
        room = max(MARGIN * len(curve.mass_pg), 1.0)
        first, last = max(curve.first - room, -0.5), curve.last + room
        self.plot.setXRange(self._times.at(first), self._times.at(last), padding=0)
        masses = [curve.mass_pg[np.isfinite(curve.mass_pg)]]
        for relative in seen.relatives:
            near = (first <= _frames(relative)) & (_frames(relative) <= last)
            masses.append(relative.mass_pg[near & np.isfinite(relative.mass_pg)])
        if seen.forecast is not None:
            masses += [seen.forecast.low_pg, seen.forecast.high_pg]
        if others is not None:
            near = (first <= others.frames) & (others.frames <= last)
            masses += [others.low_pg[near], others.high_pg[near]]
        together = np.concatenate(masses)
        low, high = (together.min(), together.max()) if len(together) else (0.0, 1.0)
        room = 0.08 * max(high - low, 0.05 * high, 1e-9)
        self.plot.setYRange(max(low - room, 0.0), high + room, padding=0)


def _frames(curve: MassCurve) -> NDArray[np.float64]:
    return np.arange(curve.first, curve.last + 1, dtype=float)


def _stands_alone(mass: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Points between two gaps, through which no line goes."""
    there = np.pad(np.isfinite(mass), 1)
    alone: NDArray[np.bool_] = there[1:-1] & ~there[:-2] & ~there[2:]
    return alone
