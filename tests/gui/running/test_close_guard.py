"""Closing the viewer while a job runs: what is asked, and what becomes of the job."""

import os
from pathlib import Path

import pytest
from qtpy.QtCore import QEvent, QTimer
from qtpy.QtGui import QCloseEvent
from qtpy.QtWidgets import QApplication, QLabel, QMainWindow, QMessageBox

from cell_events.gui.running.close_guard import Choice, CloseGuard, ask_in_a_dialog
from cell_events.gui.running.job_runner import JobRunner, Task
from cell_events.gui.running.unfinished_runs import finished_runs
from cell_events.gui.running.worker_client import WorkerClient
from cell_events.jobs import MovieSource, Pretrain

STAND_INS = str(Path(__file__).parents[2] / "worker_with_stand_ins.py")


@pytest.fixture
def runner(qtbot):
    runner = JobRunner(client=WorkerClient(arguments=[STAND_INS], stop_grace_ms=300))
    yield runner
    runner.shut_down()


@pytest.fixture
def window(qtbot):
    window = QMainWindow()
    window.setCentralWidget(QLabel("canvas"))
    qtbot.addWidget(window)
    window.show()
    return window


class Asked:
    """Answers the question and remembers it."""

    def __init__(self, choice):
        self.choice, self.questions = choice, []

    def __call__(self, _, title, can_finish):
        self.questions.append((title, can_finish))
        return self.choice


def begin(runner, qtbot, word, title="Learning", kept_in=None):
    def steps():
        yield "preparing", 1, 1
        return Pretrain((MovieSource(Path("movie.tif")),), Path(word))

    with qtbot.waitSignal(
        runner.progressed, timeout=60_000, check_params_cb=lambda report: report["stage"] == word
    ):
        runner.start(Task(steps(), lambda *_: "Done.", title, kept_in))


def is_alive(process_id):
    try:
        os.kill(process_id, 0)
    except OSError:
        return False
    return True


class ByTheUser(QCloseEvent):
    """What the window system sends when a person closes a window."""

    def spontaneous(self):
        return True


def test_closing_without_a_job_asks_nothing(window, runner):
    asked = Asked(Choice.CANCEL)
    CloseGuard(window, runner, asked)
    assert window.close()
    assert asked.questions == []


def test_work_without_a_title_is_not_worth_a_question(window, runner, qtbot):
    asked = Asked(Choice.CANCEL)
    CloseGuard(window, runner, asked)
    begin(runner, qtbot, "endless", title="")
    assert window.close()
    assert asked.questions == []


def test_cancel_keeps_the_window_and_the_job(window, runner, qtbot):
    asked = Asked(Choice.CANCEL)
    CloseGuard(window, runner, asked)
    begin(runner, qtbot, "endless")
    assert not window.close()
    assert window.isVisible()
    assert runner.busy
    assert asked.questions == [("Learning", False)]


@pytest.mark.parametrize("word", ["endless", "hang"])
def test_stop_ends_the_job_and_closes(window, runner, qtbot, word):
    CloseGuard(window, runner, Asked(Choice.STOP))
    begin(runner, qtbot, word)
    process_id = runner.client.process_id
    assert window.close()
    assert not is_alive(process_id)


def test_finish_closes_and_leaves_the_result_for_the_next_opening(window, runner, qtbot, tmp_path):
    asked = Asked(Choice.FINISH)
    CloseGuard(window, runner, asked)
    begin(runner, qtbot, "slow", kept_in=tmp_path)
    assert window.close()
    assert asked.questions == [("Learning", True)]
    qtbot.waitUntil(lambda: len(finished_runs(tmp_path)) == 1, timeout=60_000)
    assert finished_runs(tmp_path)[0].values == {"done": 30}


def test_a_job_that_needs_the_viewer_cannot_finish_without_it(window, runner, qtbot, tmp_path):
    asked = Asked(Choice.CANCEL)
    CloseGuard(window, runner, asked, alone=lambda _: None)
    begin(runner, qtbot, "endless", kept_in=tmp_path)
    window.close()
    assert asked.questions == [("Learning", False)]


def test_a_person_who_closes_is_asked_by_us_and_not_again_by_the_window(window, runner, qtbot):
    asked = Asked(Choice.STOP)
    guard = CloseGuard(window, runner, asked)
    begin(runner, qtbot, "endless")
    event = ByTheUser()
    assert guard.eventFilter(window, event)
    assert not event.isAccepted()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    assert len(asked.questions) == 1


def test_a_second_close_while_the_question_is_open_changes_nothing(window, runner, qtbot):
    events = []

    def ask(*_):
        events.append(ByTheUser())
        assert guard.eventFilter(window, events[-1])
        return Choice.CANCEL

    guard = CloseGuard(window, runner, ask)
    begin(runner, qtbot, "endless")
    assert not window.close()
    assert window.isVisible()
    assert [event.isAccepted() for event in events] == [False]


@pytest.mark.parametrize(
    ("button", "choice"),
    [
        ("Stop and close", Choice.STOP),
        ("Close, and let it finish", Choice.FINISH),
        ("Cancel", Choice.CANCEL),
    ],
)
def test_the_dialog_gives_the_choice_that_is_clicked(window, runner, qtbot, button, choice):
    def click():
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        assert "Learning is still running." in box.text()
        next(b for b in box.buttons() if b.text().replace("&", "") == button).click()

    QTimer.singleShot(300, click)
    assert ask_in_a_dialog(window, "Learning", True) is choice


def test_the_viewer_asks_through_its_window_but_not_a_script(make_napari_viewer, runner, qtbot):
    viewer = make_napari_viewer(strict_qt=True, show=True)
    asked = Asked(Choice.CANCEL)
    window = viewer.window._qt_window
    CloseGuard(window, runner, asked)
    begin(runner, qtbot, "endless")
    window.close()
    assert window.isVisible()
    assert len(asked.questions) == 1
    process_id = runner.client.process_id
    viewer.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(asked.questions) == 1
    assert is_alive(process_id)  # its owner ends it
