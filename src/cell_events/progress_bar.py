"""The reports of a job as progress bars on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import rich.progress
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn
from rich.table import Column

from cell_events.jobs import Progress, Report, Result

HIDDEN = ("learning_rate",)
"""Measurements that say little to a person who waits; `--json` has them."""


def show_progress(reports: Iterable[Report]) -> dict[str, Any]:
    """Show each stage as a bar on standard error and return the values of the result."""
    bars = _bars()
    stages: dict[str, TaskID] = {}
    try:
        for report in reports:
            if isinstance(report, Result):
                return dict(report.values)
            if not stages:
                bars.start()
            if report.stage not in stages:
                stages[report.stage] = bars.add_task(report.stage, left="", values="")
            _update(bars, stages[report.stage], report)
    finally:
        if stages:  # without a bar, stopping would print an empty line
            bars.stop()
    raise RuntimeError("The job ended without a result.")


def _bars() -> rich.progress.Progress:
    whole = Column(no_wrap=True)  # on narrow terminals only the values may break into lines
    columns = [
        TextColumn("{task.description}", table_column=whole),
        BarColumn(bar_width=10),
        MofNCompleteColumn(table_column=whole),
        TextColumn("{task.fields[left]}", table_column=whole),
        TextColumn("{task.fields[values]}", table_column=Column(overflow="fold")),
    ]
    return rich.progress.Progress(*columns, console=Console(stderr=True))


def _update(bars: rich.progress.Progress, stage: TaskID, report: Progress) -> None:
    """Show one report; values stay until others come."""
    left = time_left(report.seconds_left)
    bars.update(stage, completed=report.done, total=report.total, left=left)
    if report.values:
        bars.update(stage, values=values_line(report.values))


def time_left(seconds: float | None) -> str:
    """Say how long a stage still takes, such as "2 min 05 s"; empty where unknown."""
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def values_line(values: Mapping[str, float]) -> str:
    """Give measurements in one line, such as "total 0.52  accuracy 0.74"."""
    return "  ".join(f"{name} {value:.3g}" for name, value in values.items() if name not in HIDDEN)
