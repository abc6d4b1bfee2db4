"""Pausing, stopping and keeping runs, against a real worker with stand-in jobs."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from cell_events.gui.forms.run_bar import RunBar
from cell_events.gui.running.job_runner import JobRunner, Task
from cell_events.gui.running.unfinished_runs import (
    finished_runs,
    forget_outcome,
    runs_elsewhere,
    told_run,
    unfinished_runs,
)
from cell_events.gui.running.worker_client import WorkerClient
from cell_events.jobs import MovieSource, Pretrain

STAND_INS = str(Path(__file__).parents[2] / "worker_with_stand_ins.py")


@pytest.fixture
def runner(qtbot):
    runner = JobRunner(client=WorkerClient(arguments=[STAND_INS], stop_grace_ms=300))
    yield runner
    runner.shut_down()


def pretraining(word, epochs=1):
    return Pretrain((MovieSource(Path("movie.tif")),), Path(word), epochs=epochs)


def task(job, kept_in=None):
    def steps():
        yield "preparing", 1, 1
        return job

    return Task(steps(), lambda *_: "Done.", "Learning", kept_in)


def begin(runner, qtbot, word, kept_in=None):
    """Start a stand-in and wait for its first report."""
    stage = word
    with qtbot.waitSignal(
        runner.progressed, timeout=60_000, check_params_cb=lambda report: report["stage"] == stage
    ):
        runner.start(task(pretraining(word), kept_in))


def pretend_checkpoint(runner):
    runner.run.job.checkpoint.write_bytes(b"some state")


def test_a_job_pauses_and_goes_on(runner, qtbot):
    begin(runner, qtbot, "endless")
    with qtbot.waitSignal(runner.paused, timeout=30_000) as paused:
        runner.set_paused(True)
    assert paused.args == [True]
    with qtbot.assertNotEmitted(runner.progressed, wait=300):
        pass
    with qtbot.waitSignals([runner.paused, runner.progressed], timeout=30_000):
        runner.set_paused(False)


def test_a_paused_job_can_be_stopped(runner, qtbot):
    begin(runner, qtbot, "endless")
    with qtbot.waitSignal(runner.paused, timeout=30_000):
        runner.set_paused(True)
    process_id = runner.client.process_id
    with qtbot.waitSignal(runner.ended, timeout=30_000) as ended:
        runner.stop()
    assert ended.args == ["Stopped.", False]
    assert runner.client.process_id == process_id


def test_preparing_pauses_too(runner, qtbot):
    def steps():
        for number in range(1_000_000):
            yield "preparing", number, 1_000_000
        return pretraining("count")

    with qtbot.waitSignal(runner.progressed, timeout=30_000):
        runner.start(Task(steps(), lambda *_: ""))
    runner.set_paused(True)
    with qtbot.assertNotEmitted(runner.progressed, wait=100):
        pass
    with qtbot.waitSignal(runner.progressed, timeout=30_000):
        runner.set_paused(False)
    runner.stop()


def test_the_run_bar_pauses_and_resumes_what_it_follows(runner, qtbot):
    bar = RunBar()
    qtbot.addWidget(bar)
    bar.follow(runner)
    bar.set_running(True)
    begin(runner, qtbot, "endless")
    for word in ("Resume", "Pause"):
        bar.pause_button.click()
        qtbot.waitUntil(lambda word=word: bar.pause_button.text() == word, timeout=30_000)


def test_stop_waits_for_a_step_as_long_as_the_longest_one_before(runner, qtbot):
    begin(runner, qtbot, "uneven")
    qtbot.wait(1500)  # its first step takes 1 s; it is now in the second one, of 1.2 s
    process_id = runner.client.process_id
    with qtbot.waitSignal(runner.ended, timeout=30_000):
        runner.stop()
    assert runner.client.process_id == process_id  # it was not killed


def test_a_kept_run_has_a_file_until_it_ends_well(runner, qtbot, tmp_path):
    begin(runner, qtbot, "slow", tmp_path)
    assert runner.run.path == tmp_path / "runs" / "pretrain-1.json"
    assert unfinished_runs(tmp_path) == []  # somebody works on it
    pretend_checkpoint(runner)
    with qtbot.waitSignal(runner.ended, timeout=60_000) as ended:
        pass
    assert ended.args == ["Done.", False]
    assert list((tmp_path / "runs").iterdir()) == []
    assert runner.last_job.checkpoint is None  # the command that repeats it needs none


def test_a_stopped_run_is_kept_with_its_checkpoint_and_taken_up_again(runner, qtbot, tmp_path):
    begin(runner, qtbot, "endless", tmp_path)
    pretend_checkpoint(runner)
    with qtbot.waitSignal(runner.ended, timeout=30_000):
        runner.stop()
    (run,) = unfinished_runs(tmp_path)
    assert run.title == "Learning"
    assert run.job.resume
    runner.start(task(run.job, tmp_path))
    qtbot.waitUntil(lambda: runner.run is not None, timeout=30_000)
    assert runner.run.path == run.path
    assert unfinished_runs(tmp_path) == []


def test_a_run_stopped_before_anything_was_kept_leaves_nothing(runner, qtbot, tmp_path):
    begin(runner, qtbot, "endless", tmp_path)
    with qtbot.waitSignal(runner.ended, timeout=30_000):
        runner.stop()
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_damaged_run_file_hides_no_other(runner, qtbot, tmp_path):
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "train-1.json").write_text("{")
    begin(runner, qtbot, "endless", tmp_path)
    pretend_checkpoint(runner)
    runner.shut_down()
    (run,) = unfinished_runs(tmp_path)
    assert "not a model file" in told_run(run)


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_a_run_of_a_dead_worker_is_kept(runner, qtbot, tmp_path):
    begin(runner, qtbot, "endless", tmp_path)
    pretend_checkpoint(runner)
    with qtbot.waitSignal(runner.ended, timeout=30_000):
        os.kill(runner.client.process_id, signal.SIGKILL)
    assert len(unfinished_runs(tmp_path)) == 1


def test_a_run_handed_over_is_finished_without_a_viewer(runner, qtbot, tmp_path):
    begin(runner, qtbot, "slow", tmp_path)
    pretend_checkpoint(runner)
    process_id = runner.client.process_id
    assert runner.hand_over(runner.run.job)
    with pytest.raises(OSError):  # noqa: PT011 - the message differs between systems
        os.kill(process_id, 0)
    qtbot.waitUntil(lambda: len(runs_elsewhere(tmp_path)) == 1, timeout=60_000)
    assert unfinished_runs(tmp_path) == []
    qtbot.waitUntil(lambda: len(finished_runs(tmp_path)) == 1, timeout=60_000)
    (outcome,) = finished_runs(tmp_path)
    assert (outcome.title, outcome.values, outcome.error) == ("Learning", {"done": 30}, "")
    forget_outcome(outcome)
    qtbot.waitUntil(lambda: list((tmp_path / "runs").iterdir()) == [], timeout=30_000)


def test_an_error_without_a_viewer_is_told_later_and_the_run_can_be_resumed(
    runner, qtbot, tmp_path
):
    begin(runner, qtbot, "slow", tmp_path)
    pretend_checkpoint(runner)
    job = pretraining("value_error")
    assert runner.hand_over(job)
    qtbot.waitUntil(lambda: len(finished_runs(tmp_path)) == 1, timeout=60_000)
    (outcome,) = finished_runs(tmp_path)
    assert outcome.error == "The movie has one frame; expected two."
    assert outcome.job == job


def test_a_run_is_done_by_one_process_at_a_time(runner, qtbot, tmp_path):
    begin(runner, qtbot, "slow", tmp_path)
    job = runner.run.job
    assert runner.hand_over(job)
    qtbot.waitUntil(lambda: len(runs_elsewhere(tmp_path)) == 1, timeout=60_000)
    second = JobRunner(client=WorkerClient(arguments=[STAND_INS]))
    with qtbot.waitSignal(second.ended, timeout=30_000) as ended:
        second.start(task(job, tmp_path))
    assert "done by another process" in ended.args[0]
    second.shut_down()
    qtbot.waitUntil(lambda: len(finished_runs(tmp_path)) == 1, timeout=60_000)


def test_a_reboot_or_another_process_of_that_number_frees_a_run(runner, qtbot, tmp_path):
    begin(runner, qtbot, "endless", tmp_path)
    pretend_checkpoint(runner)
    path = runner.run.path
    text = path.read_text()
    created = str(runner.run.owner.created)
    path.write_text(text.replace(created, str(runner.run.owner.created - time.time())))
    assert [run.path for run in unfinished_runs(tmp_path)] == [path]
