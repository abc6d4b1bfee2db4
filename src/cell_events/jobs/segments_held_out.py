"""Series that a model is only judged by."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cell_events.jobs.checks import JobError
from cell_events.jobs.segments_tables import LabelledSeries

if TYPE_CHECKING:
    from cell_events.series.labelled_series import Segment, Series


def held_out(
    labelled: LabelledSeries, share: float, seed: int
) -> tuple[LabelledSeries, LabelledSeries | None]:
    """Give series to learn from and series to be judged by.

    Whole series are held out, chosen at random; of a single one the last points.
    """
    if not share:
        return labelled, None
    if len(labelled.series) == 1:
        return _in_time(labelled, share)
    from cell_events.engine.seeds import numpy_generator

    number = len(labelled.series)
    held = min(number - 1, max(1, round(share * number)))
    chosen = set(numpy_generator(seed, 0, "held out").permutation(number)[:held].tolist())
    rest, judged = (
        tuple(one for place, one in enumerate(labelled.series) if (place in chosen) == inside)
        for inside in (False, True)
    )
    return _only(labelled, rest), _only(labelled, judged)


def _only(labelled: LabelledSeries, series: tuple[Series, ...]) -> LabelledSeries:
    names = {one.name for one in series}
    return replace(
        labelled,
        series=series,
        segments=tuple(one for one in labelled.segments if one.series in names),
    )


def _in_time(labelled: LabelledSeries, share: float) -> tuple[LabelledSeries, LabelledSeries]:
    """Cut a single series in two."""
    (series,) = labelled.series
    points = len(series.times)
    cut = points - max(1, round(share * points))
    if cut < 1:
        raise JobError(f"held_out {share} leaves no point of {points} to learn from.")
    parts = [_span(series, slice(0, cut)), _span(series, slice(cut, None))]
    first, last = (
        replace(labelled, series=(part,), segments=_inside(labelled.segments, part))
        for part in parts
    )
    return first, last


def _span(series: Series, span: slice) -> Series:
    return replace(series, times=series.times[span], values=series.values[:, span])


def _inside(segments: tuple[Segment, ...], part: Series) -> tuple[Segment, ...]:
    """Stretches that hold a point of a part of their series."""
    return tuple(
        one for one in segments if ((part.times >= one.start) & (part.times <= one.end)).any()
    )
