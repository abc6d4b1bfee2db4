"""What `segments detect` has found, table by table."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cell_events.jobs.segments_model import SeriesModel

if TYPE_CHECKING:
    from cell_events.series.detect import SeriesReport
    from cell_events.series.labelled_series import Segment, Series
    from cell_events.series.series_tables import SeriesTable
    from cell_events.series.stretch_panels import SeriesExtent


@dataclass
class TableFindings:
    """Stretches of one table, and how far its series reach.

    Attributes
    ----------
    keeps_scores
        Keep all curves and probabilities, to compare them with the truth.
    """

    path: Path
    table: SeriesTable
    keeps_scores: bool = False
    extents: dict[str, SeriesExtent] = field(default_factory=dict)
    segments: list[Segment] = field(default_factory=list)
    curves: dict[str, list[Series]] = field(default_factory=dict)
    reports: dict[str, list[SeriesReport]] = field(default_factory=dict)
    dates: bool = False
    channels: tuple[str, ...] = ()
    unmeasured: int = 0
    left_out: int = 0

    def saw(self, part: Series) -> None:
        """Remember how far a series reaches."""
        from cell_events.series.stretch_panels import SeriesExtent

        before = self.extents.get(part.name) or SeriesExtent(float(part.times[0]), 0.0, 0)
        self.extents[part.name] = before.with_times(part.times)
        self.dates, self.channels = part.dates, part.channels
        self.unmeasured += int((~part.measured).sum())
        if self.keeps_scores:
            self.curves.setdefault(part.name, []).append(part)

    def leave_out_shared(self, share: float) -> None:
        """Forget stretches that most series have at the same time, but for their number."""
        from cell_events.series.shared_stretches import without_shared

        kept = without_shared(self.segments, self.extents, share)
        self.left_out, self.segments = len(self.segments) - len(kept), kept

    def take(self, report: SeriesReport) -> None:
        """Add what was found in some points."""
        self.segments += report.segments
        if self.keeps_scores:
            self.reports.setdefault(report.series, []).append(report)


@dataclass(frozen=True)
class Findings:
    """All that detection has found.

    Attributes
    ----------
    segments
        Stretches of all tables in order.
    """

    model: SeriesModel
    tables: tuple[TableFindings, ...]
    segments: tuple[Segment, ...]

    @property
    def dates(self) -> bool:
        """Whether times were dates."""
        return any(table.dates for table in self.tables)
