"""The settings that most people never touch, folded away."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qtpy.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QLineEdit,
    QSpinBox,
    QWidget,
)
from superqt import QCollapsible

from cell_events.jobs.train import HEADS

DEVICES = ("auto", "cpu", "cuda", "mps")
FEATURES = ("frozen", "fine-tuned")


@dataclass(frozen=True)
class ExpertValues:
    """What the form says.

    Attributes
    ----------
    kinds
        Names of the kinds of event, for the labels 1, 2, ...
    tap_epochs, tap_pairs
        Epochs of the time arrow, and crop pairs in each of them.
    train_epochs
        Epochs of the event classifier.
    rehearsals
        How often the classifier is tried on the done frames.
    head
        What tells events from the features: one of `HEADS`.
    features
        "frozen" time-arrow features, or "fine-tuned" together with the classifier.
    window_px
        Side of the window around a cell in which an event is told.
    held_out
        Share of the movie and of the paint that is kept back to measure how good the model is.
    threshold
        Detections with a lower score are left out.
    go_on
        Whether an update goes on from the one before, or learns anew.
    folder
        Where models, masks and events go; None for the default beside the movie.
    """

    kinds: tuple[str, ...]
    tap_epochs: int
    tap_pairs: int
    train_epochs: int
    rehearsals: int
    head: str
    features: str
    window_px: int
    held_out: float
    threshold: float
    device: str
    seed: int
    go_on: bool
    folder: Path | None


class ExpertSettings(QCollapsible):
    """A folded form that yields `ExpertValues`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Expert settings", parent, expandedIcon="▾", collapsedIcon="▸")
        self.kinds = QLineEdit("division, death")
        self.tap_epochs = _whole_number(40, 1, 100_000)
        self.tap_pairs = _whole_number(1024, 1, 1_000_000)
        self.train_epochs = _whole_number(50, 1, 100_000)
        self.rehearsals = _whole_number(2, 0, 10)
        self.head = _choice(HEADS)
        self.features = _choice(FEATURES)
        self.window_px = _whole_number(48, 8, 512)
        self.window_px.setSingleStep(2)  # the side is an even number
        self.window_px.editingFinished.connect(self._make_window_even)
        self.held_out = _share(0.2, 0.5)
        self.threshold = _share(0.5, 0.99)
        self.device = _choice(DEVICES)
        self.seed = _whole_number(0, 0, 2**31 - 1)
        self.go_on = QCheckBox("from the one before")
        self.folder = QLineEdit()
        self.folder.setPlaceholderText("beside the movie")
        self._lay_out()

    @property
    def values(self) -> ExpertValues:
        """What the form says now."""
        kinds = tuple(name.strip() for name in self.kinds.text().split(",") if name.strip())
        folder = self.folder.text().strip()
        return ExpertValues(
            kinds=kinds or ("division",),
            tap_epochs=self.tap_epochs.value(),
            tap_pairs=self.tap_pairs.value(),
            train_epochs=self.train_epochs.value(),
            rehearsals=self.rehearsals.value(),
            head=self.head.currentText(),
            features=self.features.currentText(),
            window_px=self.window_px.value(),
            held_out=self.held_out.value(),
            threshold=self.threshold.value(),
            device=self.device.currentText(),
            seed=self.seed.value(),
            go_on=self.go_on.isChecked(),
            folder=Path(folder).expanduser() if folder else None,
        )

    def _make_window_even(self) -> None:
        self.window_px.setValue(self.window_px.value() // 2 * 2)

    def _lay_out(self) -> None:
        rows = (
            ("Kinds of event", self.kinds, "Names for the labels 1, 2, ..., separated by commas."),
            (
                "Movie rounds",
                self.tap_epochs,
                "How often the network goes through the movie to learn its time arrow. More is "
                "better, and slower.",
            ),
            (
                "Pairs per round",
                self.tap_pairs,
                "How many places, each seen at two times, make one round.",
            ),
            (
                "Paint rounds",
                self.train_epochs,
                "How often the network goes through your painted events.",
            ),
            (
                "Rehearsals",
                self.rehearsals,
                "How often the model is tried on the done frames. What it finds there beside your "
                "paint is wrong, and teaches it what is no event. 2 learns, tries, learns again "
                "and tries once more; 0 never tries. Without done frames it does nothing.",
            ),
            (
                "Classifier",
                self.head,
                "What tells events from what the time arrow sees: 'pyramid' needs little paint; "
                "'linear' and the small 'resnet' are those of the published method.",
            ),
            (
                "Features",
                self.features,
                "'frozen' is quick and right for few painted events; 'fine-tuned' also changes "
                "what the time arrow has learned, and wants many.",
            ),
            (
                "Window (px)",
                self.window_px,
                "Side of the window in which one event is seen: about twice as wide as a cell.",
            ),
            (
                "Held out",
                self.held_out,
                "Share that is kept back to measure how good the model is. 0 learns from all, "
                "which is right for very small movies.",
            ),
            (
                "Least score",
                self.threshold,
                "Leave out detections less sure than this (0 to 1). Lower finds more, and more "
                "that is wrong.",
            ),
            (
                "Device",
                self.device,
                "Where the network runs; 'auto' takes the graphics card if any.",
            ),
            ("Random seed", self.seed, "The same seed and the same paint give the same result."),
            (
                "Updates go on",
                self.go_on,
                "Begin each update with the model of the one before: a little quicker. Learning "
                "anew is as a rule better, and forgets what you erased.",
            ),
            (
                "Folder",
                self.folder,
                "Where models, paint and events are kept. Nothing there is ever overwritten.",
            ),
        )
        content = QWidget()
        form = QFormLayout(content)
        form.setContentsMargins(8, 0, 0, 0)
        for label, widget, tip in rows:
            widget.setToolTip(tip)
            form.addRow(label, widget)
        self.addWidget(content)


def _whole_number(value: int, low: int, high: int) -> QSpinBox:
    box = QSpinBox()
    box.setRange(low, high)
    box.setValue(value)
    return box


def _choice(entries: tuple[str, ...]) -> QComboBox:
    box = QComboBox()
    box.addItems(entries)
    return box


def _share(value: float, highest: float) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(0.0, highest)
    box.setSingleStep(0.05)
    box.setValue(value)
    return box
