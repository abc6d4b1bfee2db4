"""Places with high scores become events in pixels of the movie."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import zarr

from cell_events.events import Event
from cell_events.mitosis.detect import MitosisDetectSettings, detect_mitoses
from cell_events.mitosis.event_map import event_map
from cell_events.mitosis.network import MitosisDetector
from tests.mitosis.fake_detector import GivenFrames, Reader

SETTINGS = MitosisDetectSettings(length=5)


def frames_with(points: list[Event], shrink: int, n_frames: int = 30) -> GivenFrames:
    """Frames that show the event map itself, as log-odds of 5 and -5."""
    events = event_map(points, range(n_frames), (20, 25), shrink)
    return GivenFrames(np.where(events, 5, -5)[:, None].astype(np.float32), shrink)


def detected(frames: GivenFrames, settings: MitosisDetectSettings = SETTINGS, **options):
    *_, last = detect_mitoses(frames, Reader(), settings, **options)
    return last.events


@pytest.mark.parametrize("shrink", [1, 2, 4])
@pytest.mark.parametrize("time", ["centre", "peak"])
def test_points_grown_and_grouped_come_back_exactly(shrink: int, time) -> None:
    middle = (shrink - 1) / 2
    points = [
        Event(t, middle + shrink * y, middle + shrink * x)
        for t, y, x in [(5, 6, 6), (12, 10, 18), (24, 6, 6)]
    ]
    settings = replace(SETTINGS, time=time, kind="birth")
    events = detected(frames_with(points, shrink), settings, source="m.safetensors")
    assert [(e.t, e.y, e.x) for e in events] == [(p.t, p.y, p.x) for p in points]
    assert {(e.kind, e.source, e.status) for e in events} == {
        ("birth", "m.safetensors", "proposed")
    }
    assert [e.score for e in events] == pytest.approx([1 / (1 + np.exp(-5))] * 3)


def test_the_centre_is_that_of_the_map_at_the_size_of_the_movie() -> None:
    random = np.random.default_rng(0)
    lit = random.random((20, 25)) < 0.02
    frames = GivenFrames(np.where(lit, 5, -5)[None, None].repeat(6, 0).astype(np.float32), 3)
    full = lit.repeat(3, 0).repeat(3, 1)
    from scipy import ndimage

    labels, count = ndimage.label(full, np.ones((3, 3)))
    expected = ndimage.center_of_mass(full, labels, range(1, count + 1))
    found = sorted((event.y, event.x) for event in detected(frames))
    np.testing.assert_allclose(found, sorted(expected), atol=1e-3)


def test_reports_count_frames_and_end_with_the_events() -> None:
    frames = frames_with([Event(5, 6, 6)], 1)
    reports = list(detect_mitoses(frames, Reader(), SETTINGS))
    assert [report.done for report in reports] == [*range(1, 31), 30]
    assert all(report.events == () for report in reports[:-1])
    assert len(reports[-1].events) == reports[-1].found == 1


def test_only_events_in_chosen_frames_are_found_and_they_are_whole() -> None:
    points = [Event(4, 6, 6), Event(14, 10, 18), Event(24, 6, 6)]
    frames = frames_with(points, 1)
    everything = detected(frames)
    *reports, last = detect_mitoses(frames, Reader(), SETTINGS, only=frozenset({14, 15}))
    assert last.events == everything[1:2]
    assert len(reports) == last.total == 12
    assert detected(frames, only=frozenset({8, 9})) == ()


def test_scores_are_written_frame_by_frame(tmp_path: Path) -> None:
    point = Event(5, 11, 7)
    frames = frames_with([point], 2)
    detected(frames, heat_map=tmp_path / "scores.zarr")
    stored = zarr.open_array(str(tmp_path / "scores.zarr"), mode="r")
    assert stored.shape == (30, 1, 20, 25)
    np.testing.assert_array_equal(stored[:, 0] > 127, event_map([point], range(30), (20, 25), 2))
    assert stored.attrs["step_px"] == 2
    assert stored.attrs["offset_px"] == 0.5
    assert stored.attrs["classes"] == ["division"]


def test_a_threshold_above_all_scores_finds_nothing() -> None:
    frames = frames_with([Event(5, 6, 6)], 1)
    assert detected(frames, replace(SETTINGS, threshold=0.999)) == ()
    assert len(detected(frames, replace(SETTINGS, threshold=0.999, shift=3))) == 1


def test_what_cannot_be_looked_at_is_refused() -> None:
    frames = frames_with([], 1, n_frames=4)
    with pytest.raises(ValueError, match="4 frames, but this detector reads 5 at once; give a lon"):
        detected(frames)
    two_maps = GivenFrames(np.zeros((6, 2, 8, 8), np.float32))
    with pytest.raises(ValueError, match="has 2 maps, but this detector reads 1"):
        list(detect_mitoses(two_maps, MitosisDetector(), SETTINGS))
    with pytest.raises(ValueError, match="frames 0 to 29; asked for 3 to 30"):
        detected(frames_with([], 1), only=frozenset({3, 30}))
    with pytest.raises(ValueError, match="step must lie between 1 and length, 5"):
        MitosisDetectSettings(5, step=6)
    with pytest.raises(ValueError, match="threshold must lie between 0 and 1"):
        MitosisDetectSettings(5, threshold=1)
