"""Bars of the histogram lie on one side of the threshold, and hold every score."""

from __future__ import annotations

import numpy as np
import pytest

from cell_events.dry_mass.score_figure import _edges


@pytest.mark.parametrize("threshold", [0.5, 2.5, 20.0])
def test_the_threshold_is_an_edge_and_all_scores_lie_between_the_outer_ones(
    threshold: float,
) -> None:
    scores = np.array([1.0, 2.0, 3.0, 3.5, 9.0])
    edges = _edges(scores, threshold)
    assert np.isclose(edges, threshold).any()
    assert edges[0] <= scores.min()
    assert edges[-1] >= scores.max()


def test_equal_scores_have_bars_too() -> None:
    edges = _edges(np.ones(3), 1.0)
    assert edges[0] < 1 < edges[-1]


def test_many_cells_have_finer_bars() -> None:
    few, many = (_edges(np.linspace(0, 10, n), 5.0) for n in (10, 2000))
    assert np.diff(few)[0] > 3 * np.diff(many)[0]
