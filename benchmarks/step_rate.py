"""How fast does the time arrow train on this machine, and where does the time go?

Each way of computing is timed in a process of its own, in turn, so that ratios hold on a machine
whose speed drifts. Crops come from a movie in memory.

    python benchmarks/step_rate.py
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time

import numpy as np
import torch

from cell_events.engine.device import available_cores, keep_freed_memory, mixed_precision
from cell_events.engine.seeds import numpy_generator, torch_generator
from cell_events.movie import open_movie
from cell_events.simulation import SimulationSettings, simulated_movie
from cell_events.time_arrow.augment import augment
from cell_events.time_arrow.crops import CropSettings
from cell_events.time_arrow.loss import time_arrow_loss
from cell_events.time_arrow.pretrain import PretrainSettings, TimeArrowTask, initial_network

BATCH = 32
WAYS = {
    "float32, memory returned": (torch.float32, False),
    "float32, memory kept": (torch.float32, True),
    "bfloat16, memory kept (the default)": (torch.bfloat16, True),
}


def measure(way: str, width: int, crop: int, steps: int) -> None:
    """Print pairs per second and the share of each part of a step."""
    dtype, keep = WAYS[way]
    torch.set_num_threads(available_cores())
    if keep:
        keep_freed_memory()
    movie, _ = simulated_movie(SimulationSettings(n_frames=8, size=(256, 256)))
    settings = PretrainSettings(crops=CropSettings(size=crop), batch_size=BATCH)
    network = initial_network(0, width=width).to(memory_format=torch.channels_last)
    task = TimeArrowTask(network, [open_movie(movie)], [], settings)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-4)
    parts = [step_seconds(task, optimizer, step, dtype) for step in range(steps + 1)][1:]
    median = np.median(parts, axis=0)
    names = ("crops", "augmentation", "forward", "backward")
    shares = zip(names, median / median.sum(), strict=True)
    shown = ", ".join(f"{name} {share:.0%}" for name, share in shares)
    print(f"| {width} | {crop} | {way} | {BATCH / median.sum():.1f} | {shown} |", flush=True)


def step_seconds(
    task: TimeArrowTask, optimizer: torch.optim.Optimizer, step: int, dtype: torch.dtype
) -> np.ndarray:
    """Take one training step; seconds of crops, augmentation, forward and backward."""
    augmentation, crop = task.settings.augmentation, task.settings.crops.size
    clock = [time.perf_counter()]
    windows = task.sampler.draw(BATCH, augmentation.margin(crop), numpy_generator(0, step))
    clock.append(time.perf_counter())
    pairs, swapped = augment(windows, crop, augmentation, torch_generator(0, step))
    clock.append(time.perf_counter())
    with mixed_precision(torch.device("cpu"), dtype):
        total = time_arrow_loss(task.network, pairs, swapped)["total"]
    clock.append(time.perf_counter())
    optimizer.zero_grad()
    total.backward()
    optimizer.step()
    clock.append(time.perf_counter())
    return np.diff(clock)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        way, width, crop = args.one
        measure(way, int(width), int(crop), args.steps)
        return
    print("| width | crop | way | pairs/s | share of a step |\n|---|---|---|---|---|", flush=True)
    for width, crop in ((32, 96), (16, 48)):
        for way in WAYS:
            command = [sys.executable, __file__, "--steps", str(args.steps), "--one", way]
            subprocess.run([*command, str(width), str(crop)], check=True)


if __name__ == "__main__":
    main()
