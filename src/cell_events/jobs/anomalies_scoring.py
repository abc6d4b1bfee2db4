"""The scores that `anomalies detect` can give to cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cell_events.jobs.anomalies_curves import interval_note
from cell_events.jobs.anomalies_detect import COMBINED, ISOLATION_FOREST, PAPER, AnomaliesDetect
from cell_events.jobs.checks import JobError

if TYPE_CHECKING:
    from cell_events.dry_mass.cell_scores import CellScore
    from cell_events.dry_mass.curves import MassCurve
    from cell_events.dry_mass.forecast_table import CellForecast
    from cell_events.dry_mass.windows import WindowShape

FEWEST = 3
"""Assessed cells, below which there is no threshold."""


@dataclass(frozen=True)
class ScoredCells:
    """Cells with their scores, in the order of their curves.

    Attributes
    ----------
    shape
        Windows of the model, or such that fit the curves.
    forecasts
        What a forecaster expected of each cell that it could judge, by track.
    label
        What the score is, with its unit.
    notes
        What the user should know, one sentence each.
    """

    scores: tuple[CellScore, ...]
    shape: WindowShape
    label: str
    forecasts: Mapping[int, CellForecast] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def scored_cells(
    job: AnomaliesDetect, curves: Sequence[MassCurve], interval_s: float | None
) -> ScoredCells:
    """Score the cells as the job asks for.

    Raises
    ------
    JobError
        If hardly any cell can be assessed.
    """
    from cell_events.dry_mass.windows import fitting_shape

    if job.model is None:
        shape = fitting_shape(curves)
        found = ScoredCells(_scores(job, curves, shape), shape, _label(job))
    else:
        found = _with_forecasts(job, curves, interval_s)
    n_assessed = sum(score.assessed for score in found.scores)
    advice = _advice(job, curves, found.shape, n_assessed)
    if n_assessed < FEWEST:
        raise JobError(advice)
    return replace(found, notes=[*found.notes, *([advice] if advice else [])])


def _scores(
    job: AnomaliesDetect, curves: Sequence[MassCurve], shape: WindowShape
) -> tuple[CellScore, ...]:
    """Scores that need no model."""
    if job.score == COMBINED:
        from cell_events.dry_mass.combined import CombinedSettings, combined_scores

        settings = CombinedSettings(reference=job.reference, seed=job.seed)  # type: ignore[arg-type]
        return combined_scores(curves, settings)
    from cell_events.dry_mass.baselines import BASELINES

    return BASELINES[job.score](shape, job.seed)(curves)


def _with_forecasts(
    job: AnomaliesDetect, curves: Sequence[MassCurve], interval_s: float | None
) -> ScoredCells:
    """Scores beside the forecasts of a model, which tell the error in pg whatever the score."""
    from cell_events.dry_mass.forecast import judged_cells
    from cell_events.dry_mass.forecaster_file import load_forecaster
    from cell_events.engine.device import choose_device

    device = choose_device(job.device)
    forecaster, header = load_forecaster(str(job.model), device)
    judged = judged_cells(curves, forecaster, device)
    forecasts = {score.track_id: told for score, told in judged if told is not None}
    notes = interval_note(header.frame_interval_s, interval_s)
    if job.score == PAPER:
        unit = "of logarithms" if forecaster.network.logarithm else "in pg"
        label = f"error of the forecast {unit}"
        return ScoredCells(tuple(s for s, _ in judged), forecaster.shape, label, forecasts, notes)
    scores = tuple(
        replace(score, rmse_pg=forecast.rmse_pg)
        for score, (forecast, _) in zip(_scores(job, curves, forecaster.shape), judged, strict=True)
    )
    return ScoredCells(scores, forecaster.shape, _label(job), forecasts, notes)


def _label(job: AnomaliesDetect) -> str:
    """What a score that needs no model is."""
    is_error = job.score not in (COMBINED, ISOLATION_FOREST)
    return f"error in pg by {job.score}" if is_error else f"score: {job.score}"


def _advice(
    job: AnomaliesDetect, curves: Sequence[MassCurve], shape: WindowShape, n_assessed: int
) -> str:
    """What to do if most cells cannot be assessed; "" if most can."""
    if n_assessed >= FEWEST and 2 * n_assessed >= len(curves):
        return ""
    import numpy as np

    from cell_events.dry_mass.windows import fitting_shape

    median = int(np.median([len(curve.mass_pg) for curve in curves]))
    said = f"{n_assessed} of {len(curves)} cells can be assessed (median length {median} frames)"
    if job.score == COMBINED:
        return f"{said}; link tracks across gaps, or measure a longer movie."
    other = fitting_shape(curves)
    return (
        f"{said}, because the score {job.score} needs a window of {shape}; train a model that "
        f"sees {other.past} frames and tells {other.future} (past auto chooses such windows), or "
        "take the score combined."
    )
