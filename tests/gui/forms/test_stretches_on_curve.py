"""Abnormal stretches on a mass curve, and the widgets that make them."""

import numpy as np
import pytest

from cell_events.dry_mass.cell_picture import CellPicture
from cell_events.dry_mass.curves import MassCurve
from cell_events.gui.forms.column_chooser import ColumnChooser
from cell_events.gui.forms.mass_curve_plot import MassCurvePlot
from cell_events.gui.forms.stretch_tools import ERASE, PAINT, StretchTools
from cell_events.gui.layers.stretch_colours import PAINTED_KINDS, STRETCH_COLOURS
from cell_events.series.labelled_series import NORMAL, Segment
from cell_events.series.mass_mishaps import MASS_KINDS
from cell_events.series.synthetic import KINDS

CELL = MassCurve(7, 10, np.linspace(50, 70, 20), None, np.zeros(20, bool))
ARREST, LOSS = Segment("7", "arrest", 12, 15, 0.8), Segment("7", "loss", 14, 20, 0.6)


@pytest.fixture
def plot(qtbot):
    plot = MassCurvePlot()
    qtbot.addWidget(plot)
    plot.show_cell(CellPicture(CELL))
    return plot


def spans(areas):
    return [(area.span, area.getRegion()) for area in areas]


def test_a_stretch_reaches_over_the_whole_of_its_frames(plot):
    plot.set_stretches((), (ARREST,))
    assert spans(plot.stretches.found) == [((0, 1), (11.5, 15.5))]


def test_stretches_are_drawn_in_the_units_of_the_axis(plot):
    plot.set_frame_interval(1800)
    plot.set_stretches((), (ARREST,))
    assert plot.stretches.found[0].getRegion() == (5.75, 7.75)


def test_kinds_that_were_found_at_the_same_time_do_not_cover_each_other(plot):
    plot.set_stretches((), (ARREST, LOSS))
    assert [area.span for area in plot.stretches.found] == [(0.5, 1), (0, 0.5)]


def test_painted_kinds_are_bars_below_each_other(plot):
    plot.set_stretches((ARREST, LOSS, Segment("7", "arrest", 25, 26)), ())
    tops = [area.span[1] for area in plot.stretches.painted]
    assert tops[0] == tops[2] > plot.stretches.painted[1].span[1]


def test_another_cell_has_other_stretches(plot):
    plot.set_stretches((ARREST,), (LOSS,))
    plot.set_stretches((), ())
    assert plot.stretches.painted == plot.stretches.found == []
    assert "arrest" not in plot.key.text()


def test_the_key_tells_the_surest_stretch_of_each_kind(plot):
    plot.set_stretches((), (ARREST, Segment("7", "arrest", 25, 26, 0.93)))
    assert plot.key.text().count("arrest") == 1
    assert "93%" in plot.key.text()


def test_there_are_no_tools_without_a_curve(plot):
    assert not plot.tools.isHidden()
    plot.show_cell(None)
    assert plot.tools.isHidden()


def test_at_most_one_tool_is_in_the_hand(qtbot):
    tools = StretchTools()
    qtbot.addWidget(tools)
    assert tools.tool == ""
    tools.paint.click()
    assert tools.tool == PAINT
    tools.erase.click()
    assert tools.tool == ERASE
    tools.erase.click()
    assert tools.tool == ""


def test_kinds_that_models_know_have_colours_of_their_own():
    known = {*MASS_KINDS, *KINDS, NORMAL}
    assert known == set(STRETCH_COLOURS)
    assert len(set(STRETCH_COLOURS.values())) == len(known)
    assert (*MASS_KINDS, NORMAL) == PAINTED_KINDS


def test_columns_keep_their_order_and_one_always_stays(qtbot):
    chooser = ColumnChooser("Which columns.")
    qtbot.addWidget(chooser)
    assert not chooser.isEnabled()
    chooser.offer(["mass", "area", "width"], ["width"])
    told = []
    chooser.changed.connect(lambda: told.append(chooser.chosen))
    for name in ("mass", "width", "mass"):
        chooser._boxes[name].click()
    assert told == [("mass", "width"), ("mass",)]
    assert chooser.chosen == ("mass",)
    assert chooser.text() == "mass"
