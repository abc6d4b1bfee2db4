"""Crop pairs of another movie are judged evenly, as many of each label."""

from __future__ import annotations

import numpy as np

from cell_events.movie import open_movie
from cell_events.recognition.crops import CropSettings
from cell_events.recognition.held_out_crops import evenly_drawn_rows, held_out_report
from cell_events.recognition.paint import PaintedMask
from tests.recognition.fake_features import small_classifier


def test_equally_many_pairs_of_each_label_are_drawn() -> None:
    label = np.array([0] * 50 + [1] * 7 + [2] * 9)
    rows = evenly_drawn_rows(label, seed=0)
    assert np.bincount(label[rows]).tolist() == [7, 7, 7]
    assert (np.diff(rows) > 0).all()
    assert evenly_drawn_rows(label, 0).tolist() == rows.tolist()
    assert np.bincount(label[evenly_drawn_rows(label, 0, most=3)]).tolist() == [3, 3, 3]


def noise(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 255, (4, 40, 48)).astype(np.uint8)


def test_the_report_holds_as_many_pairs_of_events_as_of_nothing() -> None:
    paint = np.zeros((4, 40, 48), np.uint8)
    paint[1:3, 16:24, 20:28] = 1
    mask = PaintedMask(open_movie(paint), done=frozenset(range(4)))
    crops = CropSettings(size=8, reach_px=2, clear_px=4, far_step_px=8)
    report = held_out_report(small_classifier(), open_movie(noise()), mask, crops)
    assert (report.label == 1).sum() == (report.label == 0).sum() > 0
    assert set(report.frame[report.label == 1].tolist()) == {2}
    assert np.allclose(report.scores.sum(1), 1, atol=1e-6)
