"""The picture of a plan: how long events last, when they happen, which frames to annotate."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from cell_events.engine import atomic
from cell_events.mitosis.annotation_plan import AnnotationPlan
from cell_events.mitosis.length_statistics import LengthStatistics, PredictedEvent

HELD, LONGER, CHOSEN = "#4477aa", "#bbbbbb", "#ee6677"  # Tol, bright


def write_length_figure(
    path: str | Path,
    events: Sequence[PredictedEvent],
    statistics: LengthStatistics,
    plan: AnnotationPlan,
) -> Path:
    """Write a PNG: histogram of lengths with k, events over time with the plan, and table I."""
    figure = Figure(figsize=(9, 7), layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(_conclusion(plan), fontsize=13, fontweight="bold")
    lengths, times, table = figure.subplots(3, 1, height_ratios=(3, 2, 0.6))
    _draw_lengths(lengths, events, plan)
    _draw_times(times, events, plan)
    _draw_table(table, statistics)
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=120)
    return atomic.write_bytes(path, file.getvalue())


def _conclusion(plan: AnnotationPlan) -> str:
    return (
        f"Sequences of k = {plan.length} frames; annotate {plan.annotate} frames, "
        f"{plan.first} to {plan.last}"
    )


def _draw_lengths(axes: Axes, events: Sequence[PredictedEvent], plan: AnnotationPlan) -> None:
    """Draw how many events last how long; those that fit into k frames are coloured."""
    lengths = np.array([event.length for event in events])
    counts = np.bincount(lengths, minlength=plan.length + 2)
    values = np.arange(1, len(counts))
    colours = [HELD if value <= plan.length else LONGER for value in values]
    axes.bar(values, counts[1:], 0.85, color=colours)
    axes.axvline(plan.length + 0.5, color=CHOSEN, linewidth=2)
    axes.text(
        plan.length + 0.6, 0.94, f"k = {plan.length}", transform=axes.get_xaxis_transform(),
        color=CHOSEN, fontweight="bold", va="top",
    )  # fmt: skip
    share = (lengths <= plan.length).mean()
    axes.set(
        xlabel="length of an event (frames)",
        ylabel="predicted events",
        title=f"{share:.0%} of {len(lengths)} predicted events last at most k frames",
    )
    axes.locator_params(integer=True)
    axes.set_xlim(0.4, len(counts) - 0.4)


def _draw_times(axes: Axes, events: Sequence[PredictedEvent], plan: AnnotationPlan) -> None:
    """Draw the events that are under way in each frame, and the frames to annotate."""
    last = max([plan.last, *(event.last for event in events)])
    under_way = np.zeros(last + 1, int)
    for event in events:
        under_way[event.first : event.last + 1] += 1
    axes.axvspan(plan.first - 0.5, plan.last + 0.5, color=CHOSEN, alpha=0.2, linewidth=0)
    axes.step(np.arange(last + 1), under_way, where="mid", color=HELD)
    plural = "" if plan.complete == 1 else "s"
    axes.set(
        xlabel="frame",
        ylabel="events under way",
        title=f"Frames {plan.first} to {plan.last} hold {plan.complete} whole event{plural}",
        xlim=(-0.5, last + 0.5),
    )
    axes.set_ylim(bottom=0)
    axes.locator_params(integer=True)


def _draw_table(axes: Axes, statistics: LengthStatistics) -> None:
    """Write the statistics as a table of one row."""
    names = ["events", "mean", "SD", *(f"{p} %" for p in statistics.percentiles)]
    values = [
        f"{statistics.count}",
        f"{statistics.mean:.1f}",
        f"{statistics.sd:.1f}",
        *(f"{value:g}" for value in statistics.percentiles.values()),
    ]
    axes.axis("off")
    table = axes.table([values], colLabels=names, cellLoc="center", loc="center")
    table.scale(1, 1.6)
    axes.set_title("Length in frames: mean, standard deviation and percentiles", fontsize=10)
