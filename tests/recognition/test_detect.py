from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import zarr
from scipy.special import expit, logit

from cell_events.engine.tiles import tiles
from cell_events.events import Event
from cell_events.movie import open_movie
from cell_events.recognition.classifier import EventClassifier, HeadSettings
from cell_events.recognition.dense_scores import BAND_ROWS, DenseScores
from cell_events.recognition.detect import DetectReport, DetectSettings, detect_events
from cell_events.recognition.peaks import PeakSettings
from tests.recognition.fake_features import (
    ArrayFeatures,
    bright_pixel_classifier,
    small_classifier,
)

PEAKS = PeakSettings(radius_px=5, smoothing_px=1)
MOVIE = open_movie(np.random.default_rng(0).integers(0, 255, (6, 50, 60), np.uint8))

TRUTH = [(1, 12, 20, 0), (2, 40, 5, 0), (2, 30, 45, 1), (4, 2, 58, 0)]
"""First frame of the pair, place, and class of the events in `bright_features`."""


def bright_features(n_classes: int = 1, delta: int = 1) -> ArrayFeatures:
    """Features that are 1 in 9 x 9 squares, in both frames of a pair."""
    z = np.zeros((6, n_classes, 50, 60), np.float32)
    for t, y, x, kind in TRUTH:
        if kind < n_classes:
            for frame in {t, min(t + delta, 5)}:
                z[frame, kind, max(0, y - 4) : y + 5, max(0, x - 4) : x + 5] = 1
    return ArrayFeatures(z)


def detect(
    classifier: EventClassifier, features: ArrayFeatures, **settings
) -> tuple[tuple[Event, ...], list[DetectReport]]:
    settings = DetectSettings(**{"peaks": PEAKS, **settings})
    reports = list(detect_events(MOVIE, classifier, settings, features))
    return reports[-1].events, reports


def test_events_are_found_where_and_when_they_are() -> None:
    events, reports = detect(bright_pixel_classifier(("division", "death")), bright_features(2))
    found = [(e.t - 1, e.y, e.x, e.kind) for e in events]
    for (t, y, x, kind), event in zip(sorted(TRUTH), sorted(found), strict=True):
        assert (event[0], event[3]) == (t, ("division", "death")[kind])
        at_corner = y < 4
        assert event[1:3] == pytest.approx((y, x), abs=2 if at_corner else 1)
    assert all(0.5 < event.score < 1 for event in events)
    assert [report.done for report in reports] == [1, 2, 3, 4, 5, 5]
    assert all(report.total == 5 for report in reports)
    assert reports[-1].found == 4


@pytest.mark.parametrize("classes", [("division",), ("division", "death")])
def test_probabilities_are_those_of_the_logits_at_the_place(classes, tmp_path: Path) -> None:
    classifier, features = bright_pixel_classifier(classes), bright_features(len(classes))
    asked = []

    def probabilities(log_odds: np.ndarray) -> np.ndarray:
        asked.append(log_odds)
        return expit(log_odds / 2)

    options = {"probabilities": probabilities, "heat_map": tmp_path / "scores.zarr"}
    events, _ = detect(classifier, features, **options)
    again, _ = detect(classifier, features, **options)  # from the finished tiles
    assert again == events
    assert asked[0].shape == (len(events), len(classes))
    np.testing.assert_array_equal(*asked)
    odds = [logit(event.score) for event in events]
    np.testing.assert_allclose(
        [e.probability for e in events], expit(np.array(odds) / 2), rtol=1e-4
    )
    assert all(event.probability is None for event in detect(classifier, features)[0])


def test_events_of_a_later_frame_step_come_at_its_end() -> None:
    events, _ = detect(bright_pixel_classifier(delta=2), bright_features(delta=2))
    assert {(1 + 2), (2 + 2)} <= {event.t for event in events}


@pytest.mark.parametrize("head", ["linear", "resnet"])
@pytest.mark.parametrize("time_invariant", [True, False])
def test_tiles_find_the_events_of_whole_frames(head, time_invariant) -> None:
    classifier = small_classifier(HeadSettings(head, "centre", time_invariant))
    random = np.random.default_rng(0).normal(0, 3, (6, 4, 50, 60))
    settings = {"peaks": PeakSettings(radius_px=4, smoothing_px=1, threshold=0.35)}
    whole, _ = detect(classifier, ArrayFeatures(random), **settings)
    assert len(whole) > 10
    for tile_px in (16, 23):
        tiled, _ = detect(classifier, ArrayFeatures(random), tile_px=tile_px, **settings)
        assert [(e.t, e.kind) for e in tiled] == [(e.t, e.kind) for e in whole]
        np.testing.assert_allclose(
            [(e.y, e.x, e.score) for e in tiled], [(e.y, e.x, e.score) for e in whole], atol=1e-4
        )


