"""What finding abnormal stretches costs: time per series, and memory for a very long one.

All times are processor seconds, so that other programs do not count.

Training: seconds per snapshot of a batch of 32, U-Net and MU-Net of 4 channels. Inference: seconds
per series of 200 and of 1024 points from a table in memory to stretches, and per million points of
a long CSV. Memory: the peak of a process that reads a CSV of so many points, finds stretches and
keeps nothing (Linux only). The network has fresh weights and the
threshold is so high that hardly anything is found: neither changes the cost of looking.
The commands use one thread: more only wait for each other in a network this small.

    python benchmarks/series_cost.py [--threads 1] [--points 100000 1000000 10000000]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch

from cell_events.series.detect import DetectSettings, detect_segments
from cell_events.series.examples import SeriesExamples
from cell_events.series.labelled_series import Series
from cell_events.series.network import SeriesUNet
from cell_events.series.series_tables import SeriesTable
from cell_events.series.stretches import StretchSettings
from cell_events.series.train import train_series
from cell_events.series.train_settings import SeriesTrainSettings

KINDS = ("a", "b", "c")
SETTINGS = DetectSettings(KINDS, stretches=StretchSettings(threshold=0.999))
SERIES = 512
STEPS = 20
ROWS = 100_000


def training_seconds(channels: int) -> float:
    """Seconds per snapshot, the first steps left out."""
    random = np.random.default_rng(0)
    values = random.normal(size=(64, channels, 1024)).astype(np.float32)
    labels = random.random((64, len(KINDS), 1024)) < 0.1
    examples = SeriesExamples(values, np.ones((64, 1024), bool), labels, KINDS)
    settings = SeriesTrainSettings(steps=STEPS, validate_every=STEPS, checkpoint_every=STEPS)
    moments = [time.process_time() for _ in train_series(examples, settings)]
    return (moments[STEPS - 1] - moments[4]) / (STEPS - 5) / settings.batch


def inference_seconds(points: int) -> float:
    """Seconds per series of so many points."""
    random = np.random.default_rng(0)
    times = np.arange(points, dtype=float)
    series = [
        Series(str(number), times, random.normal(size=(1, points)).astype(np.float32), ("v",))
        for number in range(SERIES)
    ]
    network = SeriesUNet().eval()
    list(detect_segments(series[:64], network, SETTINGS))
    begin = time.process_time()
    list(detect_segments(series, network, SETTINGS))
    return (time.process_time() - begin) / SERIES


def written(path: Path, points: int) -> Path:
    """Write a CSV of one long series."""
    random = np.random.default_rng(0)
    with path.open("w", encoding="utf-8") as file:
        file.write("t,value\n")
        for begin in range(0, points, ROWS):
            times = np.arange(begin, min(begin + ROWS, points))
            values = np.sin(times / 50) + random.normal(0, 0.1, len(times))
            file.writelines(f"{t},{v:.4f}\n" for t, v in zip(times, values, strict=True))
    return path


def long_series(path: Path) -> dict[str, float]:
    """Go through a CSV; give points, seconds and the peak memory of this process."""
    begin = time.process_time()
    points = sum(
        len(report.times)
        for report in detect_segments(SeriesTable(path).parts(), SeriesUNet().eval(), SETTINGS)
    )
    return {"points": points, "seconds": time.process_time() - begin, "peak_mb": peak_mb()}


def peak_mb() -> float:
    """Peak memory of this process alone (`ru_maxrss` begins with that of the parent)."""
    (line,) = (one for one in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in one)
    return float(line.split()[1]) / 1024


def long_rows(points: list[int], threads: int) -> Iterator[str]:
    """Give a row of the table for each length, each from a process of its own."""
    for number in points:
        with tempfile.TemporaryDirectory() as folder:
            path = written(Path(folder) / "long.csv", number)
            command = [sys.executable, __file__, "--file", str(path), "--threads", str(threads)]
            run = subprocess.run(command, capture_output=True, text=True, check=True)
        found = json.loads(run.stdout)
        per_million = found["seconds"] / found["points"] * 1e6
        yield f"| {found['points']:,} | {per_million:.1f} | {found['peak_mb']:.0f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--points", type=int, nargs="+", default=[100_000, 1_000_000, 10_000_000])
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    if options.file is not None:
        print(json.dumps(long_series(options.file)))
        return
    print(f"threads: {options.threads}\n\n| what | ms |\n|---|---|")
    print(f"| train U-Net, per snapshot | {1000 * training_seconds(1):.1f} |")
    print(f"| train MU-Net of 4 channels, per snapshot | {1000 * training_seconds(4):.1f} |")
    for points in (200, 1024):
        print(f"| find, per series of {points} points | {1000 * inference_seconds(points):.1f} |")
    print("\n| points | s per million | peak MB |\n|---|---|---|")
    for row in long_rows(options.points, options.threads):
        print(row, flush=True)


if __name__ == "__main__":
    main()
