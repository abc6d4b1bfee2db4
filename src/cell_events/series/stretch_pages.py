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
from matplotlib.dates import ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

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
LEAST_WIDTH = 0.006
"""Share of a panel that a stretch takes at least, so that a single point can be seen."""

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
        figure, places = _page(len(page))
        for axes, (panel, curve) in zip(places, page, strict=False):
            draw_panel(axes, panel, curve, colours, dates)
        for empty in places[len(page) :]:
            empty.axis("off")
        _add_legend(figure, [panel for panel, _ in page], colours)
        _save(figure, folder / f"curves_{number:02d}.png")
        yield number, len(pages)


def draw_panel(
    axes: Axes, panel: Panel, curve: Series, colours: Mapping[str, str], dates: bool = False
) -> None:
    """Draw curves, and the stretches behind them; several channels one below the other."""
    times = _shown_times(curve.times, dates)
    half = float(np.median(np.diff(curve.times))) / 2 if len(curve.times) > 1 else 0.5
    width = curve.times[-1] - curve.times[0]
    for one in panel.segments:
        wider = max(half, (LEAST_WIDTH * width - (one.end - one.start)) / 2)
        edges = _shown_times(np.array([one.start - wider, one.end + wider]), dates)
        axes.axvspan(edges[0], edges[1], color=colours[one.kind], alpha=0.35, linewidth=0)
    _draw_channels(axes, times, curve)
    axes.set_xlim(*_shown_times(curve.times[[0, -1]] + [-half, half], dates))
    surest = panel.segments[0]
    axes.set_title(f"{panel.series}: {surest.kind} ({surest.score:.2f})", fontsize=9)
    axes.set_xlabel("" if dates else "time", fontsize=8)
    axes.tick_params(labelsize=8)
    if dates:
        formatter: Any = ConciseDateFormatter
        axes.xaxis.set_major_formatter(formatter(axes.xaxis.get_major_locator()))
    elif (curve.times % 1 == 0).all():
        axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True))


def _page(number: int) -> tuple[Figure, Sequence[Axes]]:
    """Make a page for so many panels."""
    rows = -(-number // COLUMNS)
    height = 2.9 * rows + 0.6
    figure = Figure(figsize=(11, height))
    FigureCanvasAgg(figure)
    places = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
    bottom, top = (0.5 + 0.4) / height, 1 - 0.35 / height
    figure.subplots_adjust(0.07, bottom, 0.98, top, wspace=0.18, hspace=0.45)
    return figure, list(places)


def _draw_channels(axes: Axes, times: Any, curve: Series) -> None:
    """Draw one channel in its units, or several with a range of 1 each."""
    stride = max(1, len(times) // MOST_POINTS)
    marker = "." if len(times) <= 1 else None
    values, offsets = curve.values, np.arange(len(curve.values)) * -1.15
    if len(values) == 1:
        axes.set_ylabel(curve.channels[0], fontsize=8)
    else:
        values = np.stack([_in_unit_range(row) for row in values])
        axes.set_yticks(offsets + 0.5, curve.channels)
    for row, offset in zip(values, offsets, strict=True):
        axes.plot(times[::stride], row[::stride] + offset, marker=marker, color=CURVE, linewidth=1)


def _in_unit_range(row: NDArray[np.float32]) -> NDArray[np.float32]:
    known = row[np.isfinite(row)]
    if not len(known) or known.max() == known.min():
        return row * 0 + np.float32(0.5)
    return np.asarray((row - known.min()) / (known.max() - known.min()), np.float32)


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
