"""What the status line says of a mitosis job that has ended well."""

from __future__ import annotations

from typing import Any

from cell_events.gui.running.outcomes import short
from cell_events.jobs import Detect, MitosisTrain

Values = dict[str, Any]


def map_outcome(values: Values) -> str:
    """Say which map is proposed, and what to do if it is wrong."""
    proposed = values["proposed"]
    reasons = [each["reason"] for each in values.get("qualities", ()) if each["index"] == proposed]
    return (
        f"The cells are mapped; map {proposed} is proposed ({', '.join(reasons)}). If another one "
        "shows normal cells better, click on it."
    )


def plan_outcome(values: Values) -> str:
    """Say how long cells are missing from the map, how sure that is, and what to annotate."""
    return (
        f"Three of four gaps in the cell map last up to {_frames(values['length'])}"
        f"{_doubt(values)}. Annotate "
        f"{_frames(values['annotate'])}: {values['frames']}; if divisions last longer, raise k."
    )


def train_outcome(job: MitosisTrain, values: Values) -> str:
    """Say how well divisions are found, where that was measured, and what comes next."""
    f1 = (values.get("validation") or {}).get("F1")
    told = f" (F1 {f1:.2f} where held out)" if f1 is not None else ""
    return f"Trained{told}; kept as {short(job.model)}. Now press 'Detect divisions'."


def found_outcome(job: Detect, values: Values) -> str:
    """Say how many divisions there are; what to do if there are none, or the model is broken."""
    n_events = int(values["events"])
    found = f"{n_events} division{'' if n_events == 1 else 's'} found; kept as {short(job.csv)}."
    if values.get("notes"):
        return " ".join([found, *values["notes"]])
    return found if n_events else f"{found} Train for more steps, or annotate more frames."


def _doubt(values: Values) -> str:
    """Say what other k as few gaps leave open, at 95 % confidence."""
    if "interval" not in values:  # a plan made by an earlier version
        return ""
    low, high = values["interval"]
    if low == high is not None:
        return ""
    found = f"from {values['statistics']['count']} gaps"
    if high is None:
        return f" ({found} only, it may be many more)"
    return f" ({found}, it may be {f'{low} to ' if low is not None else 'up to '}{high})"


def _frames(number: int) -> str:
    return f"{number} frame{'' if number == 1 else 's'}"
