"""A cell under review, and what the review says, in words."""

from __future__ import annotations

from math import isfinite

from cell_events.dry_mass.cell_picture import CellPicture
from cell_events.dry_mass.flags import FLAGGED, NOT_ASSESSED, CellFlag
from cell_events.dry_mass.review import CATEGORIES, ReviewSummary

ENOUGH = 20
"""From so few drawn cells it is not told how many cells are abnormal."""


def headline(track_id: int, answer: str) -> str:
    """The cell and what was said of it: "Cell 17: cellular anomaly"."""
    return f"Cell {track_id}: {CATEGORIES[answer]}" if answer else f"Cell {track_id}"


def details(picture: CellPicture | None) -> str:
    """When the cell was seen, and when it was most unusual; never whether it was flagged."""
    if picture is None:
        return "The track table has no such cell."
    words = f"frames {picture.curve.first} to {picture.curve.last}"
    if picture.stretch is not None:
        words += ", most unusual {} to {}".format(*picture.stretch)
    return words


def why(flag: CellFlag) -> str:
    """Why a cell was flagged, or was not."""
    if flag.flag == NOT_ASSESSED:
        return f"Not assessed: {flag.reason}." if flag.reason else "Not assessed."
    score = f"score {flag.score:.3g}, threshold {flag.threshold:.3g}"
    if flag.flag != FLAGGED:
        return f"Not flagged ({score})."
    cause = {"cellular": " of the cell", "measurement": " of the measurement"}.get(flag.cause, "")
    reason = f"{flag.reason or 'no reason known'}{cause if flag.reason else ''}"
    error = f"; forecast error {flag.rmse_pg:.3g} pg" if isfinite(flag.rmse_pg) else ""
    return f"Flagged: {reason} ({score}{error})."


def told_summary(summary: ReviewSummary) -> str:
    """Table 1 of the paper, with precision and estimated recall, as rich text."""
    cell = "<td align=right>&nbsp;&nbsp;{}</td>".format
    names = "".join(cell(f"<i>{name}</i>") for name in CATEGORIES)
    rows = [f"<tr><td></td>{names}{cell('<i>answered</i>')}</tr>"]
    for words, counts, done, total in (
        ("flagged", summary.flagged_answers, summary.reviewed, summary.flagged),
        ("drawn", summary.audit_answers, summary.audited, summary.drawn),
    ):
        numbers = "".join(cell(counts[name]) for name in CATEGORIES)
        rows.append(f"<tr><td>{words}</td>{numbers}{cell(f'{done} of {total}')}</tr>")
    return f"<table cellspacing=0>{''.join(rows)}</table>" + "<br>".join(_told_shares(summary))


def _told_shares(summary: ReviewSummary) -> list[str]:
    told = []
    for words, share in (("Precision", summary.precision), ("Estimated recall", summary.recall)):
        told.append(f"{words}: <b>{share.words if share else 'not yet known'}</b>")
    if summary.prevalence is not None and summary.audited >= min(ENOUGH, summary.drawn):
        told.append(f"About {100 * summary.prevalence:.0f}&nbsp;% of the assessed are abnormal.")
    return told
