"""The Image layer that shows where events are likely, frame by frame as it becomes known."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from napari.components import ViewerModel
from napari.layers import Image
from numpy.typing import NDArray
from qtpy.QtCore import QObject

from cell_events.gui.layers.layer_axes import Placement
from cell_events.gui.layers.our_layers import SCORES, mark, remove_ours
from cell_events.gui.running.stepper import Stepper

NEW_OPACITY, OLD_OPACITY = 0.6, 0.25
HIGHEST = 255
"""Stored value of a score of 1."""


class HeatLayer(QObject):
    """Scores of the last update; frames that are not renewed yet show the earlier ones, dimmed.

    The layer has one value for every few pixels of the movie and lies on it.
    """

    def __init__(self, viewer: ViewerModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self._placement: Placement | None = None
        self._is_new: NDArray[np.bool_] = np.zeros(0, bool)
        self._stepper = Stepper(self)
        self._path: Path | None = None  # of what is new
        self.layer: Image | None = None
        viewer.dims.events.current_step.connect(self._dim)

    def release(self) -> None:
        """Stop to follow the viewer."""
        self._stepper.stop()
        self._viewer.dims.events.current_step.disconnect(self._dim)

    def is_new(self, t: int) -> bool:
        """Whether frame `t` shows what the last update has found."""
        return 0 <= t < len(self._is_new) and bool(self._is_new[t])

    def expect(self) -> None:
        """An update has begun: what is shown is old from now on."""
        self._stepper.stop()
        self._is_new[:] = False
        self._dim()

    def forget(self) -> None:
        """Show no scores, as when another movie is chosen."""
        self._stepper.stop()
        remove_ours(self._viewer, SCORES)
        self.layer = None

    def show_frame(self, path: Path, t: int, movie: Image, placement: Placement) -> None:
        """Show frame `t` of the heat map at `path`, on this movie; other heat maps are old now."""
        self._turn_to(path)
        if movie not in self._viewer.layers:
            return
        scores = zarr.open_array(str(path), mode="r")
        frame = np.asarray(scores[t]).max(axis=0)
        if not self._fits(frame.shape, placement):
            self._make(scores.attrs, frame.shape, movie, placement)
        if self.layer is not None:
            time_axis = placement.axes.index("T")
            place = tuple(t if i == time_axis else slice(None) for i in range(self.layer.ndim))
            self.layer.data[place] = frame.reshape(np.shape(self.layer.data[place]))
            self._is_new[t] = True
            if t == self._shown_frame():
                self.layer.refresh()
                self._dim()

    def show_all(self, path: Path, movie: Image, placement: Placement) -> None:
        """Show a finished heat map instead of what is there, the frame that is looked at first."""
        self.expect()
        self.show_rest(path, movie, placement)

    def show_rest(self, path: Path, movie: Image, placement: Placement) -> None:
        """Show the frames of a finished heat map that are not renewed yet."""
        self._turn_to(path)
        now = shown_frame(self._viewer, placement)
        n_frames = placement.movie_shape[0]
        is_new = self._is_new if len(self._is_new) == n_frames else np.zeros(n_frames, bool)
        frames = sorted(np.flatnonzero(~is_new).tolist(), key=lambda t: abs(t - now))
        self._stepper.start(self._each(frames, path, movie, placement))

    def _turn_to(self, path: Path) -> None:
        if path != self._path:
            self.expect()
            self._path = path

    def _each(
        self, frames: list[int], path: Path, movie: Image, placement: Placement
    ) -> Generator[int, None, None]:
        for t in frames:
            self.show_frame(path, t, movie, placement)
            yield t

    def _fits(self, shape: tuple[int, ...], placement: Placement) -> bool:
        layer, before = self.layer, self._placement
        if layer is None or before is None or layer not in self._viewer.layers:
            return False
        same_place = before.axes == placement.axes and before.shape == placement.shape
        return same_place and tuple(layer.data.shape[-2:]) == tuple(shape)

    def _make(
        self,
        attributes: Mapping[str, Any],
        shape: tuple[int, ...],
        movie: Image,
        placement: Placement,
    ) -> None:
        """Add an empty layer just above the movie."""
        if self.layer is not None and self.layer in self._viewer.layers:
            self._viewer.layers.remove(self.layer)
        self._placement = placement
        self._is_new = np.zeros(placement.movie_shape[0], bool)
        sides = (*placement.flat_shape()[:-2], *shape)
        step, first = float(attributes["step_px"]), float(attributes.get("offset_px", 0))
        layer = Image(
            np.zeros(sides, np.uint8),
            name=f"scores in {movie.name}",
            colormap="inferno",
            blending="additive",
            contrast_limits=(0, HIGHEST),
            opacity=NEW_OPACITY,
            interpolation2d="linear",
            **on_grid(placement, step, first),
        )
        mark(layer, SCORES)
        self.layer = layer
        active = self._viewer.layers.selection.active
        self._viewer.layers.insert(self._viewer.layers.index(movie) + 1, layer)
        self._viewer.layers.selection.active = active  # the brush stays in the hand

    def _dim(self, event: Any = None) -> None:
        """Dim the layer where the frame that is looked at is not renewed yet."""
        del event
        if self.layer is not None and len(self._is_new):
            t = min(self._shown_frame(), len(self._is_new) - 1)
            self.layer.opacity = NEW_OPACITY if self._is_new[t] else OLD_OPACITY

    def _shown_frame(self) -> int:
        """Frame of the movie that the viewer shows."""
        assert self._placement is not None  # noqa: S101 - for the type checker
        return shown_frame(self._viewer, self._placement)


def shown_frame(viewer: ViewerModel, placement: Placement) -> int:
    """Frame of a movie that the viewer shows, whatever its scale and its place in time."""
    axis = placement.axes.index("T")
    from_end = len(placement.axes) - axis
    position = float(viewer.dims.point[viewer.dims.ndim - from_end])
    start, step = placement.transform["translate"][axis], placement.transform["scale"][axis]
    return int(np.clip(round((position - start) / step), 0, placement.movie_shape[0] - 1))


def on_grid(placement: Placement, step_px: float, offset_px: float) -> dict[str, Any]:
    """Transform of a layer with a pixel for every `step_px` of the movie, the first at `offset_px`.

    Pixel centres lie on the places that they stand for.
    """
    transform = placement.flat_transform()
    scale = np.array(transform["scale"], dtype=float)
    offset = np.zeros(len(scale))
    offset[-2:] = scale[-2:] * offset_px
    transform["translate"] = transform["translate"] + np.asarray(transform["rotate"]) @ offset
    scale[-2:] *= step_px
    transform["scale"] = scale
    return transform
