"""What each stored axis means: what the file or the user says, or an error, never a guess."""

from __future__ import annotations

from dataclasses import replace

from cell_events.planes import RearrangedArray
from cell_events.sources import MovieError, Source

KNOWN_AXES = "TCZYXS"


def with_axes(source: Source, axes: str | None) -> Source:
    """Apply the axes that the user states, if any, and leave out spare axes of length one.

    Raises
    ------
    MovieError
        If `axes` is not understood or does not fit, or if the meaning of an axis stays open.
    """
    if axes is None:
        unknown = {i for i, axis in enumerate(source.axes) if axis not in "TCZYX"}
        source = _without(source, {i for i in unknown if source.array.shape[i] == 1})
        return _refuse_unknown(source)
    axes = axes.strip().upper()
    if not _is_complete(axes):
        raise MovieError(
            f"axes={axes!r} is not understood; write one letter for each stored axis, in order and "
            "each once: T (time), C (channel), Z (depth), Y, X, S (colour), for instance TCYX."
        )
    source = _without(source, _spare_axes(source, axes))
    if len(axes) != len(source.axes):
        raise MovieError(
            f"axes={axes!r} names {len(axes)} axes, but {source.name} has {len(source.axes)} "
            f"({described(source)}); name each of them."
        )
    return replace(source, axes=axes, channels=source.channels if "C" in source.axes else ())


def described(source: Source) -> str:
    """Say what is stored, for an error message."""
    return f"axes {source.axes}, shape {tuple(source.array.shape)}"


def suggested_axes(axes: str) -> str:
    """Fill the unknown letters with the likeliest, as an example in an error message."""
    if not {"Y", "X"} <= set(axes):
        axes = f"{axes[:-2]}YX"
    free = [axis for axis in "TCZ" if axis not in axes]
    return "".join(axis if axis in KNOWN_AXES else (free or ["?"]).pop(0) for axis in axes)


def _is_complete(axes: str) -> bool:
    return set(axes) <= set(KNOWN_AXES) and len(set(axes)) == len(axes) and {"Y", "X"} <= set(axes)


def _refuse_unknown(source: Source) -> Source:
    if _is_complete(source.axes):
        return source
    if len(source.axes) < 2:
        raise MovieError(f"{source.name} has {described(source)}; expected images of Y and X.")
    answer = suggested_axes(source.axes)
    raise MovieError(
        f"{source.name} does not say what each of its axes is ({described(source)}); name its "
        f"axes in that order, for instance {answer}."
    )


def _spare_axes(source: Source, axes: str) -> set[int]:
    """Choose stored axes of length one to leave out so that `axes` can fit the others."""
    spare = [
        i for i, axis in enumerate(source.axes) if source.array.shape[i] == 1 and axis not in "YX"
    ]
    spare.sort(key=lambda i: source.axes[i] in axes)
    return set(spare[: max(0, len(source.axes) - len(axes))])


def _without(source: Source, dropped: set[int]) -> Source:
    if not dropped:
        return source
    kept = [i for i in range(len(source.axes)) if i not in dropped]
    axes = "".join(source.axes[i] for i in kept)
    return replace(source, array=RearrangedArray(source.array, kept), axes=axes)
