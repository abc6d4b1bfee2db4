"""Labelled series cut into the snapshots that a network learns from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from cell_events.series.examples import SeriesExamples
from cell_events.series.labelled_series import Segment, Series, SeriesError, label_masks
from cell_events.series.resampling import labels_to_length
from cell_events.series.scaling import Scale
from cell_events.series.windows import Window, as_snapshots


def labelled_snapshots(
    series: Sequence[Series],
    segments: Iterable[Segment],
    kinds: Sequence[str],
    length: int = 1024,
    step: int = 256,
    scale: Scale | None = None,
) -> SeriesExamples:
    """Cut series into overlapping snapshots with their labels, as detection will see them.

    Points without a label are normal. Missing ones are not learned from.

    Parameters
    ----------
    length
        Points of a snapshot; a shorter series is one.
    step
        Points from one snapshot to the next; the last one ends with the series.
    scale
        Scale of the values; None: each snapshot by itself.

    Raises
    ------
    SeriesError
        If a label does not fit its series (`label_masks`), or series differ in their channels.
    """
    check_same_channels(series)
    listed = tuple(segments)
    windows, labels = [], []
    for one in series:
        marked = label_masks(one, listed, kinds)
        for span in snapshot_spans(len(one.times), length, step):
            window = Window(one.times[span], one.values[:, span])
            if one.measured[span].any():
                windows.append(window)
                labels.append(labels_to_length(marked[:, span], window.times))
    if not windows:
        raise SeriesError("No series with a value to learn from; check the labels and channels.")
    values, masks = as_snapshots(windows, scale)
    return SeriesExamples(values, masks, np.stack(labels), tuple(kinds))


def snapshot_spans(points: int, length: int, step: int) -> Iterator[slice]:
    """Where the snapshots of a series lie."""
    begins = list(range(0, max(points - length, 0) + 1, step))
    if begins[-1] + length < points:
        begins.append(points - length)
    for begin in begins:
        yield slice(begin, min(begin + length, points))


def check_same_channels(series: Sequence[Series]) -> None:
    """Refuse series that cannot be learned from together.

    Raises
    ------
    SeriesError
        That names channels of both.
    """
    for one in series[1:]:
        if one.channels != series[0].channels:
            raise SeriesError(
                f"Series {one.name} has the channels {', '.join(one.channels)}, and series "
                f"{series[0].name} has {', '.join(series[0].channels)}; name the channels to "
                "read."
            )
