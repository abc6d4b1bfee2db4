"""A real worker process, driven through its standard streams."""

import json
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from cell_events import jobs
from cell_events.events import Event, write_events
from cell_events.worker_progress import ProgressThinner

STAND_INS = str(Path(__file__).with_name("worker_with_stand_ins.py"))
REAL = ("-m", "cell_events.worker")


class Worker:
    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def send(self, text):
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def submit(self, job_id, job):
        self.send(json.dumps({"id": job_id, "job": jobs.to_json(job)}))

    def ask(self, job_id, word):
        self.submit(job_id, jobs.Info(model=Path(word)))

    def answer(self):
        return json.loads(self.process.stdout.readline())

    def answers_until_end(self, job_id):
        answers = [self.answer()]
        while "progress" in answers[-1]:
            answers.append(self.answer())
        assert all(answer["id"] == job_id for answer in answers)
        return answers

    def close(self):
        """Close its input and return what it left on its streams, and its exit status."""
        out, log = self.process.communicate(timeout=20)
        return out, log, self.process.returncode


def answers_until(worker, key):
    answers = [worker.answer()]
    while key not in answers[-1]:
        answers.append(worker.answer())
    return answers


@pytest.fixture
def start_worker():
    workers = []

    def start(*arguments):
        workers.append(Worker(*arguments))
        return workers[-1]

    yield start
    for worker in workers:
        worker.process.kill()
        worker.process.wait()
        for stream in (worker.process.stdin, worker.process.stdout, worker.process.stderr):
            stream.close()


@pytest.fixture
def stand_ins(start_worker):
    return start_worker(STAND_INS)


def test_a_real_job_gives_its_result(start_worker, tmp_path):
    events = [Event(3, 10.0, 20.0), Event(5, 40.0, 60.0)]
    write_events(tmp_path / "truth.csv", events)
    write_events(tmp_path / "found.csv", events[:1])
    worker = start_worker(*REAL)
    worker.submit(7, jobs.Evaluate(tmp_path / "found.csv", tmp_path / "truth.csv"))
    values = worker.answers_until_end(7)[-1]["result"]["all"]
    assert values["recall"] == 0.5
    assert values["precision"] == 1.0
    assert worker.close() == ("", "", 0)


def test_an_error_is_one_sentence_on_the_protocol_and_a_traceback_in_the_log(stand_ins):
    stand_ins.ask(1, "value_error")
    assert stand_ins.answer() == {"id": 1, "error": "The movie has one frame; expected two."}
    _, log, status = stand_ins.close()
    assert "Traceback" in log
    assert status == 0


def test_an_unforeseen_error_names_its_kind(stand_ins):
    stand_ins.ask(1, "bug")
    assert stand_ins.answer() == {"id": 1, "error": "KeyError: 't'"}


def test_a_job_without_result_is_an_error(stand_ins):
    stand_ins.ask(1, "nothing")
    assert "ended without a result" in stand_ins.answers_until_end(1)[-1]["error"]


def test_prints_of_libraries_never_reach_the_protocol(stand_ins):
    stand_ins.ask(1, "chatter")
    assert stand_ins.answer() == {"id": 1, "result": {"printed": True}}
    out, log, _ = stand_ins.close()
    assert out == ""
    assert "a library prints" in log
    assert "C code" in log


def test_jobs_run_one_at_a_time_in_order(stand_ins):
    for job_id in (1, 2, 3):
        stand_ins.ask(job_id, "count")
    for job_id in (1, 2, 3):
        assert stand_ins.answers_until_end(job_id)[-1] == {
            "id": job_id,
            "result": {"counted": 2000},
        }


def test_fast_progress_is_thinned_out(stand_ins):
    stand_ins.ask(1, "count")
    answers = stand_ins.answers_until_end(1)
    assert answers[0]["progress"]["done"] == 0
    assert len(answers) < 500


def test_a_job_stops_at_its_next_report_and_is_closed(stand_ins):
    stand_ins.ask(1, "endless")
    stand_ins.answer()
    stand_ins.send('{"stop": 1}')
    assert stand_ins.answers_until_end(1)[-1] == {"id": 1, "stopped": True}
    stand_ins.ask(2, "count")
    assert "result" in stand_ins.answers_until_end(2)[-1]
    assert "endless was closed" in stand_ins.close()[1]


def test_a_paused_job_holds_still_until_it_is_resumed(stand_ins):
    stand_ins.ask(1, "endless")
    before = [stand_ins.answer()]
    stand_ins.send('{"pause": 1}')
    before += answers_until(stand_ins, "paused")
    assert before.pop() == {"id": 1, "paused": True}
    time.sleep(0.3)
    stand_ins.send('{"resume": 1}')
    assert stand_ins.answer() == {"id": 1, "paused": False}
    assert stand_ins.answer()["progress"]["done"] == before[-1]["progress"]["done"] + 1


