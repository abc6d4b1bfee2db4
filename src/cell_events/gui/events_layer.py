"""Between lists of events and a Points layer, with their features and in the movie's place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from napari.layers import Points

from cell_events.events import STATUSES, Event
from cell_events.gui.colours import KIND_COLOURS, OTHER_COLOUR
from cell_events.gui.layer_axes import (
    Placement,
    from_layer_coordinates,
    to_layer_coordinates,
)

FEATURES = ("kind", "score", "probability", "status", "source", "t", "y", "x")
POINT_SIZE_PX = 24


def new_events_layer(
    events: Iterable[Event], placement: Placement, kinds: tuple[str, ...], name: str
) -> Points:
    """Make a Points layer of rings on the movie, one colour for each of `kinds`, in their order."""
    events = list(events)
    features = features_of(events)
    layer = Points(
        coordinates_of(events, placement),
        features=features,
        name=name,
        ndim=len(placement.axes),
        size=POINT_SIZE_PX,
        face_color="transparent",
        border_color="white",
        border_width=0.08,
        symbol="disc",
        **placement.flat_transform(),
    )
    _prepare_for_clicks(layer, kinds)
    _colour_by_kind(layer, kinds)
    return layer


def show_events(
    layer: Points, events: Iterable[Event], placement: Placement, kinds: tuple[str, ...]
) -> None:
    """Replace what an events layer shows."""
    events = list(events)
    layer.selected_data = set()
    layer.data = coordinates_of(events, placement)
    layer.features = features_of(events)
    _prepare_for_clicks(layer, kinds)
    _colour_by_kind(layer, kinds)


def events_of_layer(layer: Points, placement: Placement) -> list[Event]:
    """Read the events back, with points that the user moved, added or deleted.

    Points outside the movie's frames take the nearest frame; features that are no columns of an
    event become its `extra`.
    """
    positions = from_layer_coordinates(np.asarray(layer.data, dtype=float), placement.axes)
    rows = layer.features.to_dict("records")
    last = placement.movie_shape[0] - 1
    return [
        _event(position, {str(name): value for name, value in row.items()}, last)
        for position, row in zip(positions, rows, strict=True)
    ]


def coordinates_of(events: list[Event], placement: Placement) -> Any:
    """(N, ndim) coordinates of the events on the layer's axes, in pixels and frames."""
    positions = np.array([(e.t, e.y, e.x) for e in events], dtype=float).reshape(-1, 3)
    return to_layer_coordinates(positions, placement.axes)


def features_of(events: list[Event]) -> pd.DataFrame:
    """One row for each event: `FEATURES`, then whatever else the events carry."""
    rows = [{name: getattr(e, name) for name in FEATURES} | dict(e.extra) for e in events]
    table = pd.DataFrame(rows, columns=None if rows else list(FEATURES))
    numbers = ["score", "probability", "y", "x"]
    return table.astype(dict.fromkeys(numbers, float) | {"t": int, "kind": object})


def _prepare_for_clicks(layer: Points, kinds: tuple[str, ...]) -> None:
    """Let a point that the user adds be an event of the first kind, added by a person."""
    numbers = {
        name: 0 if name == "t" else np.nan for name in ("score", "probability", "t", "y", "x")
    }
    known = {**numbers, "kind": kinds[0], "status": "added"}
    layer.feature_defaults = {name: known.get(name, "") for name in layer.features.columns}


def _colour_by_kind(layer: Points, kinds: tuple[str, ...]) -> None:
    if len(layer.data):
        colour_of = {kind: KIND_COLOURS[i % len(KIND_COLOURS)] for i, kind in enumerate(kinds)}
        layer.border_color = [colour_of.get(kind, OTHER_COLOUR) for kind in layer.features["kind"]]


def _event(position: Any, row: Mapping[str, Any], last_frame: int) -> Event:
    """One event from its place and its row of features."""
    t, y, x = (float(value) for value in position)
    status = row.get("status")
    return Event(
        t=min(max(round(t), 0), last_frame),
        y=y,
        x=x,
        kind=str(row.get("kind") or "division"),
        score=_number(row.get("score")),
        probability=_number(row.get("probability")),
        status=status if status in STATUSES else "added",
        source=str(row.get("source") or ""),
        extra={
            name: "" if pd.isna(value) else str(value)
            for name, value in row.items()
            if name not in FEATURES
        },
    )


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)
