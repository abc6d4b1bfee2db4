"""Are swaps called by their name more often where it is known which cells are near?

The combined score on simulated sets (mass_anomalies.py), once with the places of the cells and once
without. Cells that are exchanged lie near each other in them; places say nothing else. Counted are
flagged cells. Scores, and so flags, are the same both times.

    python benchmarks/swap_neighbours.py
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from mass_anomalies import simulated

from cell_events.dry_mass.combined import combined_scores
from cell_events.dry_mass.curves import MassCurve, mass_curves
from cell_events.dry_mass.outliers import without_outliers
from cell_events.dry_mass.threshold import threshold_of


def shares(curves: Sequence[MassCurve], kinds: np.ndarray) -> tuple[float, float]:
    """Share of flagged swaps, and of other flagged cells, that are called swaps."""
    found = combined_scores(curves)
    scores = np.array([score.score for score in found])
    flagged = scores > threshold_of(scores, "false flags")
    called = np.array([score.reason == "swap" for score in found])
    swaps = kinds == "swap"
    return float(called[flagged & swaps].mean()), float(called[flagged & ~swaps].mean())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sets", nargs="+", default=["none", "inside", "tracked", "short"])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cells", type=int, default=2500)
    args = parser.parse_args()
    print("| set | places | swaps called swap | others called swap |\n|---|---|---|---|")
    for name in args.sets:
        simulation = simulated(name, 0.15, args.seed, args.cells)
        curves, _ = without_outliers(mass_curves(simulation.tracks), 1)
        kinds = simulation.truth["kind"].to_numpy(str)
        nowhere = [replace(curve, places=None) for curve in curves]
        for words, judged in (("unknown", nowhere), ("known", curves)):
            right, wrong = shares(judged, kinds)
            print(f"| {name} | {words} | {right:.2f} | {wrong:.3f} |", flush=True)


if __name__ == "__main__":
    main()
