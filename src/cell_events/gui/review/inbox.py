"""The inbox: one proposed event after the other, one key for each decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from cell_events.events import Event
from cell_events.gui.layers.colours import colour_of_kind
from cell_events.gui.review.event_follower import EventFollower
from cell_events.gui.review.event_list import EventList
from cell_events.gui.review.event_words import details, headline
from cell_events.gui.review.inbox_form import MOST_KINDS, InboxForm
from cell_events.gui.review.key_map import Handlers, bind_widget, without_arguments
from cell_events.gui.review.review_session import ReviewSession
from cell_events.movie import Movie
from cell_events.review.agreement import Progress
from cell_events.review.queue import AUDIT, ORDERS

EMPTY = "No proposals yet", "They appear here as soon as a model was trained and has looked."
NONE_SELECTED = "No event is selected", "Press N to begin."
ALL_DECIDED = "All proposals are decided", "Update the model, and new ones will come."


class Inbox(QWidget):
    """Shows the selected event, and asks its list for what a person decides.

    The owner of the list journals and puts what is wanted, listens to `undo_wanted()`,
    `redo_wanted()` and `why_wanted()`, keeps `state()` when `state_changed()` says so, tells the
    movie by `set_movie`, and calls `shut_down` at the end.

    Parameters
    ----------
    events
        The list of events.
    follower
        What brings the viewer to the selected event.
    kinds
        Kinds of event in the project's order.
    """

    undo_wanted = Signal()
    redo_wanted = Signal()
    why_wanted = Signal()
    state_changed = Signal()

    def __init__(
        self,
        events: EventList,
        follower: EventFollower,
        kinds: tuple[str, ...] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.form, self.session = InboxForm(), ReviewSession(events, self)
        self._events, self._follower, self._kinds = events, follower, kinds
        self._frame_interval_s: float | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.form)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._shortcuts = bind_widget(self, self.handlers)
        self._connect()
        self.set_kinds(kinds)

    @property
    def handlers(self) -> Handlers:
        """What each key does: for `key_map.bind` on the layers of the movie."""
        session = self.session
        return {f"kind {i}": self._kind_setter(i) for i in range(1, MOST_KINDS + 1)} | {
            "accept": session.accept,
            "reject": session.reject,
            "earlier": lambda: session.shift_time(-1),
            "later": lambda: session.shift_time(1),
            "skip": session.skip,
            "next": session.next,
            "back": session.back,
            "loop": self.toggle_loop,
            "undo": self.undo_wanted.emit,
            "redo": self.redo_wanted.emit,
            "why": self.why_wanted.emit,
        }

    def set_kinds(self, kinds: tuple[str, ...]) -> None:
        """Offer these kinds of event."""
        self._kinds = kinds
        self.form.offer_kinds(kinds)
        for i, button in enumerate(self.form.kind_buttons, start=1):
            button.clicked.connect(self._kind_setter(i))
        self._show()

    def set_movie(
        self,
        movie: Movie | None,
        contrast: tuple[float, float] = (0.0, 1.0),
        frame_interval_s: float | None = None,
    ) -> None:
        """Take pictures from this movie, with the contrast limits of its layer."""
        self._frame_interval_s = frame_interval_s
        self.form.thumbnails.set_movie(movie, contrast)
        self._show()

    def toggle_loop(self) -> None:
        """Loop, or stop; if the user's own moving stopped it, loop again."""
        box, follower = self.form.loop, self._follower
        if box.isChecked() and not follower.player.is_playing:
            follower.go_to_selected()
        else:
            box.toggle()

    def state(self) -> dict[str, Any]:
        """What must be kept to go on later, as plain values for JSON."""
        return self.session.state() | {"loop": self.form.loop.isChecked()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on where `state` was kept."""
        self.form.loop.setChecked(bool(state.get("loop", False)))
        self.session.restore(state)
        self._show()

    def shut_down(self) -> None:
        """End the thread of the pictures and the clip. Safe to call twice."""
        self._follower.player.stop()
        self.form.thumbnails.shut_down()

    def _connect(self) -> None:
        form, session = self.form, self.session
        handlers = self.handlers
        for name, button in form.buttons.items():
            if button is form.loop:
                continue  # it toggles by itself
            button.clicked.connect(without_arguments(handlers[name]))
        form.order.activated.connect(self._on_order)
        form.new_audit.clicked.connect(self._begin_audit)
        form.loop.toggled.connect(self._on_loop)
        form.thumbnails.frame_clicked.connect(self._follower.show_frame)
        session.changed.connect(self._on_change)
        self._events.selected.connect(self._on_change)

    def _kind_setter(self, number: int) -> Callable[..., None]:
        def set_kind(*_: object) -> None:
            if number <= len(self._kinds):
                self.session.set_kind(self._kinds[number - 1])

        return set_kind

    def _on_order(self, index: int) -> None:
        self.session.order = list(ORDERS)[index]
        self.session.begin()
        self.state_changed.emit()

    def _begin_audit(self) -> None:
        self.session.begin_audit()
        self.session.begin()
        self.state_changed.emit()

    def _on_loop(self, is_looping: bool) -> None:
        self._follower.is_looping = is_looping
        self.state_changed.emit()

    def _on_change(self, _: object = None) -> None:
        self._show()
        self.state_changed.emit()

    def _show(self) -> None:
        """Bring everything on screen up to date."""
        event = self._events.get(self._events.selected_id)
        progress = self.session.progress
        self._show_event(event, progress)
        self.form.show_progress(progress)
        self.form.order.setCurrentText(self.session.order)
        self.form.order.setToolTip(ORDERS[self.session.order])
        is_audit = self.session.order == AUDIT
        self.form.audit.setVisible(is_audit)
        self.form.new_audit.setVisible(is_audit)
        if is_audit:
            self.form.audit.setText(self.session.audit.result(self._events.events).sentence)

    def _show_event(self, event: Event | None, progress: Progress) -> None:
        """Say what is selected, or what to do if nothing is."""
        if event is not None:
            words = headline(event), details(event, self._frame_interval_s)
            self.form.thumbnails.mark_colour = colour_of_kind(event.kind, self._kinds)
        elif not progress.total:
            words = EMPTY
        else:
            words = ALL_DECIDED if progress.decided == progress.total else NONE_SELECTED
        self.form.title.setText(words[0])
        self.form.details.setText(words[1])
        self.form.thumbnails.show_event(event)
        self.form.enable(event is not None, bool(progress.total))
