"""The picture of a recognition report (after figures 3 and 4 of Chen et al. 2024)."""

from __future__ import annotations

import io

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from cell_events.recognition.report import RecognitionReport

PRECISION, RECALL, MISSED, FALSE = "#4477aa", "#ccbb44", "#ee6677", "#aa3377"  # Tol, bright


def report_png(report: RecognitionReport) -> bytes:
    """Confusion matrix, precision and recall, and errors over time, as a PNG."""
    figure = Figure(figsize=(9, 6), layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(2, 2)
    _draw_confusion(figure.add_subplot(grid[0, 0]), report)
    _draw_per_class(figure.add_subplot(grid[0, 1]), report)
    _draw_over_time(figure.add_subplot(grid[1, :]), report)
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=120)
    return file.getvalue()


def _draw_confusion(axes: Axes, report: RecognitionReport) -> None:
    confusion = report.confusion
    share = confusion / np.maximum(confusion.sum(1, keepdims=True), 1)
    axes.imshow(share, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.ndindex(*confusion.shape):
        colour = "white" if share[row, column] > 0.5 else "black"
        text = str(confusion[row, column])
        axes.text(column, row, text, ha="center", va="center", color=colour)
    places = range(len(report.names))
    axes.set_xticks(places, report.names)
    axes.set_yticks(places, report.names)
    axes.set(xlabel="found", ylabel="true", title="Crop pairs")


def _draw_per_class(axes: Axes, report: RecognitionReport) -> None:
    table = report.per_class().loc[list(report.classes)]
    places = np.arange(len(table))
    for shift, (name, colour) in zip(
        (-0.2, 0.2), {"precision": PRECISION, "recall": RECALL}.items(), strict=True
    ):
        bars = axes.bar(places + shift, table[name].to_numpy(), 0.38, color=colour, label=name)
        axes.bar_label(bars, fmt="%.2f", padding=2)
    axes.set_xticks(places, list(report.classes))
    axes.set(ylim=(0, 1.15), title="Precision and recall")
    axes.legend(loc="lower right")


def _draw_over_time(axes: Axes, report: RecognitionReport) -> None:
    counts = report.over_time().groupby("frame")[["pairs", "missed", "false_alarms"]].sum()
    frames = counts.index.to_numpy()
    axes.plot(frames, counts["pairs"].to_numpy(), color="0.5", marker=".", label="events")
    axes.bar(frames, counts["missed"].to_numpy(), color=MISSED, label="missed")
    axes.bar(frames, -counts["false_alarms"].to_numpy(), color=FALSE, label="false alarms")
    axes.axhline(0, color="black", linewidth=0.8)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
    axes.set(xlabel="frame", ylabel="crop pairs", title="Errors over time")
    axes.legend()
