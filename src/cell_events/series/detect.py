"""Finding abnormal stretches of series with a network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from cell_events.series.labelled_series import Segment, Series, SeriesError
from cell_events.series.scaling import Scale
from cell_events.series.snapshots import Judge, Judged, Snapshots
from cell_events.series.stretches import StretchFinder, StretchSettings
from cell_events.series.task import snapshot_probabilities
from cell_events.series.transfer import SeriesNetwork
from cell_events.series.windows import WindowJudge

SERIES_AT_ONCE = 64
"""Ends of series that are judged at once: many series are as short as one snapshot."""


@dataclass(frozen=True)
class DetectSettings:
    """How stretches are found.

    Attributes
    ----------
    kinds
        Names of the kinds that the network knows.
    told
        Those that are looked for; none: all.
    length, step
        Points of a snapshot, and from one to the next.
    scale
        Scale of the values; None: each snapshot by itself.
    stretches
        What makes a stretch.
    thresholds
        Of kinds that have one of their own; the others have that of `stretches`.
    """

    kinds: tuple[str, ...]
    told: tuple[str, ...] = ()
    length: int = 1024
    step: int = 256
    scale: Scale | None = None
    stretches: StretchSettings = field(default_factory=StretchSettings)
    thresholds: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        unknown = [kind for kind in self.told if kind not in self.kinds]
        if unknown:
            raise SeriesError(
                f"The model does not know the kind {unknown[0]!r}; it knows "
                f"{', '.join(self.kinds)}."
            )

    @property
    def looked_for(self) -> tuple[str, ...]:
        """Kinds that are looked for."""
        return self.told or self.kinds

    def stretches_of(self, kind: str) -> StretchSettings:
        """What makes a stretch of a kind."""
        threshold = self.thresholds.get(kind, self.stretches.threshold)
        return replace(self.stretches, threshold=threshold)

    @property
    def rows(self) -> list[int]:
        """Their places among all kinds."""
        return [self.kinds.index(kind) for kind in self.looked_for]


@dataclass(frozen=True, eq=False)
class SeriesReport:
    """What was found in some further points of a series.

    Attributes
    ----------
    series
        Name of the series.
    times
        (n,), points of which is now known what they are.
    probabilities
        (K, n) of the kinds that are looked for, NaN where nothing was measured.
    segments
        Stretches that have ended.
    ended
        Whether these are the last points of the series.
    """

    series: str
    times: NDArray[np.float64]
    probabilities: NDArray[np.float32]
    segments: tuple[Segment, ...]
    ended: bool


class SeriesWatch:
    """One series whose stretches are found as it grows, live or from a file.

    Parameters
    ----------
    judge
        The network with the scale, such as `series_judge` makes.
    """

    def __init__(self, series: str, judge: Judge, settings: DetectSettings) -> None:
        self.name = series
        self.snapshots = Snapshots(judge, len(settings.kinds), settings.length, settings.step)
        self._rows = settings.rows
        self._finders = [
            StretchFinder(series, kind, settings.stretches_of(kind)) for kind in settings.looked_for
        ]

    def add(
        self, times: NDArray[np.float64], values: NDArray[np.float32]
    ) -> Iterator[SeriesReport]:
        """Take further points, values (C, n); report on those that are certain now."""
        for judged in self.snapshots.add(times, values):
            yield self._report(judged, ended=False)

    def finish(self, rest: NDArray[np.float32] | None) -> SeriesReport:
        """Report on the last points, with what was found in `Snapshots.rest`."""
        return self._report(self.snapshots.so_far(rest), ended=True)

    def _report(self, judged: Judged, ended: bool) -> SeriesReport:
        times, probabilities = judged[0], judged[1][self._rows]
        found: list[Segment] = []
        for finder, row in zip(self._finders, probabilities, strict=True):
            found += finder.add(times, row)
            found += finder.finish() if ended else ()
        return SeriesReport(self.name, times, probabilities, tuple(found), ended)


def detect_segments(
    series: Iterable[Series], network: SeriesNetwork, settings: DetectSettings
) -> Iterator[SeriesReport]:
    """Find the abnormal stretches of series; yields reports as points become certain.

    Parameters
    ----------
    series
        Series, or parts of them: parts of one name continue each other.
    network
        Ready for use.

    Raises
    ------
    SeriesError
        If the network does not fit the series.
    """
    judge = series_judge(network, settings)
    watches: dict[str, SeriesWatch] = {}
    for part in series:
        check_channels(part, network.channels)
        if part.name not in watches:
            watches[part.name] = SeriesWatch(part.name, judge, settings)
        yield from watches[part.name].add(part.times, part.values)
    listed = list(watches.values())
    for begin in range(0, len(listed), SERIES_AT_ONCE):
        yield from _ends(listed[begin : begin + SERIES_AT_ONCE], judge)


def series_judge(network: SeriesNetwork, settings: DetectSettings) -> WindowJudge:
    """Give what `SeriesWatch` asks for the probabilities of windows."""
    if len(settings.kinds) != network.classes:
        raise SeriesError(
            f"The network knows {network.classes} kinds, got {len(settings.kinds)} names."
        )
    return WindowJudge(partial(snapshot_probabilities, network), settings.scale)


def check_channels(series: Series, expected: int) -> None:
    """Refuse series with more or fewer channels than the network reads.

    Raises
    ------
    SeriesError
        That names those which are there.
    """
    if len(series.channels) != expected:
        raise SeriesError(
            f"The model reads {expected} channel{'s' * (expected != 1)}, and the table has "
            f"{len(series.channels)}: {', '.join(series.channels)}; name the channels to "
            "read."
        )


def _ends(watches: Sequence[SeriesWatch], judge: Judge) -> Iterator[SeriesReport]:
    """Last points of several series, judged together."""
    rests = [watch.snapshots.rest() for watch in watches]
    judged = iter(judge([rest for rest in rests if rest is not None]) if any(rests) else ())
    for watch, rest in zip(watches, rests, strict=True):
        yield watch.finish(None if rest is None else next(judged))
