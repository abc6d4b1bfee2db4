"""The histogram of predicted lengths."""

import pytest

from cell_events.gui.forms.length_histogram import LengthHistogram, told_statistics

STATISTICS = {
    "count": 34,
    "mean": 7.25,
    "sd": 2.081,
    "percentiles": {"95": 11.0, "5": 4.0, "25": 6.0, "50": 7.0, "75": 8.0},
}


@pytest.fixture
def histogram(qtbot):
    histogram = LengthHistogram()
    qtbot.addWidget(histogram)
    return histogram


def test_lengths_are_counted_and_k_is_marked(histogram):
    histogram.show_lengths([3, 8, 8], STATISTICS)
    histogram.show_k(8)
    assert not histogram.isHidden()
    assert histogram.counts == {3: 1, 8: 2}
    assert histogram._line.value() == 8


def test_without_lengths_nothing_is_shown_and_no_plot_is_made(histogram):
    histogram.show_k(8)
    histogram.show_lengths([], {})
    assert histogram.isHidden()
    assert histogram._plot is None


def test_an_earlier_histogram_is_hidden_when_there_is_none_any_more(histogram):
    histogram.show_lengths([3, 8, 8], STATISTICS)
    histogram.show_lengths([], {})
    assert histogram.isHidden()


def test_the_numbers_are_those_of_table_one_in_order():
    words = told_statistics(STATISTICS)
    assert "<b>34</b> predicted, <b>7.2</b> ± 2.1 frames long" in words
    assert words.index("5&nbsp;%") < words.index("25&nbsp;%") < words.index("95&nbsp;%")
    assert words.index("<b>4</b>") < words.index("<b>8</b>") < words.index("<b>11</b>")
