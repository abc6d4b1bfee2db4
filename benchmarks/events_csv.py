"""How long a CSV of many events takes to read and to write, with and without napari's layer.

    python benchmarks/events_csv.py --events 100000

Prints a Markdown table; each number is the median of several runs.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from napari.layers import Image

from cell_events.events import STATUSES, Event, read_events, write_events
from cell_events.gui.files.events_file import events_layer_of_file
from cell_events.gui.layers.events_layer import events_of_layer, features_of, new_events_layer
from cell_events.gui.layers.layer_axes import placement

KINDS = ("division", "death")
SHAPE = (1000, 2000, 2000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    print(f"{arguments.events:,} events, median of {arguments.runs} runs\n")
    print("| what | s |\n|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, action in actions(random_events(arguments.events), Path(folder)).items():
            print(f"| {name} | {median_s(action, arguments.runs):.2f} |", flush=True)


def actions(events: list[Event], folder: Path) -> dict[str, Callable[[], object]]:
    """What is timed, in this order."""
    path = folder / "events.csv"
    movie = Image(np.broadcast_to(np.uint8(0), SHAPE), scale=(60, 0.5, 0.5))
    where = placement(movie, "TYX")
    layer = new_events_layer(events, where, KINDS, "events")
    return {
        "write the CSV": lambda: write_events(path, events, 0.5, 60.0),
        "read the CSV": lambda: read_events(path),
        "CSV to layer": lambda: events_layer_of_file(path, [movie]),
        "events to table of features": lambda: features_of(events),
        "events to layer": lambda: new_events_layer(events, where, KINDS, "events"),
        "layer to events": lambda: events_of_layer(layer, where),
    }


def random_events(number: int) -> list[Event]:
    rng = np.random.default_rng(0)
    places = rng.uniform(0, SHAPE, (number, 3))
    return [
        Event(
            int(t),
            float(y),
            float(x),
            KINDS[i % 2],
            score=rng.uniform(),
            status=STATUSES[i % 3],
            source="model",
            extra={"note": ""},
        )
        for i, (t, y, x) in enumerate(places)
    ]


def median_s(action: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        action()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


if __name__ == "__main__":
    main()
