"""Abnormal stretches behind a mass curve: found ones as shades, painted ones as bars on top."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cell_events.gui.forms.frame_times import FrameTimes
from cell_events.gui.forms.mass_curve_colours import brush, pen
from cell_events.gui.layers.stretch_colours import stretch_colour
from cell_events.series.labelled_series import Segment

LANE, LANES = 0.07, 6
"""Height of a bar, as part of the plot, and how many have room above each other."""

FOUND_ALPHA, PAINTED_ALPHA = 75, 235
HALF = 0.5
"""A frame reaches so far to both sides."""


class StretchDrawing:
    """Owns the areas of the stretches in a plot."""

    def __init__(self, plot: Any) -> None:
        self._plot = plot
        self.painted: list[Any] = []
        self.found: list[Any] = []

    def show(self, painted: Sequence[Segment], found: Sequence[Segment], times: FrameTimes) -> None:
        """Draw the stretches of a cell in place of those before."""
        for item in (*self.painted, *self.found):
            self._plot.removeItem(item)
        lanes = list(dict.fromkeys(one.kind for one in painted))
        shades = list(dict.fromkeys(one.kind for one in found))
        self.found = [
            self._area(one, times, _shade(shades.index(one.kind), len(shades)), FOUND_ALPHA)
            for one in found
        ]
        self.painted = [
            self._area(one, times, _lane(lanes.index(one.kind)), PAINTED_ALPHA) for one in painted
        ]

    def _area(self, one: Segment, times: FrameTimes, span: tuple[float, float], alpha: int) -> Any:
        import pyqtgraph as pg

        colour = stretch_colour(one.kind)
        area = pg.LinearRegionItem(
            axis_span(one.start, one.end, times),
            brush=brush(colour, alpha),
            pen=pen(colour, 1, 0),
            movable=False,
            span=span,
        )
        area.setZValue(-15)
        self._plot.addItem(area, ignoreBounds=True)
        return area


def axis_span(first: float, last: float, times: FrameTimes) -> tuple[float, float]:
    """From where to where frames reach on the axis, both included."""
    return times.at(first - HALF), times.at(last + HALF)


def key_of_stretches(painted: Iterable[Segment], found: Iterable[Segment]) -> str:
    """Say which kinds are painted, and which were found how surely, as rich text."""
    words = [_word("▀", kind, "painted") for kind in dict.fromkeys(one.kind for one in painted)]
    surest: dict[str, float] = {}
    for one in found:
        surest[one.kind] = max(surest.get(one.kind, 0.0), one.probability)
    words += [_word("■", kind, f"found, {surest[kind]:.0%}") for kind in surest]
    return " &nbsp; ".join(words)


def _word(mark: str, kind: str, told: str) -> str:
    words = f"{kind} ({told})".replace(" ", "&nbsp;")
    return f'<span style="color:{stretch_colour(kind)}">{mark}</span>&nbsp;{words}'


def _shade(number: int, of: int) -> tuple[float, float]:
    """Kinds share the height, so that colours of stretches at the same time do not mix."""
    return 1.0 - (number + 1) / of, 1.0 - number / of


def _lane(number: int) -> tuple[float, float]:
    top = 1.0 - LANE * (number % LANES)
    return top - 0.8 * LANE, top
