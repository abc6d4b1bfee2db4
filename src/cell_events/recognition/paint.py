"""Painted masks: where a person has said that an event happens, or that nothing does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cell_events.movie import Movie, open_movie

UNPAINTED = 0
NOTHING_HERE = 255
"""Painted value that says "nothing happens here"."""

REJECTED_HERE = 254
"""Drawn, never painted, in both frames of a pair in which a person rejected an event."""

UNKNOWN_HERE = 253
"""Drawn, never painted, where an event is to be neither learned nor taken for nothing."""

NO_CLASS = frozenset({NOTHING_HERE, REJECTED_HERE, UNKNOWN_HERE})
"""Values that are no event class."""

MAX_CLASSES = UNKNOWN_HERE - 1

_PART = re.compile(r"(\d+)(?:-(\d+))?")


class PaintError(ValueError):
    """Paint that cannot be learned from; the message is one sentence for the user."""


@dataclass(frozen=True, slots=True)
class Disc:
    """Pixels around a place that take a value where they are unpainted."""

    y: float
    x: float
    radius_px: float
    value: int

    def draw(self, labels: NDArray[np.uint8]) -> None:
        """Draw on the (Y, X) labels of a frame, in place."""
        reach = int(np.ceil(self.radius_px))
        top, left = (max(0, round(middle) - reach) for middle in (self.y, self.x))
        part = labels[top : round(self.y) + reach + 1, left : round(self.x) + reach + 1]
        rows, columns = np.ogrid[top : top + part.shape[0], left : left + part.shape[1]]
        inside = (rows - self.y) ** 2 + (columns - self.x) ** 2 <= self.radius_px**2
        part[inside & (part == UNPAINTED)] = self.value


@dataclass(frozen=True, eq=False)
class PaintedMask:
    """Painted labels (T, Y, X) of one movie, read by window.

    Attributes
    ----------
    movie
        The mask itself, opened like any movie. 0 is unpainted, 1..K are the event classes, 255
        means "nothing happens here".
    classes
        Names of the painted values 1..K.
    done
        Frames in which unpainted pixels, too, mean "nothing happens here".
    discs
        By frame, what is drawn on unpainted pixels, first things on top (see `decisions`).

    Raises
    ------
    PaintError
        If the mask holds no whole numbers, a class has no name or the name of another, or a
        frame marked as done does not exist.
    """

    movie: Movie = field(repr=False)
    classes: tuple[str, ...] = ("division",)
    done: frozenset[int] = frozenset()
    discs: Mapping[int, Sequence[Disc]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.movie.dtype.kind not in "iu":
            raise PaintError(
                f"The mask {self.movie.name} holds numbers of type {self.movie.dtype}; "
                "expected whole numbers, so save it as 8-bit labels."
            )
        if not self.classes or len(self.classes) > MAX_CLASSES or not all(self.classes):
            raise PaintError(f"Name 1 to {MAX_CLASSES} event classes; got {self.classes}.")
        if len(set(self.classes)) < len(self.classes):
            raise PaintError(f"Two event classes have the same name in {self.classes}; rename one.")
        beyond = sorted(t for t in self.done if not 0 <= t < self.shape[0])
        if beyond:
            raise PaintError(
                f"Frame {beyond[0]} is marked as done, but the mask {self.movie.name} has "
                f"the frames 0 to {self.shape[0] - 1}."
            )

    @property
    def shape(self) -> tuple[int, int, int]:
        """(T, Y, X)."""
        return self.movie.shape

    def read(self, t: int) -> NDArray[np.uint8]:
        """Labels (Y, X) of frame `t`.

        Raises
        ------
        PaintError
            If the frame holds a value that is neither a class nor 255.
        """
        labels = self.movie.read(t)
        highest, lowest = int(labels.max()), int(labels.min())
        if lowest < 0 or highest > len(self.classes):
            self._refuse_unknown_values(t, labels)
        painted = labels.astype(np.uint8)
        for disc in self.discs.get(t, ()):
            disc.draw(painted)
        return painted

    def _refuse_unknown_values(self, t: int, labels: NDArray[np.integer]) -> None:
        known = [*range(len(self.classes) + 1), NOTHING_HERE]
        unknown = np.setdiff1d(labels, known)
        if len(unknown):
            count = len(self.classes)
            raise PaintError(
                f"The mask {self.movie.name} holds the value {unknown[0]} in frame {t}; expected "
                f"0, 1 to {count} ({', '.join(self.classes)}) or 255 (nothing happens here): "
                "name another class or repaint those pixels."
            )


def open_mask(
    source: object,
    movie: Movie,
    classes: Iterable[str] = ("division",),
    done: Iterable[int] = (),
) -> PaintedMask:
    """Open the painted mask of `movie` from a TIFF, a zarr, an array or an open Movie.

    Whatever a file calls its axes, a mask has those of its movie, T, Y and X (label stacks are
    often saved as Z, Y, X). A chunk that is absent from a zarr mask is unpainted.

    Raises
    ------
    MovieError
        If the mask cannot be read.
    PaintError
        If it does not fit the movie or the classes.
    """
    mask = source
    if not isinstance(mask, Movie):
        mask = open_movie(source, axes="TYX", missing_chunks="fill")
    if mask.shape != movie.shape:
        raise PaintError(
            f"The mask {mask.name} has the shape {mask.shape} (T, Y, X), its movie {movie.name} "
            f"{movie.shape}; give the mask that was painted on this movie."
        )
    return PaintedMask(mask, tuple(classes), frozenset(done))


def parse_frames(text: str) -> frozenset[int]:
    """Frames that a text such as ``"0-20,30"`` names; both ends belong to a range.

    Raises
    ------
    PaintError
        If the text reads otherwise, or a range runs backwards.
    """
    frames: set[int] = set()
    for part in text.replace(" ", "").split(",") if text.strip() else ():
        found = _PART.fullmatch(part)
        first = int(found[1]) if found else 1
        last = int(found[2] or found[1]) if found else 0
        if last < first:
            raise PaintError(f"Frames must read like 0-20,30; cannot understand {part!r}.")
        frames.update(range(first, last + 1))
    return frozenset(frames)
