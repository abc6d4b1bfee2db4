"""The review beside the flags: categories in `flags.csv`, counts in `review.json`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from cell_events.dry_mass.audit_draw import AuditSettings
from cell_events.dry_mass.flags import CellFlag, FlagsError, write_flags
from cell_events.dry_mass.review import Answers, review_summary, with_answers
from cell_events.whole_files import write_whole

REVIEW_JSON = "review.json"


def write_review(
    csv: str | Path, flags: Sequence[CellFlag], answers: Answers, audit: AuditSettings
) -> Path:
    """Write flags with the expert's categories, and `review.json` beside them; returns its path.

    Raises
    ------
    FlagsError
        If a file cannot be written.
    """
    write_flags(csv, with_answers(flags, answers))
    path = Path(csv).with_name(REVIEW_JSON)
    report = review_summary(flags, answers, audit).as_json() | {"drawn_by": asdict(audit)}
    try:
        write_whole(path, json.dumps(report, indent=2) + "\n")
    except OSError as error:
        raise FlagsError(f"{path} cannot be written: {error.strerror}.") from error
    return path
