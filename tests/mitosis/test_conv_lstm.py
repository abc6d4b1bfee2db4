from __future__ import annotations

import weakref
from collections.abc import Iterator
from contextlib import nullcontext

import pytest
import torch
from torch import Tensor, nn

from cell_events.mitosis import conv_lstm_gradients
from cell_events.mitosis.conv_lstm import BidirectionalConvLSTM, ConvLSTM
from cell_events.mitosis.conv_lstm_gradients import hidden_states
from cell_events.mitosis.conv_lstm_steps import Reading, Step, steps
from tests.mitosis import plain_conv_lstm as plain

TOLERANCE = 1e-5
# batch, steps, channels, kernel, rows, columns
SHAPES = [
    (1, 5, 1, 3, 13, 17),
    (2, 4, 34, 3, 11, 9),
    (1, 3, 34, 5, 9, 11),
    (3, 4, 1, 5, 7, 10),
    (1, 1, 1, 3, 9, 8),
    (2, 1, 34, 3, 8, 9),
    (1, 3, 2, 1, 1, 5),
    (1, 2, 1, 3, 1, 1),
    (2, 3, 3, 5, 2, 3),
]


def pair(
    kind: str, channels: int, kernel: int = 3, hidden: int = 16
) -> tuple[nn.Module, nn.Module]:
    """The package's ConvLSTM and the plain one, with the same weights."""
    torch.manual_seed(0)
    both: list[nn.Module] = []
    for module in (ConvLSTM, plain.ConvLSTM):
        if kind == "both":
            whole = BidirectionalConvLSTM if module is ConvLSTM else plain.BidirectionalConvLSTM
            both.append(whole(channels, hidden, kernel))
        else:
            both.append(module(channels, hidden, kernel, backwards=kind == "backwards"))
    both[0].load_state_dict(both[1].state_dict())
    return both[0], both[1]


def states_and_gradients(network: nn.Module, x: Tensor, slopes: Tensor) -> list[Tensor]:
    """Hidden states, and gradients of x and all weights, along fixed slopes."""
    x = x.clone().requires_grad_()
    states = network(x)
    return [states, *torch.autograd.grad(states, [x, *network.parameters()], slopes)]


def difference(found: Tensor, expected: Tensor) -> float:
    """Largest difference, relative to the largest expected value."""
    with torch.no_grad():
        return float((found - expected).abs().max() / expected.abs().max())


@pytest.mark.parametrize("kind", ["forwards", "backwards", "both"])
@pytest.mark.parametrize("shape", SHAPES)
def test_states_and_all_gradients_are_those_of_the_plain_one(
    kind: str, shape: tuple[int, ...]
) -> None:
    batch, steps, channels, kernel, *sides = shape
    fast, slow = pair(kind, channels, kernel)
    x = torch.randn(batch, steps, channels, *sides)
    slopes = torch.randn(batch, steps, 32 if kind == "both" else 16, *sides)

    found = states_and_gradients(fast, x, slopes)
    expected = states_and_gradients(slow, x, slopes)

    for ours, theirs in zip(found, expected, strict=True):
        assert ours.shape == theirs.shape
        assert difference(ours, theirs) < TOLERANCE


def test_a_longer_sequence_of_strong_signals_is_the_same_too() -> None:
    fast, slow = pair("both", 1)
    x = 30 * torch.randn(1, 12, 1, 15, 14)
    slopes = torch.randn(1, 12, 32, 15, 14)

    found = states_and_gradients(fast, x, slopes)

    for ours, theirs in zip(found, states_and_gradients(slow, x, slopes), strict=True):
        assert difference(ours, theirs) < TOLERANCE


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize(("batch", "steps", "kernel"), [(1, 3, 3), (2, 2, 1), (1, 1, 3)])
def test_derivatives_are_those_of_finite_differences(
    backwards: bool, batch: int, steps: int, kernel: int
) -> None:
    torch.manual_seed(0)
    x = torch.randn(batch, steps, 2, 3, 4, dtype=torch.float64, requires_grad=True)
    weight = torch.randn(8, 4, kernel, kernel, dtype=torch.float64, requires_grad=True)
    bias = torch.randn(8, dtype=torch.float64, requires_grad=True)
    reading = Reading(backwards, torch.float64)

    assert torch.autograd.gradcheck(
        lambda *parts: hidden_states(*parts, reading), (x, weight, bias), fast_mode=False
    )


