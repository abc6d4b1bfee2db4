"""What is taken over from a pretrained network, and which sections learn how fast."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from cell_events.series.mu_network import SeriesMUNet
from cell_events.series.network import SeriesUNet
from cell_events.series.transfer import (
    freeze,
    frozen_sections,
    munet_from,
    section_multipliers,
    section_rates,
    unet_from,
)

STAGES = (0.3, 0.6)


def pretrained() -> SeriesUNet:
    """Give a U-Net of which no two weights are alike, batch normalisation included."""
    network = SeriesUNet()
    with torch.no_grad():
        for value in network.state_dict().values():
            if value.is_floating_point():
                value.uniform_(0.5, 1.5)
    return network


def same(first: nn.Module, second: nn.Module) -> bool:
    pairs = zip(first.state_dict().values(), second.state_dict().values(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


def test_a_unet_for_other_kinds_takes_all_but_the_last_layer() -> None:
    source = pretrained()
    network = unet_from(source, classes=5)
    assert network.last.out_channels == 5
    assert all(
        same(target[0], given[0])
        for target, given in zip(network.sections()[:-1], source.sections()[:-1], strict=True)
    )


def test_each_channel_of_a_munet_takes_four_sections_and_nothing_else_is_taken() -> None:
    source = pretrained()
    network = munet_from(source, channels=3, classes=2)
    for encoder in network.encoders:
        assert all(same(encoder[level], source.encoding[level]) for level in range(4))
    assert network.encoders[0][0] is not network.encoders[1][0]
    new = nn.ModuleList([network.fifth, *network.decoding])
    assert not any(((w >= 0.5) & (w != 1)).all() for w in new.parameters())


def test_a_munet_takes_nothing_from_a_unet_for_several_channels() -> None:
    with pytest.raises(ValueError, match="reads 2 channels"):
        munet_from(SeriesUNet(2), 4, 3)


def test_rates_of_the_ten_sections_are_those_of_the_paper() -> None:
    expected = [0.01, 0.04, 0.09, 0.16, 0.25, 0.36, 0.49, 0.64, 0.81, 1.0]
    assert section_multipliers(SeriesUNet()) == pytest.approx(expected)


def test_new_sections_of_a_munet_learn_at_the_full_rate() -> None:
    assert section_multipliers(SeriesMUNet(2)) == pytest.approx([0.01, 0.04, 0.09, 0.16] + [1] * 6)


@pytest.mark.parametrize("network", [SeriesUNet(), SeriesMUNet(3)])
def test_every_weight_has_one_rate(network: SeriesUNet | SeriesMUNet) -> None:
    rated = [id(weight) for group in section_rates(network, "rates") for weight in group.weights]
    assert sorted(rated) == sorted(id(weight) for weight in network.parameters())
    assert {group.share for group in section_rates(network, "none")} == {1.0}


def test_a_unet_learns_to_decode_first_and_a_munet_has_three_stages() -> None:
    unet, munet = SeriesUNet(), SeriesMUNet(2)
    passed = (0.0, 0.29, 0.3, 0.6)
    assert [len(frozen_sections(unet, share, STAGES)) for share in passed] == [5, 5, 0, 0]
    assert [len(frozen_sections(munet, share, STAGES)) for share in passed] == [4, 4, 2, 0]


def test_frozen_sections_neither_learn_nor_count_batches_and_thaw_again() -> None:
    network = SeriesUNet().train()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    freeze(network, network.sections()[:5])
    network(torch.randn(4, 1, 256)).sum().backward()
    assert all(weight.grad is None for weight in network.encoding.parameters())
    assert all(weight.grad is not None for weight in network.decoding.parameters())
    after = network.state_dict()
    assert all(torch.equal(after[n], before[n]) for n in before if n.startswith("encoding"))
    freeze(network, [])
    assert all(weight.requires_grad for weight in network.parameters())
