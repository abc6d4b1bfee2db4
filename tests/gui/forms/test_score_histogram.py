"""The histogram of scores, with its threshold that is dragged."""

import numpy as np
import pytest
from qtpy.QtCore import QPointF, Qt

from cell_events.dry_mass.flags import CellFlag
from cell_events.dry_mass.moved_threshold import with_threshold
from cell_events.gui.forms.score_bars import edges_through, nice_numbers
from cell_events.gui.forms.score_histogram import ScoreHistogram

SCORES = np.r_[np.linspace(0, 1, 95), np.linspace(4, 5, 5), np.nan]


@pytest.fixture
def histogram(qtbot):
    histogram = ScoreHistogram()
    qtbot.addWidget(histogram)
    histogram.resize(330, 260)
    histogram.show_scores(SCORES, 3.0, "forecast error (pg)", "mean + 1.96 sd")
    with qtbot.waitExposed(histogram):
        histogram.show()
    return histogram


@pytest.fixture
def told(histogram):
    told = []
    histogram.threshold_changed.connect(told.append)
    return told


def drag(histogram, qtbot, score):
    """Take the line with the mouse and drop it at a score."""
    plot, line = histogram.bars.plot, histogram.bars.line
    view = plot.getViewBox()
    height = view.viewRect().center().y()
    at = [
        plot.mapFromScene(view.mapViewToScene(QPointF(place, height)))
        for place in (line.value(), (line.value() + score) / 2, score)
    ]
    target = plot.viewport()
    qtbot.mouseMove(target, at[0])
    qtbot.mousePress(target, Qt.MouseButton.LeftButton, pos=at[0])
    for place in at[1:]:
        qtbot.mouseMove(target, place)
        qtbot.wait(20)  # the scene looks at moves now and then
    qtbot.mouseRelease(target, Qt.MouseButton.LeftButton, pos=at[2])


def test_cells_beyond_the_threshold_are_told_in_words(histogram):
    assert "<b>5</b> of 100 cells (5.0&nbsp;%) above" in histogram.flagged.text()
    assert histogram.bars.counts.sum() == 100


def test_a_score_at_the_threshold_is_not_above_it(histogram):
    assert histogram.n_above(5.0) == 0
    assert histogram.n_above(4.9) == 1


@pytest.mark.parametrize("threshold", [3.0, 0.5, 0.51, 4.9, 5.0])
def test_no_bar_lies_on_both_sides_of_the_threshold(histogram, threshold):
    histogram.threshold = threshold
    bars = histogram.bars
    brushes = [brush.color().name() for brush in bars.bars.opts["brushes"]]
    above = sum(n for n, colour in zip(bars.counts, brushes, strict=True) if colour != brushes[0])
    assert above == histogram.n_above(threshold)
    assert bars.counts.sum() == 100


def test_a_threshold_is_an_edge_only_where_there_are_bars():
    assert 0.3337 in edges_through(0.3337, 0.0, 1.0)
    for outside in (9.0, float("nan")):
        assert (edges_through(outside, 0.0, 1.0)[[0, -1]] == [-1 / 48, 1]).all()


def test_the_line_can_be_dragged(histogram, told, qtbot):
    drag(histogram, qtbot, 0.5)
    assert len(told) == 1
    assert told[0] == pytest.approx(0.5, abs=0.03)
    assert histogram.threshold == told[0]
    assert histogram.number.value() == pytest.approx(told[0], abs=0.001)
    assert f"<b>{histogram.n_above(told[0])}</b>" in histogram.flagged.text()


def test_a_threshold_can_be_typed_and_that_of_the_rule_taken_again(histogram, told):
    assert histogram.back.isHidden()
    histogram.number.setValue(4.4)
    assert not histogram.back.isHidden()
    assert "<b>3</b> of 100" in histogram.flagged.text()
    histogram.back.click()
    assert told == [4.4, 3.0]
    assert histogram.back.isHidden()
    assert histogram.threshold == 3.0


def test_showing_a_threshold_tells_nobody(histogram, told):
    histogram.threshold = 0.25
    assert histogram.bars.threshold == 0.25
    assert told == []


def test_the_threshold_stays_where_it_is_on_a_logarithmic_axis(histogram, told):
    histogram.show_scores(SCORES[1:], 3.0)
    histogram.log_scores.setChecked(True)
    assert histogram.bars.line.value() == pytest.approx(np.log10(3))
    assert histogram.bars.threshold == pytest.approx(3)
    assert told == []


def test_scores_that_are_not_positive_have_no_logarithm(histogram):
    assert not histogram.log_scores.isEnabled()
    histogram.show_scores(np.array([-1.0, 2, 3]), 2.0)
    assert not histogram.log_scores.isChecked()


def test_a_few_large_scores_make_the_axis_logarithmic(histogram):
    histogram.show_scores(np.r_[np.linspace(1, 2, 50), 400.0], 30.0)
    assert histogram.log_scores.isChecked()


def test_few_cells_stand_out_on_a_logarithmic_count(histogram):
    lower = histogram.bars.bars.opts["height"]
    histogram.log_counts.setChecked(True)
    higher = histogram.bars.bars.opts["height"]
    assert higher.min() == lower.min() == 0
    assert higher[-1] / higher.max() > lower[-1] / lower.max()


def test_without_scores_nothing_is_shown(histogram):
    histogram.show_scores(np.array([np.nan]), 3.0)
    assert histogram.isHidden()


def test_scores_that_are_all_the_same_are_one_bar(histogram):
    histogram.show_scores(np.ones(3), 2.0)
    assert sorted(histogram.bars.counts)[-2:] == [0, 3]


def test_numbers_on_a_logarithmic_axis_are_round():
    assert nice_numbers(0.9, 11) == [1, 2, 5, 10]
    assert nice_numbers(0.5, 2e6) == [1, 10, 100, 1000, 10000, 100000, 1000000]


def test_a_moved_threshold_flags_others_but_never_who_was_not_assessed():
    flags = [CellFlag(1, "flagged", 5, 3), CellFlag(2, "normal", 2, 3), CellFlag(3, "not assessed")]
    assert [flag.flag for flag in with_threshold(flags, 1)] == ["flagged"] * 2 + ["not assessed"]
    assert [flag.flag for flag in with_threshold(flags, 5)] == ["normal"] * 2 + ["not assessed"]
    assert with_threshold(flags, 1)[0].threshold == 1


def test_a_lowered_threshold_knows_the_reasons_at_once():
    flags = [
        CellFlag(1, "normal", 2, 3, reason="arrest", cause="cellular"),
        CellFlag(2, "normal", 2, 3),
    ]
    lowered = with_threshold(flags, 1)
    assert [flag.reason for flag in lowered] == ["arrest", "unexpected mass"]
    assert lowered[0].cause == "cellular"
