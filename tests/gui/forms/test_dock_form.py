"""The frame that the forms of docks share."""

from qtpy.QtWidgets import QLabel

from cell_events.gui.forms.dock_form import DockForm


def test_rows_scroll_and_the_run_bar_stays_in_sight_above_what_comes_below(qtbot):
    form, row, between, below = DockForm(), QLabel("row"), QLabel("between"), QLabel("below")
    qtbot.addWidget(form)
    form.frame([("Name", row)], below)
    form.add_below(between)
    order = [form.layout().itemAt(i).widget() for i in range(form.layout().count())]
    assert order == [form.area, between, form.run_bar, below]
    assert form.area.isAncestorOf(row)
    assert not form.area.isAncestorOf(form.run_bar)
