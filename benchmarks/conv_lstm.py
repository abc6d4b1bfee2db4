"""How much faster is the ConvLSTM's way of computing on a CPU than plain steps?

Both ways take turns within one process, with the same weights, and medians are compared, so that
ratios hold on a machine that others use, too. `--clock cpu` counts the time of this process alone,
the better clock for one thread on a busy machine. `training` is forwards and backwards.

    python benchmarks/conv_lstm.py
    python benchmarks/conv_lstm.py --threads 1 --clock cpu
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn

from cell_events.engine.device import device_words, mixed_precision, prepare_cpu
from cell_events.mitosis.conv_lstm import BidirectionalConvLSTM
from cell_events.mitosis.conv_lstm_gradients import hidden_states
from cell_events.mitosis.conv_lstm_steps import Reading

CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}
Way = Callable[[Tensor], Tensor]


def seconds(call: Callable[[], object], clock: Callable[[], float], device: torch.device) -> float:
    """Time of one call, until the device is done."""
    if device.type == "cuda":
        torch.cuda.synchronize()
    started = clock()
    call()
    if device.type == "cuda":
        torch.cuda.synchronize()
    return clock() - started


def inference(way: Way, x: Tensor) -> None:
    with torch.inference_mode():
        way(x)


def training(way: Way, x: Tensor) -> None:
    states = way(x)
    states.backward(torch.ones_like(states))


def ways_of(network: BidirectionalConvLSTM) -> dict[str, Way]:
    """Both ways of computing, whichever the network itself would choose on its device."""
    directions = (network.forwards, network.backwards)

    def plain(x: Tensor) -> Tensor:
        return torch.cat([each.plain_states(x) for each in directions], dim=2)

    def fast(x: Tensor) -> Tensor:
        parts = []
        for each in directions:
            reading = Reading(each.backwards, numbers(x))
            parts.append(hidden_states(x, each.gates.weight, each.gates.bias, reading))
        return torch.cat([part.movedim(2, -1) for part in parts], dim=-1).movedim(-1, 2)

    return {"plain": plain, "fast": fast}


def numbers(x: Tensor) -> torch.dtype:
    mixed = torch.is_autocast_enabled(x.device.type)
    return torch.get_autocast_dtype(x.device.type) if mixed else x.dtype


def compare(ways: dict[str, Way], x: Tensor, dtype: torch.dtype, args: argparse.Namespace) -> None:
    """Print the rows of one number format."""
    for what in (inference, training):
        times: dict[str, list[float]] = {name: [] for name in ways}
        for repeat in range(args.repeats + 1):
            for name, way in ways.items():
                with mixed_precision(x.device, dtype):
                    took = seconds(partial(what, way, x), CLOCKS[args.clock], x.device)
                if repeat:  # the first is a warm-up
                    times[name].append(took)
        plain, fast = (statistics.median(of) * 1e3 for of in times.values())
        name = f"{what.__name__}, {str(dtype).removeprefix('torch.')}"
        print(f"| {name} | {plain:.1f} | {fast:.1f} | {plain / fast:.2f} |", flush=True)


def largest_difference(network: nn.Module, ways: dict[str, Way], x: Tensor) -> float:
    """Of states and of the weights' gradients, each relative to its largest value."""
    results = []
    for way in ways.values():
        states = way(x)
        slopes = torch.rand(states.shape, generator=torch.Generator().manual_seed(0)).to(x.device)
        gradients = torch.autograd.grad(states, list(network.parameters()), slopes)
        results.append([states.detach(), *gradients])
    pairs = zip(*results, strict=True)
    return max(float((a - b).abs().max() / a.abs().max()) for a, b in pairs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--size", type=int, nargs=2, default=(260, 348))
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--channels", type=int, default=1)
    parser.add_argument("--hidden", type=int, default=16)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--clock", choices=CLOCKS, default="wall")
    args = parser.parse_args()
    prepare_cpu(args.threads)
    torch.manual_seed(0)
    for name in ["cpu", "cuda"] if torch.cuda.is_available() else ["cpu"]:
        network = BidirectionalConvLSTM(args.channels, args.hidden).to(name)
        x = torch.rand(args.batch, args.steps, args.channels, *args.size, device=name)
        ways = ways_of(network)
        print(f"{device_words(x.device)}; x is {tuple(x.shape)}, {args.hidden} hidden maps\n")
        print(f"| pass | plain ms ({args.clock}) | fast ms | ratio |\n|---|---|---|---|")
        for dtype in (torch.float32, torch.bfloat16):
            compare(ways, x, dtype, args)
        print(f"\nlargest relative difference {largest_difference(network, ways, x):.1e}\n")


if __name__ == "__main__":
    main()
