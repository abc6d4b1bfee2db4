"""What the status line says of a dry-mass job that has ended well."""

from __future__ import annotations

from typing import Any

from cell_events.gui.running.outcomes import short
from cell_events.jobs import AnomaliesDetect, AnomaliesTrain, Measure

Values = dict[str, Any]


def measure_outcome(job: Measure, values: Values) -> str:
    """Say how many cells were measured, and what comes next."""
    found = f"{_counted(values['cells'], 'cell')} measured in {_counted(values['frames'], 'frame')}"
    doubtful = int(values.get("doubtful") or 0)
    doubt = f", {doubtful:,} of {values['rows']:,} measurements doubtful" if doubtful else ""
    return f"{found}{doubt}; kept as {short(job.out)}. Click on a cell, or press 'Flag cells'."


def train_outcome(job: AnomaliesTrain, values: Values) -> str:
    """Say how well masses are forecast, where that was measured, and what comes next."""
    rmse = (values.get("validation") or {}).get("rmse_pg")
    told = f" (off by {rmse:.3g} pg where held out)" if rmse is not None else ""
    return f"Trained{told}; kept as {short(job.model)}. Now press 'Flag cells'."


def flag_outcome(job: AnomaliesDetect, values: Values) -> str:
    """Say how many cells were flagged, and how many could not be judged."""
    flagged, assessed = int(values["flagged"]), int(values["assessed"])
    not_assessed = int(values.get("not_assessed") or 0)
    others = f"; {not_assessed:,} could not be judged" if not_assessed else ""
    what_next = "Go through them below." if flagged else "Drag the line to flag more."
    return (
        f"{flagged:,} of {_counted(assessed, 'cell')} flagged{others}; kept as "
        f"{short(job.csv)}. {what_next}"
    )


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
