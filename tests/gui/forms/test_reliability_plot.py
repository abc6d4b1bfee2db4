"""Two diagrams show how often crops with a probability are real, and how many there are."""

import numpy as np

from cell_events.gui.forms.reliability_plot import ReliabilityBins, ReliabilityPlots, told_count

EDGES = np.linspace(0, 1, 6)


def bins(*counts):
    counts = np.array(counts)
    return ReliabilityBins(EDGES, counts, np.where(counts > 0, 0.5, np.nan))


def test_nothing_is_shown_before_there_is_something(qtbot):
    plots = ReliabilityPlots()
    qtbot.addWidget(plots)
    assert plots.isHidden()
    plots.show_bins((), ())
    assert plots.isHidden()


def test_bars_stand_in_the_middles_of_bins_and_are_as_high_as_the_shares(qtbot):
    plots = ReliabilityPlots()
    qtbot.addWidget(plots)
    plots.show_bins(("before", "after"), (bins(10, 0, 4, 0, 1), bins(5, 5, 0, 0, 5)))
    before, after = plots._diagrams
    assert (before.title.text(), after.title.text()) == ("before", "after")
    shares, counts = before._bars
    np.testing.assert_allclose(shares.opts["x"], [0.1, 0.3, 0.5, 0.7, 0.9])
    np.testing.assert_allclose(shares.opts["height"], [0.5, 0, 0.5, 0, 0.5])
    np.testing.assert_allclose(counts.opts["height"], np.log10([11, 1, 5, 1, 2]))


def test_both_diagrams_count_on_the_same_axis(qtbot):
    plots = ReliabilityPlots()
    qtbot.addWidget(plots)
    plots.show_bins(("before", "after"), (bins(2000, 0, 0, 0, 0), bins(3, 0, 0, 0, 0)))
    ranges = [diagram.plots[1].viewRange()[1] for diagram in plots._diagrams]
    np.testing.assert_allclose(*ranges)
    assert ranges[0][1] > np.log10(2001)


def test_large_counts_are_told_in_few_letters():
    assert [told_count(number) for number in (0, 10, 100, 1000, 100_000)] == [
        "0",
        "10",
        "100",
        "1k",
        "100k",
    ]
