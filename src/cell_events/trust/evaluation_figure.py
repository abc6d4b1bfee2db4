"""Pictures of an evaluation: curve, confusion matrix, errors over time, single errors."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from cell_events.trust.confusion import Confusion
from cell_events.trust.errors_over_time import ErrorsOverTime
from cell_events.trust.evaluation import Evaluation
from cell_events.trust.quality import RECALLS, Quality

A, B = "#4477aa", "#ee6677"  # Tol, bright: told apart by people with any colour vision
HIT, MISSED, FALSE = "#228833", "#ee6677", "#aa3377"
EQUAL_F1 = 0.2, 0.4, 0.6, 0.8
DPI = 120
MOST_LETTERS = 22


def curve_png(evaluations: Mapping[str, Evaluation]) -> bytes:
    """Precision over recall of one list or two, with the 95 % band and the chosen threshold."""
    figure = _figure((5.6, 4.6))
    axes = figure.subplots()
    _draw_equal_f1(axes)
    for (name, one), colour in zip(evaluations.items(), (A, B), strict=False):
        _draw_curve(axes, name, one, colour)
    axes.set(xlim=(0, 1.02), ylim=(0, 1.04), xlabel="recall", ylabel="precision")
    figure.legend(loc="outside lower center", ncols=len(evaluations), fontsize=8, frameon=False)
    return _png(figure)


def kinds_png(kinds: Mapping[str, Quality]) -> bytes:
    """One curve for each kind of event that there is."""
    figure = _figure((5.6, 4.6))
    axes = figure.subplots()
    _draw_equal_f1(axes)
    for kind, one in kinds.items():
        told = f"{_short([kind])[0]}, AP {one.curve.average_precision:.2f}"
        axes.step(*_steps(one), where="pre", label=told)
    axes.set(xlim=(0, 1.02), ylim=(0, 1.04), xlabel="recall", ylabel="precision")
    figure.legend(loc="outside lower center", ncols=2, fontsize=8, frameon=False)
    return _png(figure)


def confusion_png(table: Confusion) -> bytes:
    """Counts, coloured by their share of the row."""
    size = 1.0 + 0.75 * len(table.rows)
    figure = _figure((size + 1.6, size + 0.9))
    axes = figure.subplots()
    share = table.counts / np.maximum(table.counts.sum(1, keepdims=True), 1)
    share[-1] = 0  # false alarms are no share of anything that is there
    axes.imshow(share, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.ndindex(*table.counts.shape):
        if row == column == len(table.kinds):
            continue  # places without event that nobody found are not counted
        colour = "white" if share[row, column] > 0.5 else "black"
        text = str(table.counts[row, column])
        axes.text(column, row, text, ha="center", va="center", color=colour)
    places = range(len(table.rows))
    axes.set_xticks(places, _short(table.columns), rotation=30, ha="right", fontsize=8)
    axes.set_yticks(places, _short(table.rows), fontsize=8)
    axes.set(xlabel="found as", ylabel="truth")
    return _png(figure)


def over_time_png(counts: ErrorsOverTime) -> bytes:
    """Hits and misses upwards, false alarms downwards."""
    figure = _figure((8.6, 3.2))
    axes = figure.subplots()
    at, width = counts.first_frames + (counts.width - 1) / 2, 0.85 * counts.width
    axes.bar(at, counts.hits, width, color=HIT, label="hits")
    axes.bar(at, counts.misses, width, counts.hits, color=MISSED, label="missed")
    axes.bar(at, -counts.false_alarms, width, color=FALSE, label="false alarms")
    axes.axhline(0, color="black", linewidth=0.8)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    frames = "frame" if counts.width == 1 else f"frame (bins of {counts.width})"
    axes.set(xlabel=frames, ylabel="events")
    axes.legend(fontsize=8, ncols=3)
    return _png(figure)


def errors_png(
    evaluation: Evaluation, pixel_size_um: float | None, frame_interval_s: float | None
) -> bytes:
    """How late and how far off the hits are, in frames and pixels, and in minutes and um."""
    figure = _figure((8.6, 3.2))
    left, right = figure.subplots(1, 2)
    late, far = evaluation.matching.time_errors, evaluation.matching.distances
    limits = evaluation.settings.tolerance
    edges = np.arange(-limits.frames, limits.frames + 2) - 0.5
    left.hist(late, bins=list(edges), color=A, rwidth=0.9)
    right.hist(far, bins=list(np.linspace(0, limits.radius_px, 21)), color=A, rwidth=0.9)
    left.set(xlabel="found t minus true t (frames)", ylabel="hits")
    right.set(xlabel="distance (px)", ylabel="hits")
    for axes, scale, unit in (
        (left, None if frame_interval_s is None else frame_interval_s / 60, "min"),
        (right, pixel_size_um, "µm"),
    ):
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_ylim(0, max(1, axes.get_ylim()[1]))
        if scale is not None:
            _add_scale(axes, scale, unit)
    return _png(figure)


def _draw_curve(axes: Axes, name: str, one: Evaluation, colour: str) -> None:
    """Draw a curve, its band and the chosen threshold, or a single point without scores."""
    figures, curve = one.quality.figures, one.quality.curve
    band = one.quality.band
    if one.scores.is_ranking:
        low, high = (np.asarray(end, np.float64) for end in (band.low, band.high))
        known = np.isfinite(low) & (curve.recall.max(initial=0.0) >= RECALLS)
        axes.fill_between(
            RECALLS[known], low[known], high[known], color=colour, alpha=0.2, linewidth=0
        )
        area = f"AP {figures['average_precision'].value:.2f}"
        axes.step(
            *_steps(one.quality), where="pre", color=colour, label=f"{_short([name])[0]}, {area}"
        )
    recall, precision = (figures[figure].value for figure in ("recall", "precision"))
    least = one.settings.threshold
    chosen = "all events" if least is None else f"from {least:g}"
    told = f"{chosen}: F1 {figures['f1'].value:.2f}"
    axes.plot(recall, precision, "o", color=colour, markeredgecolor="black", label=told)


def _steps(one: Quality) -> tuple[Any, Any]:
    """Recall and precision as a step line that begins at recall 0."""
    curve = one.curve
    if not len(curve.thresholds):
        return [], []
    return np.append(0.0, curve.recall), np.append(curve.precision[0], curve.precision)


def _draw_equal_f1(axes: Axes) -> None:
    """Draw lines of equal F1, so that a point can be read."""
    for f1 in EQUAL_F1:
        recall = np.linspace(f1 / (2 - f1) + 1e-6, 1, 200)
        axes.plot(recall, f1 * recall / (2 * recall - f1), color="0.85", linewidth=0.8, zorder=0)
        axes.text(
            *(1.015, f1 / (2 - f1), f"F1 {f1:g}"),
            color="0.5",
            fontsize=7,
            ha="right",
            va="center",
            zorder=0,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )


def _add_scale(axes: Axes, scale: float, unit: str) -> None:
    """Add an axis in physical units above."""
    forth: Any = lambda value: np.asarray(value) * scale  # noqa: E731 - matplotlib's functions
    back: Any = lambda value: np.asarray(value) / scale  # noqa: E731
    above = axes.secondary_xaxis("top", functions=(forth, back))
    above.set_xlabel(unit, fontsize=8)
    above.tick_params(labelsize=8)


def _short(names: Sequence[str]) -> list[str]:
    return [n if len(n) <= MOST_LETTERS else f"{n[: MOST_LETTERS - 1]}…" for n in names]


def _figure(size: tuple[float, float]) -> Figure:
    figure = Figure(figsize=size, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def _png(figure: Figure) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=DPI)
    return file.getvalue()
