"""How the docks lay out their widgets: labels, fields and buttons in rows."""

from __future__ import annotations

from collections.abc import Sequence

from qtpy.QtWidgets import QFormLayout, QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

LONGEST_LABELS = "pg per grey value", "Wavelength (µm)"
Row = tuple[QWidget | str | None, ...]


def grid_of(rows: Sequence[Row]) -> QGridLayout:
    """Rows below each other; the field in the middle takes the room that is left."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    for i, row in enumerate(rows):
        _add_row(grid, i, row)
    return grid


def button(text: str, tip: str) -> QPushButton:
    """A button that says what it does when the mouse rests on it."""
    made = QPushButton(text)
    made.setToolTip(tip)
    return made


def side_by_side(*widgets: QWidget) -> QWidget:
    """Widgets of equal width in one row."""
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        layout.addWidget(widget, 1)
    return row


def title(text: str) -> QLabel:
    """Heading of a step."""
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label


def label_width(widget: QWidget) -> int:
    """Width of the labels of a form, so that fields of several forms begin at the same place."""
    metrics = widget.fontMetrics()
    return max(metrics.horizontalAdvance(label) for label in LONGEST_LABELS) + 4


def align_labels(form: QFormLayout, widget: QWidget) -> None:
    """Give all labels of a form this width."""
    for i in range(form.rowCount()):
        item = form.itemAt(i, QFormLayout.ItemRole.FieldRole)
        label = form.labelForField(item.widget()) if item is not None else None
        if label is not None:
            label.setMinimumWidth(label_width(widget))


def _add_row(grid: QGridLayout, i: int, row: Row) -> None:
    """Place a title across the row, or a label, a field and a button; a lone field is wide."""
    if len(row) == 1 and isinstance(row[0], QWidget):
        grid.addWidget(row[0], i, 0, 1, 3)
        return
    label, field, *buttons = row
    if isinstance(label, str):
        grid.addWidget(QLabel(label), i, 0)
    if isinstance(field, QWidget):
        start = 0 if label is None else 1
        grid.addWidget(field, i, start, 1, (2 if buttons else 3) - start)
    if buttons and isinstance(buttons[0], QWidget):
        grid.addWidget(buttons[0], i, 2)
