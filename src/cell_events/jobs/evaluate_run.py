"""The work of the job `evaluate`, step by step."""

from __future__ import annotations

from collections.abc import Iterator

from cell_events.jobs.evaluate import Evaluate
from cell_events.jobs.evaluate_lists import (
    ComparedLists,
    compared_lists,
    list_names,
    tolerance_of,
)
from cell_events.jobs.evaluate_places import make_places
from cell_events.jobs.evaluate_rows import write_report
from cell_events.jobs.evaluate_values import values_of
from cell_events.jobs.reports import Progress, Report, Result
from cell_events.trust.evaluation import Evaluation, EvaluationSettings, evaluated
from cell_events.trust.model_comparison import Comparison, comparison
from cell_events.trust.outcomes import Blocks
from cell_events.trust.quality import Resampling

STAGE = "evaluate"
STEPS = 3
"""Match, compare, draw the page; a run without page or second list is done at once."""


def evaluation_reports(job: Evaluate) -> Iterator[Report]:
    """Measure the found events, those to compare with, and write what was asked for."""
    make_places(job)
    lists = compared_lists(job)
    takes_long = job.page is not None or lists.against is not None
    if takes_long:
        yield Progress(STAGE, 0, STEPS)
    ours = evaluated(lists.found, lists.truth, _settings(job, job.threshold))
    theirs = _evaluated_against(job, lists)
    if takes_long:
        yield Progress(STAGE, 1, STEPS)
    compared = _compared(job, ours, theirs)
    values = values_of(job, lists, ours, theirs, compared)
    if job.report is not None:
        write_report(job, ours.matching, values)
        values["report"] = str(job.report)
    if job.page is not None:
        from cell_events.jobs.evaluate_page import write_page

        yield Progress(STAGE, 2, STEPS)
        values |= write_page(job, values, ours, theirs, compared)
    if takes_long:
        yield Progress(STAGE, STEPS, STEPS)
    yield Result(values)


def _evaluated_against(job: Evaluate, lists: ComparedLists) -> Evaluation | None:
    if lists.against is None:
        return None
    least = job.threshold if job.against_threshold is None else job.against_threshold
    return evaluated(lists.against, lists.truth, _settings(job, least))


def _settings(job: Evaluate, threshold: float | None) -> EvaluationSettings:
    blocks = Blocks(job.blocks_px, job.blocks_frames)
    resampling = Resampling(blocks, job.repeats, job.seed)
    return EvaluationSettings(tolerance_of(job), threshold, job.by, resampling)


def _compared(job: Evaluate, ours: Evaluation, theirs: Evaluation | None) -> Comparison | None:
    if theirs is None:
        return None
    a, b = list_names(job)
    return comparison(ours.candidate(a), theirs.candidate(b), ours.settings.resampling)
