"""The Points layer of flagged cells: rings that go with each cell while it is unusual."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from napari.components import ViewerModel
from napari.layers import Points
from napari.utils.colormaps.standardize_color import transform_color
from numpy.typing import NDArray

from cell_events.dry_mass.cell_table import CellTable
from cell_events.dry_mass.flag_rows import FLAG_COLUMNS, flagged_rows
from cell_events.dry_mass.flags import FLAGGED, CellFlag
from cell_events.gui.layers.flag_colours import flag_colour
from cell_events.gui.layers.layer_axes import Placement, to_layer_coordinates
from cell_events.gui.layers.our_layers import CELL_FLAGS, mark, remove_ours

LEAST_SIZE_PX = 16.0


class FlagPoints:
    """Shows flags on the movie looked at; there is at most one such layer."""

    def __init__(self, viewer: ViewerModel) -> None:
        self._viewer = viewer
        self._placement: Placement | None = None
        self._rows = pd.DataFrame({"track_id": []})
        self.layer: Points | None = None

    def show(
        self,
        table: CellTable,
        flags: Sequence[CellFlag],
        answers: Mapping[int, str],
        where: Placement,
        name: str,
    ) -> None:
        """Show these flags, in the layer that is there or in a new one."""
        rows = flagged_rows(table.tracks, flags, answers)
        layer, size = self.layer, max(2.8 * table.radius_px, LEAST_SIZE_PX)
        fits = self._placement is not None and self._placement.same(where)
        if layer is None or layer not in self._viewer.layers or not fits:
            layer = self._make(where, name, size)
        layer.selected_data = set()
        layer.data = to_layer_coordinates(rows[["t", "y", "x"]].to_numpy(float), where.axes)
        layer.size = size
        self._rows = rows[["track_id", table.column, *FLAG_COLUMNS]]
        self.colour(flags, answers)

    def colour(self, flags: Iterable[CellFlag], answers: Mapping[int, str]) -> None:
        """Show other answers about the cells that are shown."""
        if self.layer is None:
            return
        category = [answers.get(cell, "") for cell in self._rows["track_id"].tolist()]
        self.layer.features = self._rows.assign(category=category)
        if category:
            self.layer.border_color = _colours(self._rows, flags, answers)
        self.layer.refresh()

    def forget(self) -> None:
        """Show no flags."""
        remove_ours(self._viewer, CELL_FLAGS)
        self.layer = None

    def _make(self, where: Placement, name: str, size: float) -> Points:
        layer = Points(
            np.empty((0, len(where.axes))),
            ndim=len(where.axes),
            name=name,
            face_color="transparent",
            border_width=0.07,
            size=size,
            **where.flat_transform(),
        )
        mark(layer, CELL_FLAGS)
        active = self._viewer.layers.selection.active
        self.forget()
        self._viewer.add_layer(layer)
        layer.editable = False
        self._viewer.layers.selection.active = active or layer
        self.layer, self._placement = layer, where
        return layer


def _colours(
    rows: pd.DataFrame, flags: Iterable[CellFlag], answers: Mapping[int, str]
) -> NDArray[np.float64]:
    """(N, 4) colours of the rows; as numbers, since napari reads words one by one."""
    known = {
        flag.track_id: transform_color(flag_colour(flag, answers.get(flag.track_id, "")))[0]
        for flag in flags
        if flag.flag == FLAGGED
    }
    return np.array([known[cell] for cell in rows["track_id"].tolist()], float)
