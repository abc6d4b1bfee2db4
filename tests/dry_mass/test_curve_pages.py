"""Pictures of a report: the histogram of scores and pages of curves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread

from cell_events.dry_mass.curve_pages import draw_curve, write_curve_pages
from cell_events.dry_mass.flags import CellFlag
from cell_events.dry_mass.forecast_table import CellForecast
from cell_events.dry_mass.score_figure import write_score_histogram
from tests.dry_mass.growing_cells import curve_of, growing_curves


def flag(track_id: int, score: float = 1.0) -> CellFlag:
    return CellFlag(track_id, "flagged", score, 0.5, reason="loss", first=3, last=8)


def test_twelve_cells_fill_a_page(tmp_path: Path) -> None:
    curves = {curve.track_id: curve for curve in growing_curves(13, 12)}
    reports = list(write_curve_pages(tmp_path, [flag(i) for i in curves], curves, {}))
    assert reports == [(1, 2), (2, 2)]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["curves_01.png", "curves_02.png"]


def test_no_flagged_cell_gives_no_page(tmp_path: Path) -> None:
    assert list(write_curve_pages(tmp_path, [], {}, {})) == []


def test_a_curve_is_drawn_with_its_gap_and_its_forecast() -> None:
    axes = Figure().subplots()
    frames, mass = np.arange(3, 6), np.full(3, 200.0)
    forecast = CellForecast(frames, mass, mass - 10, mass + 10)
    draw_curve(axes, flag(7, 2.5), curve_of([200, np.nan, 210, 220], 7, first=2), forecast)
    curve, _, told = axes.lines
    np.testing.assert_array_equal(curve.get_xdata(), [2, 3, 4, 5])
    assert np.isnan(curve.get_ydata()[1])
    np.testing.assert_array_equal(told.get_xdata(), frames)
    assert axes.get_title() == "cell 7: loss (2.5)"


@pytest.mark.parametrize(
    ("scores", "threshold"),
    [
        (np.append(np.linspace(1, 2, 90), [50.0, np.nan]), 3.0),
        (np.ones(5), 1.0),
        (np.zeros(5), 0.0),
        (np.array([1.0, 2.0, 3.0]), 100.0),
    ],
    ids=["far out", "all equal", "all zero", "high threshold"],
)
def test_any_scores_have_a_histogram(tmp_path: Path, scores: np.ndarray, threshold: float) -> None:
    path = write_score_histogram(tmp_path / "h.png", scores, threshold, "score", "gaussian 1.96")
    assert imread(path).shape[:2] == (540, 960)
