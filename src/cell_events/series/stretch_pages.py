"""Pages of curves with their abnormal stretches in colour."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from cell_events.engine import atomic
from cell_events.series.labelled_series import Series
from cell_events.series.stretch_panels import Panel

ROWS, COLUMNS = 4, 2
PER_PAGE = ROWS * COLUMNS
MOST_PAGES = 6
MOST_DRAWN = MOST_PAGES * PER_PAGE
"""Parts of series that are drawn at most: those with the surest stretches."""

DPI = 110
MOST_POINTS = 4000
CURVE = "#333333"
FURTHER_CURVES = ("#777777", "#999999", "#bbbbbb")

# Tol, bright and muted: told apart by people with any colour vision.
COLOURS = (
    *("#EE6677", "#4477AA", "#CCBB44", "#228833", "#AA3377", "#66CCEE"),
    *("#882255", "#117733", "#DDCC77", "#332288"),
)


def kind_colours(kinds: Sequence[str]) -> dict[str, str]:
    """Colour of each kind; after ten they come again."""
    return {kind: COLOURS[number % len(COLOURS)] for number, kind in enumerate(kinds)}


def write_stretch_pages(
    folder: Path,
    panels: Sequence[Panel],
    curves: Sequence[Series],
    kinds: Sequence[str],
    dates: bool = False,
) -> Iterator[tuple[int, int]]:
    """Write curves_01.png and so on; yields the page done and the number of pages.

    Parameters
    ----------
    curves
        Of each panel.
    kinds
        All kinds, by which colours are given.
    dates
        Times are seconds since 1970, to be shown as dates.
    """
    drawn = list(zip(panels, curves, strict=True))
    pages = [drawn[i : i + PER_PAGE] for i in range(0, len(drawn), PER_PAGE)]
    colours = kind_colours(kinds)
    for number, page in enumerate(pages, 1):
        figure = Figure(figsize=(11, 12))
        FigureCanvasAgg(figure)
        figure.subplots_adjust(0.07, 0.08, 0.98, 0.96, wspace=0.18, hspace=0.42)
        axes = figure.subplots(ROWS, COLUMNS, squeeze=False).ravel()
        for place, (panel, curve) in zip(axes, page, strict=False):
            draw_panel(place, panel, curve, colours, dates)
        for empty in axes[len(page) :]:
            empty.axis("off")
        _add_legend(figure, [panel for panel, _ in page], colours)
        figure.supxlabel("time", y=0.045)
        _save(figure, folder / f"curves_{number:02d}.png")
        yield number, len(pages)


def draw_panel(
    axes: Axes, panel: Panel, curve: Series, colours: Mapping[str, str], dates: bool = False
) -> None:
    """Draw curves, those of further channels paler, and the stretches behind them."""
    times = _shown_times(curve.times, dates)
    half = float(np.median(np.diff(curve.times))) / 2 if len(curve.times) > 1 else 0.5
    for one in panel.segments:
        edges = _shown_times(np.array([one.start - half, one.end + half]), dates)
        axes.axvspan(edges[0], edges[1], color=colours[one.kind], alpha=0.3, linewidth=0)
    stride = max(1, len(times) // MOST_POINTS)
    marker = "." if len(times) <= 1 else None
    further = FURTHER_CURVES * (1 + len(curve.channels) // len(FURTHER_CURVES))
    for row, colour in zip(curve.values, (CURVE, *further), strict=False):
        axes.plot(times[::stride], row[::stride], marker=marker, color=colour, linewidth=1)
    axes.set_xlim(*_shown_times(curve.times[[0, -1]] + [-half, half], dates))
    surest = panel.segments[0]
    axes.set_title(f"{panel.series}: {surest.kind} ({surest.score:.2f})", fontsize=9)
    axes.set_ylabel(curve.channels[0] if len(curve.channels) == 1 else "", fontsize=8)
    axes.tick_params(labelsize=8)
    if dates:
        axes.tick_params(axis="x", labelrotation=15)


def _shown_times(times: Any, dates: bool) -> Any:
    if not dates:
        return times
    return np.array([datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=float(t)) for t in times])


def _add_legend(figure: Figure, panels: Sequence[Panel], colours: Mapping[str, str]) -> None:
    present = {one.kind for panel in panels for one in panel.segments}
    patches = [
        Patch(color=colour, alpha=0.3, label=kind)
        for kind, colour in colours.items()
        if kind in present
    ]
    figure.legend(handles=patches, loc="lower center", ncols=5, frameon=False, fontsize=9)


def _save(figure: Figure, path: Path) -> None:
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=DPI)
    atomic.write_bytes(path, file.getvalue())
