"""Maps of single events as zarr: what the network looked at in a window around each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray

from cell_events.engine.tiles import Window
from cell_events.whole_files import replace_folder

EVENTS_KEY = "cell_events_explained_events"


@dataclass(frozen=True, slots=True)
class ExplainedEvent:
    """One event, and what the network looked at.

    Attributes
    ----------
    t, y, x, kind
        Of the event; `kind` is the class that is explained.
    logit
        What the network says of the class there, before softmax.
    frames
        Frames of the movie that the network read, in order.
    top, left
        First row and column of the crop in the movie, which are negative where it sticks out.
    maps, crops
        (F, y, x): Grad-CAM, and the movie with intensities from 0 to 1, of each of these frames;
        NaN beyond the movie.
    """

    t: int
    y: float
    x: float
    kind: str
    logit: float
    frames: tuple[int, ...]
    top: int
    left: int
    maps: NDArray[np.float32]
    crops: NDArray[np.float32]

    @property
    def highest(self) -> float:
        """Brightest value of the maps; 0 where they show nothing."""
        return float(np.nanmax(self.maps))

    @property
    def inside(self) -> tuple[slice, slice]:
        """Rows and columns of the crop that lie in the movie."""
        known = np.isfinite(self.maps[0])
        rows, columns = (np.flatnonzero(known.any(axis)) for axis in (1, 0))
        return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)

    def whole(self, image: NDArray[np.float32]) -> NDArray[np.float32]:
        """Complete an image (y, x) of the part in the movie to the crop: NaN beyond."""
        crop = np.full(self.maps.shape[1:], np.nan, np.float32)
        crop[self.inside] = image
        return crop

    @property
    def row(self) -> dict[str, Any]:
        """All but the images, as plain JSON values."""
        names = ("t", "y", "x", "kind", "logit", "top", "left")
        return {**{name: getattr(self, name) for name in names}, "frames": list(self.frames)}


def placed(
    images: NDArray[np.float32], window: Window, first: tuple[int, int], side: int
) -> NDArray[np.float32]:
    """Put images (F, y, x) of a window of the movie into crops (F, side, side), NaN elsewhere.

    Parameters
    ----------
    first
        First row and column of the crop in the movie.
    """
    crops = np.full((len(images), side, side), np.nan, np.float32)
    rows, columns = (
        slice(part.start - start, part.stop - start)
        for part, start in zip(window, first, strict=True)
    )
    crops[:, rows, columns] = images
    return crops


def write_explained_events(
    path: Path, explained: Iterator[ExplainedEvent], count: int, about: Mapping[str, Any]
) -> Iterator[ExplainedEvent]:
    """Write events as they come, and yield them; the folder takes its place at the end.

    The group has the arrays `maps` and `crops`, both (N, F, y, x) float32, and the attribute
    `events`, a list with the other values of each `ExplainedEvent`.

    Raises
    ------
    ValueError
        If something else than explained events lies at `path`.
    """
    _check_ours(path)
    with _new_folder(path) as folder:
        group = zarr.open_group(str(folder), mode="w")
        rows: list[dict[str, Any]] = []
        for index, event in enumerate(explained):
            if not rows:
                for name in ("maps", "crops"):
                    _make_array(group, name, (count, *event.maps.shape))
            _store(group, index, event)
            rows.append(event.row)
            yield event
        group.attrs.update({EVENTS_KEY: 1, "events": rows, **about})
        replace_folder(folder, path)


def read_explained_events(path: Path) -> list[ExplainedEvent]:
    """Read what `write_explained_events` wrote.

    Raises
    ------
    ValueError
        If no explained events lie at `path`.
    """
    if not path.exists():
        raise ValueError(f"There are no explained events at {path}; run explain with events first.")
    _check_ours(path)
    group: Any = zarr.open_group(str(path), mode="r")
    rows: Any = group.attrs["events"]
    return [
        ExplainedEvent(
            **{**row, "frames": tuple(row["frames"])},
            maps=np.asarray(group["maps"][index]),
            crops=np.asarray(group["crops"][index]),
        )
        for index, row in enumerate(rows)
    ]


def _make_array(group: Any, name: str, shape: Sequence[int]) -> None:
    group.create_array(
        name,
        shape=tuple(shape),
        chunks=(1, *shape[1:]),
        dtype="float32",
        dimension_names=("event", "t", "y", "x"),
    )


def _store(group: Any, index: int, event: ExplainedEvent) -> None:
    for name, images in (("maps", event.maps), ("crops", event.crops)):
        group[name][index] = images


@contextmanager
def _new_folder(path: Path) -> Iterator[Path]:
    """A folder beside `path` to fill, gone at the end unless it took its place."""
    folder = path.with_name(f".{path.name}.unfinished")
    shutil.rmtree(folder, ignore_errors=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _check_ours(path: Path) -> None:
    """Raise ValueError unless there is nothing at `path`, or explained events."""
    try:
        attributes = dict(zarr.open_group(str(path), mode="r").attrs) if path.exists() else None
    except (OSError, ValueError, KeyError, TypeError):
        attributes = {}
    if attributes is not None and EVENTS_KEY not in attributes:
        raise ValueError(
            f"{path} exists and holds no explained events; choose another name or delete it."
        )