def test_dense_scores_are_those_of_classified_crops_also_at_the_border() -> None:
    import torch

    from cell_events.recognition.gather import feature_reader

    classifier = small_classifier(HeadSettings("resnet", "mean", time_invariant=False))
    z = ArrayFeatures(np.random.default_rng(1).normal(size=(3, 4, BAND_ROWS + 40, 30)))
    (tile,) = tiles(z.shape[2:], 1000, 0)
    odds = DenseScores(z, classifier, tile).log_odds(1)
    assert odds.shape == (1, *z.shape[2:])
    read = feature_reader([z], classifier.size, classifier.margin)
    for y, x in ((0, 0), (BAND_ROWS, 12), (BAND_ROWS - 1, 29), (BAND_ROWS + 39, 29)):
        first, second = (torch.from_numpy(read(0, t, y, x))[None] for t in (1, 2))
        with torch.no_grad():
            logits = classifier.head(first, second)[0, :, 0, 0]
        assert float(logits[1] - logits[0]) == pytest.approx(odds[0, y, x], abs=1e-5)


def test_a_model_that_gives_nan_is_refused() -> None:
    features = bright_features()
    features.features[3] = np.nan
    with pytest.raises(ValueError, match="gives NaN or infinite scores in frame 3"):
        detect(bright_pixel_classifier(), features)


def test_each_frame_of_a_tile_is_read_once() -> None:
    features = bright_features()
    detect(bright_pixel_classifier(), features)
    assert features.reads == list(range(6))


def test_only_wanted_frames_are_looked_at() -> None:
    features = bright_features()
    events, reports = detect(bright_pixel_classifier(), features, frames=frozenset({2, 3}))
    assert {event.t for event in events} == {2, 3}
    assert reports[-1].total == 2
    assert set(features.reads) == {1, 2, 3}


def test_a_heat_map_holds_the_scores_at_the_second_frame(tmp_path: Path) -> None:
    classifier = bright_pixel_classifier(("division", "death"))
    path = tmp_path / "heat.zarr"
    events, _ = detect(classifier, bright_features(2), heat_map=path, tile_px=16)
    scores = zarr.open_array(str(path), mode="r")
    assert scores.shape == (6, 2, 50, 60)
    assert scores.dtype == np.float16
    assert scores.attrs["classes"] == ["division", "death"]
    assert not scores[0].any()
    for event in events:
        kind = classifier.classes.index(event.kind)
        y, x = round(event.y), round(event.x)
        assert scores[event.t, kind, y, x] == pytest.approx(event.score, abs=0.1)


def test_a_stopped_run_goes_on_from_its_heat_map(tmp_path: Path) -> None:
    path, settings = tmp_path / "heat.zarr", {"tile_px": 30, "peaks": PEAKS}
    expected, _ = detect(bright_pixel_classifier(), bright_features(), tile_px=30)
    run = detect_events(
        MOVIE,
        bright_pixel_classifier(),
        DetectSettings(heat_map=path, **settings),
        bright_features(),
    )
    for _ in range(7):  # one of four tiles, and a part of the second
        next(run)
    run.close()
    features = bright_features()
    events, _ = detect(bright_pixel_classifier(), features, heat_map=path, **settings)
    assert events == expected
    assert features.reads == list(range(6)) * 3
    again = bright_features()
    assert detect(bright_pixel_classifier(), again, heat_map=path, **settings)[0] == expected
    assert again.reads == []


def test_a_heat_map_of_other_settings_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "heat.zarr"
    detect(bright_pixel_classifier(), bright_features(), heat_map=path)
    features = bright_features()
    other = PeakSettings(radius_px=5, smoothing_px=1, threshold=0.9)
    detect(bright_pixel_classifier(), features, heat_map=path, peaks=other)
    assert features.reads == list(range(6))


def test_other_files_are_never_replaced_by_a_heat_map(tmp_path: Path) -> None:
    (tmp_path / "results").mkdir()
    precious = zarr.create_array(str(tmp_path / "movie.zarr"), shape=(2, 2), dtype="uint8")
    for name in ("results", "movie.zarr"):
        with pytest.raises(ValueError, match="no heat map of ours"):
            detect(bright_pixel_classifier(), bright_features(), heat_map=tmp_path / name)
    assert precious.shape == (2, 2)


def test_a_movie_without_a_pair_is_refused() -> None:
    movie = open_movie(np.zeros((2, 20, 20), np.uint8))
    with pytest.raises(ValueError, match="needs at least 3"):
        next(detect_events(movie, bright_pixel_classifier(delta=2)))
    with pytest.raises(ValueError, match="frames 1 to 5"):
        detect(bright_pixel_classifier(), bright_features(), frames=frozenset({6}))


def test_features_are_those_of_the_classifier_by_default() -> None:
    reports = list(detect_events(MOVIE, small_classifier(), source="model"))
    assert all(event.source == "model" for event in reports[-1].events)
