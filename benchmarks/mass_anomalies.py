"""Which abnormal cells are found, by which score, in simulated curves whose truth is known?

Sets of 9,100 curves of 180 frames: the first family of the simulator without divisions and with
divisions inside the curves, on which methods may be tuned; the same with another growth law, cycle
length and noise; and the second and third family, whose equations are others. The third was written
down before anything was judged on it, and nothing was tuned afterwards.
Counted are cells. AP is the average precision; "R@.966" the best recall at the precision that the
paper reports; "P/R" precision and recall at the threshold that the rule draws without labels.

    python benchmarks/mass_anomalies.py run                       # every way, what is not yet there
    python benchmarks/mass_anomalies.py run --ways combined --again --sets none inside --seeds 0
    python benchmarks/mass_anomalies.py table                     # what there is, as Markdown
    python benchmarks/mass_anomalies.py time                      # of training and of scoring

While developing, take `--cells 2000 --work FOLDER`, and the other families only at the very end.
Results are kept in mass_anomalies.json, one entry for each set, prevalence, seed and way.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from mass_scorers import WAYS
from mass_tables import kinds_table, prevalence_table, quality_table, rules_table

from cell_events.dry_mass.curves import MassCurve, mass_curves
from cell_events.dry_mass.detection_quality import (
    average_precision,
    best_recall,
    precision_and_recall,
    recall_of_kinds,
)
from cell_events.dry_mass.threshold import DEFAULT_VALUES, ThresholdError, threshold_of
from cell_events.dry_mass.windows import WindowShape
from cell_events.engine.device import prepare_cpu
from cell_events.simulation import MassCurveSettings, MassSimulation, simulated_mass_curves

OTHER_LAW = {"growth": "exponential", "noise": 0.045}
THIRD = {"family": "third", "missing": 0.03}
SETS: dict[str, dict[str, object]] = {
    "none": {"divisions": "none"},
    "inside": {"divisions": "inside"},
    "tracked": {"divisions": "tracked", "cells": 4500},
    "short": {"divisions": "tracked", "cells": 4500, "short": True},
    "other law, none": {"divisions": "none", "cycle_frames": 180.0, **OTHER_LAW},
    "other law, inside": {"divisions": "inside", "cycle_frames": 80.0, **OTHER_LAW},
    "second, none": {"divisions": "none", "family": "second"},
    "second, inside": {"divisions": "inside", "family": "second"},
    "second, tracked": {"divisions": "tracked", "family": "second", "cells": 4500},
    "second, short": {"divisions": "tracked", "family": "second", "cells": 4500, "short": True},
    "third, none": {"divisions": "none", **THIRD},
    "third, inside": {"divisions": "inside", **THIRD},
    "third, tracked": {"divisions": "tracked", "cells": 4500, **THIRD},
    "third, short": {"divisions": "tracked", "cells": 4500, "short": True, **THIRD},
}
SHAPES = {
    name: WindowShape(
        *((16, 8) if "short" in name else (40, 20) if "tracked" in name else (120, 60))
    )
    for name in SETS
}
"""Windows of forecasts: the paper's, and shorter ones where tracks end with each division."""

PRECISION = 0.966
"""What the paper reports."""


def simulated(name: str, prevalence: float, seed: int, cells: int | None) -> MassSimulation:
    changes = {**SETS[name], **({} if cells is None else {"cells": cells})}
    # Seeds below 100 are for tuning elsewhere.
    return simulated_mass_curves(MassCurveSettings(abnormal=prevalence, seed=100 + seed, **changes))


def judged(
    curves: tuple[MassCurve, ...], kinds: np.ndarray, name: str, way: str, seed: int
) -> dict[str, object]:
    """Everything that is reported of one way on one set."""
    started = time.process_time()
    found = WAYS[way].judge(curves, SHAPES[name], seed)
    seconds = time.process_time() - started
    scores, abnormal = np.array([score.score for score in found]), kinds != ""
    rules = {rule: at_rule(scores, kinds, rule) for rule in DEFAULT_VALUES}
    flagged = scores > threshold(scores, WAYS[way].rule)
    causes = np.array([score.cause for score in found])
    cellular = np.isin(kinds, ["arrest", "loss", "abnormal growth"])
    right = np.where(cellular, causes == "cellular", causes == "measurement")
    brief = np.array([score.last - score.first < 2 for score in found])
    return {
        "seconds": seconds,
        "cells": len(kinds),
        "abnormal": int(abnormal.sum()),
        "assessed": int(np.isfinite(scores).sum()),
        "ap": average_precision(abnormal, scores),
        "best_recall": best_recall(abnormal, scores, PRECISION),
        "rules": rules,
        "brief false flags": [
            int((flagged & ~abnormal & brief).sum()),
            int((flagged & ~abnormal).sum()),
        ],
        "right cause": [int((flagged & abnormal & right).sum()), int((flagged & abnormal).sum())],
    }


