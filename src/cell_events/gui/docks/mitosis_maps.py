"""The cell maps of the movie looked at: pictures of all of them, and the chosen one as a layer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import zarr
from numpy.typing import NDArray
from qtpy.QtCore import QObject

from cell_events.gui.forms.map_grid import MapGrid
from cell_events.gui.forms.map_pictures import MapWords, map_pictures
from cell_events.gui.layers.cell_map_layer import CellMapLayer
from cell_events.gui.layers.heat_layer import shown_frame
from cell_events.gui.layers.movie_layer import movie_of_layer
from cell_events.gui.review.latest_reader import LatestReader
from cell_events.gui.running.mitosis_state import CHOICE, MitosisState
from cell_events.jobs.cell_map_folder import MAPS_ZARR

Pictures = list[NDArray[np.uint8]]


class MitosisMaps(QObject):
    """Follows the time slider; reads in a thread, so that moving it stays smooth."""

    def __init__(self, state: MitosisState, grid: MapGrid) -> None:
        super().__init__(grid)
        self.state, self.bench, self.grid = state, state.bench, grid
        self.layer = CellMapLayer(self.bench.viewer)
        self._folder: Path | None = None
        self._reader = LatestReader(self)
        self._reader.done.connect(self._show_pictures)
        grid.chosen.connect(self._choose)
        self.bench.viewer.dims.events.current_step.connect(self._read)

    def show(self) -> None:
        """Show the maps of the movie looked at, or none."""
        maps, choice = self.state.maps, self.state.chosen_map
        self._folder = self.state.map_folder if maps else None
        words = [
            MapWords(
                index=int(quality["index"]),
                reason=str(quality["reason"]),
                is_dead=bool(quality["dead"]),
                is_proposed=quality["index"] == maps["proposed"],
            )
            for quality in maps.get("qualities", ())
        ]
        self.grid.set_maps(words, choice)
        self.grid.setVisible(bool(words))
        self._show_layer(choice)
        self._read()

    def set_visible(self, visible: bool) -> None:
        """Show the layer of the chosen map, or clear the view for other things."""
        if self.layer.layer is not None:
            self.layer.layer.visible = visible

    def shut_down(self) -> None:
        """Stop to follow the viewer, and end the thread. Safe to call twice."""
        events = self.bench.viewer.dims.events.current_step
        if self._read in events.callbacks:
            events.disconnect(self._read)
        self._reader.shut_down()

    def _choose(self, index: int) -> None:
        self.state.keep(CHOICE, index)
        self._show_layer(index)
        self.set_visible(True)
        self.bench.say(f"Map {index} is taken; the plan uses it.")

    def _show_layer(self, index: int | None) -> None:
        looked_at = self.bench.looked_at
        if self._folder is None or index is None or looked_at is None:
            self.layer.forget()
            return
        self.layer.show(self._folder / MAPS_ZARR, index, looked_at.layer, looked_at.placement)

    def _read(self, event: object = None) -> None:
        """Read the frame that the viewer shows."""
        del event
        looked_at, folder = self.bench.looked_at, self._folder
        if folder is None or looked_at is None or looked_at.layer not in self.bench.viewer.layers:
            return
        t = shown_frame(self.bench.viewer, looked_at.placement)
        movie = movie_of_layer(looked_at.layer, looked_at.placement)
        low, high = looked_at.layer.contrast_limits
        path = folder / MAPS_ZARR

        def pictures() -> Pictures:
            maps = np.asarray(zarr.open_array(str(path), mode="r")[t])
            return map_pictures(movie.read(t), maps, (float(low), float(high)))

        self._reader.read((str(path), t), pictures)

    def _show_pictures(self, key: tuple[str, int], pictures: Pictures) -> None:
        if self._folder is not None and key[0] == str(self._folder / MAPS_ZARR):
            self.grid.show_pictures(pictures)
