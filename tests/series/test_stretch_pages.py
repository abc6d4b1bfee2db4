from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from cell_events.series.labelled_series import Segment, Series
from cell_events.series.stretch_pages import draw_panel, kind_colours, write_stretch_pages
from cell_events.series.stretch_panels import Panel, SeriesExtent, panel_curves, panels

LONG = {"long": SeriesExtent(0, 9999, 10_000)}


def test_short_series_are_drawn_whole_and_once() -> None:
    segments = [Segment("a", "x", 1, 2, 0.6, 0.7), Segment("a", "y", 8, 9, 0.6, 0.9)]
    (panel,) = panels(segments, {"a": SeriesExtent(0, 99, 100)}, points=100, most=5)
    assert (panel.first, panel.last) == (0, 99)
    assert [one.kind for one in panel.segments] == ["y", "x"]


def test_of_long_series_what_is_around_each_stretch_is_drawn() -> None:
    segments = [
        Segment("long", "x", 5000, 5010, 0.6, 0.9),
        Segment("long", "x", 5020, 5030, 0.6, 0.8),
        Segment("long", "x", 20, 40, 0.6, 0.7),
        Segment("long", "x", 8000, 9000, 0.6, 0.6),
    ]
    chosen = panels(segments, LONG, points=100, most=9)
    assert [(panel.first, panel.last) for panel in chosen] == [
        (4955, 5055),
        (0, 80),
        (8000, 9000),
    ]
    assert [len(panel.segments) for panel in chosen] == [2, 1, 1]
    assert len(panels(segments, LONG, points=100, most=1)) == 1


def test_curves_of_panels_are_read_from_parts() -> None:
    parts = [
        Series("long", np.arange(b, b + 30.0), np.full((1, 30), b, np.float32), ("v",))
        for b in range(0, 300, 30)
    ]
    chosen = [Panel("long", 50, 130, ()), Panel("long", 0, 10, ())]
    first, second = panel_curves(chosen, parts)
    np.testing.assert_array_equal(first.times, np.arange(50, 131))
    assert len(second.times) == 11


@pytest.mark.parametrize("dates", [False, True])
def test_pages_are_written_for_one_and_for_several_channels(tmp_path: Path, dates: bool) -> None:
    drawn = []
    for number in range(9):
        channels = ("area", "mass")[: 1 + number % 2]
        values = np.ones((len(channels), 50), np.float32)
        values[0, :20] = np.nan
        drawn.append(Series(str(number), np.arange(50.0), values, channels))
    chosen = [Panel(one.name, 0, 49, (Segment(one.name, "x", 3, 3, 1, 1),)) for one in drawn]
    done = list(write_stretch_pages(tmp_path, chosen, drawn, ("x",), dates))
    assert done == [(1, 2), (2, 2)]
    assert (tmp_path / "curves_02.png").stat().st_size > 5000


def test_ten_kinds_have_different_colours() -> None:
    assert len(set(kind_colours([str(number) for number in range(10)]).values())) == 10


def test_whole_frames_are_named_below_short_curves() -> None:
    axes = Figure().subplots()
    curve = Series("a", np.arange(4.0), np.ones((1, 4), np.float32), ("mass",))
    draw_panel(axes, Panel("a", 0, 3, (Segment("a", "x", 1, 1, 1, 1),)), curve, {"x": "red"})
    ticks = axes.get_xticks()
    np.testing.assert_array_equal(ticks, np.round(ticks))
