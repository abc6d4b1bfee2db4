"""Series, and the labelled stretches of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

NORMAL = "normal"
"""The kind that says: somebody looked, and there is nothing."""

NAMES_TOLD = 5


class SeriesError(ValueError):
    """Series or labels that cannot be used; the message is one sentence for the user."""


@dataclass(frozen=True, eq=False)
class Series:
    """One or several curves over the same times.

    Attributes
    ----------
    name
        Of the series, as in its table.
    times
        (T,), each later than the one before; dates are seconds since 1970.
    values
        (C, T), NaN where nothing was measured.
    channels
        Names of the C curves.
    dates
        Whether times were dates.
    """

    name: str
    times: NDArray[np.float64]
    values: NDArray[np.float32]
    channels: tuple[str, ...]
    dates: bool = False

    def __post_init__(self) -> None:
        if self.values.shape != (len(self.channels), len(self.times)):
            raise SeriesError(
                f"Series {self.name} has values {self.values.shape}; expected (channels, times), "
                f"({len(self.channels)}, {len(self.times)})."
            )
        check_ascending(self.name, self.times)

    @property
    def measured(self) -> NDArray[np.bool_]:
        """(T,), where at least one channel was measured."""
        return measured_points(self.values)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a series that is abnormal.

    Attributes
    ----------
    series, kind
        Which series, and what is abnormal.
    start, end
        First and last time that belong to it.
    probability
        Mean over its points; NaN where a person drew it.
    score
        Largest probability of any of its points.
    extra
        Further columns of its table.
    """

    series: str
    kind: str
    start: float
    end: float
    probability: float = math.nan
    score: float = math.nan
    extra: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if not self.start <= self.end:
            raise SeriesError(
                f"A stretch of series {self.series} goes from {self.start:g} to {self.end:g}; "
                "expected a start that is not after the end."
            )


def measured_points(values: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Where (T,) at least one channel of values (C, T) was measured."""
    return np.asarray(np.isfinite(values).any(axis=0), dtype=bool)


def check_ascending(name: str, times: NDArray[np.float64], before: float = -math.inf) -> None:
    """Refuse times that are missing, or not later than the one before.

    Raises
    ------
    SeriesError
        That names the first such time.
    """
    if not np.isfinite(times).all():
        raise SeriesError(f"Series {name} has a row without a time; give each row one.")
    wrong = np.flatnonzero(np.diff(times, prepend=before) <= 0)
    if len(wrong):
        last = times[wrong[0] - 1] if wrong[0] else before
        raise SeriesError(
            f"Times of series {name} do not ascend: {times[wrong[0]]:g} comes after {last:g}; sort "
            "the table by time, or name the column that tells series apart."
        )


def label_masks(
    series: Series, segments: Iterable[Segment], kinds: Sequence[str]
) -> NDArray[np.bool_]:
    """Which points (M, T) of a series lie in its stretches of each kind.

    Stretches of other series and of the kind "normal" are left out.

    Raises
    ------
    SeriesError
        If a stretch is of another kind than those, or no point of the series lies in it.
    """
    masks = np.zeros((len(kinds), len(series.times)), bool)
    for segment in segments:
        if segment.series != series.name or segment.kind == NORMAL:
            continue
        if segment.kind not in kinds:
            raise SeriesError(
                f"A label of series {series.name} is of the kind {segment.kind!r}; expected one of "
                f"{', '.join(kinds)}."
            )
        inside = (series.times >= segment.start) & (series.times <= segment.end)
        if not inside.any():
            raise SeriesError(
                f"The label {segment.kind!r} from {segment.start:g} to {segment.end:g} holds no "
                f"point of series {series.name}, which goes from {series.times[0]:g} to "
                f"{series.times[-1]:g}; check its times."
            )
        masks[kinds.index(segment.kind)] |= inside
    return masks


def kinds_of(segments: Iterable[Segment]) -> tuple[str, ...]:
    """Kinds of abnormal stretches, in order of first appearance."""
    return tuple(dict.fromkeys(one.kind for one in segments if one.kind != NORMAL))


def check_labels_have_series(segments: Iterable[Segment], names: Iterable[str]) -> None:
    """Refuse labels of series that are not there.

    Raises
    ------
    SeriesError
        That names the first such series, and some that are there.
    """
    known = dict.fromkeys(names)
    missing = next((one.series for one in segments if one.series not in known), None)
    if missing is not None:
        some = list(known)[:NAMES_TOLD]
        more = " ..." if len(known) > NAMES_TOLD else ""
        raise SeriesError(
            f"There are labels of series {missing!r}, which is not there; found "
            f"{', '.join(some)}{more}."
        )
