"""Which part of a training movie a model has not learned from; readable without torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cell_events.movie import Movie

Shape = tuple[int, int, int]


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Blocks of a movie, and which of them were not learned from.

    Attributes
    ----------
    movie
        Name of the movie.
    fingerprint
        Its `Movie.fingerprint`, by which it is known again under another name.
    shape
        (T, Y, X) of the movie.
    edges
        Borders of the blocks along T, Y and X, each from 0 to the length of that axis.
    held
        Whether each block was held out, (blocks along T, along Y, along X).

    Raises
    ------
    ValueError
        If the borders do not divide the movie, or there is not one value for each block.
    """

    movie: str
    fingerprint: str
    shape: Shape
    edges: tuple[tuple[int, ...], ...]
    held: NDArray[np.bool_]

    def __post_init__(self) -> None:
        for length, edge in zip(self.shape, self.edges, strict=True):
            if not edge or edge[0] != 0 or edge[-1] != length or np.any(np.diff(edge) <= 0):
                raise ValueError(
                    f"The borders of blocks must rise from 0 to {length}, the length of the axis; "
                    f"got {edge}."
                )
        if self.held.shape != tuple(len(edge) - 1 for edge in self.edges):
            raise ValueError(f"The blocks need a value each; got the shape {self.held.shape}.")

    @classmethod
    def evenly(cls, movie: Movie, number: Sequence[int], held: NDArray[np.bool_]) -> HeldOut:
        """Divide a movie into `number` blocks along T, Y and X that are as equal as can be."""
        edges = tuple(
            tuple(-(-block * length // count) for block in range(count + 1))
            for length, count in zip(movie.shape, number, strict=True)
        )
        shaped = held.reshape(tuple(number))
        return cls(movie.name, movie.fingerprint, movie.shape, edges, shaped)

    def holds(self, first: NDArray[np.integer], last: NDArray[np.integer]) -> NDArray[np.bool_]:
        """Whether boxes lie in blocks that were held out, and in no others.

        Parameters
        ----------
        first, last
            Corners (N, 3) of the boxes, both included; what lies beyond the movie does not count.
        """
        return np.asarray(self._blocks_in(~self.held, first, last) == 0)

    def touches(self, first: NDArray[np.integer], last: NDArray[np.integer]) -> NDArray[np.bool_]:
        """Whether any part of boxes (see `holds`) lies in a block that was held out."""
        return np.asarray(self._blocks_in(self.held, first, last) > 0)

    def block_of(self, places: NDArray[np.integer]) -> NDArray[np.int64]:
        """Number of the block in which each place (N, 3) lies."""
        along = tuple(self._along_axes(places).T)
        return np.asarray(np.ravel_multi_index(along, self.held.shape), np.int64)

    def _along_axes(self, places: NDArray[np.integer]) -> NDArray[np.int64]:
        """Numbers (N, 3) of the blocks of places along each axis."""
        inside = np.clip(places, 0, np.array(self.shape) - 1)
        columns = [
            np.searchsorted(edge, column, side="right") - 1
            for edge, column in zip(self.edges, inside.T, strict=True)
        ]
        return np.stack(columns, axis=1).astype(np.int64)

    def _blocks_in(
        self, counted: NDArray[np.bool_], first: NDArray[np.integer], last: NDArray[np.integer]
    ) -> NDArray[np.int64]:
        """How many blocks of some kind boxes reach into, from sums over all blocks before one."""
        sums = np.zeros([side + 1 for side in counted.shape], np.int64)
        sums[1:, 1:, 1:] = counted.cumsum(0).cumsum(1).cumsum(2)
        ends = self._along_axes(first), self._along_axes(last) + 1
        total = np.zeros(len(first), np.int64)
        for corner in range(8):
            upper = [corner >> axis & 1 for axis in range(3)]
            place = tuple(ends[end][:, axis] for axis, end in enumerate(upper))
            total += sums[place] * (-1) ** (3 - sum(upper))
        return total

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, small enough for a header: one bit for each block."""
        return {
            "movie": self.movie,
            "fingerprint": self.fingerprint,
            "shape": list(self.shape),
            "edges": [list(edge) for edge in self.edges],
            "held": np.packbits(self.held.ravel()).tobytes().hex(),
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> HeldOut:
        """Make what `to_json` wrote.

        Raises
        ------
        ValueError
            If the values are not those of blocks.
        """
        try:
            edges = tuple(tuple(map(int, edge)) for edge in values["edges"])
            number = [len(edge) - 1 for edge in edges]
            bits = np.frombuffer(bytes.fromhex(values["held"]), np.uint8)
            held = np.unpackbits(bits, count=int(np.prod(number))).astype(bool).reshape(number)
            frames, rows, columns = map(int, values["shape"])
            name, fingerprint = str(values["movie"]), str(values["fingerprint"])
            return cls(name, fingerprint, (frames, rows, columns), edges, held)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"The held-out blocks of a model cannot be read: {error}.") from error
