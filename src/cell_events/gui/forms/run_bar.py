"""How far the running job is: a bar, a sentence, the time left, what it uses, Pause and Stop."""

from __future__ import annotations

from collections import Counter
from typing import Any

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QGridLayout, QLabel, QProgressBar, QPushButton, QWidget

from cell_events.gui.forms.run_words import told_time, told_use
from cell_events.gui.forms.time_left import TimeLeft
from cell_events.gui.running.job_runner import JobRunner

BAR_STEPS = 1000
TOLD = {
    "validation_accuracy": "{:.0%} right where held out",
    "validation_F1": "F1 {:.2f} where held out",
    "total": "loss\N{NO-BREAK SPACE}{:.3f}",
    "found": "{:.0f} found",
}
"""The measurements that the status line tells, and how; the others are for curves."""

ERROR_STYLE = "QLabel { color: #d9484d; }"
SMALL_STYLE = "QLabel { color: gray; }"


class RunBar(QWidget):
    """Shows reports while a job runs and the last sentence afterwards.

    `follow` gives the Pause button its life; without it there is none. Signal
    `pause_wanted(whether)` tells of each click on Pause or Resume.
    """

    pause_wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shows_error = False
        self._bar, self._sentence, self._left = QProgressBar(), QLabel(), QLabel()
        self._used = QLabel()
        self._begun: Counter[str] = Counter()  # how often each stage has begun
        self._stage = ""
        self._time_left = TimeLeft()
        self._paused = False
        self.pause_button = QPushButton("Pause")
        self.stop_button = QPushButton("Stop")
        self._dress()
        self._lay_out()
        self.pause_button.clicked.connect(self._on_pause_clicked)
        self.set_running(False)

    @property
    def sentence(self) -> str:
        """What the status line says."""
        return self._sentence.text()

    @property
    def time_left(self) -> str:
        """How long the job will take, as shown."""
        return self._left.text()

    @property
    def used(self) -> str:
        """What the job computes on and how much memory it holds, as shown."""
        return self._used.text()

    def follow(self, runner: JobRunner) -> None:
        """Let Pause and Resume act on a runner, and show when they have."""
        self.pause_button.show()
        self.pause_wanted.connect(runner.set_paused)
        runner.paused.connect(self.set_paused)

    def set_running(self, running: bool) -> None:
        """Enable Stop while something runs; empty the bar before and after."""
        self.stop_button.setEnabled(running)
        self.pause_button.setEnabled(running)
        self.pause_button.setText("Pause")
        self._bar.setRange(0, 0 if running else BAR_STEPS)  # 0, 0: busy, length not known yet
        self._bar.setValue(0)
        self._left.clear()
        self._used.clear()
        self._begun.clear()
        self._stage = ""
        self._time_left = TimeLeft()
        self._paused = False

    def set_paused(self, paused: bool) -> None:
        """Show that the job holds still, or goes on."""
        self._paused = paused
        self.pause_button.setEnabled(True)
        self.pause_button.setText("Resume" if paused else "Pause")
        self._left.setText("paused" if paused else "")
        if paused:
            self._time_left.pause()
        else:
            self._time_left.resume()

    def say(self, sentence: str, is_error: bool = False) -> None:
        """Show one sentence, in red if it tells of an error."""
        self.shows_error = is_error
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
        if not self._paused:
            self._left.setText(told_time(*self._time_left.tick(report)))
        self._used.setText(told_use(report))
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

    def _on_pause_clicked(self) -> None:
        """Pass on what is wanted; the step under way may take a moment to end."""
        self.pause_button.setEnabled(False)
        self.pause_button.setText("Resuming…" if self._paused else "Pausing…")
        self.pause_wanted.emit(not self._paused)

    def _dress(self) -> None:
        words = self._left.fontMetrics().horizontalAdvance("at least 59 min left")
        self._left.setMinimumWidth(words)  # else it is cut off until the next layout
        self._left.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._left.setToolTip("'At least' where another step follows whose length is not known.")
        self._used.setToolTip("What the worker process computes on, and the memory it holds.")
        self._used.setStyleSheet(SMALL_STYLE)
        self.stop_button.setToolTip("Stop what is running. What was finished before stays.")
        self.pause_button.setToolTip("Hold still after this step, and leave the processor alone.")
        self.pause_button.hide()
        self._bar.setRange(0, BAR_STEPS)
        self._bar.setTextVisible(False)
        self._sentence.setWordWrap(True)
        self._sentence.setMinimumHeight(2 * self._sentence.fontMetrics().lineSpacing() + 6)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 4, 0)
        grid.setVerticalSpacing(2)
        grid.addWidget(self._bar, 0, 0, 1, 2)
        grid.addWidget(self.pause_button, 0, 2)
        grid.addWidget(self.stop_button, 0, 3)
        grid.addWidget(self._used, 1, 0)
        grid.addWidget(self._left, 1, 1, 1, 3, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self._sentence, 2, 0, 1, 4)
        grid.setColumnStretch(0, 1)
