"""The histogram of scores with the threshold (figure 3 of the paper)."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, ScalarFormatter
from numpy.typing import NDArray

from cell_events.engine import atomic

BELOW, ABOVE, LINE = "#4477aa", "#ee6677", "#222222"  # Tol, bright
FEWEST_BARS, MOST_BARS = 12, 60
TALL = 50
"""Cells in a bar from which on the axis is logarithmic, so that single cells are still seen."""
DPI = 120


def write_score_histogram(
    path: str | Path, scores: NDArray[np.float64], threshold: float, name: str, rule: str
) -> Path:
    """Write a PNG of the finite scores; those far out share the last bar."""
    found = scores[np.isfinite(scores)]
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    edges = _edges(found, threshold)
    shown = np.minimum(found, edges[-1])
    for side, colour in ((found <= threshold, BELOW), (found > threshold, ABOVE)):
        axes.hist(shown[side], bins=list(edges), color=colour)
    axes.axvline(threshold, color=LINE, linewidth=1.5)
    if np.histogram(shown, edges)[0].max() >= TALL:
        axes.set_yscale("symlog", linthresh=1)
        axes.yaxis.set_major_formatter(ScalarFormatter())
    else:
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylim(bottom=0)
    flagged = int((found > threshold).sum())
    axes.set(
        xlabel=name + (f" (the last bar holds {_beyond(found, edges[-1])} larger ones)"
                       if _beyond(found, edges[-1]) else ""),
        ylabel="cells",
        title=f"{flagged} of {len(found)} cells above {threshold:.4g} ({rule})",
    )  # fmt: skip
    return save_png(figure, path)


def save_png(figure: Figure, path: str | Path) -> Path:
    """Write a figure, whole or not at all."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=DPI)
    return atomic.write_bytes(path, file.getvalue())


def _edges(found: NDArray[np.float64], threshold: float) -> NDArray[np.float64]:
    """Edges of the bars, one of which is the threshold, so that no bar has two colours."""
    lowest, highest = float(found.min()), _highest(found, threshold)
    step = (highest - lowest) / np.clip(2 * np.sqrt(len(found)), FEWEST_BARS, MOST_BARS)
    first = min(np.floor((lowest - threshold) / step), -1.0)
    last = max(np.ceil((highest - threshold) / step), 1.0)
    return np.asarray(threshold + step * np.arange(first, last + 1))


def _highest(found: NDArray[np.float64], threshold: float) -> float:
    """Right end of the axis: few scores are far above it, and the threshold is not at its rim."""
    highest = max(float(np.quantile(found, 0.995)), 1.25 * threshold, threshold)
    highest = min(highest, max(float(found.max()), threshold))
    lowest = float(found.min())
    return highest if highest > lowest else lowest + 1.0


def _beyond(found: NDArray[np.float64], highest: float) -> int:
    return int((found > highest).sum())
