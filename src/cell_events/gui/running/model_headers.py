"""What model files say about themselves, read without torch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cell_events.jobs import Info
from cell_events.jobs.info import run_info
from cell_events.jobs.reports import Result

TIME_ARROW, PAINTED, MITOSIS = "tap", "events", "mitosis"
"""Kinds of models."""


def header_of(model: Path) -> dict[str, Any]:
    """Header of a model file, as plain values.

    Raises
    ------
    ValueError
        If it is no model file of ours.
    """
    return next(dict(each.values) for each in run_info(Info(model)) if isinstance(each, Result))
