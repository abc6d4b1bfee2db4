"""Time left, pace and memory, as the run bar tells them."""

import pytest

from cell_events.gui.forms.run_bar import RunBar
from cell_events.gui.forms.run_words import told_time, told_use
from cell_events.gui.forms.time_left import TimeLeft
from cell_events.gui.running.longest_step import LongestStep


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def report(stage, done, total, then=(), **more):
    return {"stage": stage, "done": done, "total": total, "then": list(then), **more}


def ticks(left, clock, stage, total, seconds_a_step, then=()):
    for done in range(1, total + 1):
        clock.now += seconds_a_step
        last = left.tick(report(stage, done, total, then))
    return last


def test_the_time_left_follows_the_pace(clock):
    left = TimeLeft(clock)
    left.tick(report("learn", 0, 10))
    clock.now += 4
    assert left.tick(report("learn", 2, 10)) == (16.0, True)


def test_steps_done_before_a_run_went_on_do_not_count_for_its_pace(clock):
    left = TimeLeft(clock)
    left.tick(report("learn", 900, 1000))
    clock.now += 10
    assert left.tick(report("learn", 910, 1000)) == (90.0, True)


def test_a_pause_does_not_make_the_time_left_longer(clock):
    left = TimeLeft(clock)
    left.tick(report("learn", 0, 10))
    clock.now += 4
    left.pause()
    clock.now += 1000
    left.resume()
    assert left.tick(report("learn", 2, 10)) == (16.0, True)


def test_at_first_the_estimate_is_that_of_the_job(clock):
    assert TimeLeft(clock).tick(report("learn", 1, 10, seconds_left=7.0)) == (7.0, True)
    assert TimeLeft(clock).tick(report("read", 1, 10)) == (None, False)


def test_a_stage_not_seen_yet_makes_the_estimate_a_lower_bound(clock):
    left = TimeLeft(clock)
    left.tick(report("read", 0, 10, ["learn"]))
    clock.now += 4
    assert left.tick(report("read", 2, 10, ["learn"])) == (16.0, False)


def test_stages_that_come_again_last_as_long_as_before(clock):
    left = TimeLeft(clock)
    left.tick(report("read", 0, 2, ["learn", "read", "learn"]))
    ticks(left, clock, "read", 2, 1.0, ["learn", "read", "learn"])
    clock.now += 1
    left.tick(report("learn", 0, 10, ["read", "learn"]))
    clock.now += 10
    seconds, is_all = left.tick(report("learn", 5, 10, ["read", "learn"]))
    assert (seconds, is_all) == (10 + 3, False)
    ticks(left, clock, "learn", 10, 1.0, ["read", "learn"])
    seconds, is_all = left.tick(report("read", 1, 2, ["learn"], seconds_left=1.0))
    assert (seconds, is_all) == (1 + 20, True)


def test_the_longest_step_is_the_longest_gap_between_reports_of_one_job(clock):
    longest = LongestStep(clock)
    longest.tick(1)
    assert longest.milliseconds == 0
    clock.now += 3
    longest.tick(1)
    clock.now += 1
    longest.tick(1)
    assert longest.milliseconds == 3000
    longest.begin()
    clock.now += 50
    longest.tick(1)
    assert longest.milliseconds == 3000
    longest.tick(2)
    assert longest.milliseconds == 0


def test_time_and_use_are_told_in_words():
    assert told_time(None, True) == ""
    assert told_time(40.0, True) == "40 s left"
    assert told_time(130.0, False) == "at least 2 min left"
    assert told_use({"device": "cpu, 2 threads", "memory_mb": 812.4}) == "cpu, 2 threads · 812 MB"
    assert told_use({"device": None, "memory_mb": 2400}) == "2.4 GB"
    assert told_use({}) == ""
    card = {"device": "cuda: H200", "memory_mb": 900, "gpu_memory_mb": 3100}
    assert told_use(card) == "cuda: H200 · 900 MB + 3.1 GB on the card"


def test_a_report_shows_what_is_used_and_the_end_clears_it(qtbot):
    bar = RunBar()
    qtbot.addWidget(bar)
    bar.set_running(True)
    bar.show_report(report("learn", 1, 4, seconds_left=9.0, device="cpu, 1 thread", memory_mb=50))
    assert bar.used == "cpu, 1 thread · 50 MB"
    assert bar.time_left == "9 s left"
    bar.set_running(False)
    assert bar.used == bar.time_left == ""
    assert not bar.pause_button.isEnabled()


def test_pause_says_resume_once_the_job_holds_still(qtbot):
    bar = RunBar()
    qtbot.addWidget(bar)
    wanted = []
    bar.pause_wanted.connect(wanted.append)
    bar.set_running(True)
    bar.pause_button.click()
    assert bar.pause_button.text() == "Pausing…"
    assert not bar.pause_button.isEnabled()
    bar.set_paused(True)
    assert bar.time_left == "paused"
    assert bar.pause_button.text() == "Resume"
    bar.pause_button.click()
    bar.set_paused(False)
    assert wanted == [True, False]
    assert bar.pause_button.text() == "Pause"
