from __future__ import annotations

import numpy as np
import pytest

from cell_events.series.labelled_series import Segment
from cell_events.series.stretches import StretchFinder, StretchSettings

NAN = np.nan


def found(
    probabilities: list[float], settings: StretchSettings, portion: int = 100
) -> list[Segment]:
    finder = StretchFinder("s", "k", settings)
    times, values = np.arange(len(probabilities)) * 10.0, np.float32(probabilities)
    segments = []
    for begin in range(0, len(times), portion):
        part = slice(begin, begin + portion)
        segments += list(finder.add(times[part], values[part]))
    return segments + list(finder.finish())


def spans(segments: list[Segment]) -> list[tuple[float, float]]:
    return [(one.start, one.end) for one in segments]


@pytest.mark.parametrize("portion", [1, 2, 3, 100])
def test_gaps_are_bridged_and_short_stretches_left_out(portion: int) -> None:
    row = [0.9, 0.9, 0.1, 0.9, 0.1, 0.1, 0.9, 0.1, 0.1, 0.1, 0.9, 0.9]
    assert spans(found(row, StretchSettings(gap=0), portion)) == [
        (0, 10),
        (30, 30),
        (60, 60),
        (100, 110),
    ]
    assert spans(found(row, StretchSettings(gap=1), portion)) == [(0, 30), (60, 60), (100, 110)]
    assert spans(found(row, StretchSettings(gap=2), portion)) == [(0, 60), (100, 110)]
    assert spans(found(row, StretchSettings(gap=1, least=2), portion)) == [(0, 30), (100, 110)]


def test_missing_points_alone_are_no_stretch() -> None:
    assert found([0.1, NAN, NAN, 0.1], StretchSettings(gap=2)) == []
    assert spans(found([NAN, 0.9, NAN, 0.9, NAN], StretchSettings(gap=1))) == [(10, 30)]


def test_a_stretch_tells_its_mean_and_largest_probability() -> None:
    (stretch,) = found([0.6, 0.2, 0.8], StretchSettings(gap=1))
    assert stretch.probability == pytest.approx(0.7)
    assert stretch.score == pytest.approx(0.8)
