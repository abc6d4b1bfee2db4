"""Which rule and value the dock 'Dry mass' offers for a score."""

import pytest

from cell_events.gui.forms.flag_inputs import FlagInputs, FlagValues
from cell_events.jobs.anomalies_detect import DEFAULT_RULES, DEFAULT_VALUES, RULES, SCORES


@pytest.fixture
def inputs(qtbot):
    widget = FlagInputs()
    qtbot.addWidget(widget)
    return widget


@pytest.mark.parametrize("score", SCORES)
def test_each_score_brings_its_usual_rule_and_value(inputs, score):
    inputs.score.setCurrentText(score)
    values = inputs.values
    assert values.rule == DEFAULT_RULES[score]
    assert values.value == DEFAULT_VALUES[values.rule]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_can_be_taken_with_its_usual_value(inputs, rule):
    inputs.rule.setCurrentText(rule)
    assert inputs.values.value == DEFAULT_VALUES[rule]


def test_what_was_kept_is_shown_again(inputs):
    kept = FlagValues("isolation forest", "quantile", 0.8)
    inputs.values = kept
    assert inputs.values == kept


def test_only_the_combined_score_compares_to_something(inputs):
    assert not inputs.reference.isHidden()
    inputs.score.setCurrentText("paper")
    assert inputs.reference.isHidden()
