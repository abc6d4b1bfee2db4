"""The mass of one cell over time."""

import numpy as np
import pytest
from qtpy.QtCore import QPointF, Qt

from cell_events.dry_mass.cell_picture import CellPicture
from cell_events.dry_mass.curves import MassCurve
from cell_events.dry_mass.forecast_table import CellForecast
from cell_events.dry_mass.population_band import PopulationBand
from cell_events.gui.forms.frame_times import FrameTimes
from cell_events.gui.forms.mass_curve_plot import NOTHING, MassCurvePlot


def curve(track_id, first, mass, doubtful=()):
    mass = np.asarray(mass, float)
    return MassCurve(track_id, first, mass, None, np.isin(np.arange(len(mass)), doubtful))


MOTHER = curve(4, 0, np.linspace(90, 110, 10))
CELL = curve(7, 10, [50, 52, np.nan, 54, np.nan, *np.linspace(55, 70, 15)], doubtful=[1, 2])
FRAMES = np.arange(20, 30)
FORECAST = CellForecast(FRAMES, np.full(10, 64.0), np.full(10, 60.0), np.full(10, 68.0))
SEEN = CellPicture(CELL, (MOTHER,), (10,), (20, 29), FORECAST)
BAND = PopulationBand(np.arange(30), np.full(30, 80.0), np.full(30, 90.0), np.full(30, 99.0))


@pytest.fixture
def plot(qtbot):
    plot = MassCurvePlot()
    qtbot.addWidget(plot)
    plot.resize(330, 220)
    with qtbot.waitExposed(plot):
        plot.show()
    plot.show_cell(SEEN)
    qtbot.wait(20)
    return plot


def test_nothing_is_drawn_before_there_is_a_cell(qtbot):
    plot = MassCurvePlot()
    qtbot.addWidget(plot)
    assert plot.drawing is None
    assert plot.key.text() == NOTHING


def test_gaps_stay_gaps_and_a_frame_between_two_of_them_is_a_point(plot):
    x, mass = plot.drawing.mass.getData()
    assert x.tolist() == list(range(10, 30))
    assert np.isnan(mass[[2, 4]]).all()
    assert plot.drawing.mass.opts["connect"] == "finite"
    assert plot.drawing.single.getData()[0].tolist() == [13]


def test_doubtful_points_are_marked_where_there_is_a_mass(plot):
    assert plot.drawing.doubtful.getData()[0].tolist() == [11]


def test_the_stretch_the_forecast_and_the_division_are_shown(plot):
    assert plot.drawing.stretch.getRegion() == (20, 29)
    assert plot.drawing.expected.middle.getData()[1].tolist() == [64] * 10
    assert [line.value() for line in plot.drawing.divisions] == [9.5]
    assert plot.drawing.relatives.getData()[0][:10].tolist() == list(range(10))


def test_the_key_names_what_is_there_and_nothing_else(plot):
    assert all(word in plot.key.text() for word in (">&nbsp;cell", "forecast", "doubtful"))
    assert "other&nbsp;cells" not in plot.key.text()
    plot.show_cell(CellPicture(MOTHER))
    assert not any(word in plot.key.text() for word in ("forecast", "doubtful", "mother"))


def test_another_cell_leaves_nothing_of_the_one_before(plot):
    plot.show_cell(CellPicture(MOTHER))
    drawing = plot.drawing
    assert not drawing.stretch.isVisible()
    assert not drawing.expected.area.isVisible()
    assert drawing.divisions == []
    assert not len(drawing.doubtful.getData()[0])
    assert drawing.relatives.getData()[0] is None
    plot.show_cell(None)
    assert drawing.plot.isHidden()
    assert plot.key.text() == NOTHING


def test_what_other_cells_weigh_is_in_view(plot):
    plot.set_population(BAND)
    low, high = plot.drawing.plot.getViewBox().viewRange()[1]
    assert low < 50
    assert high > 99
    assert plot.drawing.others.middle.getData()[1].tolist() == [90] * 30


def test_time_is_in_hours_where_the_interval_is_known(plot):
    plot.set_frame_interval(1800)
    plot.set_frame(24)
    assert plot.drawing.cursor.value() == 12
    assert plot.drawing.plot.getAxis("bottom").labelText == "hours"
    assert plot.drawing.stretch.getRegion() == (10, 14.5)


def test_short_movies_are_counted_in_minutes():
    times = FrameTimes(120).fitting(29)
    assert (times.words, times.at(15.0), times.frame(30.4)) == ("minutes", 30, 15)
    assert FrameTimes().fitting(1000).words == "frame"


@pytest.mark.parametrize("interval", [None, 1800])
def test_a_click_tells_the_nearest_frame_of_the_cell(plot, qtbot, interval):
    plot.set_frame_interval(interval)
    clicked = []
    plot.frame_clicked.connect(clicked.append)
    view, scale = plot.drawing.plot.getViewBox(), 0.5 if interval else 1
    for frame in (15, 24, 8.5):  # the last one before the cell was born
        place = view.mapViewToScene(QPointF(frame * scale, 60))
        where = plot.drawing.plot.mapFromScene(place)
        qtbot.mouseMove(plot.drawing.plot.viewport(), where)
        qtbot.mouseClick(
            plot.drawing.plot.viewport(), Qt.MouseButton.LeftButton, pos=where, delay=10
        )
        qtbot.wait(20)
    assert clicked == [15, 24, 10]


def test_the_line_follows_the_viewer_also_before_there_is_a_plot(qtbot):
    plot = MassCurvePlot()
    qtbot.addWidget(plot)
    plot.set_frame(12)
    plot.show_cell(SEEN)
    assert plot.drawing.cursor.value() == 12
    plot.set_frame(13)
    assert plot.drawing.cursor.value() == 13
