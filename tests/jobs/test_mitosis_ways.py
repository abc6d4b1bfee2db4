"""The two ways to learn divisions that the viewer offers."""

from cell_events.jobs.mitosis_ways import PAPER, QUICK, WAYS, steps_of
from cell_events.mitosis.train_settings import quick_settings


def test_the_quick_way_is_that_of_the_detector():
    settings = quick_settings(8)
    assert WAYS[QUICK]
    assert {name: getattr(settings, name) for name in WAYS[QUICK]} == dict(WAYS[QUICK])
    assert steps_of(QUICK) == settings.steps


def test_the_way_of_the_paper_is_what_the_command_line_does_by_default():
    assert WAYS[PAPER] == {}
    assert steps_of(PAPER) == 6000
