"""Networks that forget what they learned, part after part."""

from __future__ import annotations

import torch
from torch import nn

from cell_events.time_arrow.pretrain import initial_network
from cell_events.trust.grad_cam_sanity import forgetting, parts_in_order

PAIRS = torch.rand(1, 2, 1, 16, 16, generator=torch.Generator().manual_seed(0))


def arrow() -> nn.Module:
    return initial_network(0, width=4, depth=1, features=4).eval()


def parts(network: nn.Module) -> dict[str, list[str]]:
    return parts_in_order(network, lambda other: other(PAIRS))


def test_parts_come_in_the_order_in_which_they_run() -> None:
    names = list(parts(arrow()))
    assert names[:4] == [
        "backbone.down.0",
        "backbone.down.1",
        "backbone.up.0",
        "backbone.to_features",
    ]
    assert names[-1].startswith("head.to_logits")


def test_weights_that_are_used_by_another_module_belong_to_where_that_one_runs() -> None:
    class Owner(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.late = nn.Conv2d(1, 1, 1)
            self.inner = nn.Module()
            self.inner.unused = nn.Conv2d(1, 1, 1)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.late(x)

    outer = nn.Sequential(nn.Conv2d(1, 1, 1), Owner())
    names = parts_in_order(outer, lambda other: other(torch.zeros(1, 1, 2, 2)))
    assert list(names) == ["0", "1"]
    assert set(names["1"]) == {"1.late", "1.inner.unused"}


def test_weights_become_random_from_the_output_down() -> None:
    trained = arrow()
    before = {name: weights.clone() for name, weights in trained.state_dict().items()}
    order, changed = parts(trained), []
    for part, forgot in forgetting(trained, order, seed=1):
        changed.append(part)
        for name, weights in forgot.named_parameters():
            if weights.ndim > 1:
                is_random = any(name.startswith(f"{one}.") for one in changed)
                assert is_random != torch.equal(weights, before[name]), name
    assert changed == list(reversed(order))
    for name, weights in trained.state_dict().items():
        assert torch.equal(weights, before[name])


def test_random_weights_keep_their_scale() -> None:
    trained = nn.Sequential(nn.Conv2d(16, 16, 3))
    order = parts_in_order(trained, lambda other: other(torch.zeros(1, 16, 4, 4)))
    *_, (_, forgot) = forgetting(trained, order, seed=0)
    scales = [network[0].weight.square().mean().sqrt().item() for network in (trained, forgot)]
    assert abs(scales[1] / scales[0] - 1) < 0.1
    assert sorted(forgot[0].bias.tolist()) == sorted(trained[0].bias.tolist())


def test_equal_seeds_give_equal_random_weights_and_others_do_not() -> None:
    def logits(seed: int) -> torch.Tensor:
        trained = arrow()
        *_, (_, forgot) = forgetting(trained, parts(trained), seed)
        return forgot(PAIRS)

    assert torch.equal(logits(3), logits(3))
    assert not torch.equal(logits(3), logits(4))
