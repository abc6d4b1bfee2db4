"""What the status line says of a job that has ended well."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cell_events.jobs import Detect, Pretrain, Train


def pretrain_outcome(job: Pretrain, values: dict[str, Any]) -> str:
    """Say how well the time arrow is told, where that was measured."""
    accuracy = values.get("accuracy")
    told = f" ({accuracy:.0%} of held-out frame pairs put in order)" if accuracy else ""
    return f"The time arrow is learned{told}; kept as {short(job.model)}."


def train_outcome(job: Train, values: dict[str, Any]) -> str:
    """Say how well events are recognised, where that was measured, and what comes next."""
    accuracy = (values.get("validation") or {}).get("accuracy")
    told = f" ({accuracy:.0%} right on held-out paint)" if accuracy else ""
    return f"Trained{told}; kept as {short(job.model)}. Now press 'Detect events'."


def detect_outcome(job: Detect, values: dict[str, Any]) -> str:
    """Say how many events were found, and what to try if there are none, or the model is broken."""
    n_events = int(values["events"])
    found = f"{n_events} event{'' if n_events == 1 else 's'} found; kept as {short(job.csv)}."
    if values.get("notes"):
        return " ".join([found, *values["notes"]])
    return found if n_events else f"{found} Try a lower 'Least score', or paint more events."


def short(path: Path) -> str:
    """File and its folder; the tooltips of the models tell the whole path."""
    return f"{path.parent.name}/{path.name}"
