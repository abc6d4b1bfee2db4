"""How large must a wrong mass at a division be to be noticed?

Normal cells of simulated populations whose divisions begin two tracks (`tracked`): in one family of
a hundred, the first daughter's whole curve is multiplied, as if mass had been lost or gained at the
division or the daughter were another cell's; in another one, the mother's. The curves alone tell
nothing of it. A wrong parent has the effect of the ratio of two mothers' masses.

    python benchmarks/lineage_errors.py
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from mass_anomalies import simulated

from cell_events.dry_mass.combined import combined_scores
from cell_events.dry_mass.curves import MassCurve, mass_curves
from cell_events.dry_mass.division_shares import divisions_of
from cell_events.dry_mass.outliers import without_outliers
from cell_events.dry_mass.threshold import threshold_of

FACTORS = (1.2, 1.4, 1.6, 2.0, 3.0)
SETS = ("tracked", "second, tracked")
ONE_OF = 100


def with_errors(
    curves: Sequence[MassCurve], normal: np.ndarray, factor: float, seed: int
) -> tuple[list[MassCurve], dict[str, list[int]]]:
    """Curves some of which are multiplied or divided, and the indices of those by role."""
    divisions = divisions_of(curves, 0.0)
    families = np.column_stack([divisions.mothers, divisions.daughters])
    families = families[normal[families].all(axis=1)]
    random = np.random.default_rng(seed)
    random.shuffle(families)
    count = max(1, len(families) // ONE_OF)
    wrong = {"mother": families[:count, 0], "daughter": families[count : 2 * count, 1]}
    changed = list(curves)
    for rows in wrong.values():
        for row in rows:
            change = factor if random.random() < 0.5 else 1 / factor
            changed[row] = replace(changed[row], mass_pg=changed[row].mass_pg * change)
    return changed, {role: rows.tolist() for role, rows in wrong.items()}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--cells", type=int, default=2500)
    args = parser.parse_args()
    print("| set | mass is wrong by | mothers found | daughters found | others flagged |")
    print("|---|---|---|---|---|")
    for name in SETS:
        for factor in FACTORS:
            hits: dict[str, list[bool]] = {"mother": [], "daughter": [], "other": []}
            for seed in args.seeds:
                simulation = simulated(name, 0.0, seed, args.cells)
                curves, _ = without_outliers(mass_curves(simulation.tracks), 1)
                judged = np.array([len(curve.mass_pg) >= 12 for curve in curves])
                changed, wrong = with_errors(curves, judged, factor, seed)
                values = np.array([score.score for score in combined_scores(changed)])
                flagged = values > threshold_of(values, "false flags")
                chosen = np.concatenate(list(wrong.values()))
                for role, rows in wrong.items():
                    hits[role] += flagged[rows].tolist()
                hits["other"] += np.delete(flagged, chosen).tolist()
            shares = [f"{sum(hits[role])}/{len(hits[role])}" for role in hits]
            print(f"| {name} | {factor:g}x | {' | '.join(shares)} |", flush=True)


if __name__ == "__main__":
    main()
