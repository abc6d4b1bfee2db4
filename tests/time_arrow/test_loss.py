"""The loss terms against formulas written another way."""

import math

import numpy as np
import pytest
import torch

from cell_events.time_arrow.loss import decorrelation_loss, time_arrow_loss
from cell_events.time_arrow.pretrain import initial_network


def test_decorrelation_is_the_mean_log_softmax_of_cosines() -> None:
    z = torch.randn(3, 5, 4, 6, dtype=torch.double)
    expected = []
    for image in z.numpy():
        maps = image.reshape(5, -1)
        cosine = maps @ maps.T / np.outer(*[np.linalg.norm(maps, axis=1)] * 2)
        weights = np.exp(cosine / 0.2)
        expected += [-math.log(weights[c, c] / weights[c].sum()) for c in range(5)]
    assert float(decorrelation_loss(z)) == pytest.approx(np.mean(expected), rel=1e-5)


def test_orthogonal_channels_cost_little_and_equal_ones_cost_the_logarithm_of_their_number() -> (
    None
):
    orthogonal = torch.eye(4).reshape(1, 4, 2, 2)
    assert float(decorrelation_loss(orthogonal)) == pytest.approx(math.log(1 + 3 * math.exp(-5)))
    assert float(decorrelation_loss(torch.ones(1, 4, 2, 2))) == pytest.approx(math.log(4))


def test_the_scale_of_the_features_does_not_matter() -> None:
    z = torch.randn(2, 4, 3, 3)
    torch.testing.assert_close(decorrelation_loss(z), decorrelation_loss(100 * z))


def test_channels_of_zeros_give_a_finite_loss() -> None:
    assert torch.isfinite(decorrelation_loss(torch.zeros(1, 4, 2, 2)))


def test_swapped_pairs_with_swapped_labels_cost_the_same() -> None:
    network = initial_network(0, width=2, features=4).eval()
    pairs, swapped = torch.rand(6, 2, 1, 16, 16), torch.rand(6) < 0.5
    there = time_arrow_loss(network, pairs, swapped)
    back = time_arrow_loss(network, pairs.flip(1), ~swapped)
    torch.testing.assert_close(there["arrow"], back["arrow"])
    torch.testing.assert_close(there["total"], there["arrow"] + 0.01 * there["decorrelation"])
