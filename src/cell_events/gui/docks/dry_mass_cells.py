"""The cells of the movie looked at: tracks, flags and colours, read in the background."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from napari.layers import Points
from qtpy.QtCore import QObject, Signal

from cell_events.dry_mass.flags import CellFlag
from cell_events.gui.docks.dry_mass_reading import Loaded, Wanted, loaded
from cell_events.gui.layers.cell_colours_layer import CellColoursLayer
from cell_events.gui.layers.cell_tracks_layer import CellTracksLayer
from cell_events.gui.layers.flag_points import FlagPoints
from cell_events.gui.layers.layer_axes import Placement, from_layer_coordinates
from cell_events.gui.layers.stored_layers import placement_of_points
from cell_events.gui.review.latest_reader import LatestReader
from cell_events.gui.running.dry_mass_state import (
    CELLS,
    COLUMN,
    FLAGS,
    REPORT,
    TRACKS,
    DryMassState,
)
from cell_events.jobs.anomalies_train import MASS

BARE = "cells"
"""What layers are called where there is no movie."""


class DryMassCells(QObject):
    """Signals `shown()` when other cells, or other flags, were read, and are on screen."""

    shown = Signal()

    def __init__(self, state: DryMassState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state, self.bench = state, state.bench
        viewer = self.bench.viewer
        self.tracks, self.points = CellTracksLayer(viewer), FlagPoints(viewer)
        self.colours = CellColoursLayer(viewer)
        self.loaded: Loaded | None = None
        self._bare = placement_of_points(Points(ndim=3))
        self._reader = LatestReader(self)
        self._reader.done.connect(self._take)
        self._reader.failed.connect(self._say_failure)

    @property
    def where(self) -> Placement:
        """Where the cells lie: on the movie looked at, or in frames and pixels without one."""
        looked_at = self.bench.looked_at
        return looked_at.placement if looked_at is not None else self._bare

    def show(self) -> None:
        """Show what the project holds of the movie looked at, as soon as it is read."""
        wanted, before = self._wanted(), self.loaded
        if wanted is None:
            self._reader.forget()
            self._forget()
        elif before is None or before.wanted != wanted or not before.where.same(self.where):
            work = partial(loaded, wanted, self.where, f"tracks in {self.name}", before)
            self._reader.read(wanted, work)

    def show_flags(self, flags: Sequence[CellFlag], answers: Mapping[int, str]) -> None:
        """Show these flags, which may differ from those that were read by their threshold."""
        if self.loaded is None:
            return
        if not flags:
            self.points.forget()
            return
        table = self.loaded.table
        self.points.show(table, flags, answers, self.where, f"flagged in {self.name}")
        self.colours.colour(table, flags, answers)

    def show_answers(self, flags: Sequence[CellFlag], answers: Mapping[int, str]) -> None:
        """Show other answers about the same flags."""
        if self.loaded is not None:
            self.points.colour(flags, answers)
            self.colours.colour(self.loaded.table, flags, answers)

    def cell_at(self, position: tuple[float, ...]) -> int | None:
        """Track of the cell at a place of the world; None if there is none."""
        if self.loaded is None:
            return None
        cell = self.colours.cell_at(position)
        if cell is not None:
            return cell
        looked_at, layer = self.bench.looked_at, self.loaded.layer
        place = (looked_at.layer if looked_at is not None else layer).world_to_data(position)
        t, y, x = from_layer_coordinates(_one_row(place), self.where.axes)[0]
        table = self.loaded.table
        return table.in_frames.nearest(round(t), y, x, table.radius_px)

    def shut_down(self) -> None:
        """End the thread; the layers stay until their project is closed. Safe to call twice."""
        self._reader.shut_down()

    @property
    def name(self) -> str:
        """Name of the movie that the cells are in."""
        looked_at = self.bench.looked_at
        return looked_at.layer.name if looked_at is not None else BARE

    def _wanted(self) -> Wanted | None:
        tracks = self.state.path(TRACKS)
        if tracks is None:
            return None
        column = str(self.state.value(COLUMN) or MASS)
        flags, report = self.state.path(FLAGS), self.state.path(REPORT)
        return Wanted(tracks, column, self.state.path(CELLS), flags, report if flags else None)

    def _take(self, wanted: Wanted, found: Loaded) -> None:
        if wanted != self._wanted():
            return  # another movie is looked at since
        is_new = self.loaded is None or self.loaded.layer is not found.layer
        self.loaded = found
        self._show_labels()
        if is_new or self.tracks.layer not in self.bench.viewer.layers:
            self.tracks.show(found.layer)
        self.shown.emit()

    def _show_labels(self) -> None:
        """Show the cells as they were measured; flags colour them."""
        found, looked_at = self.loaded, self.bench.looked_at
        if found is None or found.cells is None or looked_at is None:
            self.colours.forget()
        elif looked_at.layer in self.bench.viewer.layers:
            name = f"measured cells in {self.name}"
            self.colours.show(found.cells, self.where, name, looked_at.layer)

    def _forget(self) -> None:
        had_any, self.loaded = self.loaded is not None, None
        for layer in (self.tracks, self.points, self.colours):
            layer.forget()
        if had_any:
            self.shown.emit()

    def _say_failure(self, key: object, sentence: str) -> None:
        del key
        self.bench.say(sentence, is_error=True)


def _one_row(place: Any) -> Any:
    import numpy as np

    return np.asarray(place, float)[None, :]
