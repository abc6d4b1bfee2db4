"""The Labels layer of measured cells, each in the colour of its flag."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from napari.components import ViewerModel
from napari.layers import Image, Labels
from napari.utils import DirectLabelColormap

from cell_events.dry_mass.cell_table import CellTable
from cell_events.dry_mass.flag_rows import flag_table
from cell_events.dry_mass.flags import CellFlag
from cell_events.gui.layers.flag_colours import NOT_ASSESSED_COLOUR, flag_colour
from cell_events.gui.layers.label_files import lazy_labels
from cell_events.gui.layers.layer_axes import Placement
from cell_events.gui.layers.our_layers import CELL_COLOURS, mark, remove_ours
from cell_events.movie import Movie

OPACITY = 0.45


class CellColoursLayer:
    """Shows cells on the movie looked at, read frame by frame; there is at most one such layer."""

    def __init__(self, viewer: ViewerModel) -> None:
        self._viewer = viewer
        self._shown: Movie | None = None
        self.layer: Labels | None = None

    def show(self, cells: Movie, where: Placement, name: str, movie: Image) -> Labels:
        """Show these labels, whose values are tracks, just above the movie."""
        layer = self.layer
        if layer is not None and layer in self._viewer.layers and cells is self._shown:
            return layer
        layer = Labels(
            lazy_labels(cells, where), name=name, opacity=OPACITY, **where.flat_transform()
        )
        layer.editable = False
        mark(layer, CELL_COLOURS)
        active = self._viewer.layers.selection.active
        self.forget()
        self._viewer.layers.insert(self._viewer.layers.index(movie) + 1, layer)
        self.layer, self._shown = layer, cells
        if active in self._viewer.layers:
            self._viewer.layers.selection.active = active
        return layer

    def colour(
        self, table: CellTable, flags: Iterable[CellFlag], answers: Mapping[int, str]
    ) -> None:
        """Give each cell the colour of its flag, and tell what is known of it."""
        if self.layer is None:
            return
        listed = list(flags)
        colours: dict[int | None, str] = {
            flag.track_id: flag_colour(flag, answers.get(flag.track_id, "")) for flag in listed
        }
        otherwise = {None: NOT_ASSESSED_COLOUR, 0: "transparent"}
        self.layer.colormap = DirectLabelColormap(color_dict=colours | otherwise)
        self.layer.features = _features(table, listed, answers)

    def cell_at(self, position: tuple[float, ...]) -> int | None:
        """Track of the cell at a place of the world; None beside all cells, or without a layer."""
        if self.layer is None or self.layer not in self._viewer.layers:
            return None
        value = self.layer.get_value(position, world=True)
        return int(value) if value else None

    def forget(self) -> None:
        """Show no cells."""
        remove_ours(self._viewer, CELL_COLOURS)
        self.layer, self._shown = None, None


def _features(
    table: CellTable, flags: Iterable[CellFlag], answers: Mapping[int, str]
) -> pd.DataFrame:
    """One row for each cell; napari finds it by `index`."""
    told = flag_table(flags, answers).rename(columns={"track_id": "index"})
    told.insert(1, "dry_mass_pg", np.round(told["index"].map(table.masses), 3))
    return told
