"""Labelled places of a painted movie on the grid, remembered as long as the paint is the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cell_events.engine.seeds import numpy_generator
from cell_events.recognition.crops import NOTHING, CropSettings
from cell_events.recognition.grid_features import GridFeatures
from cell_events.recognition.labelling import from_patches
from cell_events.recognition.paint import NO_CLASS, PaintedMask
from cell_events.recognition.paint_digests import UNTOUCHED, frame_digests
from cell_events.recognition.painted_frame import PaintedFrame
from cell_events.recognition.place_grid import evenly
from cell_events.recognition.place_labels import NOT_USED, label_places

MOST_BARE_PAIRS = 24
"""Pairs of done frames without any paint that are learned from, evenly spread over a movie."""


@dataclass(frozen=True)
class LabelledGrid:
    """What is known of the places of one pair of frames (t, t + delta).

    Attributes
    ----------
    labels
        Label of each place of the grid (y, x): a class, `NOTHING` or `NOT_USED`.
    told
        Which places (y, x) lie near paint.
    done, painted
        Whether both frames are marked as done, and whether either holds a painted event.
    """

    t: int
    labels: NDArray[np.int16]
    told: NDArray[np.bool_]
    done: bool
    painted: bool


@dataclass(frozen=True)
class LabelledPair(LabelledGrid):
    """A pair of frames, and what is learned from it.

    Attributes
    ----------
    places
        Row and column in the grid (N, 2) of the places that are learned from.
    label
        Their labels (N,).
    near
        Which of them lie near paint (N,).
    means
        Means (N, 2, D) of both frames there.
    """

    places: NDArray[np.int64]
    label: NDArray[np.int64]
    near: NDArray[np.bool_]
    means: NDArray[np.float16]


class PaintedPairs:
    """The labelled pairs of one movie; those whose paint has not changed are not made again."""

    def __init__(self, features: GridFeatures) -> None:
        self.features = features
        self._known: dict[object, LabelledPair] = {}

    def read(
        self, mask: PaintedMask, settings: CropSettings, presume: bool = False
    ) -> Iterator[tuple[int, int, LabelledPair]]:
        """Pairs with their number and how many there are; only frames that matter are read.

        Where `presume` is true, unpainted places of painted frames show nothing, too.
        """
        digests = frame_digests(mask)
        wanted = wanted_pairs(mask, digests, settings.delta)
        known, self._known = self._known, {}
        for count, t in enumerate(wanted, 1):
            ends = (t, t + settings.delta)
            state = [(digests[end], end in mask.done) for end in ends]
            key = (t, *state, mask.classes, settings, presume)
            if key not in known:
                frames = [_frame(mask, digests, end) for end in ends]
                known[key] = self._labelled(t, frames, settings, presume)
            self._known[key] = known[key]
            yield count, len(wanted), known[key]

    def _labelled(
        self, t: int, frames: list[PaintedFrame], settings: CropSettings, presume: bool
    ) -> LabelledPair:
        """Label the grid, choose places, and take their means."""
        done = all(frame.done for frame in frames)
        if presume:
            frames = [replace(frame, done=True) for frame in frames]
        labels, told = label_places(frames[0], frames[1], self.features.grid, settings)
        painted = any(set(frame.sums) - NO_CLASS for frame in frames)
        grid = LabelledGrid(t, labels.astype(np.int16), told, done, painted)
        return with_places(grid, self.features, settings)


def with_places(grid: LabelledGrid, features: GridFeatures, settings: CropSettings) -> LabelledPair:
    """Choose places to learn from, and take their means."""
    random, told = numpy_generator(settings.seed, grid.t, "places"), grid.told
    labels = grid.labels.astype(np.int64)
    painted = from_patches(np.where(told, labels, NOT_USED), settings.crops_per_patch, random)
    empty = random.permutation(np.argwhere((labels == NOTHING) & ~told))
    places = np.concatenate([painted, empty[: settings.crops_per_frame]])
    y, x = places.T
    return LabelledPair(
        grid.t,
        grid.labels,
        told,
        grid.done,
        grid.painted,
        places=places,
        label=labels[y, x],
        near=told[y, x],
        means=pair_means(features, grid.t, settings.delta, places),
    )


def pair_means(
    features: GridFeatures, t: int, delta: int, places: NDArray[np.int64]
) -> NDArray[np.float16]:
    """Means (N, 2, D) of both frames of a pair at places (N, 2) of the grid."""
    y, x = places.T
    if not len(places):
        return np.zeros((0, 2, features.shape[1]), np.float16)
    return np.stack([features.read(end)[:, y, x].T for end in (t, t + delta)], axis=1)


def wanted_pairs(mask: PaintedMask, digests: list[bytes], delta: int) -> list[int]:
    """First frames of the pairs to learn from: all with paint, and some that are only done."""
    painted, bare = [], []
    for t in range(mask.shape[0] - delta):
        if digests[t] != UNTOUCHED or digests[t + delta] != UNTOUCHED:
            painted.append(t)
        elif t in mask.done and t + delta in mask.done:
            bare.append(t)
    return sorted([*painted, *evenly(bare, MOST_BARE_PAIRS)])


def _frame(mask: PaintedMask, digests: list[bytes], t: int) -> PaintedFrame:
    """Paint of a frame; frames that hold none are not read."""
    if digests[t] == UNTOUCHED:
        return PaintedFrame(mask.shape[1:], t in mask.done, {})
    return PaintedFrame.of(mask.read(t), t in mask.done)
