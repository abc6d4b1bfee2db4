"""The viewer's end of the worker, against a real worker process with stand-in jobs."""

import os
import signal
import sys
from pathlib import Path

import pytest

from cell_events.gui.running.worker_client import DIED, WorkerClient
from cell_events.jobs import Info

STAND_INS = str(Path(__file__).parents[2] / "worker_with_stand_ins.py")


@pytest.fixture
def client(qtbot):
    client = WorkerClient(arguments=[STAND_INS], stop_grace_ms=300)
    yield client
    client.shut_down()


def ask(client, word):
    return client.submit(Info(model=Path(word)))


def test_a_result_arrives_with_the_number_of_its_job(client, qtbot):
    reports = []
    client.progress.connect(lambda job_id, report: reports.append((job_id, report["done"])))
    with qtbot.waitSignal(client.result, timeout=60_000) as result:
        job_id = ask(client, "count")
    assert result.args == [job_id, {"counted": 2000}]
    assert reports[0] == (job_id, 0)
    assert not client.busy


def test_an_error_arrives_as_a_sentence_and_its_traceback_in_the_log(client, qtbot):
    with qtbot.waitSignal(client.error, timeout=60_000) as error:
        job_id = ask(client, "value_error")
    assert error.args == [job_id, "The movie has one frame; expected two."]
    qtbot.waitUntil(lambda: "Traceback" in client.log, timeout=20_000)


def test_a_polite_job_stops_and_the_worker_lives_on(client, qtbot):
    with qtbot.waitSignal(client.progress, timeout=60_000):
        job_id = ask(client, "endless")
    process_id = client.process_id
    with qtbot.waitSignal(client.stopped, timeout=20_000) as stopped:
        client.stop(job_id)
    assert stopped.args == [job_id]
    assert client.process_id == process_id


def test_a_job_that_hangs_is_killed_and_counts_as_stopped(client, qtbot):
    with qtbot.waitSignal(client.progress, timeout=60_000):
        job_id = ask(client, "hang")
    with qtbot.assertNotEmitted(client.died), qtbot.waitSignal(client.stopped, timeout=30_000):
        client.stop(job_id)
    with qtbot.waitSignal(client.result, timeout=60_000):
        ask(client, "count")


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_a_killed_worker_is_reported_and_the_next_job_starts_another(client, qtbot):
    with qtbot.waitSignal(client.progress, timeout=60_000):
        job_id = ask(client, "endless")
    with qtbot.waitSignal(client.died, timeout=30_000) as died:
        os.kill(client.process_id, signal.SIGKILL)
    assert died.args == [job_id, DIED]
    assert client.process_id is None
    with qtbot.waitSignal(client.result, timeout=60_000):
        ask(client, "count")


def test_a_crash_ends_every_open_job(client, qtbot):
    died = []
    client.died.connect(lambda job_id, _: died.append(job_id))
    numbers = [ask(client, "crash"), ask(client, "count")]
    qtbot.waitUntil(lambda: died == numbers, timeout=60_000)


def test_a_worker_that_cannot_start_is_reported(qtbot, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    client = WorkerClient(arguments=[STAND_INS])
    died = []
    client.died.connect(lambda job_id, _: died.append(job_id))
    job_id = ask(client, "count")
    qtbot.waitUntil(lambda: died == [job_id], timeout=30_000)
    client.shut_down()


@pytest.mark.parametrize("word", ["endless", "hang"])
def test_shutting_down_leaves_no_process(client, qtbot, word):
    with qtbot.waitSignal(client.progress, timeout=60_000):
        ask(client, word)
    process_id = client.process_id
    client.shut_down()
    client.shut_down()
    with pytest.raises(OSError, match=r"[Nn]o such process|parameter"):
        os.kill(process_id, 0)
