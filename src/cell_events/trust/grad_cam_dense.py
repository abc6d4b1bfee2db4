"""Grad-CAM of whole frames by tiles, with the numbers of the whole frame, and of single places.

The weights of the channels are means over the whole frame. So they are summed up over all tiles
first, and only then each tile gets its map: two passes, and the tiling does not show.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from cell_events.engine.tiles import Tile, Window, tile_around, tiles
from cell_events.trust.dense_network import (
    DenseNetwork,
    crop_inside,
    layer_grids,
    near_place,
    nearest_place,
    outputs_in_core,
    places_in_core,
    places_of,
    tile_side,
)
from cell_events.trust.grad_cam import LayerMaps, channel_weights, class_map, upsampled


class PixelMap(NamedTuple):
    """Grad-CAM (F, y, x) of each frame that the network read, for a window of the movie."""

    window: Window
    maps: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PlaceMap:
    """Grad-CAM around one place.

    Attributes
    ----------
    window
        Rows and columns of the movie; smaller than a crop at the rim.
    maps
        (F, y, x), one for each frame that the network read.
    output
        The logit that is explained.
    """

    window: Window
    maps: NDArray[np.float32]
    output: float


class _Looked(NamedTuple):
    """What one look at a tile gave; `maps` (F, C, y, x)."""

    tile: Tile
    maps: Tensor


def frame_maps(dense: DenseNetwork, layer: str, t: int, tile_px: int) -> Iterator[PixelMap]:
    """Yield the Grad-CAM of the mean output of frame `t`, tile by tile.

    The numbers are those of a single pass over the whole frame (up to rounding); memory depends on
    the tile.

    Parameters
    ----------
    tile_px
        Side of a tile in pixels, which is made a multiple of what the network asks for.

    Raises
    ------
    GradCamError
        If the layer gives no maps or has no influence.
    """
    side = tile_side(dense, tile_px)
    places = list(tiles(places_of(dense), side, dense.halo, dense.multiple))
    weights, last = _weights(dense, layer, t, places)
    for tile in places:
        looked = last if tile is last.tile else _look(dense, layer, t, tile)
        yield _cut(dense, looked.tile, class_map(looked.maps, weights))


def place_map(
    dense: DenseNetwork, layer: str, t: int, centre: tuple[float, float], side_px: int
) -> PlaceMap:
    """Grad-CAM of the output at a place of frame `t`, in the crop around it.

    Parameters
    ----------
    centre
        (y, x) in pixels of the movie, inside of it.
    side_px
        Side of the crop, of which the map covers what lies in the frame.
    """
    shape = places_of(dense)
    place = [
        nearest_place(at, dense.pixels, length) for at, length in zip(centre, shape, strict=True)
    ]
    window = [
        crop_inside(at, side_px, length) for at, length in zip(centre, dense.frame_px, strict=True)
    ]
    core = [slice(w.start // dense.pixels, -(-w.stop // dense.pixels)) for w in window]
    tile = tile_around((core[0], core[1]), shape, dense.halo, dense.multiple)
    with torch.enable_grad(), LayerMaps(dense.network, layer) as kept:
        outputs = dense.outputs(_input(dense, t, tile))
        near = [
            near_place(at - part.start, dense.reach, length)
            for at, part, length in zip(place, tile.window, outputs.shape, strict=True)
        ]
        scalar = outputs[near[0], near[1]].mean()
        weights = channel_weights(kept.gradients(scalar))
    cut = _cut(dense, tile, class_map(kept.maps, weights))
    rows, columns = (
        slice(part.start - had.start, part.stop - had.start)
        for part, had in zip(window, cut.window, strict=True)
    )
    maps = cut.maps[:, rows, columns]
    return PlaceMap((window[0], window[1]), maps, float(scalar.detach()))


def _weights(dense: DenseNetwork, layer: str, t: int, places: list[Tile]) -> tuple[Tensor, _Looked]:
    """Weights (F, C) of the channels over the whole frame, and what the last look gave."""
    total, n_outputs, n_places = torch.zeros(()), 0, 0
    for tile in places:
        with torch.enable_grad(), LayerMaps(dense.network, layer) as kept:
            outputs = dense.frame_outputs(_input(dense, t, tile))
            core = outputs[outputs_in_core(tile, outputs.shape, dense.first)]
            gradients = kept.gradients(core.sum())
        total = total.to(gradients.device, torch.float64) + gradients.double().sum((-2, -1))
        n_outputs += core.numel()
        n_places += places_in_core(tile, kept.maps.shape[-2:], dense.multiple)
    weights = total / max(1, n_outputs * n_places)
    return weights.float(), _Looked(places[-1], kept.maps)


@torch.no_grad()
def _look(dense: DenseNetwork, layer: str, t: int, tile: Tile) -> _Looked:
    """Maps of a tile, without gradients."""
    with LayerMaps(dense.network, layer) as kept:
        dense.frame_outputs(_input(dense, t, tile))
    return _Looked(tile, kept.maps)


def _input(dense: DenseNetwork, t: int, tile: Tile) -> Tensor:
    """Input of the network for a tile, on its device."""
    device = next(dense.network.parameters()).device
    return torch.from_numpy(dense.read(t, tile.window)).to(device)


def _cut(dense: DenseNetwork, tile: Tile, maps: Tensor) -> PixelMap:
    """Bring maps (F, y, x) of a layer to pixels, and cut out the core of the tile."""
    strides, lost = zip(*layer_grids(tile, maps.shape[-2:], dense.multiple), strict=True)
    larger = upsampled(maps, strides[0] * dense.pixels)
    larger = _at_its_ends(larger, (lost[0] * dense.pixels, lost[1] * dense.pixels))
    window = [
        slice(part.start * dense.pixels, min(part.stop * dense.pixels, length))
        for part, length in zip(tile.core, dense.frame_px, strict=True)
    ]
    rows, columns = (
        slice(inner.start * dense.pixels, inner.start * dense.pixels + part.stop - part.start)
        for inner, part in zip(tile.inner, window, strict=True)
    )
    return PixelMap((window[0], window[1]), larger[:, rows, columns].detach().cpu().numpy())


def _at_its_ends(maps: Tensor, lost: tuple[int, int]) -> Tensor:
    """Continue maps (F, y, x) where both ends lost rows and columns, or cut what is over."""
    over = [max(0, -pixels) for pixels in lost]
    maps = maps[:, over[0] : maps.shape[1] - over[0], over[1] : maps.shape[2] - over[1]]
    missing = [max(0, pixels) for pixels in (lost[1], lost[1], lost[0], lost[0])]
    if not any(missing):
        return maps
    return functional.pad(maps[:, None], missing, mode="replicate")[:, 0]
