"""Pages with the curves of flagged cells, the most abnormal ones first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from cell_events.dry_mass.curves import MassCurve
from cell_events.dry_mass.flags import CellFlag
from cell_events.dry_mass.forecast_table import CellForecast
from cell_events.dry_mass.score_figure import ABOVE, BELOW, save_png

ROWS, COLUMNS = 4, 3
PER_PAGE = ROWS * COLUMNS
MOST_PAGES = 10
MOST_DRAWN = MOST_PAGES * PER_PAGE
"""Cells that are drawn at most: the ones with the largest scores."""
FORECAST = "#228833"  # Tol, bright


def write_curve_pages(
    folder: Path,
    flagged: Sequence[CellFlag],
    curves: Mapping[int, MassCurve],
    forecasts: Mapping[int, CellForecast],
) -> Iterator[tuple[int, int]]:
    """Write curves_01.png and so on; yields the page done and the number of pages.

    At most 10 pages are written: the cells with the largest scores.
    """
    ordered = sorted(flagged, key=lambda flag: -flag.score)
    pages = [ordered[i : i + PER_PAGE] for i in range(0, len(ordered), PER_PAGE)][:MOST_PAGES]
    for number, page in enumerate(pages, 1):
        figure = Figure(figsize=(11, 12))
        FigureCanvasAgg(figure)
        figure.subplots_adjust(0.08, 0.06, 0.98, 0.96, wspace=0.25, hspace=0.3)
        axes = figure.subplots(ROWS, COLUMNS, squeeze=False).ravel()
        for place, flag in zip(axes, page, strict=False):
            draw_curve(place, flag, curves[flag.track_id], forecasts.get(flag.track_id))
        for empty in axes[len(page) :]:
            empty.axis("off")
        figure.supxlabel("frame")
        figure.supylabel("dry mass (pg)")
        save_png(figure, folder / f"curves_{number:02d}.png")
        yield number, len(pages)


def draw_curve(axes: Axes, flag: CellFlag, curve: MassCurve, forecast: CellForecast | None) -> None:
    """Draw a curve with its gaps, the stretch that decides, and the forecast with its band."""
    axes.axvspan(flag.first - 0.5, flag.last + 0.5, color=ABOVE, alpha=0.15, linewidth=0)
    frames = np.arange(curve.first, curve.last + 1)
    axes.plot(frames, curve.mass_pg, color=BELOW, linewidth=1.2)
    doubtful = curve.doubtful & np.isfinite(curve.mass_pg)
    axes.plot(frames[doubtful], curve.mass_pg[doubtful], ".", color=ABOVE, markersize=4)
    if forecast is not None:
        axes.fill_between(
            forecast.frames, forecast.low_pg, forecast.high_pg, color=FORECAST, alpha=0.2
        )
        axes.plot(forecast.frames, forecast.mass_pg, color=FORECAST, linewidth=1.2)
    axes.set_title(f"cell {flag.track_id}: {flag.reason} ({flag.score:.3g})", fontsize=9)
    axes.set_ylim(bottom=0)
    axes.tick_params(labelsize=8)
    axes.locator_params(axis="x", integer=True, nbins=5)
