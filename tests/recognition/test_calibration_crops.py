"""Crops that a model has not learned from, how frequent events are, and what a model says."""

from __future__ import annotations

import numpy as np
import pytest

from cell_events.engine.held_out import HeldOut
from cell_events.engine.tiles import tiles
from cell_events.movie import Movie, open_movie
from cell_events.recognition import calibration_crops as module
from cell_events.recognition.calibration_crops import (
    STEP_PX,
    CalibrationCrops,
    all_blocks,
    calibration_crops,
    reviewed_only,
)
from cell_events.recognition.classifier import HeadSettings
from cell_events.recognition.crop_logits import CropLogits, crop_logits
from cell_events.recognition.crops import CropSettings, CropTable
from cell_events.recognition.dense_scores import DenseScores
from cell_events.recognition.gather import GatherReport
from cell_events.recognition.paint import PaintedMask, open_mask
from cell_events.recognition.splits import boxes
from cell_events.time_arrow.features import DenseFeatures
from tests.recognition.fake_features import small_classifier
from tests.synthetic import dividing_cells

CROPS = CropSettings(size=16, reach_px=4, clear_px=8)
MARGIN = 3


def painted() -> tuple[Movie, PaintedMask]:
    pixels, paint, _ = dividing_cells(12, (96, 96), 0)
    movie = open_movie(pixels)
    return movie, open_mask(paint, movie, done=range(12))


def half(movie: Movie) -> HeldOut:
    """The right half is held out."""
    return HeldOut.evenly(movie, (2, 2, 2), np.tile([False, True], 4))


def found(**changes) -> tuple[CalibrationCrops, HeldOut]:
    movie, mask = painted()
    held = changes.pop("held", half(movie))
    return calibration_crops([changes.pop("mask", mask)], [held], CROPS, MARGIN), held


def test_all_that_is_read_lies_in_held_out_blocks() -> None:
    crops, held = found()
    for table in (crops.table, crops.places):
        assert len(table)
        first, last = boxes(table, CROPS, MARGIN)
        assert held.holds(first, last).all()
        assert (first[:, 2] >= 48).all()
    assert set(crops.table.label.tolist()) == {0, 1}
    assert (crops.places.label == 0).all()


def test_crops_know_their_block() -> None:
    crops, held = found()
    middle = np.stack([crops.table.t, crops.table.y, crops.table.x], axis=1)
    np.testing.assert_array_equal(crops.block, held.block_of(middle))
    assert held.held.ravel()[crops.block].all()


def test_a_whole_movie_shows_how_frequent_events_are() -> None:
    movie, _ = painted()
    crops, _ = found(held=all_blocks(movie))
    events = dividing_cells(12, (96, 96), 0)[2]
    # Around the middle an event counts in a square of one step; with one daughter at the border of
    # the crop, the middle of the paint in it moves, and more places count.
    assert 1 <= crops.frequency[:, 1].sum() / len(events) <= 4
    assert crops.frequency.sum() <= 11 * (96 / STEP_PX + 1) ** 2


def test_without_done_frames_nobody_knows_how_frequent_events_are() -> None:
    movie, mask = painted()
    pixels = np.stack([mask.read(t) for t in range(12)])
    pixels[:, :10, 60:] = 255
    decided = reviewed_only([open_mask(pixels, movie, done=range(12))])[0]
    crops, _ = found(mask=decided)
    assert crops.frequency.sum() == 0
    assert len(crops.places) == 0
    assert len(crops.table)


def test_places_are_drawn_evenly_up_to_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    everything, _ = found()
    monkeypatch.setattr(module, "MOST_PLACES", 50)
    some, _ = found()
    assert len(some.places) == 50
    np.testing.assert_array_equal(some.frequency, everything.frequency)


def test_blocks_of_several_movies_have_numbers_of_their_own() -> None:
    movie, mask = painted()
    held = half(movie)
    crops = calibration_crops([mask, mask], [held, held], CROPS, MARGIN)
    assert (crops.block[crops.table.movie == 0] < 8).all()
    assert (crops.block[crops.table.movie == 1] >= 8).all()
    assert crops.frequency.shape == (16, 2)


@pytest.mark.parametrize("head", ["pyramid", "linear", "resnet"])
def test_logits_of_crops_are_those_of_dense_detection(head) -> None:
    movie, _ = painted()
    classifier = small_classifier(HeadSettings(head), size=12)
    random = np.random.default_rng(0)
    columns = (np.zeros(30, int), *(random.integers(n, size=30) for n in (11, 96, 96)))
    table = CropTable(*columns, np.zeros(30, int)).in_reading_order()
    *reports, last = crop_logits(table, [movie], classifier)
    assert isinstance(last, CropLogits)
    assert [type(report) for report in reports] == [GatherReport] * len(reports)
    assert reports[-1].done == 30
    (tile,) = tiles((96, 96), 96, 0)
    dense = DenseScores(DenseFeatures(movie, classifier.tap), classifier, tile)
    maps = {t: dense.log_odds(t)[0] for t in sorted(set(table.t.tolist()))}
    expected = [maps[t][y, x] for t, y, x in zip(table.t, table.y, table.x, strict=True)]
    odds = last.logits[:, 1] - last.logits[:, 0]
    np.testing.assert_allclose(odds, expected, atol=2e-3)
