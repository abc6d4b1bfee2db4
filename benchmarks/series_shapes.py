"""Does a network that was pretrained on synthetic curves learn unusual shapes better (section 5.3)?

700 curves to learn from and 700 others to test on, with the same number of curves, steps and
augmentations for a network that begins from nothing and for one that takes over the weights of the
pretrained one; its kinds were others, so that its last layer is new. How the curves are made stands
in unusual_shapes.py. The threshold is 0.5 for networks; for the one-line baselines it is the one
that overlaps best with the training set.

Steps and rate were chosen with `--choice`: the last fifth of the curves to learn from is held out
and judged, and no other curve takes part.

    python benchmarks/series_shapes.py run                   # what is not yet there
    python benchmarks/series_shapes.py run --choice --seeds 0 --ways "from scratch"
    python benchmarks/series_shapes.py table                 # what there is, as Markdown
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
from unusual_shapes import shape_examples

from cell_events.engine.device import prepare_cpu
from cell_events.series.examples import SeriesExamples
from cell_events.series.segment_quality import SegmentQuality, best_threshold, segment_quality
from cell_events.series.simple_scores import SIMPLE_SCORES
from cell_events.series.task import snapshot_probabilities
from cell_events.series.train import TrainedSeries, train_series
from cell_events.series.train_settings import SeriesTrainSettings

WAYS = {
    "from scratch": "none",
    "transferred, all sections alike": "none",
    "transferred, section-wise rates": "rates",
    "transferred, freeze then unfreeze": "freeze",
}
MODEL = Path("src/cell_events/models/series-unet.safetensors")
AUGMENTATIONS = ("jitter", "scaling", "reversal", "linear operation")
TRAIN_SEED, TEST_SEED, TESTED = 1, 2, 700


def by_network(way: str, args: argparse.Namespace, seed: int, test: SeriesExamples) -> dict:
    from cell_events.series.series_file import load_series_network

    start = None if way == "from scratch" else load_series_network(args.model)[0]
    settings = SeriesTrainSettings(
        steps=args.steps,
        batch=16,
        learning_rate=args.rate,
        augmentations=AUGMENTATIONS,
        transfer=WAYS[way],
        seed=seed,
    )
    examples = learned_from(args, seed)
    started = time.process_time()
    *_, run = train_series(examples, settings, start=start)
    assert isinstance(run, TrainedSeries)
    seconds = time.process_time() - started
    found = snapshot_probabilities(run.network, test.values)[:, 0]
    return told(segment_quality(test.labels[:, 0], found, 0.5)) | {"seconds": round(seconds)}


def learned_from(args: argparse.Namespace, seed: int) -> SeriesExamples:
    examples = shape_examples(args.curves, TRAIN_SEED + 10 * seed)
    return examples.only(np.arange(held_from(args))) if args.choice else examples


def judged_on(args: argparse.Namespace, seed: int) -> SeriesExamples:
    if not args.choice:
        return shape_examples(TESTED, TEST_SEED + 10 * seed)
    examples = shape_examples(args.curves, TRAIN_SEED + 10 * seed)
    return examples.only(np.arange(held_from(args), args.curves))


def held_from(args: argparse.Namespace) -> int:
    return round(0.8 * args.curves)


def by_simple_score(name: str, args: argparse.Namespace, seed: int, test: SeriesExamples) -> dict:
    examples = learned_from(args, seed)
    threshold = best_threshold(examples.labels[:, 0], SIMPLE_SCORES[name](examples.values))
    found = segment_quality(test.labels[:, 0], SIMPLE_SCORES[name](test.values), threshold)
    return told(found) | {"seconds": 0}


def told(quality: SegmentQuality) -> dict:
    return {
        "iou": quality.iou,
        "precision": quality.precision.value,
        "recall": quality.recall.value,
        "vus_pr": quality.vus_pr,
        "affiliation_precision": quality.affiliation_precision,
        "affiliation_recall": quality.affiliation_recall,
    }


def run(args: argparse.Namespace, target: Path) -> None:
    for seed in args.seeds:
        test = judged_on(args, seed)
        for way in args.ways:
            key = f"{run_of(way, args)}{seed}"
            if key in read(target) and not args.again:
                continue
            judge = by_network if way in WAYS else by_simple_score
            result = judge(way, args, seed, test)
            # Others may have written meanwhile.
            target.write_text(json.dumps({**read(target), key: result}, indent=1))
            print(key, {name: round(value, 3) for name, value in result.items()}, flush=True)


def print_table(args: argparse.Namespace, target: Path) -> None:
    """Means over seeds, and standard deviations of the overlap."""
    results = read(target)
    print("| way (seeds) | IoU | events: precision / recall | VUS-PR | affiliation P / R | s |")
    print("|---|---|---|---|---|---|")
    for way in args.ways:
        start = run_of(way, args)
        runs = [result for key, result in results.items() if key.startswith(start)]
        if runs:
            mean = {name: float(np.mean([each[name] for each in runs])) for name in runs[0]}
            spread = float(np.std([each["iou"] for each in runs]))
            print(
                f"| {way} ({len(runs)}) | {mean['iou']:.1%} ± {spread:.1%} | "
                f"{mean['precision']:.2f} / {mean['recall']:.2f} | {mean['vus_pr']:.2f} | "
                f"{mean['affiliation_precision']:.2f} / {mean['affiliation_recall']:.2f} | "
                f"{mean['seconds']:.0f} |"
            )


def run_of(way: str, args: argparse.Namespace) -> str:
    """What runs with different seeds have in common."""
    steps, rate = (args.steps, args.rate) if way in WAYS else (0, 0)
    return f"{way}|{steps}|{rate:g}|{args.curves}|"


def read(target: Path) -> dict[str, dict]:
    return json.loads(target.read_text()) if target.exists() else {}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    ways = [*SIMPLE_SCORES, *WAYS]
    parser.add_argument("verb", nargs="?", default="run", choices=["run", "table"])
    parser.add_argument("--ways", nargs="+", default=ways, choices=ways)
    parser.add_argument("--choice", action="store_true", help="judge held-out learned curves")
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--rate", type=float, default=3e-3, help="learning rate")
    parser.add_argument("--curves", type=int, default=700, help="to learn from")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1])
    parser.add_argument("--model", type=Path, default=MODEL, help="the pretrained network")
    parser.add_argument("--again", action="store_true", help="also what is there already")
    parser.add_argument("--work", type=Path, default=Path("benchmarks/results"))
    args = parser.parse_args()
    prepare_cpu(1)
    args.work.mkdir(parents=True, exist_ok=True)
    target = args.work / f"series_shapes{'-choice' if args.choice else ''}.json"
    if args.verb == "run":
        run(args, target)
    print_table(args, target)


if __name__ == "__main__":
    main()
