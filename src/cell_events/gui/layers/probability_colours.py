"""Colours of points by how probable their events are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from napari.layers import Points
from numpy.typing import NDArray

from cell_events.events import Event

STOPS = ("#8a7dff", "#12c4b4", "#ffe93d")
"""Colours of the probabilities 0, 0.5 and 1: apart by brightness as well as by hue."""

UNKNOWN_COLOUR = "#9a9a9a"
"""Of events without a probability."""

BY_KIND, BY_PROBABILITY = "kind", "probability"
POINT_COLOURS = "points/colours"
"""What the colours of points can tell, and under which name a project remembers it."""


def probability_colours(probabilities: NDArray[np.float64]) -> NDArray[np.float32]:
    """Colours (N, 4) of probabilities (N,) in [0, 1]; NaN is grey."""
    stops = np.array([_channels(stop) for stop in STOPS])
    places = np.linspace(0.0, 1.0, len(stops))
    mixed = [np.interp(probabilities, places, channel) for channel in stops.T]
    colours = np.stack([*mixed, np.ones(len(probabilities))], axis=1)
    colours[np.isnan(probabilities), :3] = _channels(UNKNOWN_COLOUR)
    return colours.astype(np.float32)


def colour_by_probability(layer: Points, rows: Sequence[int], events: Sequence[Event]) -> None:
    """Give rings, and the faces of those that are filled, the colours of their probabilities."""
    if not rows:
        return
    known = [np.nan if event.probability is None else event.probability for event in events]
    colours = probability_colours(np.array(known, dtype=float))
    border, face = layer.border_color.copy(), layer.face_color.copy()
    border[rows] = colours
    face[rows, :3] = colours[:, :3]
    layer.border_color, layer.face_color = border, face


def key_of_probabilities() -> str:
    """What the colours mean, as rich text."""
    places = [f"{i / (len(STOPS) - 1):g}" for i in range(len(STOPS))]
    entries = [*zip(STOPS, places, strict=True), (UNKNOWN_COLOUR, "not known")]
    return " &nbsp; ".join(
        f'<span style="color:{colour}">\N{BLACK CIRCLE}</span>&nbsp;{words}'
        for colour, words in entries
    )


def _channels(colour: str) -> tuple[float, float, float]:
    """Red, green and blue of a colour such as "#12c4b4", each in [0, 1]."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue
