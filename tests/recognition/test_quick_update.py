"""A head that learns on the grid within a second: the same classifier, the same kind of answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch

from cell_events.engine.tiles import tiles
from cell_events.events import Event
from cell_events.matching import match_events
from cell_events.movie import Movie, open_movie
from cell_events.recognition.classifier import EventClassifier, HeadSettings
from cell_events.recognition.crops import CropSettings
from cell_events.recognition.decisions import with_decisions
from cell_events.recognition.dense_scores import DenseScores
from cell_events.recognition.grid_features import GridFeatures
from cell_events.recognition.grid_peaks import grid_events, grid_peaks, highest_places, on_grid
from cell_events.recognition.grid_rehearsal import is_hit, rehearsed_pairs
from cell_events.recognition.grid_scores import GridScores
from cell_events.recognition.paint import PaintedMask, PaintError
from cell_events.recognition.painted_pairs import LabelledPair, PaintedPairs
from cell_events.recognition.peaks import PeakSettings
from cell_events.recognition.quick_update import QuickClassifier, QuickSettings, quick_train
from cell_events.time_arrow.features import DenseFeatures
from tests.recognition.fake_features import small_classifier, small_tap
from tests.synthetic import dividing_cells

TAP = small_tap(8)
CROPS = CropSettings(size=24, reach_px=6, clear_px=12)
SETTINGS = QuickSettings(CROPS, steps=60, learning_rate=0.01)


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def painted(seed: int = 0) -> tuple[Movie, PaintedMask, list[Event]]:
    cells, paint, events = dividing_cells(n_frames=8, size=(96, 96), seed=seed)
    return open_movie(cells), PaintedMask(open_movie(paint), done=frozenset(range(8))), events


def learn(
    movies: Sequence[Movie],
    masks: Sequence[PaintedMask],
    settings: QuickSettings = SETTINGS,
    start: EventClassifier | None = None,
) -> QuickClassifier:
    pairs = [PaintedPairs(GridFeatures(movie, TAP, settings.crops.size)) for movie in movies]
    *_, last = quick_train(pairs, masks, TAP, settings, start)
    assert isinstance(last, QuickClassifier)
    return last


def score_at(movie: Movie, classifier: EventClassifier, t: int, y: float, x: float) -> float:
    """Highest log-odds around a place, in the pair whose second frame is `t`."""
    odds = GridScores(GridFeatures(movie, TAP, CROPS.size), classifier).log_odds(t - 1)[0]
    row, column = int(y) // 4, int(x) // 4
    return float(odds[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2].max())


@pytest.mark.parametrize("time_invariant", [False, True])
def test_scores_on_the_grid_are_those_of_dense_detection(time_invariant: bool) -> None:
    movie = open_movie(np.random.default_rng(1).random((4, 40, 48), np.float32))
    head = HeadSettings("pyramid", time_invariant=time_invariant)
    classifier = small_classifier(head, ("division", "death"), size=16, delta=2)
    classifier.head.standardise.fit(torch.randn(64, 8, 1, 1) * 0.1)
    features = GridFeatures(movie, classifier.tap, 16)
    (tile,) = tiles((40, 48), 64, 0)

    dense = DenseScores(DenseFeatures(movie, classifier.tap), classifier, tile).log_odds(1)
    found = GridScores(features, classifier).log_odds(1)
    assert found.shape == (2, 10, 12)
    assert found == pytest.approx(dense[:, 2::4, 2::4], abs=0.05)


def test_divisions_of_a_movie_never_seen_are_found() -> None:
    movies, masks, _ = zip(*(painted(seed) for seed in (0, 2)), strict=True)
    trained = learn(movies, masks)
    movie, _, truth = painted(seed=1)
    features = GridFeatures(movie, TAP, CROPS.size)
    settings = on_grid(PeakSettings(radius_px=10), features.step_px)
    scores = GridScores(features, trained.classifier)
    peaks = [peak for new in grid_peaks(range(7), scores.log_odds, settings) for peak in new]
    found = grid_events(peaks, settings, features, trained.classifier, "quick")
    matching = match_events(found, truth, radius_px=5, frames=0)
    assert matching.recall >= 0.8
    assert matching.precision >= 0.7


def test_equal_seeds_give_equal_classifiers() -> None:
    movie, mask, _ = painted()
    states = [
        learn([movie], [mask], replace(SETTINGS, steps=3, seed=seed)).classifier.state_dict()
        for seed in (0, 0, 1)
    ]
    name = "head.compare_features.0.weight"
    assert all(torch.equal(value, states[1][key]) for key, value in states[0].items())
    assert not torch.equal(states[0][name], states[2][name])


def test_one_rejection_and_one_accepted_event_change_the_result() -> None:
    movie, mask, truth = painted()
    bare = PaintedMask(mask.movie)  # nothing is done
    before = learn([movie], [bare]).classifier
    event = replace(truth[-1], status="rejected")
    elsewhere = Event(event.t, (event.y + 16) % 96, (event.x + 48) % 96, status="added")
    empty = PaintedMask(open_movie(np.zeros(mask.shape, np.uint8)))
    decided = with_decisions(empty, [event, elsewhere], CROPS)
    after = learn([movie], [decided], start=before)
    assert after.went_on
    place = (event.t, event.y, event.x)
    other = (elsewhere.t, elsewhere.y, elsewhere.x)
    assert score_at(movie, before, *place) > 0 > score_at(movie, after.classifier, *place)
    assert score_at(movie, before, *other) < 0 < score_at(movie, after.classifier, *other)


def test_a_classifier_of_another_kind_is_not_gone_on_from() -> None:
    movie, mask, _ = painted()
    other = small_classifier(HeadSettings("pyramid"), size=16, features=8)
    assert not learn([movie], [mask], replace(SETTINGS, steps=2), start=other).went_on


def test_paint_that_teaches_nothing_is_refused() -> None:
    movie, mask, _ = painted()
    empty = PaintedMask(open_movie(np.zeros(mask.shape, np.uint8)))
    with pytest.raises(PaintError, match="No event is painted"):
        learn([movie], [empty])


def pair(t: int, labels: dict[tuple[int, int], int], done: bool = True) -> LabelledPair:
    grid = np.zeros((20, 20), np.int16)
    for place, label in labels.items():
        grid[place] = label
    empty = np.zeros((0, 2), np.int64)
    label = np.array([*labels.values()], np.int64)
    means = np.zeros((0, 2, 4), np.float16)
    return LabelledPair(t, grid, grid > 0, done, True, empty, label, empty[:, 0] > 0, means)


def test_up_to_half_of_the_rehearsed_pairs_show_events() -> None:
    pairs = {t: pair(t, {(3, 3): 1} if t < 20 else {}, done=t < 60) for t in range(70)}
    chosen = [t for _, t in rehearsed_pairs([pairs])]
    assert len(chosen) == 16
    assert sum(t < 20 for t in chosen) == 8
    assert max(chosen) == 59
    few = {t: pair(t, {(3, 3): 1}) for t in range(12)}
    assert len(rehearsed_pairs([few])) == 12


@pytest.mark.parametrize(
    ("place", "expected"),
    [((10, 10), True), ((11, 11), True), ((13, 10), None), ((5, 5), None), ((2, 18), False)],
)
def test_maxima_in_done_frames_are_judged_by_the_labels(
    place: tuple[int, int], expected: bool | None
) -> None:
    now, before = pair(4, {(10, 10): 1, (18, 2): -1}), pair(3, {(5, 6): 1})
    assert is_hit(now, [before, now], place, kind=1, clear=4) is expected


def test_the_highest_maxima_of_a_map_come_first() -> None:
    odds = np.full((12, 12), -5, np.float32)
    odds[2, 3], odds[8, 9], odds[2, 4], odds[10, 1] = 3, 5, 2, 1
    settings = PeakSettings(threshold=0, radius_px=2, smoothing_px=0.5)
    assert highest_places(odds, settings, 2) == [(8, 9), (2, 3)]
