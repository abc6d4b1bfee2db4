"""Tables of series and labels as the jobs for abnormal stretches read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cell_events.jobs.checks import JobError
from cell_events.jobs.segments_checks import NONE
from cell_events.jobs.segments_detect import SegmentsDetect
from cell_events.jobs.segments_train import NORMAL, SegmentsTrain

if TYPE_CHECKING:
    from cell_events.series.labelled_series import Segment, Series
    from cell_events.series.scaling import Scale
    from cell_events.series.series_tables import SeriesTable

TABLE = "table"
"""Column that tells which of several tables a stretch belongs to."""


@dataclass(frozen=True)
class LabelledSeries:
    """Series to learn from, and their stretches, of the kinds that are learned."""

    series: tuple[Series, ...]
    segments: tuple[Segment, ...]
    kinds: tuple[str, ...]


def series_table(job: SegmentsTrain | SegmentsDetect, path: Path) -> SeriesTable:
    """Give one of the tables of a job."""
    from cell_events.series.series_tables import SeriesTable

    return SeriesTable(path, None if job.names == NONE else job.names, job.time, job.channels)


def given_scale(center: float | None, spread: float | None) -> Scale | None:
    """Scale that a job gives; None: each snapshot by itself."""
    from cell_events.series.scaling import Scale

    return None if center is None or spread is None else Scale(center, spread)


def labelled_series(job: SegmentsTrain) -> LabelledSeries:
    """Read all tables and labels of a job, one table after the other.

    Of each, only what is learned from stays in memory.

    Raises
    ------
    ValueError
        If a table or its labels cannot be read, or do not fit each other.
    """
    from cell_events.series.segment_tables import read_segments
    from cell_events.series.series_tables import read_series

    series: list[Series] = []
    segments: list[Segment] = []
    common = read_segments(job.labels[0]) if len(job.labels) == 1 else ()
    several = len(job.series) > 1
    names: list[list[str]] = []
    for number, path in enumerate(job.series):
        found = read_series(path, series_table(job, path).series, job.time, job.channels)
        names.append([one.name for one in found])
        labels = common or read_segments(job.labels[number])
        own = of_table(labels, path.stem, found, bool(common) and several)
        before = f"{path.stem}/" if several else ""
        kept = found if job.unlabelled == NORMAL else _labelled(found, own)
        series += [replace(one, name=before + one.name) for one in kept]
        segments += [replace(one, series=before + one.series) for one in own]
    refuse_doubtful(common, names)
    if common and several:
        _refuse_unused(common, segments)
    return _learned_from(job, series, segments)


def of_table(
    labels: Iterable[Segment], table: str, series: Sequence[Series], some: bool
) -> list[Segment]:
    """Labels of one table; where there is one series, labels may leave its name out."""
    from cell_events.series.labelled_series import check_labels_have_series

    names = {one.name for one in series}
    alone = series[0].name if len(series) == 1 else ""
    own = [replace(one, series=one.series or alone) for one in labels]
    own = [one for one in own if one.extra.get(TABLE, table) == table]
    if some:
        return [one for one in own if one.series in names]
    check_labels_have_series(own, [one.name for one in series])
    return own


def _labelled(series: Sequence[Series], segments: Sequence[Segment]) -> list[Series]:
    seen = {one.series for one in segments}
    return [one for one in series if one.name in seen]


def refuse_doubtful(labels: Sequence[Segment], names: Sequence[Iterable[str]]) -> None:
    """Refuse labels of a series that several tables have, where they do not say which is meant.

    Takes the names of the series of each table.
    """
    number = Counter(name for of_one in names for name in set(of_one))
    for one in labels:
        if number[one.series] > 1 and TABLE not in one.extra:
            raise JobError(
                f"Several tables have a series {one.series}, and its labels do not say which one "
                f"is meant; add a column {TABLE} to the labels, or give each table labels of its "
                "own."
            )


def _refuse_unused(labels: Sequence[Segment], used: Sequence[Segment]) -> None:
    """Refuse labels of series that no table has."""
    names = {one.series.partition("/")[2] for one in used}
    lost = next((one.series for one in labels if one.series and one.series not in names), None)
    if lost is not None:
        raise JobError(f"There are labels of series {lost!r}, which is in none of the tables.")


def _learned_from(
    job: SegmentsTrain, series: Sequence[Series], segments: Sequence[Segment]
) -> LabelledSeries:
    """Leave out kinds that are not learned."""
    from cell_events.series.labelled_series import NORMAL as NOTHING
    from cell_events.series.labelled_series import kinds_of

    found = kinds_of(segments)
    unknown = [kind for kind in job.kinds if kind not in found]
    if unknown or not found:
        what = f"of the kind {unknown[0]!r}" if unknown else "of an abnormal stretch"
        raise JobError(
            f"There is no label {what} to learn from; the labels are of "
            f"{', '.join(found) or 'no kind'}."
        )
    kinds = job.kinds or found
    wanted = tuple(one for one in segments if one.kind in (*kinds, NOTHING))
    return LabelledSeries(tuple(series), wanted, kinds)
