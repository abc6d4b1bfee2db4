"""Reports of a job that say which stages follow."""

from __future__ import annotations

from cell_events.jobs import Progress
from cell_events.jobs.reports import StagePlan


def followers(plan: StagePlan, *stages: str) -> list[str]:
    return ["".join(plan.placed(Progress(stage, 0, 1)).then) for stage in stages]


def test_each_report_says_what_follows_its_stage() -> None:
    assert followers(StagePlan("abab"), "a", "a", "b", "a", "b", "b") == [
        "bab",
        "bab",
        "ab",
        "b",
        "",
        "",
    ]


def test_a_stage_may_be_left_out_or_unforeseen() -> None:
    assert followers(StagePlan("abc"), "a", "c", "x") == ["bc", "", ""]
