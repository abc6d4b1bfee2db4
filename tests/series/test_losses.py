"""The soft Dice loss, against its formula written out."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from cell_events.series.losses import SMOOTH, dice_loss, segmentation_loss


def test_it_is_one_minus_twice_the_overlap_by_the_sum_of_squares() -> None:
    random = np.random.default_rng(0)
    told, true = random.random((2, 3, 50)), random.random((2, 3, 50)) > 0.7
    masks = random.random((2, 50)) > 0.2
    shares = []
    for kind in range(3):
        p, y = told[:, kind][masks], true[:, kind][masks].astype(float)
        shares.append(1 - (2 * (p @ y) + SMOOTH) / (p @ p + y @ y + SMOOTH))
    found = dice_loss(*(torch.from_numpy(part) for part in (told, true, masks)))
    assert found.item() == pytest.approx(np.mean(shares))


def test_a_perfect_answer_costs_nothing_even_where_a_kind_is_absent() -> None:
    true = torch.zeros(2, 2, 10, dtype=torch.bool)
    true[0, 0, 3:6] = True
    assert dice_loss(true.float(), true, torch.ones(2, 10, dtype=torch.bool)).item() == 0


def test_what_is_masked_does_not_count() -> None:
    true, masks = torch.zeros(1, 1, 10, dtype=torch.bool), torch.ones(1, 10, dtype=torch.bool)
    told = torch.zeros(1, 1, 10)
    told[0, 0, 4] = 1.0
    masks[0, 4] = False
    assert dice_loss(told, true, masks).item() == 0


def test_of_exclusive_kinds_certain_logits_cost_nothing_and_normal_is_one_of_them() -> None:
    true = torch.zeros(1, 2, 6, dtype=torch.bool)
    true[0, 1, 2:4] = True
    masks = torch.ones(1, 6, dtype=torch.bool)
    logits = torch.full((1, 3, 6), -50.0)
    logits[0, 1, 2:4] = logits[0, 2, [0, 1, 4, 5]] = 50.0
    assert segmentation_loss(logits, true, masks, exclusive=True).item() == pytest.approx(0)
    assert segmentation_loss(logits.roll(1, 2), true, masks, exclusive=True).item() > 0.2
