"""Whole frames by tiles, and single places."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cell_events.engine.tiles import Window
from cell_events.time_arrow.network import TimeArrowNetwork
from cell_events.time_arrow.pretrain import initial_network
from cell_events.trust.dense_network import first_of_crop, nearest_place
from cell_events.trust.grad_cam import grad_cam
from cell_events.trust.grad_cam_dense import frame_maps, place_map

FRAMES = np.random.default_rng(0).random((2, 71, 90), np.float32)


@dataclass
class Arrow:
    """A small time-arrow network on two frames of random numbers."""

    frame_px: tuple[int, int] = (71, 90)
    network: TimeArrowNetwork = field(
        default_factory=lambda: initial_network(5, width=4, depth=2, features=4).eval()
    )
    pixels: int = 1
    first: int = 0
    reach: int = 3

    @property
    def halo(self) -> int:
        return self.network.halo

    @property
    def multiple(self) -> int:
        return self.network.multiple

    def read(self, t: int, window: Window) -> NDArray[np.float32]:  # noqa: ARG002
        rows, columns = self.frame_px
        return FRAMES[None, :, None, :rows, :columns][(..., *window)].copy()

    def outputs(self, inputs: Tensor) -> Tensor:
        return self.network.head.dense(self.network.pair_features(inputs))[0, 0]

    frame_outputs = outputs


class BlockMeans(nn.Module):
    """Logit of a crop of 5 x 5 places: the sum of the first of two channels in it."""

    def __init__(self) -> None:
        super().__init__()
        self.maps = nn.Identity()
        self.weight = nn.Parameter(torch.ones(1, 1, 5, 5), requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.conv2d(self.maps(x)[:, :1], self.weight)


@dataclass
class Blocks:
    """Crops of a frame of two channels, read on a grid with a place for every 3 pixels."""

    frame_px: tuple[int, int] = (61, 82)
    network: nn.Module = field(default_factory=BlockMeans)
    pixels: int = 3
    halo: int = 5
    multiple: int = 1
    first: int = 2
    reach: int = 0

    @property
    def picture(self) -> NDArray[np.float32]:
        return np.random.default_rng(1).random((1, 2, 21, 28), np.float32)

    def read(self, t: int, window: Window) -> NDArray[np.float32]:  # noqa: ARG002
        return self.picture[(..., *window)].copy()

    def outputs(self, inputs: Tensor) -> Tensor:
        filled = nn.functional.pad(self.network.maps(inputs)[:, :1], 4 * [2], mode="replicate")
        return nn.functional.conv2d(filled, self.network.weight)[0, 0]

    def frame_outputs(self, inputs: Tensor) -> Tensor:
        return self.network(inputs)[0, 0]


def whole(dense: Arrow | Blocks, layer: str, tile_px: int) -> NDArray[np.float32]:
    found = [*frame_maps(dense, layer, 1, tile_px)]
    full = np.full((len(found[0].maps), *dense.frame_px), np.nan, np.float32)
    for part in found:
        full[(slice(None), *part.window)] = part.maps
    assert not np.isnan(full).any()
    return full


LAYERS = ["backbone.down.0", "backbone.down.1", "backbone.down.2", "backbone.up.1", "projection"]


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("tile_px", [16, 40])
def test_tiles_have_the_numbers_of_the_whole_frame(layer: str, tile_px: int) -> None:
    dense = Arrow()
    untiled = whole(dense, layer, 1000)
    np.testing.assert_allclose(
        whole(dense, layer, tile_px), untiled, rtol=1e-5, atol=1e-5 * untiled.max()
    )


@pytest.mark.parametrize("layer", LAYERS)
def test_a_frame_is_explained_as_the_network_sees_it_whole(layer: str) -> None:
    dense = Arrow(frame_px=(64, 88))
    pairs = torch.from_numpy(FRAMES[None, :, None, :64, :88].copy())
    plain = grad_cam(dense.network, layer, pairs, lambda logits: logits[0, 0])
    factor = 64 // plain.shape[-2]
    larger = nn.functional.interpolate(
        plain[:, None], scale_factor=factor, mode="bilinear", align_corners=False
    )[:, 0]
    found = whole(dense, layer, 24)
    np.testing.assert_allclose(found, larger.numpy(), rtol=1e-4, atol=1e-5 * found.max())


@pytest.mark.parametrize("tile_px", [9, 30, 1000])
def test_crops_that_lose_their_margin_and_grids_of_pixels_tile_as_well(tile_px: int) -> None:
    dense = Blocks()
    found = whole(dense, "maps", tile_px)
    picture = torch.from_numpy(dense.picture)
    # Every place counts once for each crop that it lies in; the mean over places of the sum over
    # crops is 25, whatever the place, and both means divide it.
    channel = picture[:, :1] * 25 / (21 * 28)
    expected = nn.functional.interpolate(channel, scale_factor=3, mode="bilinear")[0, :, :61, :82]
    np.testing.assert_allclose(found, expected.numpy(), rtol=1e-5)


def test_a_place_is_explained_by_its_own_output() -> None:
    dense = Blocks()
    found = place_map(dense, "maps", 1, (31.0, 40.0), 24)
    assert found.window == (slice(19, 43), slice(28, 52))
    assert found.maps.shape == (1, 24, 24)
    # Pixel (31, 40) lies in place (10, 13), in the middle of the crop of rows 8 to 12.
    assert found.output == pytest.approx(dense.picture[0, 0, 8:13, 11:16].sum(), rel=1e-5)


def test_the_map_of_a_place_is_the_channel_that_its_output_reads() -> None:
    dense = Blocks(pixels=1, frame_px=(21, 28))
    found = place_map(dense, "maps", 1, (10.0, 13.0), 8)
    channel = dense.picture[0, 0][found.window]
    np.testing.assert_allclose(found.maps[0] / found.maps[0].max(), channel / channel.max(), 1e-5)


@pytest.mark.parametrize(
    ("centre", "window"),
    [
        ((0.0, 0.0), (slice(0, 16), slice(0, 16))),
        ((70.0, 89.0), (slice(54, 71), slice(73, 90))),
        ((30.0, 3.0), (slice(14, 46), slice(0, 19))),
    ],
)
def test_windows_at_the_rim_are_cut_where_the_frame_ends(
    centre: tuple[float, float], window: Window
) -> None:
    found = place_map(Arrow(), "projection", 1, centre, 32)
    assert found.window == window
    assert found.maps.shape == (2, *(part.stop - part.start for part in window))


def test_an_even_crop_is_that_around_the_later_of_two_pixels() -> None:
    assert [nearest_place(at, 1, 50) for at in (0.0, 6.5, 7.0, 7.4, 7.5, 49.9)] == [
        *(0, 7, 7, 7, 8, 49)
    ]
    assert [first_of_crop(at, 24) for at in (0.0, 6.5, 7.5)] == [-12, -5, -4]
