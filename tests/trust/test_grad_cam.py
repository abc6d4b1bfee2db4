"""Grad-CAM against captum, and on networks whose answer is known."""

from __future__ import annotations

import pytest
import torch
from captum.attr import LayerAttribution, LayerGradCam
from torch import Tensor, nn

from cell_events.time_arrow.pretrain import initial_network
from cell_events.trust.grad_cam import GradCamError, LayerMaps, grad_cam, upsampled


class OneChannelCounts(nn.Module):
    """Passes three channels on and adds up one of them, with a sign."""

    def __init__(self, channel: int, sign: float = 1.0) -> None:
        super().__init__()
        self.channel, self.sign = channel, sign
        self.maps = nn.Identity()
        self.sums = nn.Identity()
        self.unused = nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        maps = self.maps(x)
        self.unused(maps)
        return self.sign * self.sums(maps[:, self.channel].sum((-2, -1)))


PICTURE = torch.rand(1, 3, 6, 8, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("channel", [0, 1, 2])
def test_the_map_of_a_network_that_looks_at_one_channel_is_that_channel(channel: int) -> None:
    found = grad_cam(OneChannelCounts(channel), "maps", PICTURE)
    torch.testing.assert_close(found[0], PICTURE[0, channel])


def test_what_speaks_against_the_class_is_left_out() -> None:
    found = grad_cam(OneChannelCounts(1, sign=-1.0), "maps", PICTURE)
    assert not found.any()


def test_weights_are_means_of_the_gradients_over_space() -> None:
    corner = torch.zeros(6, 8)
    corner[0, 0] = 48.0

    class Corner(OneChannelCounts):
        def forward(self, x: Tensor) -> Tensor:
            return (self.maps(x)[:, 1] * corner).sum()

    found = grad_cam(Corner(1), "maps", PICTURE)
    torch.testing.assert_close(found[0], PICTURE[0, 1])


@pytest.mark.parametrize(
    "layer",
    [
        "backbone.down.0",
        "backbone.down.0.0",
        "backbone.down.2",
        "backbone.up.1",
        "backbone.up.0.3",
        "backbone.to_features",
        "projection",
    ],
)
@pytest.mark.parametrize("order", [0, 1])
def test_maps_are_those_of_captum(layer: str, order: int) -> None:
    network = initial_network(5, width=4, depth=2, features=4).eval()
    pairs = torch.rand(1, 2, 1, 24, 32, generator=torch.Generator().manual_seed(1))
    theirs = LayerGradCam(network, network.get_submodule(layer)).attribute(
        pairs, target=order, relu_attributions=True
    )
    ours = grad_cam(network, layer, pairs, lambda logits: logits[0, order])
    assert ours.max() > 0
    torch.testing.assert_close(ours, theirs[:, 0].detach(), rtol=1e-5, atol=1e-5 * ours.max())
    larger = LayerAttribution.interpolate(theirs, (24, 32), "bilinear")[:, 0].detach()
    factor = 24 // ours.shape[-2]
    torch.testing.assert_close(
        upsampled(ours, factor), larger, rtol=1e-5, atol=1e-5 * ours.max().item()
    )


def test_a_layer_that_runs_twice_has_the_maps_of_both_runs() -> None:
    class Twice(OneChannelCounts):
        def forward(self, x: Tensor) -> Tensor:
            return self.maps(x).sum() + 2 * self.maps(2 * x).sum()

    network = Twice(0)
    with LayerMaps(network, "maps") as kept:
        gradients = kept.gradients(network(PICTURE))
    torch.testing.assert_close(kept.maps, torch.cat([PICTURE, 2 * PICTURE]))
    assert gradients.unique().tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("layer", "sentence"),
    [("unused", "does not depend on layer 'unused'"), ("sums", "shape \\(1,\\), not maps")],
)
def test_a_layer_that_cannot_explain_is_refused(layer: str, sentence: str) -> None:
    with pytest.raises(GradCamError, match=sentence):
        grad_cam(OneChannelCounts(0), layer, PICTURE)


def test_a_network_that_gives_nan_is_refused() -> None:
    with pytest.raises(GradCamError, match="gives NaN or infinite values"):
        grad_cam(OneChannelCounts(0), "maps", PICTURE * float("nan"))


def test_the_network_is_left_as_it_was() -> None:
    network = OneChannelCounts(0)
    grad_cam(network, "maps", PICTURE)
    assert not any(module._forward_hooks for module in network.modules())
