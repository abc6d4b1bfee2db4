"""What the inbox shows, from top to bottom; `Inbox` gives it life."""

from __future__ import annotations

from qtpy.QtCore import Qt
from qtpy.QtGui import QColor
from qtpy.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cell_events.gui.forms.vertical_scroll import VerticalScroll
from cell_events.gui.layers.colours import KIND_COLOURS
from cell_events.gui.review.key_button import KeyButton
from cell_events.gui.review.key_map import BY_NAME
from cell_events.gui.review.thumbnails import ThumbnailStrip
from cell_events.review.agreement import Progress
from cell_events.review.queue import ORDERS

BUTTONS = (
    ("accept", "Accept", "It is real, of the kind and at the time shown."),
    ("reject", "Reject", "It is no event."),
    ("earlier", "Earlier", "It is real, and happens one frame earlier."),
    ("later", "Later", "It is real, and happens one frame later."),
    ("skip", "Skip", "Decide later: it comes back at the end of the queue."),
    ("next", "Next", "Go to the next event that waits; this one keeps its place."),
    ("back", "Back", "Go back to the event before this one, decided or not."),
    (
        "loop",
        "Loop",
        "Play the frames t-3 to t+3 around each event again and again, until you move in time.",
    ),
    ("undo", "Undo", "Take the last decision or brush stroke back."),
    ("redo", "Redo", "Do again what was just undone."),
    ("why", "Why here?", "Show what the network looked at, in a dock of its own."),
)
MOST_KINDS = 9


class InboxForm(QWidget):
    """The widgets and their places."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.order, self.progress_bar, self.progress = QComboBox(), QProgressBar(), QLabel()
        self.title, self.details = QLabel(), QLabel()
        self.thumbnails = ThumbnailStrip()
        self.buttons = {name: KeyButton(BY_NAME[name].cap, words) for name, words, _ in BUTTONS}
        self.loop = self.buttons["loop"]
        self.kind_buttons: list[KeyButton] = []
        self.audit, self.new_audit = QLabel(), QPushButton("New audit")
        self._kinds = QGridLayout()
        self._set_up()
        self._lay_out()

    def offer_kinds(self, kinds: tuple[str, ...]) -> None:
        """Make one button for each kind that has a key."""
        for button in self.kind_buttons:
            self._kinds.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.kind_buttons = []
        for i, kind in enumerate(kinds[:MOST_KINDS]):
            button = KeyButton(str(i + 1), kind, QColor(KIND_COLOURS[i % len(KIND_COLOURS)]))
            button.setToolTip(f"It is real, and a {kind}.")
            self._kinds.addWidget(button, i // 2, i % 2)
            self.kind_buttons.append(button)

    def show_progress(self, progress: Progress) -> None:
        """Tell how far the review is."""
        is_over = 0 < progress.total == progress.decided
        words = progress.sentence if progress.total else ""
        self.progress.setText(f"{words}. All are decided." if is_over else words)
        self.progress_bar.setRange(0, max(progress.total, 1))
        self.progress_bar.setValue(progress.decided)

    def enable(self, is_selected: bool, has_proposals: bool) -> None:
        """Enable what can be done now; accept and reject begin the review, as next does."""
        for name in ("earlier", "later", "skip", "why"):
            self.buttons[name].setEnabled(is_selected)
        for name in ("accept", "reject"):
            self.buttons[name].setEnabled(is_selected or has_proposals)
        self.buttons["next"].setEnabled(has_proposals)
        for button in self.kind_buttons:
            button.setEnabled(is_selected)

    def _set_up(self) -> None:
        for i, (order, words) in enumerate(ORDERS.items()):
            self.order.addItem(order)
            self.order.setItemData(i, words, Qt.ItemDataRole.ToolTipRole)
        for name, _, tip in BUTTONS:
            self.buttons[name].setToolTip(tip)
        self.progress_bar.setTextVisible(False)
        self.progress_bar.setFixedHeight(6)
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.loop.setCheckable(True)
        self.new_audit.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.new_audit.setToolTip("Draw anew from all proposals that are undecided now.")
        for label in (self.title, self.details, self.audit, self.progress):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(6)
        top = QHBoxLayout()
        top.addWidget(QLabel("Order"))
        top.addWidget(self.order, 1)
        column.addLayout(top)
        for widget in (self.progress, self.progress_bar, self.title, self.details):
            column.addWidget(widget)
        column.addWidget(self.thumbnails)
        column.addLayout(self._button_grid())
        column.addWidget(QLabel("Accept as"))
        self._kinds.setSpacing(4)
        column.addLayout(self._kinds)
        column.addWidget(self.audit)
        column.addWidget(self.new_audit)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(6, 6, 6, 6)
        outer.addWidget(VerticalScroll(content))

    def _button_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(4)
        for i, button in enumerate(self.buttons.values()):
            grid.addWidget(button, i // 2, i % 2)
        return grid
