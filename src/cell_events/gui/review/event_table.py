"""All events as a table: filter, sort, jump to one, decide about several."""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtCore import QPoint
from qtpy.QtGui import QAction, QCursor
from qtpy.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cell_events.gui.review.event_filters import EventFilters
from cell_events.gui.review.event_list import EventList
from cell_events.gui.review.event_table_model import COLUMNS, TIME, EventTableModel
from cell_events.gui.review.event_table_view import EventTableView
from cell_events.gui.review.key_map import BY_NAME, Handlers, bind_widget
from cell_events.review.decisions import is_added

MOST_KINDS = 9


class EventTable(QWidget):
    """A row that one clicks, or comes to with the arrow keys, becomes the selected event.

    Events that are selected elsewhere are scrolled to. Buttons, keys and the context menu act on
    all selected rows.

    Parameters
    ----------
    events
        What is shown.
    kinds
        Kinds of event in the project's order, which have keys and colours.
    """

    def __init__(
        self, events: EventList, kinds: tuple[str, ...] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._events, self._kinds = events, kinds
        self.filters = EventFilters()
        self.model = EventTableModel(events, self)
        self.view = EventTableView(self.model)
        self.kind_menu = QMenu(self)
        self.accept = _button("Accept", "The selected events are real.", self.accept_rows)
        self.reject = _button("Reject", "The selected events are none.", self.reject_rows)
        self.kind = _button("Set kind", "The selected events are real, but of another kind.")
        self.delete = _button(
            "Delete", "Delete those of the selected events that you added.", self.delete_rows
        )
        self.kind.setMenu(self.kind_menu)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._lay_out()
        self._connect()
        self.set_kinds(kinds)

    @property
    def selected_ids(self) -> list[str]:
        """Ids of the selected rows, from the top."""
        return self.view.selected_ids

    def set_kinds(self, kinds: tuple[str, ...]) -> None:
        """Offer these kinds of event."""
        self._kinds = kinds
        self.kind_menu.clear()
        for kind in kinds:
            self.kind_menu.addAction(kind, self._kind_setter(kind))
        self.model.set_kinds(kinds)

    def set_frame_interval(self, seconds: float | None) -> None:
        """Tell times as well, if the time between frames is known."""
        self.model.frame_interval_s = seconds
        self.view.setColumnHidden(COLUMNS.index(TIME), seconds is None)

    def accept_rows(self) -> None:
        """Accept the selected events."""
        self._events.accept(self.selected_ids)

    def reject_rows(self) -> None:
        """Reject the selected events."""
        self._events.reject(self.selected_ids)

    def delete_rows(self) -> None:
        """Delete those of the selected events that a person added."""
        self._events.delete(self.selected_ids)

    def shift_rows(self, frames: int) -> None:
        """Move the selected events in time."""
        self._events.shift_time(self.selected_ids, frames)

    def _kind_setter(self, kind: str) -> Callable[[], None]:
        return lambda: self._events.set_kind(self.selected_ids, kind)

    def _set_nth_kind(self, number: int) -> None:
        if number <= len(self._kinds):
            self._events.set_kind(self.selected_ids, self._kinds[number - 1])

    def _handlers(self) -> Handlers:
        """What the keys do in the table."""
        kinds = {f"kind {i}": (lambda i=i: self._set_nth_kind(i)) for i in range(1, MOST_KINDS + 1)}
        return kinds | {
            "accept": self.accept_rows,
            "reject": self.reject_rows,
            "earlier": lambda: self.shift_rows(-1),
            "later": lambda: self.shift_rows(1),
        }

    def _connect(self) -> None:
        self.filters.changed.connect(self._on_filter)
        self.model.filtered.connect(self._on_filtered)
        self.view.came_to.connect(self._events.select)
        self.view.choice.selectionChanged.connect(self._enable_buttons)
        self.view.customContextMenuRequested.connect(self._open_menu)
        self._events.selected.connect(self.view.show_event)
        self._shortcuts = bind_widget(self.view, self._handlers())

    def _on_filter(self) -> None:
        self.model.row_filter = self.filters.row_filter

    def _on_filtered(self) -> None:
        """Tell how many are shown, and offer the kinds that there are."""
        self.filters.say_shown(self.model.rowCount(), len(self._events))
        present = self._events.kinds - set(self._kinds)
        self.filters.offer_kinds((*self._kinds, *sorted(present)))
        self._enable_buttons()

    def _enable_buttons(self) -> None:
        """Enable what can be done about the selected rows."""
        ids = self.selected_ids
        for button in (self.accept, self.reject, self.kind):
            button.setEnabled(bool(ids))
        events = self._events.events
        self.delete.setEnabled(any(i in events and is_added(i, events[i]) for i in ids))

    def _open_menu(self, place: QPoint) -> None:
        del place  # in the rows, below the header; the mouse is where the menu is wanted
        self.context_menu().exec(QCursor.pos())

    def context_menu(self) -> QMenu:
        """What the right mouse button offers."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        _offer(menu, self.accept, f"Accept\t{BY_NAME['accept'].cap}")
        _offer(menu, self.reject, f"Reject\t{BY_NAME['reject'].cap}")
        kinds = QMenu("Set kind", menu)
        kinds.setEnabled(self.kind.isEnabled())
        menu.addMenu(kinds)
        for i, kind in enumerate(self._kinds, start=1):
            kinds.addAction(f"{kind}\t{i}", self._kind_setter(kind))
        _offer(menu, self.delete, "Delete")
        return menu

    def _lay_out(self) -> None:
        buttons = QVBoxLayout()
        buttons.setSpacing(4)
        for button in (self.accept, self.reject, self.kind, self.delete):
            buttons.addWidget(button)
        buttons.addStretch(1)
        below = QHBoxLayout()
        below.setSpacing(6)
        below.addWidget(self.view, 1)
        below.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 4, 6, 4)
        column.setSpacing(4)
        column.addWidget(self.filters)
        column.addLayout(below, 1)


def _offer(menu: QMenu, button: QPushButton, text: str) -> None:
    """Put a button's action in the menu."""
    action = QAction(text, menu)
    action.setEnabled(button.isEnabled())
    action.triggered.connect(button.click)
    menu.addAction(action)


def _button(text: str, tip: str, slot: Callable[[], None] | None = None) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    if slot is not None:
        button.clicked.connect(slot)
    return button
