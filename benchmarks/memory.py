"""Does detection on a 20 GB movie stay within 1.5 GB of memory, however long it runs?

The movie is a sparse zarr of 1000 frames of 3200 x 3200 pixels (20.5 GB), of which a few chunks
hold noise and the others are missing. Detection is stopped after a while in the direction of time
(one tile, many frames), then goes through all tiles of a few frames.

    python benchmarks/memory.py --seconds 120
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import zarr

from cell_events.engine.device import prepare_cpu
from cell_events.engine.model_file import load_model
from cell_events.movie import Movie, open_movie
from cell_events.recognition.classifier import new_classifier
from cell_events.recognition.crops import CropSettings
from cell_events.recognition.detect import DetectSettings, detect_events
from cell_events.time_arrow import shipped_model
from cell_events.time_arrow.network import TimeArrowNetwork

SHAPE = (1000, 3200, 3200)
CHUNK = (1, 640, 640)
LAST_FRAMES = range(1, 4)


def sparse_movie(folder: Path) -> Movie:
    """A 20.5 GB movie that takes a few megabytes on disk."""
    path = folder / "movie.zarr"
    array = zarr.create_array(path, shape=SHAPE, chunks=CHUNK, dtype="uint16")
    noise = np.random.default_rng(0).normal(1000, 100, CHUNK[1:]).astype(np.uint16)
    for t in range(0, 40, 2):
        array[t, :640, :640] = noise
    return open_movie(path, axes="TYX", missing_chunks="fill")


def memory_mb() -> float:
    """Resident memory of this process in megabytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def watch(name: str, reports: Iterable[object], seconds: float) -> None:
    """Print the peak of each quarter of a run that is stopped after some seconds."""
    samples, started = [], time.monotonic()
    for _ in reports:
        samples.append(memory_mb())
        if time.monotonic() - started > seconds:
            break
    quarters = [max(part) for part in np.array_split(samples, 4) if len(part)]
    shown = ", ".join(f"{peak:.0f}" for peak in quarters)
    print(f"{name}: {len(samples)} maps, peak MB in each quarter of the run: {shown}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--threads", type=int)
    args = parser.parse_args()
    prepare_cpu(args.threads)
    tap, _ = load_model(shipped_model())
    assert isinstance(tap, TimeArrowNetwork)
    classifier = new_classifier(tap, ("division",), CropSettings())
    with tempfile.TemporaryDirectory() as folder:
        movie = sparse_movie(Path(folder))
        size = np.prod(movie.shape) * 2 / 1e9
        print(f"movie of {size:.1f} GB; before detection {memory_mb():.0f} MB")
        watch("through time", detect_events(movie, classifier), args.seconds)
        few = DetectSettings(frames=frozenset(LAST_FRAMES))
        watch("through space", detect_events(movie, classifier, few), args.seconds)


if __name__ == "__main__":
    main()
