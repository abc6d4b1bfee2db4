"""The Tracks layer of measured cells, with their measurements as features."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from napari.components import ViewerModel
from napari.layers import Tracks

from cell_events.dry_mass.cell_table import CellTable
from cell_events.gui.layers.layer_axes import Placement, to_layer_coordinates
from cell_events.gui.layers.our_layers import CELL_TRACKS, mark, remove_ours

MOST_ROWS = 50_000
"""Of more rows, some cells are shown as tracks, at even distances: napari takes half a second for
so many, and holds the window still meanwhile."""

TAIL_FRAMES = 12


def shown_tracks(tracks: pd.DataFrame) -> pd.DataFrame:
    """All rows, or those of as many cells as napari can show at once."""
    if len(tracks) <= MOST_ROWS:
        return tracks
    cells = tracks["track_id"].unique()
    step = int(np.ceil(len(tracks) / MOST_ROWS))
    return tracks[tracks["track_id"].isin(cells[::step])]


def tracks_layer(table: CellTable, where: Placement, name: str) -> Tracks:
    """Make the layer; its colours are those of the mass."""
    rows = shown_tracks(table.tracks)
    places = to_layer_coordinates(rows[["t", "y", "x"]].to_numpy(float), where.axes)
    return Tracks(
        np.column_stack([rows["track_id"].to_numpy(float), places]),
        graph=_graph(rows),
        features=_features(rows),
        color_by=table.column,
        colormap="viridis",
        tail_length=TAIL_FRAMES,
        name=name if len(rows) == len(table.tracks) else f"{name} (some of them)",
        **where.flat_transform(),
    )


class CellTracksLayer:
    """Shows the tracks of the movie looked at; there is at most one such layer."""

    def __init__(self, viewer: ViewerModel) -> None:
        self._viewer = viewer
        self.layer: Tracks | None = None

    def show(self, layer: Tracks) -> None:
        """Show these tracks in place of the ones before; what is active stays so."""
        mark(layer, CELL_TRACKS)
        layer.visible = self.layer is None or self.layer.visible
        active = self._viewer.layers.selection.active
        self.forget()
        self._viewer.add_layer(layer)
        self.layer = layer
        if active in self._viewer.layers:
            self._viewer.layers.selection.active = active

    def forget(self) -> None:
        """Show no tracks."""
        remove_ours(self._viewer, CELL_TRACKS)
        self.layer = None


def _graph(rows: pd.DataFrame) -> dict[int, list[int]]:
    """Mother of each track, where both are shown."""
    born = rows.drop_duplicates("track_id")
    born = born[born["parent_id"].isin(born["track_id"])]
    return {int(i): [int(p)] for i, p in zip(born["track_id"], born["parent_id"], strict=True)}


def _features(rows: pd.DataFrame) -> dict[str, Any]:
    """Everything that was measured, without the places; words as they are."""
    left_out = {"track_id", "t", "y", "x", "parent_id"}
    names = [str(name) for name in rows if name not in left_out]
    return {"track_id": rows["track_id"].to_numpy()} | {
        name: rows[name].to_numpy() for name in names if rows[name].dtype.kind in "biuf"
    }
