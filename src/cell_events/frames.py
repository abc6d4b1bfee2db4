"""Choose channel and depth, and view any array with named axes as frames, (T, Y, X)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cell_events.planes import LazyArray, PlaneArray
from cell_events.sources import MovieError, Source
from cell_events.stored_axes import described, suggested_axes, with_axes

Depth = int | Literal["max", "mean"]


class Frames(PlaneArray):
    """The (T, Y, X) view of an array with more or differently ordered axes.

    Parameters
    ----------
    array, axes
        A lazy array and one letter for each of its axes.
    chosen
        The position along each axis other than T, Y and X; for Z alternatively "max" or "mean", the
        projection, which is computed for each window as it is read.
    """

    def __init__(self, array: LazyArray, axes: str, chosen: Mapping[str, Depth]) -> None:
        size = dict(zip(axes, array.shape, strict=True))
        mean_of_integers = chosen.get("Z") == "mean" and np.dtype(array.dtype).kind != "f"
        super().__init__(
            (size.get("T", 1), size["Y"], size["X"]),
            np.float32 if mean_of_integers else array.dtype,
        )
        self._array, self._axes, self._chosen = array, axes, chosen

    def plane(self, lead: tuple[int, ...], rows: slice, columns: slice) -> NDArray[Any]:
        """Read a window of one frame, projected over depth where that was chosen."""
        place: dict[str, int | slice] = {"T": lead[0], "Y": rows, "X": columns}
        for axis, choice in self._chosen.items():
            place[axis] = slice(None) if isinstance(choice, str) else choice
        window = np.asarray(self._array[tuple(place[axis] for axis in self._axes)])
        left = [axis for axis in self._axes if isinstance(place[axis], slice)]
        window = window.transpose([left.index(axis) for axis in "ZYX" if axis in left])
        match self._chosen.get("Z"):
            case "max":
                return np.asarray(window.max(axis=0))
            case "mean":
                return np.asarray(window.mean(axis=0, dtype=self.dtype))
            case _:
                return window


def frames_of(
    source: Source, axes: str | None, channel: int | str | None, z: int | str | None
) -> LazyArray:
    """View a source as (T, Y, X).

    Raises
    ------
    MovieError
        If the axes are ambiguous or contradict `axes`, if a channel or depth has to be chosen and
        is not, if the choice does not exist, or if the pixels are colours.
    """
    source = _refuse_colours(source, axes, channel)
    source = with_axes(source, axes)
    _refuse_vain_choices(source, channel, z)
    chosen: dict[str, Depth] = {}
    for axis in set(source.axes) & set("CS"):
        chosen[axis] = _chosen_channel(source, axis, channel)
    if "Z" in source.axes:
        chosen["Z"] = _chosen_depth(source, z)
    return source.array if source.axes == "TYX" else Frames(source.array, source.axes, chosen)


def _refuse_colours(source: Source, axes: str | None, channel: int | str | None) -> Source:
    at = (axes or source.axes).upper().find("S")
    colours = source.array.shape[at] if 0 <= at < len(source.array.shape) else 1
    if colours == 1 or channel is not None:
        return source
    answer = suggested_axes(axes or source.axes)
    narrow = f", or, if it is a movie {colours} pixels wide, pass its axes such as 'TYX'"
    raise MovieError(
        f"{source.name} looks like colour (RGB) images ({described(source)}), expected grey "
        f"values; convert it, or read one colour with axes={answer!r} and "
        f"channel=0, 1 or 2{narrow if source.path is None else ''}."
    )


def _chosen_channel(source: Source, axis: str, channel: int | str | None) -> int:
    size = source.array.shape[source.axes.index(axis)]
    names = [*source.channels, *[""] * size][:size]
    listed = ", ".join(f"{i} {name}".strip() for i, name in enumerate(names))
    if channel is None and size > 1:
        hint = _hint_that_it_may_be_time(source)
        raise MovieError(
            f"{source.name} has {size} channels ({listed}); choose one channel by its "
            f"name or index{hint}."
        )
    by_name = {name.casefold(): i for i, name in enumerate(names) if name}
    wanted = str(by_name.get(str(channel or 0).casefold(), channel or 0))
    if not wanted.isdecimal() or int(wanted) >= size:
        raise MovieError(f"{source.name} has no channel {channel!r}; it has: {listed}.")
    return int(wanted)


def _chosen_depth(source: Source, z: int | str | None) -> Depth:
    size = source.array.shape[source.axes.index("Z")]
    if z is None and size > 1:
        hint = _hint_that_it_may_be_time(source)
        raise MovieError(
            f"{source.name} has {size} planes in z, expected a 2D movie; choose one with z=0 to "
            f"z={size - 1}, or project with z='max' or z='mean'{hint}."
        )
    if z in ("max", "mean"):
        return "max" if z == "max" else "mean"
    wanted = str(z or 0)
    if not wanted.isdecimal() or int(wanted) >= size:
        raise MovieError(
            f"{source.name} has no plane z={z!r}; choose 0 to {size - 1}, 'max' or 'mean'."
        )
    return int(wanted)


def _hint_that_it_may_be_time(source: Source) -> str:
    """ImageJ calls the images of a stack slices or channels unless told that they are frames."""
    sizes = dict(zip(source.axes, source.array.shape, strict=True))
    many = [axis for axis in source.axes if sizes[axis] > 1]
    is_plain_stack = len(many) == 3 and "T" not in many
    return ", or, if these are time points, pass axes='TYX'" if is_plain_stack else ""


def _refuse_vain_choices(source: Source, channel: int | str | None, z: int | str | None) -> None:
    if channel not in (None, 0, "0") and not {"C", "S"} & set(source.axes):
        raise MovieError(
            f"{source.name} has no channel axis ({described(source)}), so there is no channel "
            f"{channel!r}; leave channel out or name the axes."
        )
    if {"C", "S"} <= set(source.axes):
        raise MovieError(f"{source.name} has both channels and colours; save one of them alone.")
    if z not in (None, 0, "0", "max", "mean") and "Z" not in source.axes:
        raise MovieError(
            f"{source.name} has no z axis ({described(source)}), so there is no plane {z!r}; "
            "leave z out or name the axes."
        )
