"""What a network that is explained must offer, and where its tiles, layers and outputs lie."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from cell_events.engine.tiles import Tile, Window

if TYPE_CHECKING:
    from torch import Tensor, nn


class DenseNetwork(Protocol):
    """A network with an output for every place, read by window; made in `jobs`.

    Attributes
    ----------
    network
        Where the layers are.
    frame_px
        (Y, X) pixels of a frame.
    pixels
        Pixels for each place that the network reads, along Y and X.
    halo
        Places around an output that can change it; at least as many as an output needs, so that
        the last tile has one, too.
    multiple
        Windows start on multiples of so many places.
    first
        Place of the input in whose middle the first of the outputs of a frame lies.
    reach
        An event is explained by the mean of the outputs up to so many places from it.
    """

    @property
    def network(self) -> nn.Module: ...  # noqa: D102
    @property
    def frame_px(self) -> tuple[int, int]: ...  # noqa: D102
    @property
    def pixels(self) -> int: ...  # noqa: D102
    @property
    def halo(self) -> int: ...  # noqa: D102
    @property
    def multiple(self) -> int: ...  # noqa: D102
    @property
    def first(self) -> int: ...  # noqa: D102
    @property
    def reach(self) -> int: ...  # noqa: D102

    def read(self, t: int, window: Window) -> NDArray[np.float32]:
        """Input of the network for frame `t`, of a window of places."""
        ...

    def outputs(self, inputs: Tensor) -> Tensor:
        """What is explained of a place: a logit (y, x) for each one of the window.

        Detection gives the same, also at the rim of the frame, however it is filled up beyond.
        """
        ...

    def frame_outputs(self, inputs: Tensor) -> Tensor:
        """What is explained of a frame, (y, x), by its mean over all places that have one."""
        ...


def places_of(dense: DenseNetwork) -> tuple[int, int]:
    """Places (Y, X) of a frame."""
    rows, columns = (-(-side // dense.pixels) for side in dense.frame_px)
    return rows, columns


def layer_grids(tile: Tile, sides: Sequence[int], multiple: int) -> list[tuple[int, int]]:
    """Along Y and X: places for each one of a layer, and places lost at each end."""
    return [
        _layer_grid(window.stop - window.start, side, multiple)
        for window, side in zip(tile.window, sides, strict=True)
    ]


def _layer_grid(places: int, side: int, multiple: int) -> tuple[int, int]:
    """Stride of a layer's maps, and how many places valid convolutions took at each end.

    The number is negative where a frame was filled up beyond its ends.
    """
    filled_up = -(-places // multiple) * multiple
    if filled_up % side == 0:
        return filled_up // side, 0
    return 1, (places - side) // 2


def places_in_core(tile: Tile, sides: Sequence[int], multiple: int) -> int:
    """Number of places of a layer that belong to the core of a tile."""
    count = 1
    grids = layer_grids(tile, sides, multiple)
    for inner, window, side, (stride, lost) in zip(
        tile.inner, tile.window, sides, grids, strict=True
    ):
        ends_frame = inner.stop == window.stop - window.start
        stop = side if ends_frame else min(side, inner.stop // stride - lost)
        count *= max(0, stop - max(0, inner.start // stride - lost))
    return count


def outputs_in_core(tile: Tile, sides: Sequence[int], first: int) -> Window:
    """The outputs that lie in the core of a tile."""
    rows, columns = (
        slice(max(0, inner.start - first), max(0, min(side, inner.stop - first)))
        for inner, side in zip(tile.inner, sides, strict=True)
    )
    return rows, columns


def near_place(place: int, reach: int, length: int) -> slice:
    """Outputs up to `reach` from a place; the nearest one where there are none."""
    place = min(max(place, 0), length - 1)
    return slice(max(0, place - reach), min(length, place + reach + 1))


def nearest_place(at: float, pixels: int, length: int) -> int:
    """Place of so many (`length`) whose middle is nearest to a pixel; of two, the later one.

    An even crop around place i has its centre at i - 0.5, where detection puts its event.
    """
    place = math.floor((at - (pixels - 1) / 2) / pixels + 0.5)
    return min(max(place, 0), length - 1)


def crop_inside(at: float, side: int, length: int) -> slice:
    """Pixels of the crop around `at` that lie in a frame of so many (`length`)."""
    start = first_of_crop(at, side)
    return slice(max(0, start), min(length, start + side))


def first_of_crop(at: float, side: int) -> int:
    """First pixel of the crop around `at`, as detection cuts it; below 0 beyond the frame."""
    return math.floor(at + 0.5) - side // 2


def tile_side(dense: DenseNetwork, tile_px: int) -> int:
    """Side of a tile in places, a multiple of what the network asks for."""
    return max(1, tile_px // dense.pixels // dense.multiple) * dense.multiple
