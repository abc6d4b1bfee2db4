"""Open zarr arrays (formats 2 and 3) and OME-Zarr images (0.4 and 0.5) lazily."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zarr

from cell_events.physical_units import duration_s, length_um
from cell_events.sources import (
    UNKNOWN_AXIS,
    MissingChunks,
    MovieError,
    Source,
    conventional_axes,
)
from cell_events.zarr_windows import ZarrWindows

AXIS_LETTERS = {"t": "T", "time": "T", "c": "C", "channel": "C", "z": "Z", "y": "Y", "x": "X"}


@dataclass(frozen=True, slots=True)
class OmeAxis:
    """One axis of an OME-Zarr image: letter, unit, and size of one step in that unit."""

    letter: str
    unit: str | None
    step: float


def zarr_source(node: Any, name: str, path: Path | None, missing_chunks: MissingChunks) -> Source:
    """Open a zarr array or an OME-Zarr image, given as its folder or as an open zarr node.

    Raises
    ------
    MovieError
        If it cannot be read, or is a group that is no OME-Zarr image.
    """
    if isinstance(node, Path):
        node = _opened(node)
    if isinstance(node, zarr.Array):
        array = ZarrWindows(node, name, missing_chunks)
        axes = _array_axes(node)
        if axes is None and path is None:
            axes = conventional_axes(array)
        return Source(array, axes or _unstated(array.shape), name, path)
    return _ome_source(node, name, path, missing_chunks)


def _opened(path: Path) -> Any:
    try:
        return zarr.open(str(path), mode="r")
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError) as error:
        raise MovieError(f"{path.name} cannot be read as zarr ({error}); save it anew.") from error


def _unstated(shape: tuple[int, ...]) -> str:
    return "YX" if len(shape) == 2 else UNKNOWN_AXIS * len(shape)


def _array_axes(array: zarr.Array[Any]) -> str | None:
    """Return the axes that format 3 or xarray's convention for format 2 names, if any."""
    names: Any = getattr(array.metadata, "dimension_names", None)
    names = names or array.attrs.get("_ARRAY_DIMENSIONS")
    return None if not names else "".join(_letter(str(name)) for name in names)


def _letter(name: str, kind: str | None = None) -> str:
    return AXIS_LETTERS.get(name.lower()) or AXIS_LETTERS.get(kind or "") or UNKNOWN_AXIS


def _ome_source(group: Any, name: str, path: Path | None, missing_chunks: MissingChunks) -> Source:
    described = group.attrs.asdict()
    described = described.get("ome", described)  # 0.5 has one key for all, 0.4 none
    image = _only_image(described, group, name)
    try:
        full = image["datasets"][0]  # the specification orders levels from the largest
        array = ZarrWindows(group[full["path"]], name, missing_chunks)
        axes = _ome_axes(image, full, len(array.shape))
        channels = described.get("omero", {}).get("channels", [])
        labels = tuple(str(channel.get("label", "")) for channel in channels)
    except (LookupError, TypeError, AttributeError, ValueError, OSError) as error:
        raise MovieError(
            f"{name} is no complete OME-Zarr image ({type(error).__name__}: {error}); export it "
            "anew."
        ) from error
    letters = "".join(axis.letter for axis in axes)
    by_letter = dict(zip(letters, axes, strict=True))
    pixel_yx_um = _length(by_letter.get("Y")), _length(by_letter.get("X"))
    return Source(array, letters, name, path, labels, pixel_yx_um, _duration(by_letter.get("T")))


def _only_image(described: Mapping[str, Any], group: Any, name: str) -> Mapping[str, Any]:
    images: Sequence[Mapping[str, Any]] = described.get("multiscales") or []
    if len(images) == 1:
        return images[0]
    parts = ", ".join(sorted(group.keys())[:8])
    found = f"{len(images)} images" if images else "no image of its own"
    raise MovieError(
        f"{name} is a zarr group with {found}, expected one OME-Zarr image; choose one of the "
        f"folders in it ({parts or 'there are none'})."
    )


def _ome_axes(image: Mapping[str, Any], full: Mapping[str, Any], n_axes: int) -> list[OmeAxis]:
    """Read the axes; up to 0.2 they were fixed, in 0.3 names, since 0.4 records with units."""
    stored = [
        {"name": axis} if isinstance(axis, str) else axis for axis in image.get("axes", "tczyx")
    ]
    if len(stored) != n_axes:
        raise ValueError(f"{len(stored)} axes are named, {n_axes} are stored")
    steps = [1.0] * n_axes
    for holder in (full, image):
        for transformation in holder.get("coordinateTransformations") or []:
            if transformation.get("type") == "scale":
                factors = transformation["scale"]
                steps = [step * float(by) for step, by in zip(steps, factors, strict=True)]
    return [
        OmeAxis(_letter(axis["name"], axis.get("type")), axis.get("unit"), step)
        for axis, step in zip(stored, steps, strict=True)
    ]


def _length(axis: OmeAxis | None) -> float | None:
    return None if axis is None else length_um(axis.step, axis.unit)


def _duration(axis: OmeAxis | None) -> float | None:
    return None if axis is None else duration_s(axis.step, axis.unit)
