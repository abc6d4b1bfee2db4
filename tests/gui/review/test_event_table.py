"""The table of events: filters, sorting, and going from row to event and back."""

import pytest
from qtpy.QtCore import QItemSelectionModel, Qt

from cell_events.events import Event
from cell_events.gui.review.event_filters import frame_range
from cell_events.gui.review.event_list import EventList
from cell_events.gui.review.event_table import EventTable
from cell_events.gui.review.event_table_model import COLUMNS

EVENTS = {
    "a": Event(9, 10, 20, score=0.9, source="first model"),
    "b": Event(2, 11, 21, kind="death", score=0.2, probability=0.6, status="rejected"),
    "c": Event(5, 12, 22, score=0.5, source="second model"),
    "added-1": Event(7, 13, 23, kind="death", status="added"),
}


@pytest.fixture
def events(qapp):
    listed = EventList()
    listed.set_events(EVENTS)
    listed.edit_wanted.connect(lambda _, changes: listed.put(changes))
    return listed


@pytest.fixture
def table(qtbot, events):
    table = EventTable(events, ("division", "death"))
    qtbot.addWidget(table)
    table.resize(1000, 200)
    table.show()
    return table


def shown(table):
    return [table.model.id_at(row) for row in range(table.model.rowCount())]


def cell(table, row, column):
    return table.model.data(table.model.index(row, COLUMNS.index(column)))


def click(qtbot, table, row, modifier=Qt.KeyboardModifier.NoModifier):
    place = table.view.visualRect(table.model.index(row, 2)).center()
    qtbot.mouseClick(table.view.viewport(), Qt.MouseButton.LeftButton, modifier, place)


def select_rows(table, *rows):
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for row in rows:
        table.view.choice.select(table.model.index(row, 0), flags)


def test_events_come_in_the_order_of_time(table):
    assert shown(table) == ["b", "c", "added-1", "a"]
    assert [cell(table, 0, name) for name in COLUMNS] == [
        "\N{BALLOT X} rejected", "death", "2", "", "11.0", "21.0", "0.20", "0.60", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("column", "ascending", "descending"),
    [
        ("kind", ["b", "added-1", "c", "a"], ["c", "a", "b", "added-1"]),
        ("score", ["b", "c", "a", "added-1"], ["a", "c", "b", "added-1"]),
        ("x", ["a", "b", "c", "added-1"], ["added-1", "c", "b", "a"]),
        ("source", ["b", "added-1", "a", "c"], ["c", "a", "b", "added-1"]),
    ],
)
def test_a_column_sorts_both_ways_with_unknown_numbers_last(table, column, ascending, descending):
    section = COLUMNS.index(column)
    table.view.sortByColumn(section, Qt.SortOrder.AscendingOrder)
    assert shown(table) == ascending
    table.view.sortByColumn(section, Qt.SortOrder.DescendingOrder)
    assert shown(table) == descending


def test_a_click_on_a_header_sorts(table, qtbot):
    header = table.view.horizontalHeader()
    x = header.sectionViewportPosition(COLUMNS.index("score")) + 9
    place = header.rect().topLeft() + type(header.rect().topLeft())(x, 5)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert shown(table) in (["b", "c", "a", "added-1"], ["a", "c", "b", "added-1"])


def test_filters_leave_what_matches_and_say_how_much(table):
    filters = table.filters
    assert filters.shown.text() == "4 events"
    filters.kind.setCurrentText("division")
    assert shown(table) == ["c", "a"]
    assert filters.shown.text() == "2 of 4 shown"
    filters.text.setText("SECOND")
    assert shown(table) == ["c"]
    filters.show_all()
    filters.status.setCurrentText("added")
    assert shown(table) == ["added-1"]
    filters.show_all()
    filters.least_score.setValue(0.6)
    assert shown(table) == ["b", "a"]
    filters.show_all()
    filters.frames.setText("5-7")
    assert shown(table) == ["c", "added-1"]


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("", (None, None)),
        ("12", (12, 12)),
        ("3 - 8", (3, 8)),
        ("3-", (3, None)),
        ("-8", (None, 8)),
        ("x", (None, None)),
    ],
)
def test_frames_are_read_as_one_or_as_a_range(text, limits):
    assert frame_range(text) == limits


