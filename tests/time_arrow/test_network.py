"""The network of Gallusser et al. 2023: its size, its symmetry, its receptive field."""

import pytest
import torch

from cell_events.time_arrow.network import EquivariantHead, TimeArrowNetwork
from cell_events.time_arrow.pretrain import initial_network


def test_it_has_the_size_of_the_reference_network() -> None:
    assert sum(p.numel() for p in TimeArrowNetwork().parameters()) == 1_955_682


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("padding_mode", ["zeros", "replicate"])
def test_swapping_the_frames_swaps_the_logits_exactly(training: bool, padding_mode: str) -> None:
    network = initial_network(1, width=4, features=8, padding_mode=padding_mode).train(training)
    pairs = torch.rand(5, 2, 1, 24, 32)
    with torch.no_grad():
        there, back = network(pairs), network(pairs.flip(1))
    if training:  # batch statistics are summed in another order
        torch.testing.assert_close(back, there.flip(1), rtol=1e-5, atol=1e-6)
    else:
        assert torch.equal(back, there.flip(1))
    assert not torch.allclose(there[:, 0], there[:, 1])


def test_the_head_alone_is_exactly_equivariant() -> None:
    head = EquivariantHead(6).eval()
    z = torch.randn(4, 2, 6, 9, 7)
    assert torch.equal(head(z.flip(1)), head(z).flip(1))


def test_equal_frames_have_no_arrow() -> None:
    network = initial_network(2, width=4).eval()
    frame = torch.rand(3, 1, 1, 16, 16)
    logits = network(frame.expand(3, 2, 1, 16, 16))
    assert torch.equal(logits[:, 0], logits[:, 1])


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_the_halo_covers_the_receptive_field(depth: int) -> None:
    network = initial_network(0, width=2, depth=depth, features=2).eval().double()
    reach = 0
    middle = 8 * 2**depth
    for offset in range(network.multiple):
        image = torch.rand(1, 1, 2 * middle, 2 * middle, dtype=torch.double, requires_grad=True)
        network.features(image)[..., middle + offset, middle + offset].sum().backward()
        assert image.grad is not None
        touched = image.grad[0, 0].abs().sum(0).nonzero()[:, 0]
        reach = max(
            reach, middle + offset - int(touched.min()), int(touched.max()) - middle - offset
        )
    assert 0 < reach <= network.halo


@pytest.mark.parametrize("shape", [(16, 16), (17, 30), (8, 9)])
def test_frames_of_any_size_have_features_of_that_size(shape: tuple[int, int]) -> None:
    network = initial_network(0, width=2, features=3).eval()
    assert network.features(torch.rand(1, 1, *shape)).shape == (1, 3, *shape)


def test_initial_weights_depend_on_the_seed_alone() -> None:
    torch.manual_seed(5)
    first = initial_network(3, width=2)
    torch.manual_seed(6)
    second = initial_network(3, width=2)
    other = initial_network(4, width=2)
    pairs = zip(first.parameters(), second.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)
    assert not torch.equal(next(first.parameters()), next(other.parameters()))
