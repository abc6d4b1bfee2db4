"""How surely a mitosis completes, for every place, frame after frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import expit, logit

from cell_events.mitosis.frames import FrameSource
from cell_events.mitosis.network import MitosisDetector
from cell_events.mitosis.train_settings import Scores

PAPER_STEP = 2
NEARLY = 1e-6
"""Probabilities are kept so far away from 0 and 1 when they are shifted."""


@dataclass(frozen=True, slots=True)
class ScoreSettings:
    """How windows are laid over a movie, and put together.

    Attributes
    ----------
    length, step
        Frames of a window, k, and from one window to the next.
    scores
        ``binary``: the highest probability that any window gives; it reaches a threshold where the
        paper's sum of binarised windows is not zero. ``mean``: the mean of the windows.
    shift
        Added to the log-odds of the scores.
    """

    length: int
    step: int = PAPER_STEP
    scores: Scores = "binary"
    shift: float = 0.0


def window_starts(n_frames: int, length: int, step: int) -> list[int]:
    """First frames of the windows; the last window ends with the movie."""
    starts = list(range(0, n_frames - length + 1, step))
    return starts if starts[-1] == n_frames - length else [*starts, n_frames - length]


def frame_scores(
    frames: FrameSource,
    network: MitosisDetector,
    settings: ScoreSettings,
    only: frozenset[int] | None = None,
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Yield each frame and its scores (Y, X), in order, as soon as no window to come shows it.

    The frames `only` have the scores that they have in the whole movie. Memory holds the frames of
    one window, however long the movie.
    """
    starts = window_starts(frames.shape[0], settings.length, settings.step)
    if only is not None:
        starts = [s for s in starts if not only.isdisjoint(range(s, s + settings.length))]
    waiting: dict[int, tuple[int, NDArray[np.float32]]] = {}
    for start, following in zip(starts, [*starts[1:], frames.shape[0]], strict=True):
        window = window_probabilities(frames, network, start, settings.length)
        for t, probabilities in enumerate(window, start):
            waiting[t] = _together(waiting.get(t), probabilities, settings.scores)
        for t in sorted(t for t in waiting if t < following):
            count, total = waiting.pop(t)
            if only is None or t in only:
                score = total / np.float32(count) if settings.scores == "mean" else total
                yield t, shifted(np.asarray(score, np.float32), settings.shift)


@torch.no_grad()
def window_probabilities(
    frames: FrameSource, network: MitosisDetector, start: int, length: int
) -> NDArray[np.float32]:
    """Probabilities (T, Y, X) that the network gives to a window alone."""
    device = next(network.parameters()).device
    window = np.stack([frames.read(t) for t in range(start, start + length)])
    odds = network(torch.from_numpy(window)[None].to(device))[0]
    return np.asarray(odds.float().sigmoid().cpu().numpy(), np.float32)


def shifted(scores: NDArray[np.float32], shift: float) -> NDArray[np.float32]:
    """Scores whose log-odds are moved by `shift`."""
    if shift == 0:
        return scores
    return np.asarray(expit(logit(scores.clip(NEARLY, 1 - NEARLY)) + shift), np.float32)


def _together(
    before: tuple[int, NDArray[np.float32]] | None, new: NDArray[np.float32], scores: Scores
) -> tuple[int, NDArray[np.float32]]:
    """Number of windows that showed a frame, and the sum or the highest of what they gave."""
    if before is None:
        return 1, new
    count, total = before
    return count + 1, total + new if scores == "mean" else np.maximum(total, new)
