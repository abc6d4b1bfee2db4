"""Could arrests in short tracks be found any better?

The simulated set `short` (half of the tracks have less than 36 frames). The combined score is put
beside a test that is told in which frame growth may have stopped, and that looks for nothing else:
the best linear one for the noise that was learned, given the true onset of an arrest, and a drawn
one in normal cells. Counted is the share of arrests that are found where one normal cell in 100, or
in 1,000, is.

    python benchmarks/short_arrests.py
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd
from mass_anomalies import simulated

from cell_events.dry_mass.cell_evidence import Population, cell_evidence, population
from cell_events.dry_mass.curves import MassCurve, mass_curves
from cell_events.dry_mass.detection_quality import average_precision
from cell_events.dry_mass.log_masses import log_masses
from cell_events.dry_mass.outliers import without_outliers

ONSETS = (0.1, 0.8)
"""Parts of a track in which arrests begin, in this family."""

SHORTEST = 12


def known_onset_scores(
    cells: Population, curves: list[MassCurve], truth: pd.DataFrame, seed: int
) -> np.ndarray:
    """Deviation of each cell from normal in the direction of an arrest from a known frame on."""
    random = np.random.default_rng(seed)
    scores = []
    for row, (curve, kind, first) in enumerate(
        zip(curves, truth["kind"], truth["first"], strict=True)
    ):
        changes = len(curve.mass_pg) - 1
        drawn = int(random.uniform(*ONSETS) * changes)
        onset = max(first - curve.first, 0) if kind == "arrest" else drawn
        arrest = np.where(np.arange(changes) >= onset, -cells.usual, 0.0)
        covariance = cells.noise.covariance(changes, float(cells.scales[row]))
        weights = np.linalg.solve(covariance, arrest)
        scores.append(weights @ cells.excess[row, :changes] / np.sqrt(max(weights @ arrest, 1e-12)))
    return np.array(scores)


def told(scores: np.ndarray, kinds: np.ndarray) -> str:
    normal, arrests = scores[kinds == ""], scores[kinds == "arrest"]
    shares = [float((arrests > np.quantile(normal, 1 - rate)).mean()) for rate in (0.01, 0.001)]
    both = np.concatenate([normal, arrests])
    truth = np.arange(len(both)) >= len(normal)
    return f"{shares[0]:.2f} | {shares[1]:.2f} | {average_precision(truth, both):.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1])
    parser.add_argument("--cells", type=int)
    args = parser.parse_args()
    print(
        "| score | 1 in 100 | 1 in 1,000 | AP among arrests and normal cells |\n|---|---|---|---|"
    )
    for seed in args.seeds:
        simulation = simulated("short", 0.15, seed, args.cells)
        curves, _ = without_outliers(mass_curves(simulation.tracks), 1)
        rows = [row for row, curve in enumerate(curves) if len(curve.mass_pg) >= SHORTEST]
        chosen, truth = [curves[row] for row in rows], simulation.truth.iloc[rows]
        cells = population(log_masses(chosen), normal=(truth["kind"] == "").to_numpy())
        kinds = truth["kind"].to_numpy(str)
        known = known_onset_scores(cells, chosen, truth, seed)
        print(f"| combined, seed {seed} | {told(cell_evidence(cells).total(), kinds)} |")
        print(f"| told the frame, seed {seed} | {told(known, kinds)} |", flush=True)


if __name__ == "__main__":
    main()
