"""Are hand gestures found in EMG of people not learned from (Wen and Keyes 2019, section 5)?

Eight channels of the forearm, ten people, two recordings each, of which six people are learned from
and four tested on. The bracelet measures 200 times a second and its values come repeated every
millisecond; here, the mean of each 20 ms counts, so a snapshot of 1024 points lasts 20 s and holds
about four gestures. It is the mean of the signal itself, of which a gesture changes the volatility.
Each channel of a recording is brought to one scale as a whole. The six gestures exclude each other
(softmax); pauses are normal. "hand at rest" is one of the six, and its signal is that of a pause.
All people make the gestures in the same order, which a network may learn, too: in that, this
benchmark flatters all.

"nearest mean" is the likeness of the strength of all channels in half a second to the mean of a
gesture in the people learned from. Thresholds of scores are those with the best IoU there; that of
networks is 0.5.

Steps, rate and augmentations were chosen with `--people choice`: four of the six people are learned
from and the other two are judged, so that nobody tested on takes part.

    python benchmarks/series_emg.py --people choice --seeds 0
    python benchmarks/series_emg.py
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
from emg_recordings import BLOCK_MS, GESTURES, recordings
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from series_snapshots import (
    AS_IT_IS,
    Recording,
    probabilities,
    quality,
    single_thread,
    snapshots,
    table,
    trained_network,
)

from cell_events.series.segment_quality import best_threshold
from cell_events.series.series_file import load_series_network
from cell_events.series.simple_scores import SIMPLE_SCORES
from cell_events.series.train_settings import SeriesTrainSettings
from cell_events.series.transfer import SeriesNetwork

LEARNED = ("01", "03", "04", "05", "06", "08")
TESTED = ("09", "10", "12", "14")
PEOPLE = {"test": (LEARNED, TESTED), "choice": (LEARNED[:4], LEARNED[4:])}
LEARN_STEP, TEST_STEP = 128, 128
STEPS, RATE = 300, 3e-3
AUGMENTATIONS = ("jitter", "scaling", "cropping", "linear operation")

NETWORKS = ("U-Net", "MU-Net", "transferred MU-Net, freeze", "transferred MU-Net, rates")
HALF_SECOND = 500 // BLOCK_MS
COLUMNS = ("IoU", "IoU without rest", "precision", "recall", "VUS-PR")
COLUMNS += ("affiliation precision", "affiliation recall")
Score = Callable[[Recording], NDArray[np.floating]]


def nearest_mean(learned: Sequence[Recording]) -> Score:
    """Likeness (M, T) of half a second of all channels to the mean of each gesture."""

    def smooth(part: Recording) -> NDArray[np.floating]:
        return uniform_filter1d(np.abs(part.whole), HALF_SECOND, axis=1)

    means = np.stack(
        [
            np.mean(np.concatenate([smooth(p)[:, p.labels[kind]] for p in learned], 1), axis=1)
            for kind in range(len(GESTURES))
        ]
    )
    return lambda part: -np.linalg.norm(smooth(part)[None] - means[:, :, None], axis=1)


def for_every_kind(score: Callable[[NDArray], NDArray]) -> Score:
    return lambda part: np.repeat(score(part.whole[None]), len(GESTURES), axis=0)


def judged(
    tested: Sequence[Recording], scores: Sequence[NDArray], threshold: NDArray
) -> dict[str, float]:
    found = quality(tested, scores, threshold)
    moving = [replace(part, labels=part.labels[1:], kinds=GESTURES[1:]) for part in tested]
    without = quality(moving, [score[1:] for score in scores], threshold[1:])
    return {**found, "IoU without rest": without["IoU"]}


def judged_score(
    learned: Sequence[Recording], tested: Sequence[Recording], score: Score
) -> dict[str, float]:
    """Judge a score, its threshold chosen on the people learned from."""
    told = np.concatenate([score(part) for part in learned], axis=1)
    true = np.concatenate([part.labels for part in learned], axis=1)
    threshold = [best_threshold(true[[kind]], told[[kind]]) for kind in range(len(GESTURES))]
    return judged(tested, [score(part) for part in tested], np.array(threshold))


def network(
    learned: Sequence[Recording], name: str, settings: SeriesTrainSettings, model: Path
) -> SeriesNetwork:
    """Train the network of that name."""
    examples = snapshots(learned, LEARN_STEP, AS_IT_IS)
    if name == "U-Net":
        return trained_network(examples, replace(settings, network="unet"), None)
    if name == "MU-Net":
        return trained_network(examples, settings, None)
    start, _ = load_series_network(model)
    return trained_network(examples, replace(settings, transfer=name.rpartition(" ")[2]), start)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data/timeseries/emg"))
    parser.add_argument(
        "--model", type=Path, default=Path("src/cell_events/models/series-unet.safetensors")
    )
    parser.add_argument("--networks", nargs="+", default=NETWORKS[:3], choices=NETWORKS)
    parser.add_argument("--people", choices=PEOPLE, default="test", help="who is judged")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--augmentations", nargs="*", default=AUGMENTATIONS)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--work", type=Path, default=Path("benchmarks/results"))
    return parser.parse_args()


def settings(args: argparse.Namespace, seed: int) -> SeriesTrainSettings:
    return SeriesTrainSettings(
        steps=args.steps,
        batch=16,
        learning_rate=args.rate,
        exclusive=True,
        rescale=False,
        seed=seed,
        augmentations=tuple(args.augmentations),
    )


def run_name(args: argparse.Namespace) -> str:
    """What runs with different seeds have in common."""
    return f"{args.steps} steps, rate {args.rate:g}, {'+'.join(args.augmentations)}, seed"


def main() -> None:
    args = arguments()
    single_thread()
    args.work.mkdir(parents=True, exist_ok=True)
    target = args.work / f"series_emg-{args.people}.json"
    results = json.loads(target.read_text()) if target.exists() else {}
    learned, tested = (recordings(args.data, who) for who in PEOPLE[args.people])
    simple = {name: for_every_kind(score) for name, score in SIMPLE_SCORES.items()}
    for name, score in {**simple, "nearest mean": nearest_mean(learned)}.items():
        results.setdefault(name, {"-": judged_score(learned, tested, score)})
    for seed, name in product(args.seeds, args.networks):
        key = f"{run_name(args)} {seed}"
        if key in results.get(name, {}):
            continue
        made = network(learned, name, settings(args, seed), args.model)
        scores = [probabilities(made, part, TEST_STEP, AS_IT_IS) for part in tested]
        found = judged(tested, scores, np.full(len(GESTURES), 0.5))
        results.setdefault(name, {})[key] = found
        target.write_text(json.dumps(results, indent=1))
        print(seed, name, found, flush=True)
    of_now = {
        name: [run for key, run in runs.items() if key == "-" or key.startswith(run_name(args))]
        for name, runs in results.items()
    }
    print(table({name: runs for name, runs in of_now.items() if runs}, COLUMNS))


if __name__ == "__main__":
    main()