@pytest.mark.parametrize("mixed", [False, True])
@pytest.mark.parametrize("kind", ["forwards", "backwards", "both"])
def test_states_without_gradients_are_bit_for_bit_those_with(kind: str, mixed: bool) -> None:
    fast, _ = pair(kind, 3)
    x = torch.randn(2, 4, 3, 9, 10)

    with torch.autocast("cpu", torch.bfloat16, enabled=mixed):
        with_gradients = fast(x)
        with torch.no_grad():
            without = fast(x)
        with torch.inference_mode():
            inferred = fast(x)

    assert with_gradients.requires_grad
    assert not without.requires_grad
    assert torch.equal(with_gradients.detach(), without)
    assert torch.equal(without, inferred)


@pytest.mark.parametrize(
    "arrangement", ["transposed", "channels last", "every other", "one for all"]
)
def test_input_and_slopes_may_lie_in_memory_as_they_like(arrangement: str) -> None:
    arranged = {
        "transposed": lambda a: a.transpose(-1, -2).contiguous().transpose(-1, -2),
        "channels last": lambda a: a.movedim(2, -1).contiguous().movedim(-1, 2),
        "every other": lambda a: a.repeat_interleave(2, dim=-1)[..., ::2],
        "one for all": lambda a: a[:, :1].expand_as(a),
    }[arrangement]
    fast, slow = pair("both", 3)
    x, slopes = arranged(torch.randn(2, 4, 3, 8, 9)), arranged(torch.randn(2, 4, 32, 8, 9))

    found = states_and_gradients(fast, x, slopes)

    for ours, theirs in zip(found, states_and_gradients(slow, x, slopes), strict=True):
        assert difference(ours, theirs) < TOLERANCE


def test_weights_that_are_frozen_get_no_gradients() -> None:
    fast, _ = pair("forwards", 2)
    fast.requires_grad_(False)
    x = torch.randn(1, 3, 2, 6, 7, requires_grad=True)

    fast(x).sum().backward()

    assert x.grad is not None
    assert all(weights.grad is None for weights in fast.parameters())


def test_one_can_go_back_twice_along_the_same_graph() -> None:
    fast, _ = pair("both", 1)
    states = fast(torch.rand(1, 3, 1, 6, 7))
    slopes = torch.randn_like(states)
    weights = list(fast.parameters())

    first = torch.autograd.grad(states, weights, slopes, retain_graph=True)
    second = torch.autograd.grad(states, weights, slopes)

    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))


def test_states_changed_before_going_back_are_an_error_and_no_wrong_gradient() -> None:
    fast, _ = pair("forwards", 1)
    states = fast(torch.rand(1, 3, 1, 6, 7))
    states += 1

    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        states.sum().backward()


def test_second_derivatives_are_refused_with_a_sentence() -> None:
    fast, _ = pair("forwards", 1)
    states = fast(torch.rand(1, 2, 1, 5, 5, requires_grad=True))

    with pytest.raises(NotImplementedError, match="first derivatives only"):
        torch.autograd.grad(states.sum(), list(fast.parameters()), create_graph=True)


def test_other_directions_of_derivatives_are_refused_by_torch() -> None:
    fast, _ = pair("forwards", 1)

    with pytest.raises(RuntimeError):
        torch.func.vmap(torch.func.grad(lambda x: fast(x[None]).sum()))(torch.rand(2, 2, 1, 5, 5))


def test_mixed_precision_convolves_in_bfloat16_and_keeps_states_in_float32() -> None:
    fast, slow = pair("both", 1)
    x, slopes = torch.rand(1, 5, 1, 21, 18), torch.randn(1, 5, 32, 21, 18)
    exact = states_and_gradients(slow, x, slopes)

    with torch.autocast("cpu", torch.bfloat16):
        mixed = states_and_gradients(fast, x, slopes)
        expected = states_and_gradients(slow, x, slopes)

    for ours, theirs, truth in zip(mixed, expected, exact, strict=True):
        assert ours.dtype == torch.float32
        assert 1e-5 < difference(ours, truth) < 0.03
        assert difference(ours, truth) < 2 * difference(theirs, truth)


