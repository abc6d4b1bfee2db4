"""False alarms in the done frames are learned, and 0.5 becomes the threshold that serves them."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from cell_events.engine.held_out import HeldOut
from cell_events.events import Event
from cell_events.movie import open_movie
from cell_events.recognition.classifier import HeadSettings
from cell_events.recognition.crops import CropSettings
from cell_events.recognition.dense_scores import log_odds
from cell_events.recognition.paint import PaintedMask
from cell_events.recognition.rehearsal import Judge, Judged, Rehearsal, shift_to_half
from tests.recognition.fake_features import small_classifier


def mask_with_one_division() -> PaintedMask:
    """Paint around (40, 40) in frames 3 and 4 of six."""
    paint = np.zeros((6, 100, 100), np.uint8)
    paint[3:5, 36:44, 36:44] = 1
    return PaintedMask(open_movie(paint), ("division",), frozenset(range(6)))


@pytest.mark.parametrize(
    ("t", "y", "x", "expected"),
    [
        (4, 41, 38, True),
        (4, 58, 40, None),  # near, but not there
        (3, 40, 40, None),  # one frame early: paint in its second frame only
        (5, 40, 40, None),  # one frame late
        (1, 40, 40, False),
        (4, 80, 80, False),
        (4, 2, 99, False),
    ],
)
def test_found_events_are_judged_by_the_paint(
    t: int, y: float, x: float, expected: bool | None
) -> None:
    assert Judge(mask_with_one_division(), 1).is_hit(Event(t, y, x, "division")) is expected


def judged(score: float, is_hit: bool | None, t: int = 2) -> Judged:
    return Judged(0, Event(t, 10.4, 20.6, "division", score=score), is_hit)


def test_confident_false_alarms_become_pairs_that_show_nothing() -> None:
    rehearsal = Rehearsal(
        (judged(0.9, False, t=5), judged(0.1, False), judged(0.9, True), judged(0.9, None))
    )
    table = rehearsal.false_alarms(delta=2)
    rows = zip(table.movie, table.t, table.y, table.x, table.label, strict=True)
    assert [tuple(map(int, row)) for row in rows] == [(0, 3, 10, 21, 0)]


def test_the_threshold_is_the_one_with_the_best_f1() -> None:
    hits = [judged(score, True) for score in (0.99, 0.97, 0.9)]
    alarms = [judged(score, False) for score in (0.95, 0.8, 0.7, 0.6)]
    rehearsal = Rehearsal((*hits, *alarms, judged(0.85, None)))
    # Down to 0.9: three hits, one alarm, F1 = 6/7; the next alarm scores 0.8.
    expected = np.mean([math.log(9), math.log(4)])
    assert rehearsal.log_odds_threshold("division") == pytest.approx(expected)


@pytest.mark.parametrize("found", [(), (judged(0.9, False),)])
def test_without_hits_the_threshold_stays(found: tuple[Judged, ...]) -> None:
    assert Rehearsal(found).log_odds_threshold("division") == 0


@pytest.mark.parametrize("name", ["pyramid", "linear", "resnet"])
@torch.no_grad()
def test_scores_are_shifted_by_the_threshold(name: str) -> None:
    classifier = small_classifier(HeadSettings(name), ("division", "death")).eval()
    z = torch.randn(2, 1, 4, 20, 20)
    before = classifier.head(z[0], z[1])
    alarms = Rehearsal((judged(0.9, True), judged(0.7, False)))
    offset = alarms.log_odds_threshold("division")
    assert offset > 0
    shift_to_half(classifier, alarms)
    after = classifier.head(z[0], z[1])
    torch.testing.assert_close(after[:, 1], before[:, 1] - offset)
    torch.testing.assert_close(after[:, [0, 2]], before[:, [0, 2]])
    single = log_odds(torch.tensor([[0.0], [offset]]))  # one class against nothing
    assert float(single) == pytest.approx(offset)


def test_what_was_found_in_held_out_blocks_does_not_move_the_threshold() -> None:
    movie = open_movie(np.zeros((6, 100, 100), np.uint8), axes="TYX")
    held = HeldOut.evenly(movie, (1, 1, 2), np.array([False, True]))
    found = tuple(Judged(0, Event(2, 50, x, "division", score=0.9), True) for x in (20, 48, 80))
    crops = CropSettings(size=16)
    kept = Rehearsal(found).outside((held,), crops, margin_px=3)
    assert [each.event.x for each in kept.found] == [20]
    assert Rehearsal(found).outside((), crops, 3).found == found