def test_a_paused_job_uses_no_processor_time(stand_ins):
    stand_ins.ask(1, "endless")
    stand_ins.answer()
    stand_ins.send('{"pause": 1}')
    answers_until(stand_ins, "paused")
    process = psutil.Process(stand_ins.process.pid)
    before = process.cpu_times().user
    time.sleep(0.5)
    assert process.cpu_times().user - before < 0.1


def test_a_paused_job_can_be_stopped(stand_ins):
    stand_ins.ask(1, "endless")
    stand_ins.send('{"pause": 1}')
    answers_until(stand_ins, "paused")
    stand_ins.send('{"stop": 1}')
    assert stand_ins.answer() == {"id": 1, "stopped": True}


def test_the_worker_ends_when_its_input_closes_during_a_pause(stand_ins):
    stand_ins.ask(1, "endless")
    stand_ins.send('{"pause": 1}')
    answers_until(stand_ins, "paused")
    _, log, status = stand_ins.close()
    assert "endless was closed" in log
    assert status == 0


def test_progress_says_how_much_memory_is_used_and_no_device_before_torch(stand_ins):
    stand_ins.ask(1, "endless")
    progress = stand_ins.answer()["progress"]
    assert 10 < progress["memory_mb"] < 1000
    assert progress["device"] is None


def test_progress_says_what_is_computed_on_once_torch_is_there(stand_ins):
    stand_ins.submit(1, jobs.Pretrain((jobs.MovieSource(Path("m")),), Path("torch"), device="cpu"))
    assert stand_ins.answer()["progress"]["device"] == "cpu, 1 thread"


def test_measurements_of_reports_that_are_held_back_go_along_with_the_next():
    thinner = ProgressThinner(interval_s=60)
    assert thinner.add(jobs.Progress("learn", 1, 9, {"total": 1.0})) != []
    assert thinner.add(jobs.Progress("learn", 2, 9, {"validation_accuracy": 0.5})) == []
    assert thinner.add(jobs.Progress("learn", 3, 9, {"total": 3.0})) == []
    (held,) = thinner.flush()
    assert held == jobs.Progress("learn", 3, 9, {"validation_accuracy": 0.5, "total": 3.0})
    assert thinner.flush() == []


def test_the_last_report_of_a_stage_is_never_lost():
    thinner = ProgressThinner(interval_s=60)
    thinner.add(jobs.Progress("read", 0, 2))
    thinner.add(jobs.Progress("read", 2, 2))
    stages = [(report.stage, report.done) for report in thinner.add(jobs.Progress("learn", 1, 9))]
    assert stages == [("read", 2), ("learn", 1)]


def test_a_waiting_job_can_be_stopped_before_it_began(stand_ins):
    stand_ins.ask(1, "endless")
    stand_ins.ask(2, "bug")
    stand_ins.send('{"stop": 2}')
    stand_ins.send('{"stop": 1}')
    assert stand_ins.answers_until_end(1)[-1] == {"id": 1, "stopped": True}
    assert stand_ins.answer() == {"id": 2, "stopped": True}


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        "[1]",
        "{}",
        '{"id": 1}',
        '{"stop": "now"}',
        '{"job": {}}',
        '{"id": null, "job": {}}',
    ],
)
def test_a_line_that_is_no_request_is_answered_and_survived(stand_ins, line):
    stand_ins.send(line)
    assert "This line is no request" in stand_ins.answer()["error"]
    stand_ins.ask(1, "count")
    assert "result" in stand_ins.answers_until_end(1)[-1]


def test_an_unknown_job_is_refused_with_a_sentence(stand_ins):
    stand_ins.send('{"id": 4, "job": {"verb": "dance"}}')
    answer = stand_ins.answer()
    assert answer["id"] == 4
    assert "dance" in answer["error"]


def test_the_worker_ends_when_its_input_closes_also_in_the_middle_of_a_job(stand_ins):
    stand_ins.ask(1, "endless")
    stand_ins.answer()
    begin = time.monotonic()
    _, log, status = stand_ins.close()
    assert time.monotonic() - begin < 2
    assert "endless was closed" in log
    assert status == 0


def test_the_worker_ends_even_if_a_step_never_does(stand_ins):
    stand_ins.ask(1, "hang")
    stand_ins.answer()
    time.sleep(0.2)  # let it begin its step
    begin = time.monotonic()
    assert stand_ins.close()[2] == 1
    assert time.monotonic() - begin < 8


def test_a_reader_that_goes_away_does_not_crash_the_worker(stand_ins):
    stand_ins.ask(1, "endless")
    stand_ins.answer()
    stand_ins.process.stdout.close()
    time.sleep(0.3)
    assert stand_ins.process.poll() is None
    stand_ins.process.stdin.close()
    assert stand_ins.process.wait(timeout=10) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has priority classes instead")
def test_the_worker_gives_way_to_the_viewer(stand_ins):
    stand_ins.ask(1, "niceness")
    assert stand_ins.answer()["result"]["niceness"] >= 10


def test_the_worker_starts_without_torch(start_worker):
    code = "import sys, cell_events.worker; sys.exit('torch' in sys.modules)"
    worker = start_worker("-c", code)
    assert worker.process.wait(timeout=60) == 0