@pytest.mark.parametrize("numbers", [torch.bfloat16, torch.float16])
def test_mixed_precision_takes_maps_that_earlier_convolutions_made(numbers: torch.dtype) -> None:
    fast, _ = pair("forwards", 2)
    x = torch.rand(1, 3, 2, 8, 8)

    with torch.autocast("cpu", torch.bfloat16):
        found = fast(x.to(numbers))
        found.sum().backward()

    assert found.dtype == torch.float32
    assert difference(found.detach(), fast(x).detach()) < 0.03


@pytest.mark.parametrize("numbers", [torch.float64, torch.bfloat16])
def test_a_whole_network_may_be_of_another_number_format(numbers: torch.dtype) -> None:
    fast, slow = pair("both", 2)
    x = torch.rand(1, 3, 2, 8, 8)
    expected = slow(x)

    found = fast.to(numbers)(x.to(numbers))

    assert found.dtype == numbers
    assert difference(found.float(), expected) < (0.03 if numbers == torch.bfloat16 else 1e-6)


@pytest.mark.parametrize("mixed", [False, True])
def test_numbers_unlike_those_of_the_weights_are_refused_with_a_sentence(mixed: bool) -> None:
    fast, _ = pair("forwards", 1)
    precision = torch.autocast("cpu", torch.bfloat16) if mixed else nullcontext()

    with precision, pytest.raises(TypeError, match=r"float64 and the weights torch\.float32"):
        fast(torch.rand(1, 2, 1, 5, 5, dtype=torch.float64))


@pytest.mark.parametrize("shape", [(2, 1, 5, 5), (1, 2, 3, 5, 5), (1, 0, 1, 5, 5), (1, 2, 1, 0, 5)])
def test_other_axes_and_empty_ones_are_refused_with_a_sentence(shape: tuple[int, ...]) -> None:
    fast, _ = pair("forwards", 1)

    with pytest.raises(ValueError, match=r"must be \(batch, steps, 1 channels, y, x\)"):
        fast(torch.rand(shape))


@pytest.mark.parametrize(("channels", "hidden", "kernel"), [(1, 16, 4), (0, 16, 3), (1, 0, 3)])
def test_even_kernels_and_no_maps_are_refused_with_a_sentence(
    channels: int, hidden: int, kernel: int
) -> None:
    with pytest.raises(ValueError, match="an odd kernel"):
        ConvLSTM(channels, hidden, kernel)


def test_other_devices_compute_the_plain_steps() -> None:
    fast, slow = pair("both", 2)
    x, slopes = torch.rand(2, 3, 2, 7, 8), torch.randn(2, 3, 32, 7, 8)
    for direction in (fast.forwards, fast.backwards):
        direction.forward = direction.plain_states

    found = states_and_gradients(fast, x, slopes)

    for ours, theirs in zip(found, states_and_gradients(slow, x, slopes), strict=True):
        assert torch.equal(ours, theirs)


def test_names_of_the_weights_are_those_of_model_files() -> None:
    names = set(BidirectionalConvLSTM(1).state_dict())

    assert names == {
        f"{way}.gates.{part}" for way in ("forwards", "backwards") for part in ("weight", "bias")
    }


def test_without_gradients_no_gates_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    fast, _ = pair("forwards", 1)
    gates: list[weakref.ref[Tensor]] = []
    alive: list[int] = []

    def watched(*arguments: object) -> Iterator[Step]:
        for step in steps(*arguments):
            gates.append(weakref.ref(step.gates))
            alive.append(sum(one() is not None for one in gates))
            yield step

    monkeypatch.setattr(conv_lstm_gradients, "steps", watched)
    with torch.no_grad():
        fast(torch.rand(1, 9, 1, 6, 6))

    assert len(alive) == 9
    assert max(alive) <= 2
