"""Asking classifiers that have not learned from what they are asked about."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from cell_events.movie import open_movie
from cell_events.recognition.crop_logits import CropLogits
from cell_events.recognition.crops import CropSettings, CropTable
from cell_events.recognition.cross_validation import FOLDS, StripReport, cross_validated
from cell_events.recognition.grid_features import GridFeatures
from cell_events.recognition.labelling import labelled_crops
from cell_events.recognition.paint import PaintedMask, PaintError
from cell_events.recognition.painted_pairs import PaintedPairs
from cell_events.recognition.quick_update import QuickSettings
from cell_events.recognition.strips import Strips, strips_of
from tests.recognition.fake_features import small_tap
from tests.synthetic import dividing_cells

CROPS = CropSettings(size=24, reach_px=6, clear_px=12)
SETTINGS = QuickSettings(CROPS, steps=60, learning_rate=0.01)
TAP = small_tap(8)


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def table_of(y: list[int], x: list[int]) -> CropTable:
    nowhere = np.zeros(len(y), np.int64)
    return CropTable(nowhere, nowhere, np.array(y), np.array(x), nowhere + 1)


def painted(seed: int = 0) -> tuple[PaintedPairs, PaintedMask]:
    cells, paint, _ = dividing_cells(n_frames=12, size=(192, 192), seed=seed)
    mask = PaintedMask(open_movie(paint), done=frozenset(range(12)))
    return PaintedPairs(GridFeatures(open_movie(cells), TAP, CROPS.size)), mask


def asked(
    table: CropTable, movie: PaintedPairs, mask: PaintedMask
) -> tuple[list[object], NDArray[np.float64]]:
    *reports, last = cross_validated(table, [movie], [mask], TAP, SETTINGS)
    assert isinstance(last, CropLogits)
    return reports, last.logits


def test_borders_lie_in_the_gaps_between_events() -> None:
    strips = strips_of(table_of([5] * 8, [10, 12, 60, 62, 90, 94, 150, 155]), (9, 40, 200), 4)
    assert strips == Strips(2, (0, 36, 76, 122, 200))
    numbers = strips.number_of(np.full(4, 5), np.array([0, 35, 36, 199]))
    assert numbers.tolist() == [0, 0, 1, 3]


def test_a_field_with_few_events_is_cut_evenly() -> None:
    assert strips_of(table_of([5], [10]), (9, 40, 80), 4) == Strips(2, (0, 20, 40, 60, 80))


def test_rows_are_parted_where_events_lie_one_above_the_other() -> None:
    strips = strips_of(table_of([10, 50, 90, 130], [7, 7, 7, 7]), (9, 150, 150), 4)
    assert strips.axis == 1
    assert strips.told(1) == "rows 30 to 69"


def test_places_near_a_strip_are_those_whose_crops_share_a_pixel_with_its_own() -> None:
    strips, x = Strips(2, (0, 20, 40)), np.arange(60)
    near = strips.near(1, x, x, reach_px=5)
    assert np.flatnonzero(near).tolist() == list(range(16, 44))  # |x - place| < 5 of one in 20..39


def test_classifiers_know_events_that_they_have_not_learned_from() -> None:
    movie, mask = painted()
    table = labelled_crops([mask], CROPS)
    reports, logits = asked(table, movie, mask)
    assert [r for r in reports if isinstance(r, StripReport)][-1] == StripReport(FOLDS, FOLDS)
    right = logits.argmax(axis=1) == table.label
    assert right[table.label == 1].mean() > 0.8
    assert right[table.label == 0].mean() > 0.8


def test_each_movie_is_cut_for_itself() -> None:
    (movie, mask), (other, painted_other) = painted(), painted(seed=3)
    masks = [mask, painted_other]
    table = labelled_crops(masks, CROPS)
    *_, last = cross_validated(table, [movie, other], masks, TAP, SETTINGS)
    assert isinstance(last, CropLogits)
    right = last.logits.argmax(axis=1) == table.label
    for index in (0, 1):
        assert right[table.movie == index].mean() > 0.8


def test_what_is_painted_in_a_strip_does_not_change_what_is_said_of_it() -> None:
    movie, mask = painted()
    table = labelled_crops([mask], CROPS)
    strips = strips_of(table.select(table.label > 0), mask.shape, FOLDS)
    first = strips.number_of(table.y, table.x) == 0
    _, before = asked(table, movie, mask)
    labels = np.stack([mask.read(t) for t in range(12)])
    y, x = np.indices(labels.shape[1:])
    inside = (strips.number_of(y, x) == 0) & (labels == 1)
    swapped = replace(mask, movie=open_movie(np.where(inside, np.uint8(255), labels)))
    _, after = asked(table, movie, swapped)
    np.testing.assert_allclose(after[first], before[first])
    assert np.abs(after[~first] - before[~first]).max() > 0.1


def test_one_strip_with_all_events_cannot_be_left_out() -> None:
    movie, mask = painted()
    labels = np.stack([mask.read(t) for t in range(12)])
    places = np.argwhere(labels == 1)
    _, y, x = places[0]
    near = np.zeros(labels.shape, bool)
    near[:, max(0, y - 20) : y + 20, max(0, x - 20) : x + 20] = True
    alone = replace(mask, movie=open_movie(np.where(near, labels, 0).astype(np.uint8)))
    table = labelled_crops([alone], CROPS)
    with pytest.raises(PaintError, match=r"trained without .* more parts of the field"):
        asked(table, movie, alone)
