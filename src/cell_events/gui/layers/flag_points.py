"""The Points layer of flagged cells: rings that go with each cell while it is unusual."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from napari.components import ViewerModel
from napari.layers import Points

from cell_events.dry_mass.cell_table import CellTable
from cell_events.dry_mass.flag_rows import FLAG_COLUMNS, flagged_rows
from cell_events.dry_mass.flags import CellFlag
from cell_events.gui.layers.flag_colours import flag_colour
from cell_events.gui.layers.layer_axes import Placement, to_layer_coordinates
from cell_events.gui.layers.our_layers import CELL_FLAGS, mark, remove_ours

LEAST_SIZE_PX = 16.0


class FlagPoints:
    """Shows flags on the movie looked at; there is at most one such layer."""

    def __init__(self, viewer: ViewerModel) -> None:
        self._viewer = viewer
        self._placement: Placement | None = None
        self.layer: Points | None = None

    def show(
        self,
        table: CellTable,
        flags: Iterable[CellFlag],
        answers: Mapping[int, str],
        where: Placement,
        name: str,
    ) -> Points:
        """Show these flags, in the layer that is there or in a new one."""
        listed = list(flags)
        rows = flagged_rows(table.tracks, listed, answers)
        places = to_layer_coordinates(rows[["t", "y", "x"]].to_numpy(float), where.axes)
        colours = _colours(rows, listed, answers)
        layer, size = self.layer, max(2.8 * table.radius_px, LEAST_SIZE_PX)
        fits = self._placement is not None and self._placement.same(where)
        if layer is None or layer not in self._viewer.layers or not fits:
            layer = self._make(where, name, size)
        layer.selected_data = set()
        layer.data = places
        layer.features = _features(rows, table.column)
        layer.border_color = colours if len(rows) else "white"
        layer.size = size
        layer.refresh()
        return layer

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
            **where.transform,
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
) -> list[str]:
    colours = {flag.track_id: flag_colour(flag, answers.get(flag.track_id, "")) for flag in flags}
    return [colours[track_id] for track_id in rows["track_id"]]


def _features(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """What the status bar tells of a ring."""
    return rows[["track_id", column, *FLAG_COLUMNS]].reset_index(drop=True)
