"""What is said of a plan names how sure its k is."""

from __future__ import annotations

import pytest

from cell_events.gui.running.mitosis_outcomes import plan_outcome

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
