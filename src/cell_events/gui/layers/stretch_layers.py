"""Abnormal stretches on the movie: squares on cells, and in Tracks and Labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from napari.components import ViewerModel
from napari.layers import Labels, Points, Tracks
from napari.utils.colormaps import Colormap
from napari.utils.colormaps.standardize_color import transform_color
from numpy.typing import NDArray

from cell_events.dry_mass.cell_table import CellTable
from cell_events.gui.layers.cell_tracks_layer import MOST_ROWS, shown_tracks
from cell_events.gui.layers.flag_points import LEAST_SIZE_PX
from cell_events.gui.layers.layer_axes import Placement, to_layer_coordinates
from cell_events.gui.layers.our_layers import CELL_STRETCHES, mark, remove_ours
from cell_events.gui.layers.stretch_colours import stretch_colour
from cell_events.gui.layers.stretch_rows import PROBABILITY, SEGMENT, surest_kinds

NO_STRETCH = "#7d858c"
"""Of tracks where nothing is abnormal."""


class KindColormap(Colormap):
    """Colours of whole numbers: none, the first kind, the second, ..."""

    def map(self, values: Any) -> NDArray[np.float32]:
        """(N, 4) colours of the numbers."""
        numbers = np.nan_to_num(np.atleast_1d(values)).astype(int)
        colours: NDArray[np.float32] = self.colors[np.clip(numbers, 0, len(self.colors) - 1)]
        return colours


class StretchPoints:
    """A square on each abnormal cell in each frame; there is at most one such layer."""

    def __init__(self, viewer: ViewerModel) -> None:
        self._viewer = viewer
        self.layer: Points | None = None

    def show(self, table: CellTable, rows: pd.DataFrame, where: Placement, name: str) -> None:
        """Show these rows of the tracks; none: no layer."""
        self.forget()
        if not len(rows):
            return
        rows = rows.sort_values(PROBABILITY, kind="stable")  # the surest lies on top
        if len(rows) > MOST_ROWS:
            rows, name = rows[-MOST_ROWS:], f"{name} (the surest of them)"
        cells = table.tracks.iloc[rows["row"]].reset_index(drop=True)
        known = {kind: transform_color(stretch_colour(kind))[0] for kind in rows[SEGMENT].unique()}
        told = cells[["track_id", table.column]].assign(
            **{SEGMENT: rows[SEGMENT].to_numpy(), PROBABILITY: rows[PROBABILITY].to_numpy()}
        )
        layer = Points(
            to_layer_coordinates(cells[["t", "y", "x"]].to_numpy(float), where.axes),
            name=name,
            symbol="square",
            face_color="transparent",
            border_color=np.array([known[kind] for kind in rows[SEGMENT]]),
            border_width=0.06,
            size=max(2.2 * table.radius_px, LEAST_SIZE_PX),
            features=told,
            **where.flat_transform(),
        )
        mark(layer, CELL_STRETCHES)
        active = self._viewer.layers.selection.active
        self._viewer.add_layer(layer)
        layer.editable = False
        self._viewer.layers.selection.active = active or layer
        self.layer = layer

    def forget(self) -> None:
        """Show none."""
        remove_ours(self._viewer, CELL_STRETCHES)
        self.layer = None


def colour_tracks(
    layer: Tracks, table: CellTable, rows: pd.DataFrame, kinds: Sequence[str]
) -> None:
    """Give tracks the colours of their stretches, and tell them as features."""
    numbered = surest_kinds(rows, kinds, len(table.tracks))
    shown = shown_tracks(numbered.assign(track_id=table.tracks["track_id"].to_numpy()))
    colours = [NO_STRETCH, *map(stretch_colour, kinds)]
    layer.colormaps_dict = {**layer.colormaps_dict, SEGMENT: KindColormap(colours)}
    told = {name: shown[name].to_numpy() for name in (SEGMENT, PROBABILITY)}
    layer.features = layer.features.assign(**told)
    layer.color_by = SEGMENT if len(rows) else table.column


def tell_labels(layer: Labels, table: CellTable, told: pd.DataFrame) -> None:
    """Tell the stretches of each cell, by its track, where the mouse rests on it."""
    known = layer.features
    if "index" not in known:
        known = pd.DataFrame({"index": [curve.track_id for curve in table.curves]})
    cells, words, surest = known["index"].tolist(), told[SEGMENT].to_dict(), told[PROBABILITY]
    layer.features = known.assign(
        **{
            SEGMENT: [words.get(cell, "") for cell in cells],
            PROBABILITY: surest.reindex(cells).to_numpy(float),
        }
    )
