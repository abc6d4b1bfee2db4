"""In how many normal cells does the shipped network find a stretch, and in how many abnormal ones?

The simulated sets of series_mass.py, whose laws of growth the network has never seen and on which
no threshold was fitted. "0.5": a threshold of 0.5 for all kinds; "fitted": those in the header of
the model (fit_series_thresholds.py). A cell counts if any stretch was found in it, as `segments
detect` would; an abnormal one also if the stretch is of another kind or elsewhere.

    python benchmarks/series_false_alarms.py
    python benchmarks/series_false_alarms.py --tracks sample.csv  # cells that nobody has labelled

The second for `cell-events measure src/cell_events/samples/qpi_phase.ome.tif --segment --unit pg
--pg-per-grey 1 --out sample.csv`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from mass_anomalies import SETS, simulated

from cell_events.dry_mass.curves import MassCurve, mass_curves
from cell_events.engine.device import prepare_cpu
from cell_events.series.detect import DetectSettings, detect_segments
from cell_events.series.labelled_series import Series
from cell_events.series.series_file import load_series_network
from cell_events.series.transfer import SeriesNetwork
from cell_events.tracks import read_tracks

MODEL = Path("src/cell_events/models/series-unet-mass.safetensors")
CHOSEN = ("none", "inside", "tracked", "second, none", "second, inside", "second, tracked")


def highest(
    curves: Sequence[MassCurve], network: SeriesNetwork, kinds: tuple[str, ...]
) -> np.ndarray:
    """Largest probability (N, M) of each kind in each cell."""

    def series() -> Iterator[Series]:
        for number, curve in enumerate(curves):
            mass = curve.mass_pg[None].astype(np.float32)
            yield Series(str(number), np.arange(mass.shape[1], dtype=float), mass, ("mass",))

    found = np.zeros((len(curves), len(kinds)))
    for report in detect_segments(series(), network, DetectSettings(kinds)):
        row = found[int(report.series)]
        np.maximum(row, np.nan_to_num(report.probabilities).max(axis=1), out=row)
    return found


def shares(found: np.ndarray, kinds: np.ndarray, thresholds: np.ndarray) -> dict[str, float]:
    """Share of normal and of abnormal cells with a stretch."""
    told = (found >= thresholds).any(axis=1)
    return {"normal": float(told[kinds == ""].mean()), "abnormal": float(told[kinds != ""].mean())}


def print_table(results: dict[str, dict[str, dict[str, float]]], sets: Sequence[str]) -> None:
    print(f"| cells with a stretch | {' | '.join(sets)} |\n|{'---|' * (len(sets) + 1)}")
    for who in ("normal", "abnormal"):
        for way, of_sets in results.items():
            cells = [f"{of_sets[name][who]:.1%}" for name in sets]
            print(f"| {who}, threshold {way} | {' | '.join(cells)} |")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--sets", nargs="+", default=list(CHOSEN), choices=SETS)
    parser.add_argument("--prevalence", type=float, default=0.15)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tracks", type=Path, help="only these cells, not labelled")
    parser.add_argument("--cells", type=int, help="fewer, while developing")
    parser.add_argument("--work", type=Path, default=Path("benchmarks/results"))
    args = parser.parse_args()
    prepare_cpu(1)
    network, header = load_series_network(args.model)
    known = header.settings.get("thresholds", {})
    thresholds = {
        "0.5": np.full(len(header.classes), 0.5),
        "fitted": np.array([known.get(kind, 0.5) for kind in header.classes]),
    }
    if args.tracks is not None:
        found = highest(mass_curves(read_tracks(args.tracks)), network, header.classes)
        for way, limits in thresholds.items():
            print(f"threshold {way}: {(found >= limits).any(axis=1).sum()} of {len(found)} cells")
        return
    results: dict[str, dict[str, dict[str, float]]] = {name: {} for name in thresholds}
    for name in args.sets:
        simulation = simulated(name, args.prevalence, args.seed, args.cells)
        curves, kinds = mass_curves(simulation.tracks), simulation.truth["kind"].to_numpy(str)
        found = highest(curves, network, header.classes)
        for way, limits in thresholds.items():
            results[way][name] = shares(found, kinds, limits)
    args.work.mkdir(parents=True, exist_ok=True)
    (args.work / "series_false_alarms.json").write_text(json.dumps(results, indent=1))
    print_table(results, args.sets)


if __name__ == "__main__":
    main()
