from __future__ import annotations

import numpy as np
import pytest

from cell_events.movie import open_movie
from cell_events.recognition.crops import CropSettings, CropTable, balanced_subset
from cell_events.recognition.labelling import labelled_crops
from cell_events.recognition.paint import NOTHING_HERE, PaintedMask, PaintError

EVERYWHERE = {"near_step_px": 1, "crops_per_patch": 10_000}


def mask(paint: np.ndarray, done=(), classes=("division",)) -> PaintedMask:
    return PaintedMask(open_movie(paint), classes, frozenset(done))


def one_event(n_frames: int = 4) -> np.ndarray:
    """A single painted pixel, in frames 1 and 2."""
    paint = np.zeros((n_frames, 64, 72), np.uint8)
    paint[1:3, 30, 40] = 1
    return paint


def places(table: CropTable, label: int, t: int) -> set[tuple[int, int]]:
    rows = table.select((table.label == label) & (table.t == t))
    return set(zip(rows.y.tolist(), rows.x.tolist(), strict=True))


@pytest.mark.parametrize("reach", [1, 5, None])
def test_crops_within_reach_of_paint_in_both_frames_are_events(reach: int | None) -> None:
    settings = CropSettings(size=16, reach_px=reach, **EVERYWHERE)
    found = labelled_crops(mask(one_event(), done=range(4)), settings)
    side = reach or 8
    # The pixel is one of the rows [y - side, y + side).
    rows, columns = range(30 - side + 1, 30 + side + 1), range(40 - side + 1, 40 + side + 1)
    assert places(found, 1, 1) == {(y, x) for y in rows for x in columns}
    assert not places(found, 1, 0) | places(found, 1, 2)


def test_paint_in_one_frame_is_an_event_for_either_and_nothing_for_both() -> None:
    for criterion, label in (("either", 1), ("both", 0)):
        settings = CropSettings(size=16, reach_px=2, criterion=criterion, **EVERYWHERE)
        found = labelled_crops(mask(one_event(), done=range(4)), settings)
        assert (30, 40) in places(found, label, 0)
        assert (30, 40) in places(found, label, 2)


@pytest.mark.parametrize("clear", [2, 5])
def test_events_off_the_middle_are_left_out_and_further_off_are_nothing(clear: int) -> None:
    everywhere = {"far_step_px": 1, "crops_per_frame": 10_000, "max_per_class": 100_000}
    settings = CropSettings(size=16, reach_px=2, clear_px=clear, **EVERYWHERE, **everywhere)
    found = labelled_crops(mask(one_event(), done=range(4)), settings)
    left_out = {
        (y, x)
        for y in range(30 - clear + 1, 30 + clear + 1)
        for x in range(40 - clear + 1, 40 + clear + 1)
    }
    everything = {(y, x) for y in range(64) for x in range(72)}
    assert places(found, 0, 1) == everything - left_out


def test_the_middle_of_an_event_is_that_of_its_outcome() -> None:
    paint = np.zeros((3, 64, 72), np.uint8)
    paint[0, 16:20, 30:34] = 1  # the mother
    for x in (24, 44):  # two daughters, around (30, 36)
        paint[1, 28:33, x : x + 5] = 1
    settings = CropSettings(size=48, reach_px=3, **EVERYWHERE)
    table = labelled_crops(mask(paint, done=range(3)), settings)
    assert places(table, 1, 0) == {(y, x) for y in range(28, 34) for x in range(34, 40)}


def test_the_size_filter_wants_more_painted_pixels() -> None:
    paint = np.zeros((3, 64, 64), np.uint8)
    paint[:2, 10:20, 10:14] = 1  # 40 pixels
    paint[:2, 10:20, 40:45] = 1  # 50 pixels
    settings = CropSettings.paper()
    small, large = (12, 12), (15, 42)
    table = labelled_crops(
        mask(paint, range(3)),
        CropSettings(size=20, min_painted_px=40, reach_px=None, **EVERYWHERE),
    )
    assert small in places(table, 0, 0)
    assert large in places(table, 1, 0)
    assert (settings.min_painted_px, settings.reach_px, settings.size) == (40, None, 48)


def test_crops_of_the_paper_lie_inside_the_image() -> None:
    paint = np.zeros((3, 60, 60), np.uint8)
    paint[:2, :10, :10] = 1
    table = labelled_crops(mask(paint, range(3)), CropSettings.paper())
    for centres in (table.y, table.x):
        assert centres.min() >= 24
        assert centres.max() <= 60 - 24