def at_rule(scores: np.ndarray, kinds: np.ndarray, rule: str) -> dict[str, object]:
    above = threshold(scores, rule)
    found = precision_and_recall(kinds != "", scores, above)
    shares = recall_of_kinds(kinds, scores > above)
    return {
        "hits": found.precision.hits,
        "flagged": found.precision.total,
        "kinds": {kind: [share.hits, share.total] for kind, share in shares.items()},
    }


def threshold(scores: np.ndarray, rule: str) -> float:
    try:
        return threshold_of(scores, rule)
    except ThresholdError:
        return float("inf")


def run(args: argparse.Namespace) -> None:
    target = args.work / "mass_anomalies.json"
    for name, prevalence, seed in combinations(args):
        keys = {way: f"{name}|{prevalence:g}|{seed}|{way}" for way in args.ways}
        results = read(target)
        missing = [way for way in args.ways if args.again or keys[way] not in results]
        if not missing:
            continue
        simulation = simulated(name, prevalence, seed, args.cells)
        curves, kinds = mass_curves(simulation.tracks), simulation.truth["kind"].to_numpy(str)
        for way in missing:
            result = judged(curves, kinds, name, way, seed)
            # Others may have written meanwhile.
            results = {**read(target), keys[way]: result}
            target.write_text(json.dumps(results, indent=1))
            at = result["rules"][WAYS[way].rule]
            print(
                f"{keys[way]}: AP {result['ap']:.3f}, R@.966 {result['best_recall']:.2f}, P/R "
                f"{at['hits'] / max(1, at['flagged']):.3f}/{at['hits'] / result['abnormal']:.2f}, "
                f"{result['seconds']:.1f} s",
                flush=True,
            )


def combinations(args: argparse.Namespace) -> Iterable[tuple[str, float, int]]:
    return (
        (name, prevalence, seed)
        for prevalence in args.prevalence
        for seed in args.seeds
        for name in args.sets
    )


def read(target: Path) -> dict[str, dict]:
    return json.loads(target.read_text()) if target.exists() else {}


def print_tables(args: argparse.Namespace) -> None:
    results = read(args.work / "mass_anomalies.json")
    print(quality_table(results, args.sets, args.ways, 0.15))
    print(prevalence_table(results, args.sets, args.ways, args.prevalence))
    print(rules_table(results, args.sets, "forecaster", 0.15))
    print(kinds_table(results, args.sets, args.ways, 0.15))


def print_time(args: argparse.Namespace) -> None:
    """Processor seconds of training the forecaster, and of scoring by each way, on 9,100 curves."""
    from cell_events.dry_mass.forecast import Forecaster, forecast_scores
    from cell_events.dry_mass.train import train_forecaster
    from cell_events.dry_mass.train_settings import ForecastSettings

    simulation = simulated("inside", 0.15, 0, args.cells)
    started = time.process_time()
    curves = mass_curves(simulation.tracks)
    print(f"| cutting {len(curves)} curves | {time.process_time() - started:.1f} s |")
    started = time.process_time()
    *_, trained = train_forecaster(curves, ForecastSettings())
    print(f"| training the forecaster | {time.process_time() - started:.0f} s |")
    started = time.process_time()
    forecast_scores(curves, Forecaster(trained.network, 3, trained.band))
    print(f"| forecaster | {time.process_time() - started:.1f} s |")
    for way in args.ways:
        if not way.startswith("forecaster"):
            started = time.process_time()
            WAYS[way].judge(curves, SHAPES["inside"], 0)
            print(f"| {way} | {time.process_time() - started:.1f} s |")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("verb", nargs="?", default="run", choices=["run", "table", "time"])
    parser.add_argument("--sets", nargs="+", default=list(SETS), choices=SETS)
    parser.add_argument("--ways", nargs="+", default=list(WAYS), choices=WAYS)
    parser.add_argument("--prevalence", type=float, nargs="+", default=[0.15, 0.05, 0.3])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    parser.add_argument("--cells", type=int, help="fewer, while developing")
    parser.add_argument("--again", action="store_true", help="also what is there already")
    parser.add_argument("--work", type=Path, default=Path("benchmarks/results"))
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    prepare_cpu(args.threads)
    args.work.mkdir(parents=True, exist_ok=True)
    if args.verb == "time":
        print_time(args)
        return
    if args.verb == "run":
        run(args)
    print_tables(args)


if __name__ == "__main__":
    main()
