"""What one must know to read the figures of an evaluation."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from cell_events.jobs.evaluate import Evaluate
from cell_events.jobs.evaluate_doubts import doubts
from cell_events.jobs.evaluate_lists import MORE_HELD_OUT, ComparedLists, list_names
from cell_events.trust.evaluation import Evaluation
from cell_events.trust.evaluation_sentences import TITLES
from cell_events.trust.intervals import Interval
from cell_events.trust.quality import FIGURES

AVERAGE_PRECISION = "average_precision"
TOO_FEW, FEW = 10, 20
"""Fewer true events than these make figures that mean little, or are rough."""
FEW_BLOCKS = 10
"""Fewer blocks with true events than this make intervals that are too narrow."""


def notes(
    job: Evaluate, lists: ComparedLists, ours: Evaluation, theirs: Evaluation | None
) -> Iterator[str]:
    """Yield sentences; none if all is well."""
    yield from doubts(lists, ours.matching, job.threshold)
    if lists.truth and len(lists.truth) < FEW:
        yield _few(lists)
    if ours.scores.note:
        yield ours.scores.note
    if theirs is not None and theirs.scores.name != ours.scores.name:
        yield _differently_ranked(list_names(job), ours, theirs)
    if job.repeats and len(ours.outcomes):
        yield from _about_intervals(job, ours)


def _few(lists: ComparedLists) -> str:
    """Say that there are few true events and, if very few, what to do."""
    are = (
        "is only 1 true event"
        if len(lists.truth) == 1
        else f"are only {len(lists.truth)} true events"
    )
    where = "where no model has learned" if lists.are_held_out else "here"
    if len(lists.truth) >= TOO_FEW:
        return f"There {are} {where}; figures of fewer than {FEW} are rough."
    remedy = "mark more of them, or evaluate on another movie"
    if lists.are_held_out:
        remedy = f"{MORE_HELD_OUT}, or evaluate on a movie that no model has learned from"
    return f"There {are} {where}, so that figures, intervals and differences mean little: {remedy}."


def _about_intervals(job: Evaluate, ours: Evaluation) -> Iterator[str]:
    """Say where intervals are missing, or too narrow."""
    blocks, rows = ours.settings.resampling.blocks, ours.outcomes
    size = f"{job.blocks_px} px and {job.blocks_frames} frames"
    if len(np.unique(blocks.numbers(rows.places))) < 2:
        yield (
            f"All events lie in one block of {size}, so there are no intervals; make the blocks "
            "smaller."
        )
        return
    number, events = len(np.unique(blocks.numbers(rows.places[rows.is_true]))), rows.is_true.sum()
    if events >= TOO_FEW and number < FEW_BLOCKS:
        yield (
            f"The true events lie in only {number} blocks of {size}; intervals from fewer than "
            f"{FEW_BLOCKS} are too narrow."
        )
    shown = [name for name in FIGURES if ours.scores.is_ranking or name != AVERAGE_PRECISION]
    sure = [name for name in shown if _is_too_sure(ours.quality.figures[name])]
    if sure:
        names = ", ".join(TITLES[name] for name in sure)
        yield (
            f"No interval is given for {names}: every block shows the same value, and cannot tell "
            "how far from it the truth may be."
        )


def _differently_ranked(names: tuple[str, str], ours: Evaluation, theirs: Evaluation) -> str:
    return (
        f"{names[0]} is ranked by its {ours.scores.name} and {names[1]} by its "
        f"{theirs.scores.name}, so that one threshold means two things: compare both by score, or "
        "calibrate both models first."
    )


def _is_too_sure(interval: Interval) -> bool:
    return interval.value in (0.0, 1.0) and not math.isfinite(float(interval.low))
