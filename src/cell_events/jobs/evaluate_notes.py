"""What one must know to read the figures of an evaluation."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from cell_events.jobs.evaluate import Evaluate
from cell_events.jobs.evaluate_lists import ComparedLists, list_names
from cell_events.trust.evaluation import Evaluation
from cell_events.trust.intervals import Interval
from cell_events.trust.quality import FIGURES

AVERAGE_PRECISION = "average_precision"
FEW = 20
"""Fewer true events than this make figures that mean little."""


def notes(
    job: Evaluate, lists: ComparedLists, ours: Evaluation, theirs: Evaluation | None
) -> Iterator[str]:
    """Yield sentences; none if all is well."""
    if ours.scores.note:
        yield ours.scores.note
    if theirs is not None and theirs.scores.name != ours.scores.name:
        yield _differently_ranked(list_names(job), ours, theirs)
    if len(lists.truth) < FEW:
        yield (
            f"There are only {len(lists.truth)} true events here; figures of fewer than {FEW} say "
            "little."
        )
    if not job.repeats or not len(ours.outcomes):
        return
    numbers = ours.settings.resampling.blocks.numbers(ours.outcomes.places)
    shown = [name for name in FIGURES if ours.scores.is_ranking or name != AVERAGE_PRECISION]
    sure = [name for name in shown if _is_too_sure(ours.quality.figures[name])]
    if len(np.unique(numbers)) < 2:
        yield (
            f"All events lie in one block of {job.blocks_px} px and {job.blocks_frames} frames, so "
            "there are no intervals; make the blocks smaller."
        )
    elif sure:
        names = ", ".join(name.replace("_", " ") for name in sure)
        yield (
            f"No interval is given for {names}: no block shows another value, and so few events "
            "cannot tell how far from it the truth may be."
        )


def _differently_ranked(names: tuple[str, str], ours: Evaluation, theirs: Evaluation) -> str:
    return (
        f"{names[0]} is ranked by its {ours.scores.name} and {names[1]} by its "
        f"{theirs.scores.name}, so that one threshold means two things: compare both by score, or "
        "calibrate both models first."
    )


def _is_too_sure(interval: Interval) -> bool:
    return interval.value in (0.0, 1.0) and not math.isfinite(float(interval.low))
