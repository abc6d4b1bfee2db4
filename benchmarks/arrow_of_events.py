"""Is the time arrow told where something happens, and where nothing does?

The shipped network, which never saw a recording, judges the order of frames t - 1 and t in crops
around each annotated division of a real movie, and around as many random places and times as fit.
Chance is 0.5; intervals are Wilson's at 95 %.

    python benchmarks/arrow_of_events.py --data ../shared/data
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch

from cell_events.engine.device import prepare_cpu
from cell_events.engine.model_file import load_model
from cell_events.events import read_events
from cell_events.movie import Movie, open_movie
from cell_events.time_arrow import shipped_model
from cell_events.time_arrow.crops import read_around

MOVIES = ("nuclei_left", "psc02", "hela_h2b")
RANDOM_PLACES = 1000


def told_rightly(
    network: torch.nn.Module, movie: Movie, places: list[tuple[int, int, int]], size: int
) -> np.ndarray:
    """For each (t, y, x), whether frames t - 1 and t are put in the right order."""
    pairs = np.stack(
        [[read_around(movie, time, (y, x), size) for time in (t - 1, t)] for t, y, x in places]
    )
    with torch.inference_mode():
        batches = torch.from_numpy(pairs)[:, :, None].split(64)
        logits = torch.cat([network(batch) for batch in batches])
    return np.asarray((logits[:, 0] > logits[:, 1]).numpy())


def share(right: np.ndarray) -> str:
    """Share that is right, with its interval and the number of pairs."""
    n, p, z = len(right), right.mean(), 1.96
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return f"{p:.2f} ({middle - half:.2f}-{middle + half:.2f}, {n})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--size", type=int, default=48)
    args = parser.parse_args()
    prepare_cpu()
    network, _ = load_model(shipped_model())
    random = np.random.default_rng(0)
    print("| movie | around divisions | anywhere |\n|---|---|---|")
    for name in MOVIES:
        movie = open_movie(args.data / f"{name}_movie.tif", axes="TYX")
        events = read_events(args.data / f"{name}_divisions.csv")
        divisions = [(e.t, round(e.y), round(e.x)) for e in events if e.t > 0]
        anywhere = [
            tuple(
                int(random.integers(low, high))
                for low, high in zip((1, 0, 0), movie.shape, strict=True)
            )
            for _ in range(RANDOM_PLACES)
        ]
        cells = (share(told_rightly(network, movie, p, args.size)) for p in (divisions, anywhere))
        print(f"| `{name}` | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
