"""Track tables made of what trackers give: arrays with a graph, or movies of labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cell_events.movie import Movie
from cell_events.tracks import REQUIRED_COLUMNS, TracksError, track_table


def tracks_from_array(
    vertices: NDArray[np.floating],
    graph: Mapping[int, int | Sequence[int]] | None = None,
    features: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Make a track table of (N, 4) rows id, t, y, x, as a Tracks layer of napari holds them.

    Parameters
    ----------
    vertices
        Identity, frame and place in pixels.
    graph
        Parent, or list of one parent, of each track that has one.
    features
        Measurements, one value for each row.

    Raises
    ------
    TracksError
        If the array has another shape, a track has two parents, or the table is impossible.
    """
    if vertices.ndim != 2 or vertices.shape[1] != 4:
        raise TracksError(
            f"The tracks have the shape {vertices.shape}; expected (N, 4): id, t, y, x of cells "
            "in two dimensions."
        )
    parents = {child: _only_parent(child, found) for child, found in (graph or {}).items()}
    table = pd.DataFrame(vertices, columns=list(REQUIRED_COLUMNS)).assign(**(features or {}))
    table["parent_id"] = table["track_id"].map(parents).astype("Int64")
    return track_table(table)


def tracks_from_labels(labels: Movie, parents: Mapping[int, int] | None = None) -> pd.DataFrame:
    """Make a track table of a labels movie in which a cell keeps its value from frame to frame.

    The place of a cell is the mean of its pixels; `area_px` is their number. One frame is read at
    a time.
    """
    frames = []
    for t in range(labels.n_frames):
        frame = labels.read(t)
        rows, columns = np.nonzero(frame)
        values, which, area = np.unique(
            frame[rows, columns], return_inverse=True, return_counts=True
        )
        y, x = (np.bincount(which, place, len(values)) / area for place in (rows, columns))
        frames.append(pd.DataFrame({"track_id": values, "t": t, "y": y, "x": x, "area_px": area}))
    table = pd.concat(frames, ignore_index=True).astype({"track_id": np.int64})
    table["parent_id"] = table["track_id"].map(dict(parents or {})).astype("Int64")
    return track_table(table, name=labels.name)


def _only_parent(child: int, found: int | Sequence[int]) -> int:
    parents = np.atleast_1d(found)
    if len(parents) != 1:
        raise TracksError(
            f"Track {child} has {len(parents)} parents; a cell has one: split the track where "
            "cells merge."
        )
    return int(parents[0])
