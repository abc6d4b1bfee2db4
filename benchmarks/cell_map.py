"""Does the map that M1 proposes show the cells of a movie, and no matter which seed?

Maps are learned without annotation, for each shrink and seed, by our network and by that of the
paper, and one of them is proposed. The objects of a map are compared with the labelled cells of
frames spread over the movie: a cell is met if exactly one object overlaps it and that object
overlaps no other cell; objects that overlap no cell are false, unless their middle lies closer to
the border than 25 px, where not all cells are labelled. F1 counts cells met among cells and
objects. "best" is the map with the highest F1, which only the labels tell. "mothers" are the cells
of the last frame before they divide. Movies without labels are mapped, too, and all maps drawn.

    python benchmarks/cell_map.py psc02 nuclei_left hela_h2b phase fluorescence --seeds 0 1 2
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy import ndimage

from cell_events.engine.device import prepare_cpu
from cell_events.mitosis.cell_map import (
    CellMapSettings,
    TrainedCellMap,
    all_maps,
    train_cell_map,
)
from cell_events.mitosis.cell_map_network import CellMapNetwork
from cell_events.mitosis.frames import ShrunkenFrames
from cell_events.mitosis.map_choice import MapQuality, map_qualities, proposed_map
from cell_events.mitosis.shrink_choice import object_width_px, proposed_shrink
from cell_events.movie import Movie, open_movie
from cell_events.simulation import SimulationSettings, simulated_movie
from cell_events.simulation.render import RenderSettings

SIMULATED = {"phase": "phase contrast", "fluorescence": "fluorescence"}
BORDER_PX = 25
N_FRAMES = 6
EROSION = 1


@dataclass(frozen=True)
class Truth:
    """Labelled cells (T, Y, X), and the labels of cells that divide after each frame."""

    labels: NDArray[np.uint16]
    mothers: dict[int, set[int]]


def read_movie(data: Path, name: str) -> Movie:
    if name in SIMULATED:
        settings = SimulationSettings(imaging=RenderSettings(look=SIMULATED[name]))
        return open_movie(simulated_movie(settings)[0])
    return open_movie(data / f"{name}_movie.tif", axes="TYX")


def read_truth(data: Path, name: str) -> Truth | None:
    if not (data / f"{name}_labels.tif").exists():
        return None
    movie = open_movie(data / f"{name}_labels.tif", axes="TYX")
    mothers: dict[int, set[int]] = {}
    with (data / f"{name}_divisions.csv").open() as file:
        for row in csv.DictReader(file):
            mothers.setdefault(int(row["t"]) - 1, set()).add(int(row["parent"]))
    return Truth(np.stack([movie.read(t) for t in range(movie.n_frames)]), mothers)


@dataclass
class Meetings:
    """Counts over frames, of one map."""

    cells: int = 0
    met: int = 0
    split: int = 0
    merged: int = 0
    objects: int = 0
    false: int = 0
    mothers: int = 0
    mothers_met: int = 0

    def add(self, binary: NDArray[np.bool_], shrink: int, truth: Truth, t: int) -> None:
        labels = truth.labels[t]
        objects, count = ndimage.label(binary)
        rows, columns = (np.arange(side) // shrink for side in labels.shape)
        shown = objects[np.ix_(rows, columns)]
        both = (labels > 0) & (shown > 0)
        pairs = np.unique(np.stack([labels[both], shown[both]], axis=1), axis=0)
        objects_of_cell = np.bincount(pairs[:, 0], minlength=labels.max() + 1)
        cells_of_object = np.bincount(pairs[:, 1], minlength=count + 1)
        single = pairs[objects_of_cell[pairs[:, 0]] == 1]
        met = set(single[cells_of_object[single[:, 1]] == 1][:, 0].tolist())
        cells = set(np.unique(labels[labels > 0]).tolist())
        self.cells += len(cells)
        self.met += len(met)
        self.split += int(np.count_nonzero(objects_of_cell > 1))
        self.merged += len(single) - len(met)
        self._add_false(objects, cells_of_object, shrink, labels.shape)
        mothers = truth.mothers.get(t, set()) & cells
        self.mothers += len(mothers)
        self.mothers_met += len(mothers & met)

    def _add_false(
        self,
        objects: NDArray[np.int_],
        cells_of_object: NDArray[np.int_],
        shrink: int,
        shape: tuple[int, ...],
    ) -> None:
        numbers = np.arange(1, len(cells_of_object))
        middles = np.array(ndimage.center_of_mass(objects > 0, objects, numbers)).reshape(-1, 2)
        middles = middles * shrink + (shrink - 1) / 2
        inside = np.all((middles > BORDER_PX) & (middles < np.array(shape) - BORDER_PX), axis=1)
        is_false = cells_of_object[1:] == 0
        self.false += int(np.count_nonzero(is_false & inside))
        self.objects += int(np.count_nonzero(~is_false | inside))

    def shares(self) -> dict[str, float]:
        each = {name: getattr(self, name) / max(1, self.cells) for name in ("met", "split")}
        return {
            **each,
            "merged": self.merged / max(1, self.cells),
            "false": self.false / max(1, self.objects),
            "f1": 2 * self.met / max(1, self.cells + self.objects),
            "mothers_met": self.mothers_met / max(1, self.mothers),
        }


def compared(
    network: CellMapNetwork, frames: ShrunkenFrames, truth: Truth
) -> list[dict[str, float]]:
    """Shares for each map: over spread frames, and for mothers over all frames before divisions."""
    spread = set(np.linspace(0, frames.shape[0] - 1, N_FRAMES).round().astype(int).tolist())
    everywhere = [Meetings() for _ in range(network.maps)]
    mothers = [Meetings() for _ in range(network.maps)]
    for t in sorted(spread | set(truth.mothers)):
        maps = all_maps(network, frames.read(t), EROSION)
        for index, binary in enumerate(maps):
            for meetings, times in ((everywhere, spread), (mothers, truth.mothers)):
                if t in times:
                    meetings[index].add(binary, frames.shrink, truth, t)
    shares = [found.shares() for found in everywhere]
    for share, found in zip(shares, mothers, strict=True):
        share["mothers_met"] = found.shares()["mothers_met"]
    return shares


def run(name: str, shrink: int, seed: int, way: str, args: argparse.Namespace) -> dict[str, object]:
    """Learn, propose, compare and draw."""
    frames = ShrunkenFrames(read_movie(args.data, name), shrink)
    steps = {} if args.steps is None else {"steps": args.steps}
    settings = CellMapSettings(seed=seed, as_published=way == "as published", **steps)
    started = time.process_time()
    *_, trained = train_cell_map(frames, settings)
    assert isinstance(trained, TrainedCellMap)
    seconds = time.process_time() - started
    qualities = map_qualities(trained.network, frames, EROSION)
    try:
        proposed = proposed_map(qualities)
    except ValueError:
        proposed = None
    picture = args.work / f"cell_map-{name}-{shrink}-{way.replace(' ', '_')}-seed{seed}.png"
    draw(picture, trained.network, frames, qualities, proposed)
    truth = read_truth(args.data, name)
    return {
        "processor_seconds": seconds,
        "proposed": proposed,
        "dead": sum(quality.dead for quality in qualities),
        "qualities": [asdict(quality) for quality in qualities],
        "maps": compared(trained.network, frames, truth) if truth else None,
    }


def draw(
    path: Path,
    network: CellMapNetwork,
    frames: ShrunkenFrames,
    qualities: tuple[MapQuality, ...],
    proposed: int | None,
) -> None:
    """The first, middle and last frame, and beneath each its maps; the proposed one in red."""
    times = [0, frames.shape[0] // 2, frames.shape[0] - 1]
    figure = Figure(figsize=(12, 4.2 * (1 + network.maps)), layout="constrained")
    axes = figure.subplots(1 + network.maps, 3)
    for column, t in enumerate(times):
        axes[0, column].imshow(frames.read(t)[0], cmap="gray", vmin=0, vmax=1)
        axes[0, column].set_title(f"frame {t}")
        for index, binary in enumerate(all_maps(network, frames.read(t), EROSION)):
            axes[1 + index, column].imshow(binary, cmap="gray", interpolation="nearest")
            axes[1 + index, column].set_title(
                f"{index}: {qualities[index].reason} ({qualities[index].score:.2f})",
                color="red" if index == proposed else "black",
                fontsize=9,
            )
    for axis in axes.flat:
        axis.set_axis_off()
    figure.savefig(path, dpi=60)


def table(results: dict[str, dict[str, object]]) -> str:
    """Rows as Markdown: mean over the seeds, and the worst one where it matters."""
    groups: dict[tuple[str, str, str], list[dict]] = {}
    for key, result in sorted(results.items()):
        name, shrink, way, _ = key.split("|")
        groups.setdefault((name, shrink, way), []).append(result)
    lines = [
        "| movie | shrink | network | seeds | met | worst | split | merged | false | F1 | best F1 "
        "| mothers met | objects | dead maps | s |",
        "|---" * 15 + "|",
    ]
    for (name, shrink, way), runs in groups.items():
        cells = [f"`{name}`", shrink, way, str(len(runs)), *_shares(runs)]
        alive = [run["qualities"][run["proposed"]] for run in runs if run["proposed"] is not None]
        cells.append(f"{np.mean([q['objects_per_frame'] for q in alive] or [0]):.0f}")
        cells.append(f"{np.mean([run['dead'] for run in runs]):.1f}")
        cells.append(f"{np.mean([run['processor_seconds'] for run in runs]):.0f}")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _shares(runs: list[dict]) -> list[str]:
    if runs[0]["maps"] is None:
        return ["-"] * 8
    nothing = dict.fromkeys(runs[0]["maps"][0], 0.0)
    chosen = [nothing if r["proposed"] is None else r["maps"][r["proposed"]] for r in runs]
    values = {name: [share[name] for share in chosen] for name in nothing}
    best = [max(share["f1"] for share in run["maps"]) for run in runs]
    shown = [np.mean(values["met"]), min(values["met"])]
    shown += [np.mean(values[name]) for name in ("split", "merged", "false", "f1")]
    return [f"{value:.2f}" for value in (*shown, np.mean(best), np.mean(values["mothers_met"]))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("movies", nargs="*", default=["psc02", "nuclei_left"])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--work", type=Path, default=Path("benchmarks/results"))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--shrinks", type=int, nargs="*", help="default: the proposed one")
    parser.add_argument("--ways", nargs="*", default=["ours"], help="ours, as published")
    parser.add_argument("--steps", type=int)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    prepare_cpu(args.threads)
    args.work.mkdir(parents=True, exist_ok=True)
    target = args.work / "cell_map.json"
    for name in args.movies:
        movie = read_movie(args.data, name)
        width, shrink = object_width_px(movie), proposed_shrink(movie)
        print(f"{name}: objects {width:.1f} px wide, so shrink {shrink} is proposed", flush=True)
        for seed in args.seeds:
            for chosen in args.shrinks or [shrink]:
                for way in args.ways:
                    results = json.loads(target.read_text()) if target.exists() else {}
                    key = f"{name}|{chosen}|{way}|{seed}"
                    if key not in results:
                        results[key] = run(name, chosen, seed, way, args)
                        target.write_text(json.dumps(results, indent=1))
                    print(key, flush=True)
    print(table(json.loads(target.read_text())))


if __name__ == "__main__":
    main()
