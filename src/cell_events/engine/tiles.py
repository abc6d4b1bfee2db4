"""Cutting a frame into tiles whose results are those of the whole frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

Window = tuple[slice, slice]
"""Rows and columns of a rectangle, with explicit starts and stops."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One piece of a frame.

    Attributes
    ----------
    core
        The rectangle of the frame that this tile answers for.
    window
        What has to be read for that: the core and a halo, clipped to the frame.
    inner
        Where the core lies inside the window.
    """

    core: Window
    window: Window
    inner: Window


def tiles(shape: tuple[int, int], size: int, halo: int, multiple: int = 1) -> Iterator[Tile]:
    """Cover a (Y, X) frame by tiles of `size` pixels, each with a halo of at least `halo`.

    Windows start on multiples of `multiple`, the grid of a network that pools by that factor.
    With a halo that covers the network's receptive field, the cores together are the result of
    the whole frame.
    """
    if size < 1 or halo < 0 or multiple < 1:
        raise ValueError(
            f"size and multiple must be at least 1 and halo at least 0; "
            f"got size {size}, halo {halo}, multiple {multiple}."
        )
    for row in range(0, shape[0], size):
        for column in range(0, shape[1], size):
            yield tile_around(
                (slice(row, row + size), slice(column, column + size)), shape, halo, multiple
            )


def tile_around(core: Window, shape: tuple[int, int], halo: int, multiple: int = 1) -> Tile:
    """Tile that answers for `core`, a rectangle of a (Y, X) frame, clipped to the frame."""
    rows, columns = (
        _along_axis(part, length, halo, multiple) for part, length in zip(core, shape, strict=True)
    )
    return Tile(
        core=(rows[0], columns[0]), window=(rows[1], columns[1]), inner=(rows[2], columns[2])
    )


def _along_axis(core: slice, length: int, halo: int, multiple: int) -> tuple[slice, slice, slice]:
    """Core, window and inner slice along one axis."""
    start, stop = max(0, core.start), min(length, core.stop)
    first = max(0, start - halo) // multiple * multiple
    last = min(length, stop + halo)
    return slice(start, stop), slice(first, last), slice(start - first, stop - first)
