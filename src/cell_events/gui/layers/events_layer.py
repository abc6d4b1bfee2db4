"""Between lists of events and a Points layer, with their features and in the movie's place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isnan
from typing import Any

import numpy as np
import pandas as pd
from napari.layers import Points
from napari.utils.colormaps.standardize_color import transform_color
from numpy.typing import NDArray

from cell_events.events import STATUSES, Event
from cell_events.gui.layers.colours import KIND_COLOURS, OTHER_COLOUR
from cell_events.gui.layers.layer_axes import (
    Placement,
    from_layer_coordinates,
    to_layer_coordinates,
)

FEATURES = ("kind", "score", "probability", "status", "source", "t", "y", "x")
POINT_SIZE_PX = 24
AGREED_OPACITY = 0.35
"""Of the face of points that a person accepted or added."""


def new_events_layer(
    events: Iterable[Event], placement: Placement, kinds: tuple[str, ...], name: str
) -> Points:
    """Make a Points layer of rings on the movie, one colour for each of `kinds`, in their order."""
    layer = Points(
        np.zeros((0, len(placement.axes))),
        name=name,
        ndim=len(placement.axes),
        size=POINT_SIZE_PX,
        face_color="transparent",
        border_color="white",
        border_width=0.08,
        symbol="disc",
        **placement.flat_transform(),
    )
    show_events(layer, events, placement, kinds)
    return layer


def show_events(
    layer: Points,
    events: Iterable[Event],
    placement: Placement,
    kinds: tuple[str, ...],
    ids: Sequence[str] = (),
    new_kind: str = "",
) -> None:
    """Replace what an events layer shows; `ids` become a feature.

    Points that are added by a click are of `new_kind`, or of the first kind.
    """
    events = list(events)
    features = features_of(events)
    features["id"] = pd.Series(list(ids) or [""] * len(events), dtype=object)
    layer.selected_data = set()
    layer.data = coordinates_of(events, placement)
    layer.features = features
    _prepare_for_clicks(layer, new_kind if new_kind in kinds else kinds[0])
    if events:
        layer.border_color, layer.face_color = _colours(events, kinds)
        layer.shown = np.array([event.status != "rejected" for event in events])


def mark_status(
    layer: Points, rows: Sequence[int], events: Sequence[Event], kinds: tuple[str, ...]
) -> None:
    """Show what became of some of the events: their colour, features, and whether they are seen."""
    borders, faces = _colours(events, kinds)
    border, face, shown = layer.border_color.copy(), layer.face_color.copy(), layer.shown.copy()
    border[rows], face[rows] = borders, faces
    shown[rows] = [event.status != "rejected" for event in events]
    layer.border_color, layer.face_color, layer.shown = border, face, shown
    features = layer.features.copy()
    for name in ("kind", "status", "t", "y", "x"):
        features.loc[list(rows), name] = [getattr(event, name) for event in events]
    features.loc[list(rows), "probability"] = features_of(list(events))["probability"].to_numpy()
    layer.features = features


def events_of_layer(layer: Points, placement: Placement) -> list[Event]:
    """Read the events back, with points that the user moved, added or deleted.

    Points outside the movie's frames take the nearest frame; features that are no columns of an
    event become its `extra`.
    """
    positions = from_layer_coordinates(np.asarray(layer.data, dtype=float), placement.axes)
    names = [str(name) for name in layer.features]
    columns = [column.tolist() for _, column in layer.features.items()]
    last = placement.movie_shape[0] - 1
    positions[:, 0] = positions[:, 0].round().clip(0, last)
    return [
        event_at(position, dict(zip(names, row, strict=True)))
        for position, *row in zip(positions.tolist(), *columns, strict=True)
    ]


def coordinates_of(events: list[Event], placement: Placement) -> Any:
    """(N, ndim) coordinates of the events on the layer's axes, in pixels and frames."""
    positions = np.array([(e.t, e.y, e.x) for e in events], dtype=float).reshape(-1, 3)
    return to_layer_coordinates(positions, placement.axes)


def features_of(events: list[Event]) -> pd.DataFrame:
    """One row for each event: `FEATURES`, then whatever else the events carry."""
    columns: dict[str, list[Any]] = {name: [getattr(e, name) for e in events] for name in FEATURES}
    for name in dict.fromkeys(name for e in events for name in e.extra):
        columns[name] = [e.extra.get(name, np.nan) for e in events]
    table = pd.DataFrame(columns, dtype=None if events else object)
    numbers = ["score", "probability", "y", "x"]
    return table.astype(dict.fromkeys(numbers, float) | {"t": int, "kind": object})


def _prepare_for_clicks(layer: Points, kind: str) -> None:
    """Let a point that the user adds be an event of this kind, added by a person."""
    numbers = {
        name: 0 if name == "t" else np.nan for name in ("score", "probability", "t", "y", "x")
    }
    known = {**numbers, "kind": kind, "status": "added"}
    layer.feature_defaults = {name: known.get(name, "") for name in layer.features.columns}


def _colours(
    events: Sequence[Event], kinds: tuple[str, ...]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Border and face (N, 4): the colour of the kind; faces are clear unless a person agreed."""
    of_kind = {kind: KIND_COLOURS[i % len(KIND_COLOURS)] for i, kind in enumerate(kinds)}
    known = {name: transform_color(name)[0] for name in {*of_kind.values(), OTHER_COLOUR}}
    border = np.array([known[of_kind.get(e.kind, OTHER_COLOUR)] for e in events], np.float32)
    border = border.reshape(-1, 4)
    face = border.copy()
    face[:, 3] = [AGREED_OPACITY if e.status in ("accepted", "added") else 0.0 for e in events]
    return border, face


def event_at(position: Sequence[float], features: Mapping[str, Any]) -> Event:
    """One event at (t, y, x), from its row of features."""
    t, y, x = map(float, position)
    status = features.get("status")
    return Event(
        t=round(t),
        y=y,
        x=x,
        kind=str(features.get("kind") or "division"),
        score=_number(features.get("score")),
        probability=_number(features.get("probability")),
        status=status if status in STATUSES else "added",
        source=str(features.get("source") or ""),
        extra={
            name: _text(value)
            for name, value in features.items()
            if name not in FEATURES and not (name == "id" and not value)
        },
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if pd.isna(value) else str(value)


def _number(value: Any) -> float | None:
    if type(value) is float:  # by far the most frequent; asking pandas takes much longer
        return None if isnan(value) else value
    return None if value is None or pd.isna(value) else float(value)
