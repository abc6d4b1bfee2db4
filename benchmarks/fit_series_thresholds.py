"""Fit the thresholds of the shipped networks for series, and keep them in their headers.

The threshold of each kind overlaps best with held-out synthetic curves (IoU), or within 2 % of that
and nearer to 0.5; or it is higher, if needed: of normal synthetic curves, at most `--allowed` may
have a stretch of any kind, an equal share for each kind. Weights stay as they are, and so does
their digest. None of these curves was learned from, and those that the result is judged by are
others again.

    python benchmarks/fit_series_thresholds.py --curves mass
    python benchmarks/fit_series_thresholds.py --curves general
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from cell_events import __version__
from cell_events.engine.device import prepare_cpu
from cell_events.engine.model_file import save_model
from cell_events.series.examples import SeriesExamples
from cell_events.series.mass_synthetic import MassSyntheticSettings, synthetic_mass_curves
from cell_events.series.pretraining import SYNTHETIC_KINDS, synthetic_examples
from cell_events.series.scaling import scaled_by_sample
from cell_events.series.segment_quality import event_shares, intersection_over_union
from cell_events.series.series_file import load_series_network
from cell_events.series.synthetic import SyntheticSettings, synthetic_series
from cell_events.series.task import snapshot_probabilities
from cell_events.series.thresholds import UNFITTED, fitted_thresholds, quiet_threshold
from cell_events.series.transfer import SeriesNetwork

NAMES = {"general": "series-unet", "mass": "series-unet-mass"}
CURVES = 4096
FIT_SEED, TEST_SEED = 3 * 10**6, 4 * 10**6


def normal_curves(curves: str, count: int, seed: int) -> SeriesExamples:
    """Synthetic snapshots in which nothing is abnormal."""
    if curves == "mass":
        values, labels = synthetic_mass_curves(count, seed, MassSyntheticSettings(abnormal=0.0))
    else:
        values, labels = synthetic_series(count, seed, SyntheticSettings(abnormal=0.0))
    masks = np.ones((count, values.shape[2]), bool)
    return SeriesExamples(scaled_by_sample(values, masks), masks, labels)


def fitted(network: SeriesNetwork, curves: str, allowed: float) -> tuple[np.ndarray, np.ndarray]:
    """Thresholds (M,) with the best overlap, and those that also stay quiet."""
    learned = synthetic_examples(curves, CURVES, FIT_SEED)
    told = snapshot_probabilities(network, learned.values)
    truth, told = (np.pad(part, ((0, 0), (0, 0), (0, 1))) for part in (learned.labels, told))
    kinds = truth.shape[1]
    best = fitted_thresholds(*(part.swapaxes(0, 1).reshape(kinds, -1) for part in (truth, told)))
    normal = snapshot_probabilities(network, normal_curves(curves, CURVES, FIT_SEED + 1).values)
    quiet = [quiet_threshold(row, allowed / kinds) for row in normal.max(axis=2).T]
    return best, np.maximum(best, quiet)


def judged(network: SeriesNetwork, curves: str, thresholds: np.ndarray) -> dict[str, float]:
    """Quality on other curves; share of normal ones in which there is a stretch."""
    examples = synthetic_examples(curves, CURVES, TEST_SEED)
    limits = thresholds[:, None]
    found = snapshot_probabilities(network, examples.values) >= limits
    overlaps = intersection_over_union(examples.labels, found)
    shares = [
        event_shares(examples.labels[:, kind], found[:, kind]) for kind in range(len(thresholds))
    ]
    normal = snapshot_probabilities(network, normal_curves(curves, CURVES, TEST_SEED + 1).values)
    return {
        "iou": float(overlaps.mean()),
        "precision": float(np.nanmean([precision.value for precision, _ in shares])),
        "recall": float(np.mean([recall.value for _, recall in shares])),
        "normal curves with a stretch": float((normal >= limits).any(axis=(1, 2)).mean()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--curves", choices=NAMES, default="mass")
    parser.add_argument("--allowed", type=float, default=0.05)
    parser.add_argument("--models", type=Path, default=Path("src/cell_events/models"))
    parser.add_argument("--dry", action="store_true", help="tell, and leave the file as it is")
    args = parser.parse_args()
    prepare_cpu(1)
    path = args.models / f"{NAMES[args.curves]}.safetensors"
    network, header = load_series_network(path)
    best, quiet = fitted(network, args.curves, args.allowed)
    told = {}
    for name, limits in {
        "0.5": np.full(len(best), UNFITTED),
        "best overlap": best,
        "best overlap, quiet": quiet,
    }.items():
        told[name] = {k: round(v, 4) for k, v in judged(network, args.curves, limits).items()}
        print(name, dict(zip(header.classes, limits.round(4).tolist(), strict=True)), told[name])
    if args.dry:
        return
    thresholds = dict(zip(SYNTHETIC_KINDS[args.curves], quiet.tolist(), strict=True))
    provenance = {
        "script": f"benchmarks/fit_series_thresholds.py --curves {args.curves}",
        "version": __version__,
        "allowed": args.allowed,
        "judged": told,
    }
    header = replace(
        header,
        settings={**header.settings, "thresholds": thresholds},
        provenance={**header.provenance, "thresholds": provenance},
    )
    save_model(path, network, header, dtype=torch.float16)


if __name__ == "__main__":
    main()
