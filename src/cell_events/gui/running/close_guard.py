"""Ask before a window closes under a running job: stop it, let it finish, or stay."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

from qtpy.QtCore import QEvent, QObject, Qt, QTimer
from qtpy.QtWidgets import QMainWindow, QMessageBox, QWidget

from cell_events.gui.running.job_runner import JobRunner


class Choice(Enum):
    """What to do with the running job."""

    STOP = "stop"
    FINISH = "finish"
    CANCEL = "cancel"


Ask = Callable[[QMainWindow, str, bool], Choice]
"""Asks over a window about a job of some title; tells whether it could finish by itself."""

AloneJob = Callable[[Any], Any]
"""Gives a job as it can be done without the viewer, or None where it cannot."""


class CloseGuard(QObject):
    """Watches a window for its closing; asks nothing unless a task with a title runs.

    Parameters
    ----------
    window
        The viewer's main window.
    runner
        What runs the jobs. A job can finish alone if its task is kept (`Task.kept_in`).
    ask
        Asks the user; a dialog by default.
    alone
        Gives a job as it can be done once the viewer is gone, without copies that the viewer
        deletes; None if it cannot. By default the job as it is.

    A window that asks by itself (napari does, if its preferences say so) is asked to close anew
    after the answer, by the program and not by the user, so that one question is enough. A viewer
    that a script closes has taken its canvas down before; there is no way back, and no question.
    """

    def __init__(
        self,
        window: QMainWindow,
        runner: JobRunner,
        ask: Ask | None = None,
        alone: AloneJob | None = None,
    ) -> None:
        super().__init__(window)
        self._runner = runner
        self._ask = ask or ask_in_a_dialog
        self._alone = alone or (lambda job: job)
        self._asking = False
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802
        """Hold a closing back until the user has said what becomes of the job."""
        window = self.parent()  # held by nobody else, so that it can go
        if event is None or event.type() != QEvent.Type.Close:
            return False
        if watched is not window or not isinstance(window, QMainWindow):
            return False
        if self._asking:
            event.ignore()
            return True
        if not self._runner.title or not _shows_something(window):
            return False
        may_close = self._settle(window)
        if may_close and not event.spontaneous():
            return False
        event.ignore()
        if may_close:
            QTimer.singleShot(0, window.close)
        return True

    def release(self) -> None:
        """Watch no more. Safe to repeat."""
        self.setParent(None)

    def _settle(self, window: QMainWindow) -> bool:
        """Ask, and do what is answered; whether the window may close."""
        alone = self._job_alone()
        self._asking = True
        try:
            choice = self._ask(window, self._runner.title, alone is not None)
        finally:
            self._asking = False
        if choice is Choice.CANCEL:
            return False
        if choice is Choice.FINISH and self._runner.run is not None and alone is not None:
            self._runner.hand_over(alone)
        else:
            self._runner.shut_down()
        return True

    def _job_alone(self) -> Any:
        """Job to be done without the viewer; None if it cannot be."""
        run = self._runner.run
        return None if run is None else self._alone(run.job)


def _shows_something(window: QMainWindow) -> bool:
    """Whether a window's centre is still there; a script that closes a viewer empties it first."""
    centre = window.centralWidget()
    if centre is None:
        return False
    parts = centre.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return centre.isVisible() and (not parts or any(part.isVisible() for part in parts))


def ask_in_a_dialog(window: QMainWindow, title: str, can_finish: bool) -> Choice:
    """Ask in a dialog over the window."""
    box = QMessageBox(QMessageBox.Icon.Question, "Close napari?", f"{title} is still running.")
    box.setParent(window, box.windowFlags())
    stop = box.addButton("Stop and close", QMessageBox.ButtonRole.DestructiveRole)
    finish = None
    if can_finish:
        finish = box.addButton("Close, and let it finish", QMessageBox.ButtonRole.AcceptRole)
        box.setInformativeText(
            "It can finish without napari, from the last state that it kept. What comes of it is "
            "shown when this project is opened next."
        )
    cancel = box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(cancel)
    box.setEscapeButton(cancel)
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    if clicked is stop:
        return Choice.STOP
    return Choice.FINISH if finish is not None and clicked is finish else Choice.CANCEL
