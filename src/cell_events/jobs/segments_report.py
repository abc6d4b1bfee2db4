"""The report of `segments detect`: numbers, stretches, and pages of curves."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from cell_events import __version__
from cell_events.jobs.segments_detect import SegmentsDetect
from cell_events.jobs.segments_findings import Findings, TableFindings
from cell_events.jobs.segments_quality import quality_rows
from cell_events.jobs.whole_folder import whole_folder

REPORT, SEGMENTS = "report.json", "segments.csv"
PAGES = "curves_*.png"


def detection_report(job: SegmentsDetect, found: Findings) -> dict[str, Any]:
    """What report.json says: settings, counts, and how good the stretches are if that is known."""
    settings = found.model.settings
    tables, counts = found.tables, Counter(one.kind for one in found.segments)
    touched = {(place, s.series) for place, table in enumerate(tables) for s in table.segments}
    return {
        "tables": [str(path) for path in job.series],
        "model": str(found.model.path),
        "version": __version__,
        "channels": list(tables[0].channels),
        "thresholds": {kind: settings.stretches_of(kind).threshold for kind in settings.looked_for},
        "least": settings.stretches.least,
        "gap": settings.stretches.gap,
        "snapshot": {"points": settings.length, "step": settings.step},
        "series": sum(len(table.extents) for table in tables),
        "points": sum(one.points for table in tables for one in table.extents.values()),
        "points_without_values": sum(table.unmeasured for table in tables),
        "series_with_stretches": len(touched),
        "stretches": len(found.segments),
        "kinds": {kind: counts[kind] for kind in settings.looked_for},
        "quality": quality_rows(job, found),
        "notes": _notes(found),
    }


def write_report(
    job: SegmentsDetect, found: Findings, report: dict[str, Any]
) -> Iterator[tuple[int, int]]:
    """Write the folder, whole or not at all; yields pages done and their number."""
    from cell_events.series.segment_tables import write_segments

    if job.report is None:
        return
    for old in job.report.glob(PAGES):
        old.unlink(missing_ok=True)
    with whole_folder(job.report, last=REPORT) as folder:
        write_segments(folder / SEGMENTS, found.segments, found.dates)
        if job.pictures:
            yield from _pictures(folder, found)
        (folder / REPORT).write_text(json.dumps(report, indent=1), encoding="utf-8")


def _pictures(folder: Any, found: Findings) -> Iterator[tuple[int, int]]:
    """Draw the surest stretches of all tables."""
    from cell_events.series.stretch_pages import MOST_DRAWN, write_stretch_pages

    drawn = [_panels(table, found, MOST_DRAWN) for table in found.tables]
    pairs = [pair for some in drawn for pair in some]
    pairs = sorted(pairs, key=lambda pair: -pair[0].segments[0].score)[:MOST_DRAWN]
    panels, curves = [panel for panel, _ in pairs], [curve for _, curve in pairs]
    kinds = found.model.settings.kinds
    yield from write_stretch_pages(folder, panels, curves, kinds, found.dates)


def _panels(table: TableFindings, found: Findings, most: int) -> list[tuple[Any, Any]]:
    """Parts of a table's series to draw, with their curves, for which it is read again."""
    from cell_events.series.stretch_panels import panel_curves, panels

    chosen = panels(table.segments, table.extents, found.model.settings.length, most)
    if not chosen:
        return []
    curves = panel_curves(chosen, table.table.parts())
    return list(zip(chosen, curves, strict=True))


def _notes(found: Findings) -> list[str]:
    """Say so if the model looks at other columns than it has learned from, or finds nothing."""
    notes = []
    learned = found.model.channels
    other = next((t.channels for t in found.tables if learned and t.channels != learned), None)
    if other is not None:
        notes.append(
            f"The model has learned from {', '.join(learned)}, and these series are of "
            f"{', '.join(other)}."
        )
    left_out = sum(table.left_out for table in found.tables)
    if left_out:
        notes.append(f"{left_out} stretches are left out, which too many series share.")
    elif not found.segments:
        settings = found.model.settings
        lowest = min(settings.stretches_of(kind).threshold for kind in settings.looked_for)
        notes.append(
            f"No stretch reaches its threshold, {lowest:.4g} or more; a lower one tells more."
        )
    return notes
