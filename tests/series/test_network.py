"""The U-Net and the MU-Net: shapes, sizes, and what each output can see."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from cell_events.engine.header import ModelHeader
from cell_events.engine.model_file import load_model, save_model
from cell_events.series.mu_network import SeriesMUNet
from cell_events.series.network import SeriesUNet, probabilities

CURVES = torch.randn(2, 1, 1024, generator=torch.Generator().manual_seed(0))


def section_size(n_in: int, n_out: int) -> int:
    """Weights of two convolutions of width 3, and scale and shift of each filter."""
    return 3 * n_in * n_out + 3 * n_out * n_out + 4 * n_out


def size(network: nn.Module) -> int:
    return sum(weight.numel() for weight in network.parameters())


@pytest.mark.parametrize("length", [256, 1024, 2048])
def test_each_point_gets_a_logit_for_each_kind(length: int) -> None:
    assert SeriesUNet(2, 3)(torch.zeros(2, 2, length)).shape == (2, 3, length)
    assert SeriesMUNet(2, 3)(torch.zeros(2, 2, length)).shape == (2, 3, length)


def test_exclusive_kinds_have_a_logit_for_normal_and_probabilities_that_leave_it_out() -> None:
    for network in (SeriesUNet(1, 3, exclusive=True), SeriesMUNet(1, 3, exclusive=True)):
        logits = network(CURVES)
        assert logits.shape == (2, 4, 1024)
        told = network.probabilities(logits)
        assert told.shape == (2, 3, 1024)
        torch.testing.assert_close(told.sum(dim=1), 1 - logits.softmax(dim=1)[:, 3])


def test_independent_kinds_may_all_be_certain_at_once() -> None:
    assert (probabilities(torch.full((1, 3, 8), 20.0), exclusive=False) > 0.99).all()


def test_the_unet_is_as_large_as_figure_1_says() -> None:
    encoding = [(1, 16), (16, 32), (32, 64), (64, 128), (128, 256)]
    decoding = [(256 + 128, 128), (128 + 64, 64), (64 + 32, 32), (32 + 16, 16)]
    expected = sum(section_size(*pair) for pair in encoding + decoding) + 16 * 3 + 3
    assert size(SeriesUNet(1, 3)) == expected == 656_611


def test_the_munet_is_as_large_as_figure_5_says() -> None:
    encoding = [(1, 16), (16, 32), (32, 64), (64, 128)]
    joined = [(8 * 128, 256)]
    decoding = [(256 + 8 * 128, 128), (128 + 8 * 64, 64), (64 + 8 * 32, 32), (32 + 8 * 16, 16)]
    expected = 8 * sum(section_size(*pair) for pair in encoding)
    expected += sum(section_size(*pair) for pair in joined + decoding) + 16 * 7 + 7
    assert size(SeriesMUNet(8, 7)) == expected


def test_a_munet_for_one_channel_is_as_large_as_a_unet() -> None:
    assert size(SeriesMUNet(1, 3)) == size(SeriesUNet(1, 3))


def test_skip_connections_let_neighbouring_points_differ() -> None:
    torch.manual_seed(0)
    network = SeriesUNet().eval()
    flat = torch.zeros(1, 1, 1024)
    spike = flat.clone()
    spike[0, 0, 500] = 5.0
    changed = (network(spike) - network(flat)).detach().abs()[0].amax(dim=0)
    assert changed[500] > 0
    assert len({round(float(value), 6) for value in changed[496:500]}) > 1


@pytest.mark.parametrize("network", [SeriesUNet(1, 2), SeriesMUNet(3, 2, exclusive=True)])
def test_it_comes_back_from_a_model_file(network: nn.Module, tmp_path: Path) -> None:
    name = {SeriesUNet: "series_unet", SeriesMUNet: "series_munet"}[type(network)]
    curves = CURVES.repeat(1, network.channels, 1)
    header = ModelHeader("series", name, network.arguments, axes="BCT")
    save_model(tmp_path / "m.safetensors", network, header)
    again, _ = load_model(tmp_path / "m.safetensors")
    torch.testing.assert_close(again(curves), network.eval()(curves))
