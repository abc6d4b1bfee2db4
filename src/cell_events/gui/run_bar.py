"""How far the running job is: a bar, a sentence, the time left, and Stop."""

from __future__ import annotations

from collections import Counter
from typing import Any

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QGridLayout, QLabel, QProgressBar, QPushButton, QWidget

BAR_STEPS = 1000
TOLD = {
    "validation_accuracy": "{:.0%} right where held out",
    "total": "loss\N{NO-BREAK SPACE}{:.3f}",
    "found": "{:.0f} found",
}
"""The measurements that the status line tells, and how; the others are for curves."""

ERROR_STYLE = "QLabel { color: #d9484d; }"


class RunBar(QWidget):
    """Shows reports while a job runs and the last sentence afterwards."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar, self._sentence, self._left = QProgressBar(), QLabel(), QLabel()
        self._begun: Counter[str] = Counter()  # how often each stage has begun
        self._stage = ""
        self._left.setToolTip("For what the line below says; other steps may follow.")
        self.stop_button = QPushButton("Stop")
        self.stop_button.setToolTip("Stop what is running. What was finished before stays.")
        self._bar.setRange(0, BAR_STEPS)
        self._bar.setTextVisible(False)
        self._sentence.setWordWrap(True)
        self._sentence.setMinimumHeight(2 * self._sentence.fontMetrics().lineSpacing() + 6)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 4, 0)
        grid.addWidget(self._bar, 0, 0)
        grid.addWidget(self._left, 0, 1)
        grid.addWidget(self.stop_button, 0, 2)
        grid.addWidget(self._sentence, 1, 0, 1, 3)
        grid.setColumnStretch(0, 1)
        self.set_running(False)

    @property
    def sentence(self) -> str:
        """What the status line says."""
        return self._sentence.text()

    @property
    def time_left(self) -> str:
        """How long the job will take, as shown."""
        return self._left.text()

    def set_running(self, running: bool) -> None:
        """Enable Stop while something runs; empty the bar before and after."""
        self.stop_button.setEnabled(running)
        self._bar.setRange(0, 0 if running else BAR_STEPS)  # 0, 0: busy, length not known yet
        self._bar.setValue(0)
        self._left.clear()
        self._begun.clear()
        self._stage = ""

    def say(self, sentence: str, is_error: bool = False) -> None:
        """Show one sentence, in red if it tells of an error."""
        self._sentence.setStyleSheet(ERROR_STYLE if is_error else "")
        self._sentence.setText(sentence)

    def show_report(self, report: dict[str, Any]) -> None:
        """Show one progress report, with the keys of the worker's protocol.

        Stages that come again, as when training learns from its false alarms, say their round.
        """
        done, total = report["done"], report["total"]
        if total > 0:
            self._bar.setRange(0, BAR_STEPS)
            self._bar.setValue(round(BAR_STEPS * done / total))
        seconds_left = report.get("seconds_left")
        self._left.setText("" if seconds_left is None else f"{duration(seconds_left)} left")
        values = report.get("values") or {}
        told = ", ".join(text.format(values[name]) for name, text in TOLD.items() if name in values)
        count = f", {done} of {total}" if total > 0 else ""
        stage = self._with_round(report["stage"])
        self.say(stage[:1].upper() + stage[1:] + count + (f" ({told})" if told else ""))

    def _with_round(self, stage: str) -> str:
        """Stage, after its round if it has been there before."""
        if stage != self._stage:
            self._begun[stage] += 1
            self._stage = stage
        again = self._begun[stage]
        return stage if again == 1 else f"round {again}: {stage}"


def duration(seconds: float) -> str:
    """Time in the largest unit that fits: "40 s", "3 min", "2 h 5 min"."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
