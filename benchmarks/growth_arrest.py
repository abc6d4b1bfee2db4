"""Are the windows found in which real cells have stopped to grow?

Lineages of E. coli in a mother machine (length in um stands for mass), whose replication runs out:
divisions stop first, growth soon after, in all cells alike. Lineages are cut into windows, every
quarter of a window. "stopping": at least a third of the window, but not all of it, lies after
growth has ended; "stopped": all of it does; normal is a window that lies before the last births;
others are left out. Windows of one kind, at most 15 % of all, are judged together with the normal
ones, each as a cell of its own that begins at frame 0, so nobody is told when in the recording it
lies; gaps stay gaps. The slope of log length without its jumps is the baseline that knows what is
looked for.

    python benchmarks/growth_arrest.py --frames 24
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from mass_scorers import WAYS

from cell_events.dry_mass.curve_features import JUMP
from cell_events.dry_mass.curves import MassCurve
from cell_events.dry_mass.detection_quality import average_precision
from cell_events.dry_mass.windows import WindowShape
from cell_events.engine.device import prepare_cpu

LAST_BIRTHS_AND_ARREST = {
    "20200908_sj1536_mopsglycerol11aa_runout": (62, 70),
    "20201008_sj1536_mopsglucosecaa_runout": (77, 90),
}
"""Frames read off births and growth, see the README of the data."""

LARGEST_SHARE = 0.15
"""Of windows with an arrest among those judged: most must be normal to tell what is normal."""

FEWEST = 10
"""Windows of a kind, below which no figure is given."""

LEAST_MEASURED = 0.8
"""Share of a window's frames that must have been measured."""


def windows(data: Path, stem: str, frames: int) -> Iterator[tuple[MassCurve, str]]:
    """Windows as curves, and what happens in them: "stopping", "stopped" or ""."""
    lineages = pd.read_csv(data / f"{stem}_lineages.csv.gz")
    number = 0
    for _, lineage in lineages.groupby("lineage"):
        first = int(lineage["frame"].min())
        length = np.full(int(lineage["frame"].max()) - first + 1, np.nan)
        length[lineage["frame"] - first] = lineage["length_um"]
        for start in range(0, len(length) - frames + 1, frames // 4):
            part = length[start : start + frames]
            kind = kind_of(stem, start + first, frames)
            if kind != "?" and np.isfinite(part).mean() >= LEAST_MEASURED and np.isfinite(part[0]):
                number += 1
                yield MassCurve(number, 0, part, None, np.zeros(frames, bool)), kind


def kind_of(stem: str, begin: int, frames: int) -> str:
    """What happens in a window, "?" where that is not clear."""
    last_birth, arrest = LAST_BIRTHS_AND_ARREST[stem]
    if begin + frames <= last_birth:
        return ""
    if begin >= arrest:
        return "stopped"
    return "stopping" if begin + frames - arrest >= frames / 3 else "?"


def slope_scores(curves: Sequence[MassCurve]) -> np.ndarray:
    """The less growth between jumps, the larger."""
    scores = []
    for curve in curves:
        measured = np.flatnonzero(np.isfinite(curve.mass_pg))
        steps = np.diff(np.log(curve.mass_pg[measured])) / np.diff(measured)
        scores.append(-steps[np.abs(steps) <= JUMP].mean())
    return np.array(scores)


def judged(
    data: Path, stem: str, frames: int, ways: Sequence[str], seed: int
) -> dict[str, dict[str, float]]:
    """AP of each way for windows in which growth stops, and for those in which it has stopped."""
    shape = WindowShape(frames - frames // 3, frames // 3)
    curves, kinds = zip(*windows(data, stem, frames), strict=True)
    found: dict[str, dict[str, float]] = {"windows": {}, "share": {}, "slope": {}}
    for kind in ("stopping", "stopped"):
        chosen = pool(np.array(kinds), kind)
        truth = np.array([kinds[index] == kind for index in chosen])
        if truth.sum() < FEWEST:
            continue
        judged_curves = [curves[index] for index in chosen]
        found["windows"][kind], found["share"][kind] = int(truth.sum()), float(truth.mean())
        found["slope"][kind] = average_precision(truth, slope_scores(judged_curves))
        for way in ways:
            scores = [score.score for score in WAYS[way].judge(judged_curves, shape, seed)]
            found.setdefault(way, {})[kind] = average_precision(truth, np.array(scores))
            print(f"{stem}, {kind}, seed {seed}, {way}: {found[way][kind]:.3f}", flush=True)
    return found


def pool(kinds: np.ndarray, kind: str) -> np.ndarray:
    """Indices of all normal windows, and of those of a kind, or as many as may be among them."""
    normal, of_kind = np.flatnonzero(kinds == ""), np.flatnonzero(kinds == kind)
    most = int(len(normal) * LARGEST_SHARE / (1 - LARGEST_SHARE))
    drawn = np.random.default_rng(0).permutation(of_kind)[:most]
    return np.sort(np.concatenate([normal, drawn]))


def table(results: dict[str, dict]) -> str:
    """Rows are ways, columns recordings and kinds; mean and deviation over seeds."""
    recordings = dict.fromkeys(key.rpartition("|")[0] for key in results)
    columns = [(name, kind) for name in recordings for kind in ("stopping", "stopped")]
    heads = [f"{kind}, {name}" for name, kind in columns]
    lines = [f"| AP | {' | '.join(heads)} |", "|---" * (1 + len(columns)) + "|"]
    for row in ("windows", "share", "slope", *WAYS):
        cells = [_cell(results, row, *column) for column in columns]
        if set(cells) != {"-"}:
            lines.append(f"| {row} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(results: dict[str, dict], row: str, name: str, kind: str) -> str:
    runs = [run for key, run in results.items() if key.startswith(f"{name}|")]
    values = [run[row][kind] for run in runs if kind in run.get(row, {})]
    if not values:
        return "-"
    if row == "windows":
        return str(values[0])
    return f"{np.mean(values):.2f}" + (f" ± {np.std(values):.2f}" if row in WAYS else "")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--frames", type=int, nargs="+", default=[24])
    parser.add_argument("--ways", nargs="+", default=list(WAYS), choices=WAYS)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--work", type=Path, default=Path("benchmarks/results"))
    args = parser.parse_args()
    prepare_cpu(1)
    args.work.mkdir(parents=True, exist_ok=True)
    target = args.work / "growth_arrest.json"
    results = json.loads(target.read_text()) if target.exists() else {}
    for stem in LAST_BIRTHS_AND_ARREST:
        for frames in args.frames:
            for seed in args.seeds:
                data = args.data / "timeseries" / "mother_machine"
                key = f"{stem.split('_')[2]}, {frames} frames|{seed}"
                found = judged(data, stem, frames, args.ways, seed)
                results[key] = {**results.get(key, {}), **found}
                target.write_text(json.dumps(results, indent=1))
    print(table(results))


if __name__ == "__main__":
    main()