def test_of_several_classes_the_one_with_most_paint_wins() -> None:
    paint = one_event()
    paint[1:3, 30:32, 42:44] = 2
    settings = CropSettings(size=16, reach_px=8, **EVERYWHERE)
    table = labelled_crops(mask(paint, range(4), ("division", "death")), settings)
    assert (30, 42) in places(table, 2, 1)
    assert (30, 33) in places(table, 1, 1)  # death is out of reach


def test_unpainted_places_are_nothing_only_in_frames_marked_as_done() -> None:
    paint = one_event(8)
    paint[5, 10, 10] = NOTHING_HERE
    settings = CropSettings(size=16, reach_px=2, crops_per_frame=5, **EVERYWHERE)
    table = labelled_crops(mask(paint, done={0, 1, 2}), settings)
    without_paint = table.select((table.label == 0) & (table.t > 2))
    assert set(without_paint.t.tolist()) == {4, 5}  # both pairs that hold the explicit negative
    assert set(zip(without_paint.y.tolist(), without_paint.x.tolist(), strict=True)) == {
        (y, x) for y in range(9, 13) for x in range(9, 13)
    }
    assert {0, 1} <= set(table.t[table.label == 0].tolist())


def test_a_real_event_wins_over_explicit_nothing_beside_it() -> None:
    paint = one_event()
    paint[1:3, 30, 42] = NOTHING_HERE
    table = labelled_crops(mask(paint), CropSettings(size=16, reach_px=4, **EVERYWHERE))
    assert (30, 41) in places(table, 1, 1)
    assert (30, 45) in places(table, 0, 1)


def test_crops_are_limited_by_patch_frame_and_class() -> None:
    paint = one_event(12)
    settings = CropSettings(size=16, reach_px=4, near_step_px=1, crops_per_patch=7, max_per_class=9)
    table = labelled_crops(mask(paint, range(12)), settings)
    assert table.counts(1).tolist() == [9, 7]
    assert len(np.unique(table.t[table.label == 0])) > 3  # spread over the movie


def test_crops_depend_on_the_seed_alone() -> None:
    def drawn(seed: int) -> CropTable:
        return labelled_crops(mask(one_event(), range(4)), CropSettings(size=16, seed=seed))

    first, again, other = drawn(1), drawn(1), drawn(2)
    assert (first.y.tolist(), first.x.tolist()) == (again.y.tolist(), again.x.tolist())
    assert first.y.tolist() != other.y.tolist()


def test_several_masks_are_numbered() -> None:
    table = labelled_crops([mask(one_event(), range(4)), mask(one_event())], CropSettings(size=16))
    assert set(table.movie[table.label == 1].tolist()) == {0, 1}
    assert set(table.movie[table.label == 0].tolist()) == {0}


def test_no_frame_is_read_twice_and_no_mask_whole() -> None:
    class Watched:
        shape, dtype, reads = (6, 64, 72), np.dtype(np.uint8), []

        def __getitem__(self, index):
            self.reads.append(index[0])
            return one_event(6)[index]

    labelled_crops(PaintedMask(open_movie(Watched()), done=frozenset(range(6))), CropSettings())
    assert Watched.reads == list(range(6))


@pytest.mark.parametrize(
    ("paint", "done", "settings", "sentence"),
    [
        (np.zeros((4, 64, 64), np.uint8), range(4), {}, "No event is painted"),
        (one_event(), (), {}, "mark frames that are fully painted as done"),
        (one_event()[:1], (), {}, "at least 2; give a longer movie"),
        (one_event()[1:], range(3), {"delta": 2}, "use criterion 'either'"),
        (one_event(), range(4), {"min_painted_px": 3, "criterion": "either"}, "min_painted_px"),
    ],
)
def test_what_cannot_be_learned_is_refused_with_advice(paint, done, settings, sentence) -> None:
    with pytest.raises(PaintError, match=sentence):
        labelled_crops(mask(paint, done), CropSettings(**settings))


@pytest.mark.parametrize(
    "wrong",
    [{"size": 47}, {"reach_px": 25}, {"reach_px": 0}, {"criterion": "all"}, {"delta": 0}],
)
def test_impossible_settings_are_refused(wrong) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        CropSettings(**wrong)


def test_a_subset_keeps_rare_classes() -> None:
    label = np.array([0] * 100 + [1] * 5 + [2] * 50)
    zeros = np.zeros(len(label), np.int64)
    table = CropTable(zeros, zeros, zeros, np.arange(len(label)), label)
    subset = balanced_subset(table, 45, np.random.default_rng(0))
    assert subset.counts(2).tolist() == [20, 5, 20]
    assert len(np.unique(subset.x)) == 45
    assert balanced_subset(table, 155, np.random.default_rng(0)) is table
