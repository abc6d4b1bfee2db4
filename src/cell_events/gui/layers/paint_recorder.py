"""Every brush stroke on an events layer goes into the project, and back onto the layer on undo."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Sequence
from typing import Any

import numpy as np
from napari.layers import Labels
from numpy.typing import NDArray
from qtpy.QtCore import QObject, QTimer, Signal

from cell_events.gui.layers.layer_axes import Placement, first_level
from cell_events.gui.layers.paint_layer import (
    NOTHING_HAPPENS,
    check_paint,
    check_values,
    painted_frame,
)
from cell_events.gui.running.job_runner import Step
from cell_events.project import Edit, PaintChange, Project

Span = tuple[int, int]
"""Start and stop along one axis."""

QUICKLY_COMPARED_PX = 50_000_000
TURN_S = 0.02
"""How long frames are compared before the viewer's event loop has its turn."""


class PaintRecorder(QObject):
    """Keeps one Labels layer and the painted mask of one movie in a project the same.

    The project is compared with the layer where the layer says that it was painted, and the
    difference becomes one edit. Nothing is assumed about how the stroke was made.

    `recorded(title)` follows each edit; `failed(sentence)` tells why one could not be kept.
    """

    recorded = Signal(str)
    failed = Signal(str)

    def __init__(
        self,
        layer: Labels,
        placement: Placement,
        project: Project,
        movie_id: str,
        kinds: Sequence[str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        check_paint(layer, placement)
        self.layer, self.project, self.movie_id = layer, project, movie_id
        self.kinds = tuple(kinds)
        self._placement = placement
        data = first_level(layer)
        self._axes = placement.axes if data.ndim == len(placement.axes) else "TYX"
        self._boxes: list[tuple[Span, Span, Span]] = []
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.flush)
        layer.events.paint.connect(self._on_paint)

    def release(self) -> None:
        """Stop to follow the layer."""
        self.flush()
        self.layer.events.paint.disconnect(self._on_paint)

    @property
    def is_quick_to_compare(self) -> bool:
        """Whether the whole layer may be compared before each update."""
        return int(np.prod(self._placement.movie_shape)) <= QUICKLY_COMPARED_PX

    def take_over(self) -> Generator[Step, None, int]:
        """Record whatever the layer holds and the project does not; returns the frames changed.

        It is one edit, and nothing is recorded if the layer holds a label that means nothing.
        """
        self.flush()
        n_frames, height, width = self._placement.movie_shape
        frame, differing = ((0, height), (0, width)), []
        turn_ends = time.monotonic() + TURN_S
        for t in range(n_frames):
            differing += [t] if self._changes([t], *frame) else []
            if time.monotonic() > turn_ends or t + 1 == n_frames:
                yield "comparing the paint", t + 1, n_frames
                turn_ends = time.monotonic() + TURN_S
        self.flush()  # strokes made meanwhile
        return self._keep(self._changes(differing, *frame), "take over paint")

    def show(self, edit: Edit) -> int | None:
        """Repeat on the layer what an edit did to the project; returns the first frame changed."""
        changes = [
            change
            for change in edit.changes
            if isinstance(change, PaintChange) and change.movie == self.movie_id
        ]
        data = first_level(self.layer)
        for change in changes:
            height, width = change.after.shape
            rows = slice(change.top, change.top + height)
            columns = slice(change.left, change.left + width)
            place = self._index(change.t, rows, columns)
            _put(data, place, change.after)
        if changes:
            self.layer.refresh()
        return min((change.t for change in changes), default=None)

    def fill_layer(self) -> None:
        """Put all paint of the project onto the layer, which is empty."""
        paint, data = self.project.paint(self.movie_id), first_level(self.layer)
        for t in paint.painted_frames():
            place = self._index(t, slice(None), slice(None))
            _put(data, place, paint.read(t))
        self.layer.refresh()

    def flush(self) -> None:
        """Record at once what waits for the end of the stroke."""
        self._later.stop()
        boxes, self._boxes = self._boxes, []
        for frames, rows, columns in boxes:
            try:
                self._keep(self._changes(range(*frames), rows, columns), "")
            except (ValueError, OSError) as error:
                self.failed.emit(str(error))

    def _on_paint(self, event: Any) -> None:
        """Note the painted box: the layer says so sometimes before it has the new values."""
        spans = _spans(event.value, first_level(self.layer).shape)
        frames, rows, columns = (spans[self._axes.index(letter)] for letter in "TYX")
        self._boxes.append((frames, rows, columns))
        self._later.start(0)

    def _keep(self, changes: list[PaintChange], title: str) -> int:
        if changes:
            title = title or self._title(changes)
            self.project.apply(Edit(title, tuple(changes)))
            self.recorded.emit(title)
        return len(changes)

    def _changes(self, frames: Iterable[int], rows: Span, columns: Span) -> list[PaintChange]:
        """What differs between layer and project within a box, as tight patches."""
        changes = []
        for t in frames:
            box = slice(*rows), slice(*columns)
            after = painted_frame(self.layer, self._placement, t)[box]
            before = self.project.paint(self.movie_id).read(t)[box]
            if (after == before).all():
                continue
            check_values(self.layer, {int(value) for value in np.unique(after)} - {0})
            inside = _tight(after != before)
            changes.append(
                PaintChange(
                    movie=self.movie_id,
                    t=t,
                    top=rows[0] + inside[0].start,
                    left=columns[0] + inside[1].start,
                    before=before[inside].astype(np.uint8),
                    after=after[inside].astype(np.uint8),
                )
            )
        return changes

    def _title(self, changes: list[PaintChange]) -> str:
        """What was painted, in words."""
        change = changes[0]
        values = np.unique(change.after[change.after != change.before])
        value = int(values[-1]) if len(values) else 0
        if value == 0:
            return "erase paint"
        if value == NOTHING_HAPPENS:
            return "paint 'nothing happens here'"
        return f"paint {self.kinds[value - 1] if value <= len(self.kinds) else f'label {value}'}"

    def _index(self, t: int, rows: slice, columns: slice) -> tuple[int | slice, ...]:
        """Index of a window of one frame in the layer's array; every plane of an extra axis."""
        parts: dict[str, int | slice] = {"T": t, "Y": rows, "X": columns}
        return tuple(parts.get(letter, slice(None)) for letter in self._axes)


def _spans(atoms: Sequence[Any], shape: tuple[int, ...]) -> list[Span]:
    """Box around a stroke along each axis; each atom begins with slices or arrays of indices."""
    low, high = list(shape), [0] * len(shape)
    for atom in atoms:
        for axis, part in enumerate(atom[0]):
            if isinstance(part, slice):
                start, stop, _ = part.indices(shape[axis])
            else:
                start, stop = int(np.min(part)), int(np.max(part)) + 1
            low[axis], high[axis] = min(low[axis], start), max(high[axis], stop)
    return list(zip(low, high, strict=True))


def _put(data: Any, place: tuple[int | slice, ...], window: NDArray[np.uint8]) -> None:
    """Write a (y, x) window to an array; along an extra axis, to every plane."""
    data[place] = np.broadcast_to(window, np.shape(data[place])).astype(data.dtype)


def _tight(mask: NDArray[np.bool_]) -> tuple[slice, slice]:
    """Smallest box that holds everything true."""
    rows, columns = (np.flatnonzero(mask.any(axis)) for axis in (1, 0))
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
