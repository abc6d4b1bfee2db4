"""The page of the job `evaluate`: pictures, scores, every error and every disagreement."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cell_events.events import write_events
from cell_events.jobs.evaluate import DISAGREEMENTS, EVENTS, INDEX, SCORES, Evaluate
from cell_events.jobs.evaluate_lists import list_names
from cell_events.jobs.evaluate_rows import outcome_events
from cell_events.jobs.evaluate_values import page_values
from cell_events.jobs.whole_folder import whole_folder
from cell_events.matching import Matching
from cell_events.trust.evaluation import Evaluation
from cell_events.trust.model_comparison import Comparison, errors_to_look_at

SETTINGS = ("threshold", "against_threshold", "where", "blocks_px", "blocks_frames", "repeats")
ABOUT_CURVE = (
    "Precision over recall, from the surest event alone to all of them; shaded: 95 % of the repeats"
)
OTHER_SETTINGS = ("seed", "pixel_size_um", "frame_interval_s")


def write_page(
    job: Evaluate,
    values: Mapping[str, Any],
    ours: Evaluation,
    theirs: Evaluation | None,
    compared: Comparison | None,
) -> dict[str, Any]:
    """Write the folder, whole or not at all; give the names of what it holds."""
    from cell_events import __version__
    from cell_events.jobs.command import to_command  # which knows all jobs, this one among them
    from cell_events.trust.evaluation_page import page_html

    if job.page is None:
        return {}
    names = list_names(job)
    shown = {**values, "names": names if theirs is not None else names[:1], "version": __version__}
    shown["settings"] = {name: getattr(job, name) for name in (*SETTINGS, *OTHER_SETTINGS)}
    shown["command"] = shlex.join(to_command(job))
    shown |= page_values(ours)
    if theirs is not None:
        shown["against"] = {**values["against"], **page_values(theirs)}
    looked_at = compared.disagreements if compared else errors_to_look_at(names[0], ours.matching)
    scale = job.pixel_size_um, job.frame_interval_s
    with whole_folder(job.page, last=INDEX) as folder:
        pictures = _draw(folder, job, ours, theirs)
        write_events(folder / EVENTS, outcome_events(job, ours.matching), *scale)
        write_events(folder / DISAGREEMENTS, looked_at, *scale)
        (folder / SCORES).write_text(json.dumps(shown, indent=1) + "\n", encoding="utf-8")
        (folder / INDEX).write_text(page_html(shown, pictures), encoding="utf-8")
    return {"page": str(job.page / INDEX), "to_look_at": len(looked_at)}


def _draw(
    folder: Path, job: Evaluate, ours: Evaluation, theirs: Evaluation | None
) -> dict[str, str]:
    """Draw every picture; gives their titles by their files."""
    from cell_events.trust import evaluation_figure as draw

    names = list_names(job)
    both = {names[0]: ours} | ({names[1]: theirs} if theirs is not None else {})
    of = f" of {names[0]}" if theirs is not None else ""
    by = f" by {names[0]}" if theirs is not None else ""
    pictures = {
        "precision_recall.png": (ABOUT_CURVE, draw.curve_png(both)),
        "confusion.png": (
            f"Each true event in its row, by what it was found as{by}; the last row: false alarms",
            draw.confusion_png(ours.confusion),
        ),
        "over_time.png": (f"Hits and errors{of} over time", draw.over_time_png(ours.over_time)),
        "errors.png": (
            f"How late and how far off the hits{of} are{_told_errors(ours.matching)}",
            draw.errors_png(ours, job.pixel_size_um, job.frame_interval_s),
        ),
    }
    there = {kind: one for kind, one in ours.kinds.items() if one.curve.true}
    if len(there) > 1 and ours.scores.is_ranking:
        pictures["kinds.png"] = (f"Each kind of event{of}", draw.kinds_png(there))
    for file, (_, png) in pictures.items():
        (folder / file).write_bytes(png)
    return {file: title for file, (title, _) in pictures.items()}


def _told_errors(matching: Matching) -> str:
    """Say the mean errors; empty without hits."""
    if not matching.pairs:
        return ""
    late, far = float(matching.time_errors.mean()), float(matching.distances.mean())
    frames = f"{abs(late):.2g} frame{'s' * (abs(late) != 1)}"
    told = f"{frames} too {'late' if late > 0 else 'early'}" if late else "in time"
    return f": {told} and {far:.2g} px off on average"
