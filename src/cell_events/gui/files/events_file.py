"""From a CSV of events to their layer, in the place of the movie that they belong to."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from napari.layers import Image, Layer, Points

from cell_events.events import REQUIRED_COLUMNS, SCALED_COLUMNS, Event, read_events
from cell_events.gui.layers.events_layer import new_events_layer
from cell_events.gui.layers.layer_axes import Placement, placement
from cell_events.gui.layers.stored_layers import placement_of_movie

USUAL_KINDS = ("division", "death")

Scale = tuple[float | None, float | None]


def is_events_csv(path: Path) -> bool:
    """Whether the header of a CSV is that of events: t, y and x, and not of tracks."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file), [])
    except (OSError, UnicodeDecodeError, csv.Error):
        return False
    names = {name.strip() for name in header}
    return names >= set(REQUIRED_COLUMNS) and "track_id" not in names


def events_layer_of_file(path: Path, layers: Iterable[Layer]) -> Points:
    """Read events and show them on the movie among `layers` that they fit, else on their own.

    Raises
    ------
    EventsError
        If the file cannot be read; the sentence names the line and the column.
    """
    events = read_events(path)
    where = place_of(events, scale_of_file(path), [one for one in layers if isinstance(one, Image)])
    return new_events_layer(events, where, kinds_of(events), path.stem)


def kinds_of(events: Iterable[Event]) -> tuple[str, ...]:
    """The usual kinds, then others in order of appearance."""
    return tuple(dict.fromkeys((*USUAL_KINDS, *(event.kind for event in events))))


def scale_of_file(path: Path) -> Scale:
    """Pixel size in micrometres and frame interval in seconds that a CSV was written with."""
    table = pd.read_csv(
        path,
        encoding="utf-8-sig",
        skipinitialspace=True,
        usecols=lambda name: name.strip() in (*REQUIRED_COLUMNS, *SCALED_COLUMNS),
    )
    sizes = [_ratio(table, f"{axis}_um", axis) for axis in "yx"]
    known = [size for size in sizes if size is not None]
    return known[0] if known else None, _ratio(table, "t_s", "t")


def place_of(events: Sequence[Event], scale: Scale, images: Sequence[Image]) -> Placement:
    """Where the movie of these events lies: the topmost image they fit, else a place of its own."""
    for image in reversed(images):
        where = placement_of_movie(image)
        if where is not None and _fit(events, scale, where):
            return where
    size, interval = (value or 1.0 for value in scale)
    length, time = ("um" if scale[0] else "pixel"), ("s" if scale[1] else "pixel")
    blank = Points(
        ndim=3,
        scale=(interval, size, size),
        units=(time, length, length),
        axis_labels=("t", "y", "x"),
    )
    return placement(blank, "TYX")


def _fit(events: Sequence[Event], scale: Scale, where: Placement) -> bool:
    """Whether all events lie inside of a movie, and its scale is not another one."""
    n_frames, height, width = where.movie_shape
    inside = all(e.t < n_frames and e.y < height and e.x < width for e in events)
    return inside and all(
        ours is None or theirs is None or np.isclose(ours, theirs, rtol=0.01)
        for ours, theirs in zip(scale, (where.pixel_size_um, where.frame_interval_s), strict=True)
    )


def _ratio(table: pd.DataFrame, scaled: str, plain: str) -> float | None:
    if scaled not in table:
        return None
    values = pd.to_numeric(table[scaled], errors="coerce")
    ratio = (values / pd.to_numeric(table[plain], errors="coerce").replace(0, np.nan)).median()
    return float(ratio) if np.isfinite(ratio) and ratio > 0 else None
