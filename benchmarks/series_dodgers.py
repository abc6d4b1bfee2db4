"""Is the traffic after a game found in the Dodgers loop sensor (Wen and Keyes 2019, section 5)?

Cars on a ramp in 5 minutes, over 175 days with 81 games. The first half of the time, with 42 games,
is learned from; the second, with 39, is tested on. A stretch is `end` of a game - 30 to + 75 min,
read off the data. A game is found if what is found touches its stretch; a false positive is
a stretch found that touches none. Pieces found less than 30 min apart are one, and shorter ones
are dropped, of every method. The networks'
threshold is 0.5; that of the simple scores is the one with the best IoU in the first half.
"weekday median" knows that weeks repeat: distance from the median of the same weekday and time in
the first half. Nothing was chosen on the second half.

    python benchmarks/series_dodgers.py
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.ndimage import binary_closing, binary_opening
from series_snapshots import (
    Recording,
    probabilities,
    quality,
    single_thread,
    snapshots,
    table,
    trained_network,
)

from cell_events.series.segment_quality import best_threshold, event_shares
from cell_events.series.series_file import load_series_network
from cell_events.series.simple_scores import SIMPLE_SCORES
from cell_events.series.train_settings import SeriesTrainSettings
from cell_events.series.transfer import SeriesNetwork

MINUTES = 5
BEFORE, AFTER = 30, 75
"""Minutes around the end of a game in which there is more traffic."""

SHORTEST = 30 // MINUTES
POINTS_PER_WEEK = 7 * 24 * 60 // MINUTES
LEARN_STEP, TEST_STEP = 96, 128
RATE = 1e-3
AUGMENTATIONS = ("jitter", "cropping")
NAMES = {
    "none": "U-Net from scratch",
    "alike": "U-Net, transferred, all sections alike",
    "rates": "U-Net, transferred, section-wise rates",
    "freeze": "U-Net, transferred, freeze then unfreeze",
}
COLUMNS = (
    "games found",
    "false positives",
    "IoU",
    "precision",
    "recall",
    "VUS-PR",
    "affiliation precision",
    "affiliation recall",
)


def halves(folder: Path) -> tuple[Recording, Recording]:
    """Read the first and the second half of the recording."""
    counts = pd.read_csv(folder / "Dodgers.data", names=["time", "count"])
    times = pd.to_datetime(counts["time"], format="%m/%d/%Y %H:%M")
    values = counts["count"].where(counts["count"] >= 0).to_numpy(np.float32)
    games = pd.read_csv(folder / "Dodgers.events", header=None)
    ends = pd.to_datetime(games[0] + " " + games[2], format="%m/%d/%y %H:%M:%S")
    labels = np.zeros((1, len(values)), bool)
    for end in ends:
        away = (times - end).dt.total_seconds().to_numpy() / 60
        labels[0, (away >= -BEFORE) & (away <= AFTER)] = True
    middle = len(values) // 2
    print(f"{(ends < times[middle]).sum()} games in the first half, {len(ends)} in all")
    whole = Recording("dodgers", values[None], labels, ("game",))
    return whole.part(slice(middle)), whole.part(slice(middle, None))


def simple_scores(first: Recording, second: Recording) -> Iterator[tuple[str, list[NDArray]]]:
    """Scores (1, T) of both halves that nothing was trained for."""
    for name, score in SIMPLE_SCORES.items():
        yield name, [score(part.whole[None]) for part in (first, second)]
    known = first.values[0]
    whole_weeks = len(known) // POINTS_PER_WEEK * POINTS_PER_WEEK
    usual = np.nanmedian(known[:whole_weeks].reshape(-1, POINTS_PER_WEEK), axis=0)
    both = np.concatenate([first.whole[0], second.whole[0]])
    excess = both - usual[np.arange(len(both)) % POINTS_PER_WEEK]
    smooth = pd.Series(excess).rolling(15, center=True, min_periods=1).mean().to_numpy()
    yield "weekday median", [smooth[None, : len(known)], smooth[None, len(known) :]]


def judged(part: Recording, scores: NDArray[np.floating], threshold: float) -> dict[str, float]:
    """Games found, false positives and the measures of points, in one half."""
    found = np.pad((scores[0] >= threshold) & part.measured, SHORTEST)
    found = binary_opening(binary_closing(found, np.ones(SHORTEST)), np.ones(SHORTEST))
    found = found[SHORTEST:-SHORTEST] & part.measured
    precision, recall = event_shares(part.labels, found[None])
    return {
        **quality([part], [scores], np.array([threshold])),
        "games found": recall.hits,
        "games": recall.total,
        "false positives": precision.total - precision.hits,
        "precision": precision.value,
        "recall": recall.value,
    }


def network(
    first: Recording,
    pretrained: SeriesNetwork | None,
    way: str,
    args: argparse.Namespace,
    seed: int,
) -> SeriesNetwork:
    """Train a network on the first half."""
    transfer = "none" if way == "alike" else way
    settings = SeriesTrainSettings(
        args.steps, 16, args.rate, augmentations=AUGMENTATIONS, transfer=transfer, seed=seed
    )
    examples = snapshots([first], LEARN_STEP)
    return trained_network(examples, settings, None if way == "none" else pretrained)


def untrained(
    first: Recording, second: Recording, results: dict, pretrained: SeriesNetwork | None
) -> None:
    """Judge what did not learn from the first half but its threshold."""
    scores = dict(simple_scores(first, second))
    if pretrained is not None:
        told = [probabilities(pretrained, part, TEST_STEP) for part in (first, second)]
        scores["shipped U-Net, nothing learned"] = [part.max(axis=0)[None] for part in told]
    for name, (learned, tested) in scores.items():
        threshold = best_threshold(first.labels, learned, first.measured[None])
        results[name] = {"-": judged(second, tested, threshold)}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data/timeseries/dodgers"))
    parser.add_argument(
        "--model", type=Path, default=Path("src/cell_events/models/series-unet.safetensors")
    )
    parser.add_argument("--ways", nargs="+", default=list(NAMES), choices=NAMES)
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--work", type=Path, default=Path("benchmarks/results"))
    args = parser.parse_args()
    single_thread()
    args.work.mkdir(parents=True, exist_ok=True)
    target = args.work / "series_dodgers.json"
    results = json.loads(target.read_text()) if target.exists() else {}
    first, second = halves(args.data)
    pretrained = load_series_network(args.model)[0] if args.model.exists() else None
    untrained(first, second, results, pretrained)
    for seed, way in product(args.seeds, args.ways):
        made = network(first, pretrained, way, args, seed)
        found = judged(second, probabilities(made, second, TEST_STEP), 0.5)
        name = NAMES[way] + (f", rate {args.rate:g}" if args.rate != RATE else "")
        results.setdefault(name, {})[f"seed {seed}"] = found
        target.write_text(json.dumps(results, indent=1))
        print(seed, way, found, flush=True)
    print(table({name: list(runs.values()) for name, runs in results.items()}, COLUMNS))


if __name__ == "__main__":
    main()
