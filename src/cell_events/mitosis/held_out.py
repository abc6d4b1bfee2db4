"""A side of the field that is not learned from, to see how well the rest was learned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from cell_events.engine.held_out import HeldOut
from cell_events.mitosis.annotated_movie import AnnotatedMovie, PartOfFrames
from cell_events.movie import Movie

LEAST_SIDE = 12
"""Places of the grid along the side of a part, at least."""


def held_out_parts(
    movies: Sequence[AnnotatedMovie], fraction: float, margin: int
) -> tuple[list[AnnotatedMovie], list[AnnotatedMovie]]:
    """Divide the field of each movie into a part to learn from and one to validate on.

    Of all straight cuts the one is taken that holds out most nearly `fraction` of the points and of
    the field. Places within `margin` of it are in neither part, so that the two share no pixel and
    no event. A movie that cannot be divided is learned from as a whole.

    Raises
    ------
    ValueError
        If no movie can be divided.
    """
    if fraction == 0:
        return [movie.whole() for movie in movies], []
    learned, held = [], []
    for movie in movies:
        best = min(_cuts(movie, fraction, margin), key=lambda cut: cut[0], default=None)
        if best is None:
            learned.append(movie.whole())
        else:
            learned.append(best[1])
            held.append(best[2])
    if not held:
        raise ValueError(
            "Nothing can be held out: that needs at least two points that can "
            f"be parted by a strip of {2 * margin} places of the grid; annotate more, or learn "
            "from everything (held_out 0)."
        )
    return learned, held


def not_learned(movie: Movie, learned: PartOfFrames, margin: int) -> HeldOut:
    """Blocks of a movie around the part that was learned from, in time as in the field.

    Parameters
    ----------
    learned
        What was read for training, on the grid.
    margin
        Frames, and places of the grid, beside that part which do not count as held out.
    """
    shrink = learned.shrink
    reaches = (
        (learned.frames.start - margin, learned.frames.stop + margin),
        *(
            (shrink * (side.start - margin), shrink * (side.stop + margin))
            for side in (learned.rows, learned.columns)
        ),
    )
    edges, inside = [], []
    for length, (first, last) in zip(movie.shape, reaches, strict=True):
        edge = tuple(sorted({0, max(0, first), min(last, length), length}))
        edges.append(edge)
        inside.append([first <= start and end <= last for start, end in pairwise(edge)])
    was_learned = np.logical_and.outer(np.logical_and.outer(inside[0], inside[1]), inside[2])
    return HeldOut(movie.name, movie.fingerprint, movie.shape, tuple(edges), ~was_learned)


def _cuts(
    movie: AnnotatedMovie, fraction: float, margin: int
) -> Iterator[tuple[float, AnnotatedMovie, AnnotatedMovie]]:
    """Yield how far from what is wanted a cut is, the part to learn from, and the one held out."""
    for axis in (0, 1):
        side = movie.grid[axis]
        for cut in range(LEAST_SIDE + margin, side - LEAST_SIDE - margin + 1):
            parts = (slice(0, cut - margin), slice(cut + margin, side))
            first, second = (_part(movie, axis, part) for part in parts)
            for held, learned in ((first, second), (second, first)):
                counts = len(held.points_inside), len(learned.points_inside)
                if min(counts):
                    sides = held.grid[axis], learned.grid[axis]
                    off = sum(abs(a / (a + b) - fraction) for a, b in (counts, sides))
                    lost = 1 - sum(counts) / len(movie.points)
                    yield off + lost, learned, held


def _part(movie: AnnotatedMovie, axis: int, part: slice) -> AnnotatedMovie:
    """The part of a movie that lies at some rows (axis 0) or columns (axis 1)."""
    rows, columns = movie.grid
    return movie.part(part, slice(0, columns)) if axis == 0 else movie.part(slice(0, rows), part)
