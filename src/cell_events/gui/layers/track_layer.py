"""From a Tracks layer to a track table, in the frames and pixels of the events beside it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pint
from napari.layers import Points, Tracks
from numpy.typing import NDArray

from cell_events.gui.layers.layer_axes import LayerError, Placement, possible_axes
from cell_events.track_sources import tracks_from_array
from cell_events.tracks import REQUIRED_COLUMNS

ROUNDING = 1e-3
"""Frames that far from a whole number are so by rounding."""

_OWN_COLUMNS = {*REQUIRED_COLUMNS, "parent_id"}


def tracks_of_layer(tracks: Tracks, events: Points, where: Placement) -> pd.DataFrame:
    """Make a track table of a layer; its features become measurements.

    Parameters
    ----------
    events, where
        Layer of events, and where it lies: its pixels and frames are those of the table. Tracks
        without units and scale are taken to be in them already.

    Raises
    ------
    LayerError
        If the tracks are no cells in two dimensions.
    TracksError
        If a track has two parents, is twice in a frame, or is between frames.
    """
    axes = possible_axes(tracks)[0]
    _refuse_depth(tracks, axes)
    columns = [1 + axes.index(letter) for letter in "TYX"]
    places = np.asarray(tracks.data, dtype=float)[:, columns]
    if not (_is_bare(tracks) and not _is_bare(events)):
        places = _moved(places, _to_world(tracks, axes), _to_world(events, where.axes))
    near = np.abs(places[:, 0] - places[:, 0].round()) < ROUNDING
    places[near, 0] = places[near, 0].round()
    features = tracks.features.drop(columns=_OWN_COLUMNS, errors="ignore")
    return tracks_from_array(
        np.column_stack([tracks.data[:, 0], places]),
        tracks.graph,
        {str(name): _plain(column) for name, column in features.items()},
    )


def _refuse_depth(tracks: Tracks, axes: str) -> None:
    for letter in set(axes) & set("CZ"):
        planes = tracks.data[:, 1 + axes.index(letter)]
        if len(planes) and np.ptp(planes) > 0:
            raise LayerError(
                f"'{tracks.name}' lies on several planes; expected tracks in time, Y and X: choose "
                "the tracks of one plane or of a projection."
            )


def _is_bare(layer: Tracks | Points) -> bool:
    """Whether nothing is known of a layer's scale."""
    return all(str(unit) == "pixel" for unit in layer.units) and bool((layer.scale == 1).all())


Way = tuple[NDArray[np.floating], NDArray[np.floating], list[pint.Unit]]


def _to_world(layer: Tracks | Points, axes: str) -> Way:
    """(3, 3) matrix, offset and units of the way from (t, y, x) of a layer into the world."""
    at = [axes.index(letter) for letter in "TYX"]
    origin = np.array(layer.data_to_world(np.zeros(layer.ndim)))
    steps = [np.array(layer.data_to_world(np.eye(layer.ndim)[i])) - origin for i in at]
    return np.stack(steps, axis=1)[at], origin[at], [layer.units[i] for i in at]


def _moved(places: NDArray[np.floating], way: Way, other: Way) -> NDArray[np.floating]:
    """Places on one layer as places on another, that lie at the same point of the world."""
    matrix, offset, units = way
    factors = np.array([_factor(*pair) for pair in zip(units, other[2], strict=True)])
    matrix, offset = factors[:, None] * matrix, factors * offset
    if np.array_equal(matrix, other[0]) and np.array_equal(offset, other[1]):
        return places
    return np.linalg.solve(other[0], (places @ matrix.T + offset - other[1]).T).T


def _factor(unit: pint.Unit, other: pint.Unit) -> float:
    """How many of the other unit one is; 1 where they cannot be compared, as napari has it."""
    try:
        return float((1 * unit).to(other).magnitude)
    except pint.DimensionalityError:
        return 1.0


def _plain(column: pd.Series) -> pd.Series:
    """Categories become what they stand for."""
    return column.astype(object) if isinstance(column.dtype, pd.CategoricalDtype) else column
