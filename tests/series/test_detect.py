from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np
import pytest
import torch

from cell_events.series.detect import DetectSettings, SeriesReport, detect_segments
from cell_events.series.labelled_series import Segment, Series, SeriesError
from cell_events.series.labelled_snapshots import labelled_snapshots
from cell_events.series.scaling import Scale
from cell_events.series.stretches import StretchSettings
from cell_events.series.transfer import SeriesNetwork

KINDS = ("high", "low")
SETTINGS = DetectSettings(
    KINDS, length=100, step=25, scale=Scale(0, 1), stretches=StretchSettings(gap=0)
)


class HighAndLow(torch.nn.Module):
    """Knows that values above 1 are high and those below -1 are low."""

    channels, classes = 1, 2

    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([x - 1, -x - 1], dim=1) * 50

    def probabilities(self, logits: torch.Tensor) -> torch.Tensor:
        return logits.sigmoid()


NETWORK = cast(SeriesNetwork, HighAndLow().eval())


def curve(name: str, points: int, high: slice, first: int = 0) -> Series:
    values = np.zeros((1, points), np.float32)
    values[0, high] = 3
    return Series(name, np.arange(first, first + points, dtype=float), values, ("mass",))


def all_segments(reports: list[SeriesReport]) -> list[tuple[str, str, float, float]]:
    return [(s.series, s.kind, s.start, s.end) for report in reports for s in report.segments]


def test_stretches_are_found_in_short_and_long_series() -> None:
    series = [curve("a", 40, slice(10, 20)), curve("b", 1000, slice(700, 760))]
    reports = list(detect_segments(series, NETWORK, SETTINGS))
    assert all_segments(reports) == [("b", "high", 700, 759), ("a", "high", 10, 19)]
    points = sum(len(report.times) for report in reports if report.series == "b")
    assert points == 1000
    assert [report.series for report in reports if report.ended] == ["a", "b"]


def test_parts_of_a_series_give_what_the_whole_gives() -> None:
    whole = curve("a", 300, slice(90, 210))
    parts = [
        Series("a", whole.times[i : i + 70], whole.values[:, i : i + 70], ("mass",))
        for i in range(0, 300, 70)
    ]
    in_parts = all_segments(list(detect_segments(parts, NETWORK, SETTINGS)))
    assert in_parts == all_segments(list(detect_segments([whole], NETWORK, SETTINGS)))
    assert in_parts == [("a", "high", 90, 209)]


def test_missing_values_are_never_told_alone() -> None:
    series = curve("a", 40, slice(10, 20))
    series.values[0, 15:25] = np.nan
    reports = list(detect_segments([series], NETWORK, SETTINGS))
    assert all_segments(reports) == [("a", "high", 10, 14)]
    assert np.isnan(reports[0].probabilities[:, 15:25]).all()
    assert np.isfinite(reports[0].probabilities[:, :15]).all()


def test_only_kinds_that_are_looked_for_are_told() -> None:
    settings = DetectSettings(KINDS, told=("low",), length=100, step=25, scale=Scale(0, 1))
    (report,) = detect_segments([curve("a", 40, slice(10, 20))], NETWORK, settings)
    assert report.probabilities.shape == (1, 40)
    assert report.segments == ()


def test_each_kind_may_have_a_threshold_of_its_own() -> None:
    series = curve("a", 40, slice(10, 20))
    series.values[0, 25:30] = -1.03  # "low" with a probability of 0.82
    for threshold, found in [(0.8, ["high", "low"]), (0.85, ["high"])]:
        settings = replace(SETTINGS, thresholds={"low": threshold})
        reports = list(detect_segments([series], NETWORK, settings))
        assert [segment[1] for segment in all_segments(reports)] == found


def test_kinds_that_the_model_does_not_know_are_refused() -> None:
    with pytest.raises(SeriesError, match="does not know the kind 'odd'; it knows high, low"):
        DetectSettings(KINDS, told=("odd",))


def test_series_with_other_channels_than_the_model_are_refused() -> None:
    series = Series("a", np.arange(3.0), np.zeros((2, 3), np.float32), ("mass", "area"))
    with pytest.raises(SeriesError, match="reads 1 channel, and the table has 2: mass, area"):
        list(detect_segments([series], NETWORK, SETTINGS))


def test_snapshots_to_learn_from_hold_the_labels_at_their_places() -> None:
    series = [curve("a", 40, slice(10, 20)), curve("b", 250, slice(0, 0))]
    labels = [Segment("a", "high", 10, 19)]
    examples = labelled_snapshots(series, labels, KINDS, length=100, step=50, scale=Scale(0, 1))
    assert len(examples) == 1 + 4
    assert examples.kinds == KINDS
    inside = examples.labels[0, 0]
    assert (examples.values[0, 0, inside] > 1).mean() > 0.95
    assert (examples.values[0, 0, ~inside] < 2).all()
    assert not examples.labels[1:].any()
