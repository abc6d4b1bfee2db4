"""Is the traffic after a game found in the Dodgers loop sensor (Wen and Keyes 2019, section 5)?

Cars on a ramp in 5 minutes, over 175 days with 81 games. The first half of the time, with 42 games,
is learned from; the second, with 39, is tested on. A stretch is `end` of a game - 30 to + 75 min,
read off the data. A game is found if what is found touches its stretch; a false positive is
a stretch found that touches none. Pieces found less than 30 min apart are one, and shorter ones
are dropped, of every method. The networks'
threshold is 0.5; that of the simple scores is the one with the best IoU in the first half.
"weekday median" knows that weeks repeat: distance from the median of the same weekday and time in
the first half. Nothing was chosen on the second half.

With `--fit`, the threshold is fitted, too: a network that learned from the first two thirds of the
first half tells the last third, and the threshold that overlaps best there is taken for the network
that learned from the whole first half. Of games in which the sensor was silent none can be found;
"games with values" leaves them out.

    python benchmarks/series_dodgers.py
    python benchmarks/series_dodgers.py --ways alike --rate 0.005 --fit
"""

from __future__ import annotations

import argparse
import json
from itertools import product
from pathlib import Path

import numpy as np
from dodgers_halves import MINUTES, halves, simple_scores
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

from cell_events.series.affiliation import stretches
from cell_events.series.segment_quality import best_threshold, event_shares
from cell_events.series.series_file import load_series_network
from cell_events.series.thresholds import fitted_thresholds
from cell_events.series.train_settings import SeriesTrainSettings
from cell_events.series.transfer import SeriesNetwork

SHORTEST = 30 // MINUTES
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
        "games with values": games_with_values(part),
        "false positives": precision.total - precision.hits,
        "precision": precision.value,
        "recall": recall.value,
    }


def games_with_values(part: Recording) -> int:
    """Games in which the sensor was not silent all the time."""
    return sum(bool(part.measured[slice(*game)].any()) for game in stretches(part.labels[0]))


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


def fitted_threshold(
    first: Recording,
    pretrained: SeriesNetwork | None,
    way: str,
    args: argparse.Namespace,
    seed: int,
) -> float:
    """Threshold that overlaps best with the last third of the first half, learned from the rest."""
    cut = first.values.shape[1] * 2 // 3
    learned, held = first.part(slice(cut)), first.part(slice(cut, None))
    told = probabilities(network(learned, pretrained, way, args, seed), held, TEST_STEP)
    known = held.measured
    return float(fitted_thresholds(held.labels[:, known], told[:, known])[0])


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


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data/timeseries/dodgers"))
    parser.add_argument(
        "--model", type=Path, default=Path("src/cell_events/models/series-unet.safetensors")
    )
    parser.add_argument("--ways", nargs="+", default=list(NAMES), choices=NAMES)
    parser.add_argument("--fit", action="store_true", help="fit the threshold, too")
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--work", type=Path, default=Path("benchmarks/results"))
    return parser.parse_args()


def main() -> None:
    args = arguments()
    single_thread()
    args.work.mkdir(parents=True, exist_ok=True)
    target = args.work / "series_dodgers.json"
    results = json.loads(target.read_text()) if target.exists() else {}
    first, second = halves(args.data)
    pretrained = load_series_network(args.model)[0] if args.model.exists() else None
    untrained(first, second, results, pretrained)
    for seed, way in product(args.seeds, args.ways):
        made = network(first, pretrained, way, args, seed)
        told = probabilities(made, second, TEST_STEP)
        name = NAMES[way] + (f", rate {args.rate:g}" if args.rate != RATE else "")
        thresholds = {name: 0.5}
        if args.fit:
            fitted = fitted_threshold(first, pretrained, way, args, seed)
            thresholds[f"{name}, fitted threshold"] = fitted
        for row, threshold in thresholds.items():
            found = {**judged(second, told, threshold), "threshold": threshold}
            results.setdefault(row, {})[f"seed {seed}"] = found
            print(seed, row, found, flush=True)
        target.write_text(json.dumps(results, indent=1))
    print(table({name: list(runs.values()) for name, runs in results.items()}, COLUMNS))


if __name__ == "__main__":
    main()
