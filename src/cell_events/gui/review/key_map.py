"""Every key of the review, declared once: for layers, for widgets, and for the documentation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from napari.layers import Layer, Points
from qtpy.QtCore import Qt
from qtpy.QtGui import QKeySequence
from qtpy.QtWidgets import QShortcut, QWidget

Handlers = Mapping[str, Callable[[], object]]
"""What each action does, by the action's name; actions without a handler get no key."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that keys do.

    Attributes
    ----------
    name
        By which handlers name it.
    keys
        As napari writes them; the first is shown on screen, the others serve other keyboards.
    words
        What it does, for screen and documentation.
    while_painting
        Whether the keys are bound on layers to paint on, too. All others belong to napari there.
    """

    name: str
    keys: tuple[str, ...]
    words: str
    while_painting: bool = False

    @property
    def cap(self) -> str:
        """What a key cap on screen says."""
        return _qt_key(self.keys[0])


ACTIONS = (
    Action("accept", ("A",), "accept"),
    Action("reject", ("R",), "reject"),
    *(Action(f"kind {i}", (str(i),), f"accept as kind {i}") for i in range(1, 10)),
    Action("earlier", ("[", ","), "one frame earlier"),
    Action("later", ("]", "."), "one frame later"),
    Action("skip", ("S",), "skip: it comes back at the end"),
    Action("next", ("N",), "next, undecided"),
    Action("back", ("B",), "back to the one before"),
    Action("loop", ("L",), "loop the frames around it"),
    Action("why", ("W",), "show why: what the network looked at, or why a cell was flagged"),
    Action("undo", ("Control-Z",), "undo", while_painting=True),
    Action("redo", ("Control-Shift-Z",), "redo", while_painting=True),
)

BY_NAME = {action.name: action for action in ACTIONS}


def kind_number(name: str) -> int | None:
    """Number of the kind that an action such as "kind 2" gives; None for other actions."""
    word, _, number = name.partition(" ")
    return int(number) if word == "kind" else None


def bind(layer: Layer, handlers: Handlers) -> None:
    """Bind the keys on this one layer; other layers, also of its type, keep napari's keys.

    Layers other than points get only the actions that are meant `while_painting`.
    """
    for action in _handled(handlers):
        if isinstance(layer, Points) or action.while_painting:
            for key in action.keys:
                layer.bind_key(key, without_arguments(handlers[action.name]), overwrite=True)


def unbind(layer: Layer) -> None:
    """Give the layer napari's keys back."""
    for action in ACTIONS:
        for key in action.keys:
            layer.bind_key(key, None)


def bind_widget(widget: QWidget, handlers: Handlers) -> list[QShortcut]:
    """Let the keys work while the widget, or something in it, has the keyboard."""
    shortcuts = []
    for action in _handled(handlers):
        for key in action.keys:
            shortcut = QShortcut(QKeySequence(_qt_key(key)), widget)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(without_arguments(handlers[action.name]))
            shortcuts.append(shortcut)
    return shortcuts


def keys_table() -> str:
    """The keys as a table in Markdown; kinds take one row."""
    rows = ["| key | what it does |", "|---|---|"]
    for action in ACTIONS:
        number = kind_number(action.name)
        if number is None:
            keys = " or ".join(f"`{_qt_key(key)}`" for key in action.keys)
            rows.append(f"| {keys} | {action.words} |")
        elif number == 1:
            rows.append("| `1` to `9` | accept as the kind of this number |")
    return "\n".join(rows)


def without_arguments(handler: Callable[[], object]) -> Callable[..., None]:
    """Take the layer, or whatever a signal of Qt says, and call the handler without it."""

    def call(*_: object) -> None:
        handler()

    return call


def _handled(handlers: Handlers) -> list[Action]:
    unknown = [name for name in handlers if name not in BY_NAME]
    if unknown:
        raise ValueError(
            f"there is no action {unknown[0]!r}; expected some of {', '.join(BY_NAME)}: declare it "
            "in the key map."
        )
    return [action for action in ACTIONS if action.name in handlers]


def _qt_key(key: str) -> str:
    return key.replace("Control", "Ctrl").replace("-", "+")
