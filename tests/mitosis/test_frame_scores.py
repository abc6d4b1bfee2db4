"""Windows are laid over a movie and put together frame by frame."""

import numpy as np
import pytest
import torch
from scipy.special import expit

from cell_events.mitosis.frame_scores import (
    ScoreSettings,
    frame_scores,
    shifted,
    window_probabilities,
    window_starts,
)
from cell_events.mitosis.network import MitosisDetector
from tests.mitosis.fake_detector import GivenFrames, OrderReader


def test_the_last_window_ends_with_the_movie() -> None:
    assert window_starts(12, 8, 2) == [0, 2, 4]
    assert window_starts(13, 8, 2) == [0, 2, 4, 5]
    assert window_starts(8, 8, 2) == [0]


def scores_of_order(n_frames: int, scores: str) -> list[float]:
    frames = GivenFrames(np.zeros((n_frames, 1, 2, 3), np.float32))
    settings = ScoreSettings(4, 2, scores)  # type: ignore[arg-type]
    scored = list(frame_scores(frames, OrderReader(), settings))
    assert [t for t, _ in scored] == list(range(n_frames))
    return [float(score[1, 2]) for _, score in scored]


def test_frames_take_the_highest_or_the_mean_of_their_windows() -> None:
    p = expit(np.arange(4.0))
    # windows start at 0, 2 and 3; each frame has its number in the window as log-odds
    highest = [p[0], p[1], p[2], p[3], p[2], p[3], p[3]]
    assert scores_of_order(7, "binary") == pytest.approx(highest, abs=1e-6)
    means = [
        p[0],
        p[1],
        (p[2] + p[0]) / 2,
        (p[3] + p[1] + p[0]) / 3,
        (p[2] + p[1]) / 2,
        (p[3] + p[2]) / 2,
        p[3],
    ]
    assert scores_of_order(7, "mean") == pytest.approx(means, abs=1e-6)


@pytest.mark.parametrize("scores", ["binary", "mean"])
def test_streamed_scores_are_those_of_the_whole_movie(scores) -> None:
    torch.manual_seed(0)
    network = MitosisDetector().eval()
    frames = GivenFrames(np.random.default_rng(0).random((11, 1, 9, 8)).astype(np.float32))
    starts = window_starts(11, 4, 2)
    whole = np.full((len(starts), 11, 9, 8), np.nan)
    for row, start in zip(whole, starts, strict=True):
        row[start : start + 4] = window_probabilities(frames, network, start, 4)
    expected = np.nanmax(whole, 0) if scores == "binary" else np.nanmean(whole, 0)
    settings = ScoreSettings(4, 2, scores)
    streamed = np.stack([score for _, score in frame_scores(frames, network, settings)])
    np.testing.assert_allclose(streamed, expected, atol=1e-6)
    some = dict(frame_scores(frames, network, settings, frozenset({0, 5, 6})))
    assert list(some) == [0, 5, 6]
    for t, score in some.items():
        np.testing.assert_array_equal(score, streamed[t])


def test_only_the_frames_of_one_window_wait() -> None:
    read = []

    class Watched(GivenFrames):
        def read(self, t):
            read.append(t)
            return super().read(t)

    frames = Watched(np.zeros((1000, 1, 2, 2), np.float32))
    scored = frame_scores(frames, OrderReader(), ScoreSettings(8))
    for t in range(20):
        assert next(scored)[0] == t
        assert max(read) - t <= 8


def test_a_shift_moves_the_threshold_to_one_half() -> None:
    scores = np.array([0.1, 0.2, 0.3, 0.0, 1.0], np.float32)
    moved = shifted(scores, -float(np.log(0.2 / 0.8)))
    assert moved[1] == pytest.approx(0.5, abs=1e-6)
    assert moved[0] < 0.5 < moved[2]
    assert moved[3] == pytest.approx(0, abs=1e-4)
    assert moved[4] == pytest.approx(1, abs=1e-4)
    assert shifted(scores, 0.0) is scores
