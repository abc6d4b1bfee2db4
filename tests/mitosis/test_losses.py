"""Losses against formulas written out."""

import numpy as np
import pytest
import torch

from cell_events.mitosis.losses import event_loss

ODDS = torch.tensor([2.0, -1.0, 0.5, -3.0], dtype=torch.float64)
EVENTS = torch.tensor([True, False, False, True])
WEIGHTS = torch.tensor([1.0, 1.0, 5.0, 0.0], dtype=torch.float64)

P = 1 / (1 + np.exp(-ODDS.numpy()))
RIGHT = np.where(EVENTS, P, 1 - P)
ENTROPY = -np.log(RIGHT)


def loss(kind) -> float:
    return float(event_loss(kind, ODDS, EVENTS, WEIGHTS))


def test_places_count_by_their_weights() -> None:
    expected = (ENTROPY[0] + ENTROPY[1] + 5 * ENTROPY[2]) / 7
    assert loss("cross entropy") == pytest.approx(expected)


def test_the_dice_loss_adds_the_missing_overlap() -> None:
    overlap = (2 * P[0] + 1) / (P[0] ** 2 + P[1] ** 2 + 25 * P[2] ** 2 + 1 + 1)
    assert loss("dice") == pytest.approx(loss("cross entropy") + 1 - overlap)


@pytest.mark.parametrize("kind", ["cross entropy", "dice"])
def test_extreme_log_odds_and_empty_maps_stay_finite(kind) -> None:
    odds = torch.tensor([80.0, -80.0], requires_grad=True)
    for events in ([True, False], [False, True], [False, False]):
        value = event_loss(kind, odds, torch.tensor(events), torch.ones(2))
        value.backward()
        assert torch.isfinite(value)
        assert torch.isfinite(odds.grad).all()
    nothing_counts = event_loss(kind, odds, torch.tensor([True, False]), torch.zeros(2))
    assert float(nothing_counts.detach()) == 0
