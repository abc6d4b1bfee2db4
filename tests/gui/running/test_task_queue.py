"""One task at a time; what was asked for comes before what is done ahead."""

import pytest
from qtpy.QtCore import QObject, Signal

from cell_events.gui.layers.layer_axes import LayerError
from cell_events.gui.running.job_runner import Task
from cell_events.gui.running.task_queue import TaskQueue, Urgency


class Runner(QObject):
    """Runs nothing: the test says when a task ends."""

    progressed = Signal(dict)
    ended = Signal(str, bool)

    def __init__(self):
        super().__init__()
        self.started = []
        self.stopping = False
        self.stops = 0

    def start(self, task):
        self.stopping = False
        self.started.append(task)

    def stop(self):
        self.stopping = True
        self.stops += 1


@pytest.fixture
def queue(qapp):
    return TaskQueue(Runner())


def task():
    return Task(iter(()), lambda *_: "")


def test_what_was_asked_for_replaces_what_is_done_ahead(queue):
    ahead, asked = task(), task()
    said = []
    queue.ended.connect(lambda *words: said.append(words))
    queue.start("ahead", ahead, Urgency.AHEAD)
    queue.start("asked", asked)
    assert queue.runner.started == [ahead]
    assert queue.runner.stops == 1
    queue.runner.ended.emit("Stopped.", False)
    assert queue.runner.started == [ahead, asked]
    assert said == []
    queue.runner.ended.emit("Done.", False)
    assert said == [("asked", "Done.", False)]


def test_a_newer_update_replaces_the_one_under_way_and_the_one_that_waits(queue):
    first, second, third = task(), task(), task()
    queue.start("update", first, Urgency.UPDATE)
    queue.start("update", second, Urgency.UPDATE)
    queue.start("update", third, Urgency.UPDATE)
    queue.runner.ended.emit("Stopped.", False)
    assert queue.runner.started == [first, third]


def test_what_was_asked_for_gives_way_to_nothing(queue):
    queue.start("Train", task())
    with pytest.raises(LayerError, match="'Train' is still running"):
        queue.start("update", task(), Urgency.UPDATE)
    assert queue.busy


def test_work_ahead_is_left_out_while_an_update_runs(queue):
    update = task()
    queue.start("update", update, Urgency.UPDATE)
    queue.start("ahead", task(), Urgency.AHEAD)
    queue.runner.ended.emit("Done.", False)
    assert queue.runner.started == [update]
    assert queue.running is None


def test_stop_forgets_what_waits(queue):
    update = task()
    queue.start("update", update, Urgency.UPDATE)
    queue.start("asked", task())
    queue.stop()
    queue.runner.ended.emit("Stopped.", False)
    assert queue.runner.started == [update]
    assert not queue.busy


def test_reports_of_a_task_that_was_told_to_stop_are_not_shown(queue):
    shown = []
    queue.progressed.connect(shown.append)
    queue.start("update", task(), Urgency.UPDATE)
    queue.runner.progressed.emit({"done": 1})
    queue.start("asked", task())
    queue.runner.progressed.emit({"done": 2})
    assert shown == [{"done": 1}]
