"""Does a network for series find abnormal cells that the other scores of cells miss, in their mass?

The simulated sets of mass_anomalies.py, its cells and its measures. The network learned from
randomised synthetic mass curves whose laws of growth are neither of the simulator's; it is used as
it comes, without labels of these sets: each cell alone, or beside the others of its set. "joined"
adds its evidence to that of the combined score, which leaves outliers of a single frame out. Other
ways come from mass_anomalies.json, for the
same prevalence and seeds. P/R: precision and recall at the thresholds below for what is ours here,
at each way's own rule for the others.

    python benchmarks/series_mass.py run --model src/cell_events/models/series-unet-mass.safetensors
    python benchmarks/series_mass.py table
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
from mass_anomalies import PRECISION, SETS, simulated
from mass_scorers import WAYS
from series_mass_scorers import alone, beside_the_others, joined, log_odds

from cell_events.dry_mass.combined import combined_scores
from cell_events.dry_mass.curves import mass_curves
from cell_events.dry_mass.detection_quality import (
    average_precision,
    best_recall,
    precision_and_recall,
    recall_of_kinds,
)
from cell_events.dry_mass.outliers import without_outliers
from cell_events.dry_mass.threshold import threshold_of
from cell_events.engine.device import prepare_cpu
from cell_events.series.series_file import load_series_network
from cell_events.simulation import MASS_ANOMALIES

MODEL = Path("src/cell_events/models/series-unet-mass.safetensors")
OTHERS = ("random", "linear", "exponential", "isolation forest", "forecaster")
ALONE, BESIDE, JOINED = "series U-Net, alone", "series U-Net, beside others", "joined"
COMBINED = "combined"
OWN = (COMBINED, ALONE, BESIDE, JOINED)
THRESHOLDS = {ALONE: 0.0, BESIDE: 4.0, JOINED: 4.5}
"""Log odds of 0, 4 robust deviations, and the evidence of 3 standard deviations."""


def quality(kinds: np.ndarray, scores: np.ndarray, threshold: float) -> dict[str, object]:
    found = precision_and_recall(kinds != "", scores, threshold)
    shares = recall_of_kinds(kinds, scores > threshold)
    return {
        "ap": average_precision(kinds != "", scores),
        "best_recall": best_recall(kinds != "", scores, PRECISION),
        "abnormal": int((kinds != "").sum()),
        "hits": found.precision.hits,
        "flagged": found.precision.total,
        "kinds": {kind: [share.hits, share.total] for kind, share in shares.items()},
    }


def run(args: argparse.Namespace, target: Path) -> None:
    network, _ = load_series_network(args.model)
    for seed in args.seeds:
        for name in args.sets:
            key = f"{name}|{args.prevalence:g}|{seed}"
            if any(found.startswith(key) for found in read(target)) and not args.again:
                continue
            simulation = simulated(name, args.prevalence, seed, args.cells)
            curves, kinds = mass_curves(simulation.tracks), simulation.truth["kind"].to_numpy(str)
            started = time.process_time()
            odds = log_odds(curves, network)
            seconds = time.process_time() - started
            kept, _ = without_outliers(curves, 1)
            combined = np.array([score.score for score in combined_scores(kept)])
            beside = beside_the_others(odds)
            scores = {
                COMBINED: combined,
                ALONE: alone(odds),
                BESIDE: beside,
                JOINED: joined(combined, beside),
            }
            for way, of_cells in scores.items():
                threshold = (
                    threshold_of(of_cells, WAYS[way].rule) if way in WAYS else THRESHOLDS[way]
                )
                result = quality(kinds, of_cells, threshold) | {"seconds": seconds}
                target.write_text(json.dumps({**read(target), f"{key}|{way}": result}, indent=1))
                print(f"{key}|{way}: {told([result])}, {seconds:.0f} s", flush=True)


def told(runs: list[dict]) -> str:
    """AP, best recall, and precision/recall over the cells of all seeds."""
    hits, flagged, abnormal = (
        sum(run[name] for run in runs) for name in ("hits", "flagged", "abnormal")
    )
    ap, recall = (float(np.mean([run[name] for run in runs])) for name in ("ap", "best_recall"))
    flags = f"{hits / flagged:.2f}/{hits / abnormal:.2f}" if flagged else "none flagged"
    return f"{ap:.2f}, {recall:.2f}, {flags}"


def runs_of(args: argparse.Namespace, results: dict[str, dict], name: str, way: str) -> list[dict]:
    """Results of a way on a set, those of other scripts in the same form."""
    keys = [f"{name}|{args.prevalence:g}|{seed}|{way}" for seed in args.seeds]
    found = [results[key] for key in keys if key in results]
    if way in OWN:
        return found
    return [{**run, **run["rules"][WAYS[way].rule]} for run in found]


def print_tables(args: argparse.Namespace, target: Path) -> None:
    known = read(args.work / "mass_anomalies.json").items()
    others = {key: run for key, run in known if key.rsplit("|", 1)[1] in OTHERS}
    results = {**others, **read(target)}
    print(f"\nAP, R@.966, P/R; {args.prevalence:.0%} abnormal; seeds {args.seeds}\n")
    print(f"| way | {' | '.join(args.sets)} |\n|{'---|' * (len(args.sets) + 1)}")
    for way in (*OTHERS, *OWN):
        found = [runs_of(args, results, name, way) for name in args.sets]
        print(f"| {way} | {' | '.join(told(runs) if runs else '-' for runs in found)} |")
    for name in args.sets:
        print(f"\nRecall of each kind, {name}\n\n| way | {' | '.join(MASS_ANOMALIES)} |")
        print(f"|{'---|' * (len(MASS_ANOMALIES) + 1)}")
        for way in ("forecaster", *OWN):
            runs = runs_of(args, results, name, way)
            if runs:
                counts = [
                    np.sum([run["kinds"].get(kind, [0, 0]) for run in runs], axis=0)
                    for kind in MASS_ANOMALIES
                ]
                shares = [f"{hits / max(1, total):.2f}" for hits, total in counts]
                print(f"| {way} | {' | '.join(shares)} |")


def read(target: Path) -> dict[str, dict]:
    return json.loads(target.read_text()) if target.exists() else {}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("verb", nargs="?", default="run", choices=["run", "table"])
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--sets", nargs="+", default=list(SETS), choices=SETS)
    parser.add_argument("--prevalence", type=float, default=0.15)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--cells", type=int, help="fewer, while developing")
    parser.add_argument("--again", action="store_true", help="also what is there already")
    parser.add_argument("--work", type=Path, default=Path("benchmarks/results"))
    args = parser.parse_args()
    prepare_cpu(1)
    args.work.mkdir(parents=True, exist_ok=True)
    target = args.work / "series_mass.json"
    if args.verb == "run":
        run(args, target)
    print_tables(args, target)


if __name__ == "__main__":
    main()
