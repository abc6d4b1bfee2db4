"""Lazy arrays made of images: numpy-style basic slicing on top of reading one window of one image.

A reader says how to get a window of one plane; everything else about slicing is written here once.
"""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import DTypeLike, NDArray


class LazyArray(Protocol):
    """What a movie can be read from: numpy, dask and zarr arrays, and `PlaneArray`."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of each axis."""
        ...

    @property
    def dtype(self) -> Any:
        """Pixel type."""
        ...

    def __getitem__(self, index: Any, /) -> Any: ...


class PlaneArray(ABC):
    """A lazy (..., Y, X) array; a subclass reads one window of one plane.

    Indexing takes integers, slices and an ellipsis, reads the planes asked for and returns an
    ordinary array. Converting the whole object with `np.asarray` is refused.
    """

    def __init__(self, shape: tuple[int, ...], dtype: DTypeLike) -> None:
        self.shape = shape
        self.dtype: np.dtype[Any] = np.dtype(dtype)

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.shape)

    @abstractmethod
    def plane(self, lead: tuple[int, ...], rows: slice, columns: slice) -> NDArray[Any]:
        """Read the (y, x) window of the plane at `lead`; slices are inside, without a step."""

    def __getitem__(self, index: Any) -> NDArray[Any]:
        *lead, rows, columns = (positions for positions, _ in picked(index, self.shape))
        window = np.empty([len(axis) for axis in (*lead, rows, columns)], self.dtype)
        for place in itertools.product(*(range(len(axis)) for axis in lead)):
            where = tuple(axis[i] for axis, i in zip(lead, place, strict=True))
            plane = self.plane(where, covering(rows), covering(columns))
            window[place] = plane[:: rows.step, :: columns.step]
        single = [is_integer for _, is_integer in picked(index, self.shape)]
        result: NDArray[Any] = window[tuple(0 if one else slice(None) for one in single)]
        return result

    def __array__(self, *_: Any, **__: Any) -> NDArray[Any]:
        raise TypeError(
            f"this array of shape {self.shape} is read by window, for instance array[0]; "
            "write array[:] if all of it fits into memory."
        )


class CroppedArray(PlaneArray):
    """The part of a lazy (T, Y, X) array at the given frames, rows and columns."""

    def __init__(self, array: LazyArray, frames: range, rows: range, columns: range) -> None:
        super().__init__((len(frames), len(rows), len(columns)), array.dtype)
        self._array, self._frames, self._rows, self._columns = array, frames, rows, columns

    def plane(self, lead: tuple[int, ...], rows: slice, columns: slice) -> NDArray[Any]:
        """Read a window of one frame of the crop."""
        inside = covering(self._rows[rows]), covering(self._columns[columns])
        return np.asarray(self._array[(self._frames[lead[0]], *inside)])


class RearrangedArray(PlaneArray):
    """A lazy array with its axes in another order, as `np.transpose` would give it.

    Axes of length one may be left out of `order`.
    """

    def __init__(self, array: LazyArray, order: Sequence[int]) -> None:
        super().__init__(tuple(array.shape[axis] for axis in order), array.dtype)
        self._array, self._order = array, tuple(order)

    def plane(self, lead: tuple[int, ...], rows: slice, columns: slice) -> NDArray[Any]:
        """Read a window of the last two axes."""
        return self[(*lead, rows, columns)]

    def __getitem__(self, index: Any) -> NDArray[Any]:
        inner, steps = without_steps(picked(index, self.shape))
        places: list[int | slice] = [0] * len(self._array.shape)
        for axis, place in zip(self._order, inner, strict=True):
            places[axis] = place
        left = [axis for axis in self._order if isinstance(places[axis], slice)]
        window = np.asarray(self._array[tuple(places)])
        return np.asarray(window.transpose([sorted(left).index(axis) for axis in left])[steps])


def picked(index: Any, shape: tuple[int, ...]) -> list[tuple[range, bool]]:
    """Expand a basic index to the positions along every axis, and whether it was one integer.

    Raises
    ------
    IndexError
        If the index has too many entries, lies outside, or holds anything but integers, slices
        and one ellipsis.
    """
    entries = list(index) if isinstance(index, tuple) else [index]
    if any(entry is Ellipsis for entry in entries):
        at = next(i for i, entry in enumerate(entries) if entry is Ellipsis)
        entries[at : at + 1] = [slice(None)] * (len(shape) - len(entries) + 1)
    entries += [slice(None)] * (len(shape) - len(entries))
    if len(entries) != len(shape):
        raise IndexError(f"too many indices for an array of shape {shape}: {index!r}.")
    return [_positions(entry, size) for entry, size in zip(entries, shape, strict=True)]


def covering(positions: range) -> slice:
    """Return the smallest slice without a step that holds all positions."""
    if not positions:
        return slice(0, 0)
    return slice(min(positions[0], positions[-1]), max(positions[0], positions[-1]) + 1)


def without_steps(picks: list[tuple[range, bool]]) -> tuple[tuple[int | slice, ...], Any]:
    """Split an expanded index into one that any array can read and the steps to take afterwards."""
    inner = tuple(axis[0] if is_integer else covering(axis) for axis, is_integer in picks)
    steps = tuple(slice(None, None, axis.step) for axis, is_integer in picks if not is_integer)
    return inner, steps


def _positions(entry: Any, size: int) -> tuple[range, bool]:
    if isinstance(entry, slice):
        return range(size)[entry], False
    if not isinstance(entry, int | np.integer) or isinstance(entry, bool):
        raise IndexError(f"index with integers, slices and an ellipsis, not {entry!r}.")
    at = range(size)[int(entry)]  # raises IndexError outside
    return range(at, at + 1), True
