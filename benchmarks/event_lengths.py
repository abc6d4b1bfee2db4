"""Are the lengths that M2 predicts the true ones?

Three kinds of cell maps: discs that vanish for a fixed number of frames; simulated lives, whose
true gaps (from the frame in which the mother is condensed to that in which the daughters are
spread) are known for any pace of mitosis; and the cell maps that M1 makes of real movies, where
annotated divisions say how many predicted events are divisions, though not how long they last.

    python benchmarks/event_lengths.py --data ../shared/data
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from known_gaps import Gap, discs, simulated
from numpy.typing import NDArray

from cell_events.engine.device import prepare_cpu
from cell_events.events import read_events
from cell_events.mitosis.annotation_plan import annotation_plan
from cell_events.mitosis.cell_map import CellMapSettings, TrainedCellMap, all_maps, train_cell_map
from cell_events.mitosis.event_lengths import (
    EventLengthSettings,
    TrainedEventLengths,
    predicted_events,
    train_event_lengths,
)
from cell_events.mitosis.frames import ShrunkenFrames, to_grid
from cell_events.mitosis.length_figure import write_length_figure
from cell_events.mitosis.length_statistics import (
    PERCENTILES,
    PredictedEvent,
    found_events,
    length_statistics,
    sequence_length,
)
from cell_events.mitosis.map_choice import map_qualities, proposed_map
from cell_events.movie import open_movie

REAL = {"psc02": 2, "nuclei_left": 4}
"""Movies, and by how much they are shrunk."""

NEAR_PX, NEAR_FRAMES = 14, 2
"""A predicted event this near to an annotated division is that division."""

NEAR_PLACES = 6
"""The same for simulated cells, in places of their map, and in the frames of the gap itself."""


def cell_map(data: Path, name: str, shrink: int, seed: int) -> NDArray:
    """The cell map that M1 proposes for a real movie."""
    frames = ShrunkenFrames(open_movie(data / f"{name}_movie.tif", axes="TYX"), shrink)
    *_, trained = train_cell_map(frames, CellMapSettings(seed=seed), "cpu")
    assert isinstance(trained, TrainedCellMap)
    chosen = proposed_map(map_qualities(trained.network, frames, 1))
    stack = [all_maps(trained.network, frames.read(t))[chosen] for t in range(frames.shape[0])]
    return np.stack(stack)


def events_of(y: NDArray, seed: int) -> tuple[list[PredictedEvent], float]:
    """Predicted events of a cell map, and how many seconds that took."""
    settings = EventLengthSettings(seed=seed)
    started = time.monotonic()
    *_, trained = train_event_lengths(y, settings)
    assert isinstance(trained, TrainedEventLengths)
    found = found_events(predicted_events(trained.network, y, settings), settings.threshold)
    return found, time.monotonic() - started


def rows_with_truth(seeds: list[int]) -> Iterator[list[object]]:
    """Rows of a table: true and predicted lengths of maps whose gaps are known."""
    yield ["map", "seed", "gaps", "found", "±1 frame", "at gaps", "true 75 %", "k", "seconds"]
    for seed in seeds:
        maps = {f"discs, {length} frames": discs(length, seed=seed) for length in (3, 6, 10)}
        maps |= {f"lives, pace {pace:g}": simulated(pace, seed) for pace in (0.5, 1.0, 1.5)}
        for name, (y, gaps) in maps.items():
            events, seconds = events_of(y, seed)
            true = int(np.percentile([gap.length for gap in gaps], 75, method="inverted_cdf"))
            shares = [f"{share:.2f}" for share in agreement(gaps, events)]
            yield [name, seed, len(gaps), *shares, true, sequence_length(events), round(seconds)]


def agreement(gaps: list[Gap], events: list[PredictedEvent]) -> tuple[float, float, float]:
    """Share of gaps found, share found with their length, and share of events at a gap."""
    found = exact = 0
    for gap in gaps:
        at_gap = [event.length for event in events if gap.near(event, NEAR_PLACES)]
        found += bool(at_gap)
        exact += bool(at_gap) and abs(max(at_gap) - gap.length) <= 1
    real = [any(gap.near(event, NEAR_PLACES) for gap in gaps) for event in events]
    return found / len(gaps), exact / len(gaps), float(np.mean(real))


def rows_of_real_movies(args: argparse.Namespace) -> Iterator[list[object]]:
    """Rows of a table: table I of real movies, and how it agrees with annotated divisions."""
    percentiles = [f"{p} %" for p in PERCENTILES]
    yield ["movie", "seed", "events", "mean", "SD", *percentiles, "annotate", "divisions met",
           "lengths there", "seconds"]  # fmt: skip
    for name, shrink in REAL.items():
        radius = NEAR_PX / shrink
        divisions = read_events(args.data / f"{name}_divisions.csv")
        places = [(to_grid(d.y, shrink), to_grid(d.x, shrink)) for d in divisions]
        gaps = [Gap(d.t - 1, d.t, *place) for d, place in zip(divisions, places, strict=True)]
        for seed in args.seeds:
            y = cell_map(args.data, name, shrink, seed)
            try:
                events, seconds = events_of(y, seed)
            except ValueError as refusal:
                yield [name, seed, refusal]
                continue
            table, k = length_statistics(events), sequence_length(events)
            plan = annotation_plan(events, k, len(y))
            figure = args.work / f"event_lengths-{name}-{seed}.png"
            write_length_figure(figure, events, table, plan)
            met = np.mean([any(g.near(e, radius, NEAR_FRAMES) for e in events) for g in gaps])
            there = [e for e in events if any(g.near(e, radius, NEAR_FRAMES) for g in gaps)]
            lengths = Counter(event.length for event in there)
            words = ", ".join(f"{count} of {length}" for length, count in sorted(lengths.items()))
            yield [name, seed, table.count, f"{table.mean:.1f}", f"{table.sd:.1f}",
                   *(f"{value:g}" for value in table.percentiles.values()),
                   f"{plan.annotate}: {plan.frames}", f"{met:.2f}", words,
                   round(seconds)]  # fmt: skip


def print_table(rows: Iterator[list[object]]) -> None:
    """Print rows as Markdown, each as soon as it is known."""
    for index, row in enumerate(rows):
        print("| " + " | ".join(map(str, row)) + " |", flush=True)
        if index == 0:
            print("|---" * len(row) + "|", flush=True)
    print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--work", type=Path, default=Path("benchmarks/results"))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--threads", type=int)
    parser.add_argument("--skip", choices=["truth", "real"])
    args = parser.parse_args()
    prepare_cpu(args.threads)
    if args.skip != "truth":
        print_table(rows_with_truth(args.seeds))
    if args.skip != "real":
        print_table(rows_of_real_movies(args))


if __name__ == "__main__":
    main()
