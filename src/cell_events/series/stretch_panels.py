"""Which parts of which series to draw: those around the surest stretches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cell_events.series.labelled_series import Segment, Series


@dataclass(frozen=True, slots=True)
class SeriesExtent:
    """How far a series reaches, and how many points it has."""

    first: float
    last: float
    points: int

    @property
    def interval(self) -> float:
        """Mean time between points."""
        return (self.last - self.first) / max(1, self.points - 1)

    def with_times(self, times: NDArray[np.float64]) -> SeriesExtent:
        """Give the extent of a series that goes on with these times."""
        return SeriesExtent(self.first, float(times[-1]), self.points + len(times))


@dataclass(frozen=True, eq=False)
class Panel:
    """A part of a series, and all stretches found in it.

    Attributes
    ----------
    series
        Name of the series.
    first, last
        Times from which and up to which it is drawn.
    segments
        Stretches that reach into it, the surest one first.
    """

    series: str
    first: float
    last: float
    segments: tuple[Segment, ...]


def panels(
    segments: Iterable[Segment], extents: Mapping[str, SeriesExtent], points: int, most: int
) -> list[Panel]:
    """Choose parts of about so many points around the surest stretches; each stretch once."""
    surest = sorted(segments, key=lambda segment: -segment.score)
    by_series: dict[str, list[Segment]] = {}
    for one in surest:
        by_series.setdefault(one.series, []).append(one)
    chosen: list[Panel] = []
    shown: set[int] = set()
    for one in surest:
        if len(chosen) == most:
            break
        if id(one) in shown:
            continue
        first, last = _around(one, extents[one.series], points)
        inside = [s for s in by_series[one.series] if s.start <= last and s.end >= first]
        shown.update(id(s) for s in inside if s.start >= first and s.end <= last)
        shown.add(id(one))
        chosen.append(Panel(one.series, first, last, tuple(inside)))
    return chosen


def panel_curves(panels: Sequence[Panel], parts: Iterable[Series]) -> list[Series]:
    """Read the curves of panels from the parts of their series."""
    pieces: list[list[Series]] = [[] for _ in panels]
    places: dict[str, list[int]] = {}
    for place, panel in enumerate(panels):
        places.setdefault(panel.series, []).append(place)
    for part in parts:
        for place in places.get(part.name, ()):
            panel = panels[place]
            begin = np.searchsorted(part.times, panel.first)
            span = slice(begin, np.searchsorted(part.times, panel.last, side="right"))
            if len(part.times[span]):
                pieces[place].append(
                    Series(part.name, part.times[span], part.values[:, span], part.channels)
                )
    return [_joined(some) for some in pieces]


def _around(segment: Segment, extent: SeriesExtent, points: int) -> tuple[float, float]:
    """Times around a stretch; the whole series where it is not much longer."""
    if extent.points <= 1.5 * points:
        return extent.first, extent.last
    half = points / 2 * extent.interval
    middle = (segment.start + segment.end) / 2
    first = max(extent.first, min(segment.start, middle - half))
    return first, min(extent.last, max(segment.end, middle + half))


def _joined(pieces: Sequence[Series]) -> Series:
    times = np.concatenate([piece.times for piece in pieces])
    values = np.concatenate([piece.values for piece in pieces], axis=1)
    return Series(pieces[0].name, times, values, pieces[0].channels)
