"""From painted masks to labelled crop pairs, frame by frame, never the whole mask."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from cell_events.engine.seeds import numpy_generator
from cell_events.recognition.crops import NOTHING, CropSettings, CropTable
from cell_events.recognition.paint import NO_CLASS, PaintedMask, PaintError
from cell_events.recognition.painted_frame import Grid, PaintedFrame
from cell_events.recognition.place_labels import NOT_USED, label_places

TOUCHING = np.ones((3, 3), dtype=bool)


def labelled_crops(
    masks: PaintedMask | Sequence[PaintedMask], settings: CropSettings | None = None
) -> CropTable:
    """Labelled crop pairs of one or several painted masks.

    A pair is of class k if its crops hold paint of k as `settings` ask; of several such classes
    the one with most painted pixels wins. It is "nothing" if it holds no event and either holds
    explicit "nothing here" paint or lies in frames that are both marked as done. Pairs of which
    neither is known are not used. Candidates lie on grids with an offset drawn for each frame.

    Raises
    ------
    PaintError
        If a mask is shorter than a pair, nothing is painted, no pair meets the criterion, or
        there is nothing to tell events from.
    """
    settings = settings or CropSettings()
    masks = [masks] if isinstance(masks, PaintedMask) else list(masks)
    tables, painted = [], False
    for index, mask in enumerate(masks):
        if mask.shape[0] < settings.delta + 1:
            raise PaintError(
                f"{mask.movie.name} has {mask.shape[0]} frame(s), but pairs of frames "
                f"{settings.delta} apart need at least {settings.delta + 1}; give a longer movie."
            )
        table, has_paint = _crops_of_mask(mask, index, settings)
        tables.append(table)
        painted |= has_paint
    joined = CropTable.joined(tables)
    check_classes(joined, painted, settings)
    return joined


def _crops_of_mask(mask: PaintedMask, index: int, settings: CropSettings) -> tuple[CropTable, bool]:
    """Crop pairs of one mask, and whether any event is painted in it."""
    kept, painted = np.zeros((0, 5)), False  # t, y, x, label, priority
    for t, first, second in _frame_pairs(mask, settings.delta):
        painted |= bool({*first.sums, *second.sums} - NO_CLASS)
        random = numpy_generator(settings.seed, t, f"crops of movie {index}")
        places = _crops_of_pair(first, second, settings, random)
        count = len(places)
        new = np.column_stack([np.full(count, t), places, random.random(count)])
        kept = np.concatenate([kept, new])
        kept = kept[np.argsort(kept[:, 4], kind="stable")]  # lowest priorities of each class stay
        kept = kept[_among_first(kept[:, 3].astype(np.int64), settings.max_per_class)]
    t, y, x, label = kept[:, :4].astype(np.int64).T
    return CropTable(np.full(len(kept), index), t, y, x, label).in_reading_order(), painted


def _frame_pairs(mask: PaintedMask, delta: int) -> Iterator[tuple[int, PaintedFrame, PaintedFrame]]:
    """(t, frame t, frame t + delta) of a mask, each frame read once."""
    waiting: deque[PaintedFrame] = deque(maxlen=delta + 1)
    for t in range(mask.shape[0]):
        waiting.append(PaintedFrame.of(mask.read(t), t in mask.done))
        if len(waiting) == delta + 1:
            yield t - delta, waiting[0], waiting[-1]


def _crops_of_pair(
    first: PaintedFrame,
    second: PaintedFrame,
    settings: CropSettings,
    random: np.random.Generator,
) -> NDArray[np.int64]:
    """Centres and labels (N, 3) of the pairs drawn from two frames."""
    found = []
    if first.sums or second.sums:
        grid = _grid(first.shape, settings.near_step_px, settings, random)
        labels, near = label_places(first, second, grid, settings)
        places = from_patches(np.where(near, labels, NOT_USED), settings.crops_per_patch, random)
        found.append(_with_labels(places, grid, labels))
    if first.done and second.done:
        grid = _grid(first.shape, settings.far_step_px, settings, random)
        labels, near = label_places(first, second, grid, settings)
        places = np.argwhere((labels == NOTHING) & ~near)
        places = random.permutation(places)[: settings.crops_per_frame]
        found.append(_with_labels(places, grid, labels))
    return np.concatenate(found) if found else np.zeros((0, 3), np.int64)


def _grid(
    shape: tuple[int, int], step: int, settings: CropSettings, random: np.random.Generator
) -> Grid:
    """Grid of centres with a random offset."""
    margin = settings.size // 2 if settings.inside else 0
    axes = []
    for length in shape:
        places = max(0, length - 2 * margin + bool(margin))
        offset = random.integers(min(step, places)) if places else 0
        axes.append(margin + np.arange(offset, places, step, dtype=np.int64))
    return Grid(axes[0], axes[1])


def from_patches(
    labels: NDArray[np.int64], per_patch: int, random: np.random.Generator
) -> NDArray[np.int64]:
    """Grid places (N, 2), at most `per_patch` from each connected patch of one label."""
    chosen = [np.zeros((0, 2), np.int64)]
    for label in np.unique(labels[labels != NOT_USED]).tolist():
        patches, _ = ndimage.label(labels == label, structure=TOUCHING)
        places = random.permutation(np.argwhere(patches))
        chosen.append(places[_among_first(patches[tuple(places.T)], per_patch)])
    return np.concatenate(chosen)


def _among_first(groups: NDArray[np.integer], count: int) -> NDArray[np.bool_]:
    """Whether each entry is among the first `count` of its group."""
    order = np.argsort(groups, kind="stable")
    _, starts, sizes = np.unique(groups[order], return_index=True, return_counts=True)
    rank = np.empty(len(groups), np.int64)
    rank[order] = np.arange(len(groups)) - np.repeat(starts, sizes)
    return rank < count


def _with_labels(
    places: NDArray[np.int64], grid: Grid, labels: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Replace places in a grid (N, 2) by centres and labels (N, 3)."""
    y, x = places.reshape(-1, 2).T
    return np.stack([grid.rows[y], grid.columns[x], labels[y, x]], axis=1)


def check_classes(table: CropTable, painted: bool, settings: CropSettings) -> None:
    """Raise `PaintError` unless there are events and something else to tell them from."""
    events, nothing = (table.label != NOTHING).any(), (table.label == NOTHING).any()
    if not painted:
        raise PaintError(
            "No event is painted in the mask or accepted; paint at least one event with a value "
            "from 1 on."
        )
    if not events and settings.criterion == "both":
        raise PaintError(
            f"No pair of frames {settings.delta} apart is painted at the same place in both (more "
            f"than {settings.min_painted_px} pixels); paint each event in both frames, or use "
            "criterion 'either'."
        )
    if not events:
        raise PaintError(
            f"No crop shows a painted event (more than {settings.min_painted_px} pixels of it); "
            "paint larger areas or lower min_painted_px, and allow crops at the border (inside)."
        )
    if not nothing:
        raise PaintError(
            "Only events are painted, and nothing to tell them from; mark frames that are fully "
            "painted as done, paint places where nothing happens with the value 255, or reject a "
            "proposed event."
        )
