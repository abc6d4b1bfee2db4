"""Pictures of the tables of a study: bars or lines, with every seed shown."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from cell_events.trust.study_table import StudyTable

# Tol, bright: told apart by people with any colour vision.
COLOURS = ("#4477AA", "#EE6677", "#228833", "#CCBB44", "#AA3377", "#66CCEE", "#BBBBBB")
DOT = "#222222"
DPI = 120
PER_ROW = 2
BETWEEN_INCHES = 0.12
"""Above and below each drawing, so that its title does not touch the numbers above."""
WIDE = 4
"""From this ratio of the ends of an axis on, it shows powers of two."""

SHIFT = 0.005
"""By how much of the axis lines are moved apart, so that spreads can be seen."""


def study_png(table: StudyTable, metrics: Sequence[str] | None = None) -> bytes:
    """Draw some metrics of a table (all by default), as a PNG.

    Bars and lines show means; dots are single seeds, and whiskers one standard deviation.
    """
    metrics = metrics or table.metrics
    columns = min(PER_ROW, len(metrics))
    rows = -(-len(metrics) // columns)
    figure = Figure(
        figsize=(5.2 * columns, 3.4 * rows), layout=ConstrainedLayoutEngine(h_pad=BETWEEN_INCHES)
    )
    FigureCanvasAgg(figure)
    places = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes, metric in zip(places, metrics, strict=False):
        if table.x_name:
            draw_lines(axes, table, metric)
        else:
            draw_bars(axes, table, metric)
    for empty in places[len(metrics) :]:
        empty.axis("off")
    if table.x_name:
        add_legend(figure, places[0])
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=DPI)
    return file.getvalue()


def draw_bars(axes: Axes, table: StudyTable, metric: str) -> None:
    """Draw a bar for each row, with its seeds as dots."""
    names = [row.name for row in table.rows]
    for place, name in enumerate(names):
        values = table.values(name, metric)
        if not len(values):
            axes.text(0.01, place, "not measured", va="center", fontsize=8, color="0.5")
            continue
        axes.barh(place, values.mean(), 0.62, color=COLOURS[0], alpha=0.75)
        steps = np.linspace(-0.16, 0.16, len(values)) if len(values) > 1 else np.zeros(1)
        axes.plot(values, place + steps, "o", color=DOT, markersize=4, clip_on=False)
        end = max(values.mean(), values.max())
        axes.text(end + 0.02, place, f"{values.mean():.2f}", va="center", fontsize=8)
    axes.set_yticks(range(len(names)), names, fontsize=9)
    axes.invert_yaxis()
    axes.set_xlim(0, 1.12)
    axes.set_title(metric, fontsize=10)
    axes.spines[["top", "right"]].set_visible(False)


def draw_lines(axes: Axes, table: StudyTable, metric: str) -> None:
    """Draw a line for each group of rows over their x, with whiskers and dots."""
    lines = list(dict.fromkeys(row.line for row in table.rows))
    ticks = sorted({row.x for row in table.rows if row.x is not None})
    if ticks[-1] >= WIDE * ticks[0]:
        axes.set_xscale("log", base=2)
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    for number, line in enumerate(lines):
        colour = COLOURS[number % len(COLOURS)]
        known = [
            (row.x, values)
            for row in table.rows
            if row.line == line and row.x is not None
            if len(values := table.values(row.name, metric))
        ]
        if known:
            shift = (number - (len(lines) - 1) / 2) * SHIFT
            _draw_line(
                axes, [(_moved(x, ticks, shift), values) for x, values in known], colour, line
            )
    axes.minorticks_off()
    axes.set_ylim(-0.02, 1.02)
    axes.set(xlabel=table.x_name, title=metric)
    axes.title.set_fontsize(10)
    axes.spines[["top", "right"]].set_visible(False)


def add_legend(figure: Figure, axes: Axes) -> None:
    """Name the lines below all drawings, where they hide nothing."""
    handles, names = axes.get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=4, frameon=False, fontsize=9)


def _moved(x: float, ticks: Sequence[float], shift: float) -> float:
    """Move a place by a share of its axis, which shows powers of two if it is wide."""
    first, last = ticks[0], ticks[-1]
    return x * (last / first) ** shift if last >= WIDE * first else x + (last - first) * shift


def _draw_line(axes: Axes, known: list[tuple[float, np.ndarray]], colour: str, name: str) -> None:
    places = np.array([x for x, _ in known])
    means = np.array([values.mean() for _, values in known])
    spreads = [values.std(ddof=1) if len(values) > 1 else 0.0 for _, values in known]
    axes.errorbar(
        places, means, spreads, color=colour, marker="o", markersize=4, capsize=3, label=name
    )
    for place, (_, values) in zip(places, known, strict=True):
        axes.plot([place] * len(values), values, ".", color=colour, alpha=0.45, markersize=5)
