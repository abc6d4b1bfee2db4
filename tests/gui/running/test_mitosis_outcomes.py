"""What is said of a plan names how sure its k is; what is said of a detection, what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from cell_events.gui.running.mitosis_outcomes import found_outcome, plan_outcome
from cell_events.gui.running.outcomes import detect_outcome
from cell_events.jobs import Detect, MovieSource

PLAN = {"length": 4, "annotate": 7, "frames": "3-9", "statistics": {"count": 10}}


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        ((4, None), "up to 4 frames (from 10 gaps only, it may be many more). Annotate 7 frames"),
        ((3, 6), "up to 4 frames (from 10 gaps, it may be 3 to 6). Annotate 7 frames: 3-9"),
        ((None, 6), "up to 4 frames (from 10 gaps, it may be up to 6). Annotate"),
        ((4, 4), "up to 4 frames. Annotate"),
    ],
)
def test_a_plan_says_how_far_k_may_be_off(interval: tuple, words: str) -> None:
    assert words in plan_outcome({**PLAN, "interval": interval})


def test_a_plan_of_an_earlier_version_says_nothing_of_it() -> None:
    assert "up to 4 frames. Annotate" in plan_outcome(PLAN)


@pytest.mark.parametrize("outcome", [found_outcome, detect_outcome])
def test_a_model_that_tells_nothing_apart_is_told_whatever_was_found(outcome) -> None:
    job = Detect((MovieSource(Path("a.tif")),), Path("m.safetensors"), Path("found/events.csv"))
    said = outcome(job, {"events": 0, "notes": ["It gives the same score everywhere."]})
    assert said.endswith("kept as found/events.csv. It gives the same score everywhere.")
    assert "same score" not in outcome(job, {"events": 0})
