"""The review of flagged cells: one cell after the other, one key for each answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QVBoxLayout, QWidget

from cell_events.dry_mass.audit_draw import AuditSettings
from cell_events.dry_mass.cell_picture import CellPicture, CellPictures
from cell_events.dry_mass.cell_places import CellPlaces
from cell_events.dry_mass.flags import EXPERT_CATEGORIES, CellFlag
from cell_events.dry_mass.population_band import PopulationBand
from cell_events.dry_mass.review import Answers
from cell_events.gui.review.cell_review_form import CellReviewForm
from cell_events.gui.review.cell_session import CellSession
from cell_events.gui.review.cell_words import details, headline, told_summary, why
from cell_events.gui.review.key_map import Handlers, bind_widget, without_arguments
from cell_events.movie import Movie

EMPTY = "No flags yet", "They appear here as soon as cells were compared with each other."
NONE_SELECTED = "No cell is selected", "Press N to begin."
ALL_ANSWERED = "All cells are answered", "Go back with B, or click on a cell, to change an answer."


class CellReview(QWidget):
    """Shows the selected cell, and asks its owner to keep what a person answers.

    The owner gives cells, flags and answers, keeps what `answer_wanted(track_id, category)` asks
    for and calls `set_answers` then, listens to `undo_wanted()` and `redo_wanted()`, brings the
    viewer to the cell of `cell_shown(track_id)` and to the frame of `frame_wanted(t)`, keeps
    `state()` when `state_changed()` says so, and calls `shut_down` at the end.
    """

    answer_wanted = Signal(int, str)
    undo_wanted = Signal()
    redo_wanted = Signal()
    cell_shown = Signal(object)
    frame_wanted = Signal(int)
    state_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form, self.session = CellReviewForm(), CellSession(self)
        self._pictures = CellPictures(())
        self._places: CellPlaces | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.form)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._shortcuts = bind_widget(self, self.handlers)
        self._connect()
        self._show()

    @property
    def handlers(self) -> Handlers:
        """What each key does: for `key_map.bind` on the layers of the flags."""
        session = self.session
        return {
            f"kind {i}": self._answerer(name) for i, name in enumerate(EXPERT_CATEGORIES, start=1)
        } | {
            "back": session.back,
            "skip": session.skip,
            "next": session.next,
            "why": self.form.why.toggle,
            "undo": self.undo_wanted.emit,
            "redo": self.redo_wanted.emit,
        }

    def set_cells(
        self,
        pictures: CellPictures,
        flags: Sequence[CellFlag],
        places: CellPlaces | None = None,
        audit: AuditSettings | None = None,
    ) -> None:
        """Review other cells: their curves, their flags, and where they are in the movie."""
        self._pictures, self._places = pictures, places
        self.session.set_flags(flags, audit)
        self._show_cell()

    def set_flags(self, flags: Sequence[CellFlag], audit: AuditSettings | None = None) -> None:
        """Review the same cells under another threshold."""
        self.session.set_flags(flags, audit)

    def set_answers(self, answers: Answers) -> None:
        """Show the answers that are kept."""
        self.session.set_answers(answers)

    def set_population(self, band: PopulationBand | None) -> None:
        """Draw what all cells weigh behind each curve."""
        self.form.curve.set_population(band)

    def set_movie(
        self,
        movie: Movie | None,
        contrast: tuple[float, float] = (0.0, 1.0),
        frame_interval_s: float | None = None,
        labels: Movie | None = None,
    ) -> None:
        """Take pictures from this movie, and outlines from these labels of the same shape."""
        self.form.curve.set_frame_interval(frame_interval_s)
        self.form.strip.set_movie(movie, contrast, labels)

    def show_cell(self, track_id: int | None) -> None:
        """Look at a cell, such as one that was clicked on."""
        self.session.select(track_id if track_id in self.session.flags else None)

    def set_frame(self, t: int) -> None:
        """Mark the frame that the viewer shows."""
        self.form.curve.set_frame(t)
        self.form.strip.set_frame(t)

    def state(self) -> dict[str, Any]:
        """What must be kept to go on later, as plain values for JSON."""
        return self.session.state() | {"why": self.form.why.isChecked()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on where `state` was kept."""
        self.form.why.setChecked(bool(state.get("why", False)))
        self.session.restore(state)

    def shut_down(self) -> None:
        """End the thread of the pictures. Safe to call twice."""
        self.form.strip.shut_down()

    def _connect(self) -> None:
        form, session = self.form, self.session
        for name, button in form.answers.items():
            button.clicked.connect(self._answerer(name))
        for name, button in form.steps.items():
            if button is not form.why:  # it toggles by itself
                button.clicked.connect(without_arguments(self.handlers[name]))
        form.why.toggled.connect(self._on_change)
        form.curve.frame_clicked.connect(self.frame_wanted)
        form.strip.frame_clicked.connect(self.frame_wanted)
        session.answer_wanted.connect(self.answer_wanted)
        session.selected.connect(self._on_selected)
        session.changed.connect(self._on_change)

    def _answerer(self, name: str) -> Callable[..., None]:
        def answer(*_: object) -> None:
            self.session.answer(name)
            self._show()  # a button that was clicked looks checked, whatever came of it

        return answer

    def _on_selected(self, track_id: int | None) -> None:
        self._show_cell()
        self.cell_shown.emit(track_id)
        self.state_changed.emit()

    def _on_change(self, _: object = None) -> None:
        self._show()
        self.state_changed.emit()

    def _picture(self) -> CellPicture | None:
        current = self.session.current
        return self._pictures[current] if current in self._pictures.curves else None

    def _show_cell(self) -> None:
        """Show the curve and the pictures of the selected cell."""
        picture = self._picture()
        self.form.curve.show_cell(picture)
        stretch = picture.stretch if picture is not None else None
        self.form.strip.show_cell(self._places, self.session.current, stretch)
        self._show()

    def _show(self) -> None:
        """Bring all words up to date."""
        session, form = self.session, self.form
        current, total = session.current, len(session.order)
        form.show_progress(session.done, total)
        form.enable(current is not None, bool(total))
        form.show_answer("" if current is None else session.answers.get(current, ""))
        form.summary.setText(told_summary(session.summary))
        form.summary.setVisible(bool(session.flags))
        title, words, reason = self._words()
        form.title.setText(title)
        form.details.setText(words)
        form.reason.setText(reason)
        form.reason.setVisible(bool(reason))

    def _words(self) -> tuple[str, str, str]:
        """Title, details and reason of the selected cell, or what to do if there is none."""
        session, total = self.session, len(self.session.order)
        if session.current is None:
            is_over = total and session.done == total
            return (*((ALL_ANSWERED if is_over else NONE_SELECTED) if total else EMPTY), "")
        flag = session.flags[session.current]
        return (
            headline(session.current, session.answers.get(session.current, "")),
            details(self._picture()),
            why(flag) if self.form.why.isChecked() else "",
        )
