"""Curves of a training: which points they hold, and that they can be drawn."""

import subprocess
import sys

import pytest

from cell_events.gui.forms.curve_points import CurvePoints
from cell_events.gui.forms.curves import TrainingCurves


def report(done, **values):
    return {"stage": "learn", "done": done, "total": 9, "values": values}


@pytest.fixture
def curves(qtbot):
    curves = TrainingCurves()
    qtbot.addWidget(curves)
    return curves


def test_a_curve_keeps_every_point_while_it_has_room():
    points = CurvePoints(most=8)
    for step in range(7):
        points.add(step, 10 * step)
    assert points.x == [0, 1, 2, 3, 4, 5, 6]
    assert points.y == [0, 10, 20, 30, 40, 50, 60]


def test_a_full_curve_averages_neighbours_and_keeps_its_shape():
    points = CurvePoints(most=8)
    for step in range(1000):
        points.add(step, 2.0 * step)
        assert len(points.x) < 8
    assert points.y == [2 * x for x in points.x]
    assert points.x[0] < 128
    assert points.x[-1] > 800


def test_reports_become_points_by_the_names_of_their_measurements(curves):
    curves.add_report(report(1, total=0.7, decorrelation=3.0, accuracy=0.5, learning_rate=1e-3))
    curves.add_report(report(2, total=0.6, accuracy=0.6, validation_accuracy=0.8))
    assert curves.points["total"].y == [0.7, 0.6]
    assert curves.points["decorrelation"].x == [1]
    assert curves.points["accuracy"].y == [0.5, 0.6]
    assert curves.points["validation_accuracy"].x == [2]


def test_another_round_goes_on_where_the_first_ended(curves):
    for done in (1, 2, 3, 1, 2):
        curves.add_report(report(done, total=1.0))
        curves.add_report({"stage": "read", "done": 0, "total": 1, "values": {}})
    assert curves.points["total"].x == [1, 2, 3, 4, 5]


def test_curves_stay_until_the_next_run_begins(curves):
    curves.add_report(report(1, total=1.0))
    assert curves.points["total"].x == [1]
    curves.clear()
    assert curves.points["total"].x == []


def test_unfolded_curves_are_drawn_within_220_pixels(curves, qtbot):
    curves.add_report(report(1, total=0.0, accuracy=0.5))
    curves.show()
    folded = curves.sizeHint().height()
    curves.fold.expand(animate=False)
    curves.add_report(report(2, total=0.5, validation_accuracy=0.5))
    qtbot.waitUntil(lambda: not curves._redraw.isActive(), timeout=20_000)
    curves.draw()
    assert curves.sizeHint().height() - folded <= 220


def test_the_drawing_library_is_loaded_only_when_the_curves_are_unfolded():
    code = """
import sys
from qtpy.QtWidgets import QApplication
app = QApplication([])
from cell_events.gui.forms.curves import TrainingCurves
curves = TrainingCurves()
curves.add_report({"stage": "learn", "done": 1, "total": 2, "values": {"total": 1.0}})
sys.exit("pyqtgraph" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_losses_stand_alone_where_nothing_else_is_measured(curves):
    curves.fold.expand(animate=False)
    for done in range(1, 50):
        curves.add_report(report(done, total=1 / done))
    curves.draw()
    losses, accuracies = curves._plots._plots
    assert accuracies.isHidden()
    assert losses.getViewBox().viewRange()[0][1] >= 49
    curves.add_report(report(50, total=0.1, validation_F1=0.8, validation_loss=0.1))
    curves.draw()
    assert not accuracies.isHidden()
    assert "F1 where held out" in curves._plots._names[1].text()