def test_a_clicked_row_selects_its_event_and_arrow_keys_go_on(table, events, qtbot):
    with qtbot.waitSignal(events.selected) as selected:
        click(qtbot, table, 1)
    assert selected.args == ["c"]
    qtbot.keyClick(table.view, Qt.Key.Key_Down)
    assert events.selected_id == "added-1"


def test_an_event_selected_elsewhere_is_scrolled_to_and_selected(table, events):
    events.set_events({str(i): Event(i, 0, 0) for i in range(500)})
    told = []
    events.selected.connect(told.append)
    events.select("400")
    assert table.selected_ids == ["400"]
    row = table.view.visualRect(table.model.index(400, 0))
    assert table.view.viewport().rect().contains(row.center())
    assert told == ["400"]


def test_an_event_that_is_filtered_away_selects_no_row(table, events):
    events.select("c")
    table.filters.kind.setCurrentText("death")
    events.select("a")
    assert table.selected_ids == []
    assert events.selected_id == "a"


def test_several_rows_are_decided_at_once(table, events):
    select_rows(table, 0, 1, 3)
    table.accept.click()
    assert [events.get(name).status for name in "abc"] == ["accepted"] * 3
    assert table.selected_ids == ["b", "c", "a"]
    table.kind_menu.actions()[1].trigger()
    assert [events.get(name).kind for name in "abc"] == ["death"] * 3
    table.reject.click()
    assert [events.get(name).status for name in "abc"] == ["rejected"] * 3


def test_only_added_events_can_be_deleted(table, events):
    select_rows(table, 0, 1)
    assert not table.delete.isEnabled()
    select_rows(table, 2)
    assert table.delete.isEnabled()
    table.delete.click()
    assert shown(table) == ["b", "c", "a"]


def test_keys_decide_about_the_selected_rows(table, events, qtbot):
    with qtbot.waitActive(table):  # keys reach the active window only
        table.activateWindow()
    table.view.setFocus()
    qtbot.waitUntil(table.view.hasFocus)
    click(qtbot, table, 1)
    qtbot.keyClick(table.view, Qt.Key.Key_A)
    assert events.get("c").status == "accepted"
    qtbot.keyClick(table.view, Qt.Key.Key_2)
    assert events.get("c").kind == "death"
    qtbot.keyClick(table.view, Qt.Key.Key_BracketRight)
    assert events.get("c").t == 6


def test_a_changed_event_keeps_its_row_until_the_next_sort(table, events):
    events.shift_time(["b"], 5)
    assert shown(table) == ["b", "c", "added-1", "a"]
    assert cell(table, 0, "t") == "7"
    table.model.refresh()
    assert shown(table) == ["c", "b", "added-1", "a"]


def test_an_event_that_no_longer_matches_goes_and_new_ones_come(table, events):
    table.filters.status.setCurrentText("proposed")
    assert shown(table) == ["c", "a"]
    events.accept(["c"])
    assert shown(table) == ["a"]
    events.put({"b": Event(2, 0, 0), "new": Event(1, 0, 0)})
    assert shown(table) == ["new", "b", "a"]
    events.put({"b": None})
    assert shown(table) == ["new", "a"]


def test_rows_removed_from_the_list_do_not_mix_up_the_selection(table, events):
    select_rows(table, 1, 3)
    events.put({"b": None})
    assert table.selected_ids == ["c", "a"]


def test_times_are_told_where_the_frame_interval_is_known(table):
    assert table.view.isColumnHidden(COLUMNS.index("time"))
    table.set_frame_interval(90)
    assert not table.view.isColumnHidden(COLUMNS.index("time"))
    assert cell(table, 0, "time") == "3.0"
    heading = table.model.headerData(COLUMNS.index("time"), Qt.Orientation.Horizontal)
    assert heading == "time (min)"
    table.set_frame_interval(10)
    assert cell(table, 0, "time") == "20.0"


def test_the_context_menu_offers_what_the_buttons_do(table):
    select_rows(table, 1)
    texts = {action.text().split("\t")[0]: action for action in table.context_menu().actions()}
    assert list(texts) == ["Accept", "Reject", "Set kind", "Delete"]
    assert texts["Accept"].isEnabled()
    assert not texts["Delete"].isEnabled()
