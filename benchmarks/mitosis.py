"""Does the mitosis pipeline find divisions on a part of the field that it never saw?

A detector learns from the left half of a movie, all of whose frames are annotated, and is tested on
the right half: F1 at a radius of 10 px and 1 or 3 frames, at the threshold that it was trained for.
The study `options` changes one thing at a time; the study `lengths` changes k, and has M1 and M2
choose it, too, from the left half alone. `simulated` learns from 18 frames of a simulated movie,
and is tested on the frames after them. Results are added to benchmarks/results.

    python benchmarks/mitosis.py options nuclei_left --seeds 0 1 2
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from halves import read_halves
from numpy.typing import NDArray

from cell_events.engine.device import choose_device, prepare_cpu
from cell_events.engine.model_file import load_model
from cell_events.events import Event
from cell_events.matching import match_events
from cell_events.mitosis.annotated_movie import AnnotatedMovie
from cell_events.mitosis.cell_map import CellMapSettings, TrainedCellMap, all_maps, train_cell_map
from cell_events.mitosis.detect import detect_mitoses
from cell_events.mitosis.event_lengths import (
    EventLengthSettings,
    TrainedEventLengths,
    predicted_events,
    train_event_lengths,
)
from cell_events.mitosis.frames import FrameSource, ShrunkenFrames
from cell_events.mitosis.length_statistics import found_events, sequence_length
from cell_events.mitosis.map_choice import map_qualities, proposed_map
from cell_events.mitosis.points import AnnotatedFrames
from cell_events.mitosis.train import TrainedDetector, train_detector
from cell_events.mitosis.train_settings import MitosisTrainSettings
from cell_events.movie import Movie, open_movie
from cell_events.simulation import PHASE_CONTRAST_CELLS, simulated_movie
from cell_events.time_arrow import shipped_model
from cell_events.time_arrow.features import DenseFeatures
from cell_events.time_arrow.network import TimeArrowNetwork
from cell_events.time_arrow.pooled_features import PooledFeatures

RADIUS_PX = 10
SHRINK = {"nuclei_left": 2, "psc02": 2, "simulated": 3}
LENGTHS = (4, 6, 8, 10)
OPTIONS_LENGTH = 6
SIMULATED_FRAMES = AnnotatedFrames(10, 27)


@dataclass(frozen=True)
class Part:
    """A movie, or a part of one, and the divisions in it."""

    movie: Movie
    events: tuple[Event, ...]
    annotated: AnnotatedFrames


def parts_of(name: str, data: Path, half: int) -> tuple[Part, Part]:
    """What is learned from, and what is tested on."""
    if name == "simulated":
        return simulated_parts()
    halves = read_halves(data, name)
    learned, tested = (
        Part(part.movie, part.events, AnnotatedFrames(0, part.movie.n_frames - 1))
        for part in (halves[half], halves[1 - half])
    )
    return learned, tested


def simulated_parts() -> tuple[Part, Part]:
    """18 frames to learn from, and the frames behind them."""
    frames, events = simulated_movie(PHASE_CONTRAST_CELLS)
    divisions = [event for event in events if event.kind == "division"]
    learned = tuple(event for event in divisions if event.t in SIMULATED_FRAMES)
    after = SIMULATED_FRAMES.last + 1
    rest = tuple(Event(e.t - after, e.y, e.x) for e in divisions if e.t >= after)
    movie = open_movie(frames)
    later = movie.crop(frames=slice(after, None))
    return (
        Part(movie.crop(frames=slice(0, after)), learned, SIMULATED_FRAMES),
        Part(later, rest, AnnotatedFrames(0, later.n_frames - 1)),
    )


def source_of(movie: Movie, shrink: int, reads: str, device: str) -> FrameSource:
    """What the detector reads: grey values, or time-arrow features of the shipped model."""
    if reads == "grey values":
        return ShrunkenFrames(movie, shrink)
    path = shipped_model()
    assert path is not None
    network = load_model(path, device)[0]
    assert isinstance(network, TimeArrowNetwork)
    return PooledFeatures(DenseFeatures(movie, network, device), shrink)


def cell_masks(movie: Movie, shrink: int, seed: int, device: str) -> NDArray[np.bool_]:
    """M1: the proposed map of the cells, (T, Y, X)."""
    frames = ShrunkenFrames(movie, shrink)
    *_, trained = train_cell_map(frames, CellMapSettings(seed=seed), device)
    assert isinstance(trained, TrainedCellMap)
    chosen = proposed_map(map_qualities(trained.network, frames, 1))
    every = range(movie.n_frames)
    return np.stack([all_maps(trained.network, frames.read(t), 1)[chosen] for t in every])


def predicted(masks: NDArray[np.bool_], seed: int, device: str) -> Iterator[NDArray[np.float32]]:
    """M2: the probability of an event, frame after frame."""
    settings = EventLengthSettings(seed=seed)
    *_, trained = train_event_lengths(masks, settings, device)
    assert isinstance(trained, TrainedEventLengths)
    return predicted_events(trained.network, masks, settings, device)


def planned(
    movie: Movie, shrink: int, seed: int, device: str
) -> tuple[int, int, NDArray[np.bool_]]:
    """Length k by M1 and M2, number of predicted events, and where they are (T, Y, X)."""
    maps = np.stack(list(predicted(cell_masks(movie, shrink, seed, device), seed, device)))
    events = found_events(iter(maps), 0.5)
    return sequence_length(events), len(events), maps >= 0.5


def tried(
    learned: Part, tested: Part, shrink: int, changes: dict[str, Any], args: argparse.Namespace
) -> dict[str, float]:
    """Train one detector and test it."""
    changes = dict(changes)
    reads, hard = changes.pop("reads", "grey values"), changes.pop("hard", None)
    settings = MitosisTrainSettings(**changes)
    frames = source_of(learned.movie, shrink, reads, args.device)
    movie = AnnotatedMovie(frames, learned.events, learned.annotated, hard)
    started = time.monotonic()
    *_, trained = train_detector([movie], settings, args.device)
    assert isinstance(trained, TrainedDetector)
    seconds = time.monotonic() - started
    frames = source_of(tested.movie, shrink, reads, args.device)
    *_, last = detect_mitoses(frames, trained.network, trained.detection())
    scores: dict[str, float] = {"seconds": seconds, "steps": trained.steps}
    for tolerance in (1, 3):
        found = match_events(last.events, tested.events, radius_px=RADIUS_PX, frames=tolerance)
        scores |= {
            f"F1_{tolerance}": found.f1,
            f"precision_{tolerance}": found.precision,
            f"recall_{tolerance}": found.recall,
        }
    return scores


PAPER: dict[str, Any] = {"batch": 4, "crop": 48, "steps": 1000}
"""The paper's detector, but on squares instead of whole frames, so that a row takes minutes."""

OURS: dict[str, Any] = {**PAPER, "scores": "mean", "fit_threshold": True}

OPTIONS: dict[str, dict[str, Any]] = {
    "paper": PAPER,
    "weighted loss": {**PAPER, "loss": "weighted"},
    "focal loss": {**PAPER, "loss": "focal"},
    "Dice loss": {**PAPER, "loss": "dice"},
    "group normalisation": {**PAPER, "normalisation": "group"},
    "Adam, cosine": {**PAPER, "optimizer": "adam", "schedule": "cosine", "learning_rate": 3e-3},
    "early stopping": {**PAPER, "held_out": 0.25, "patience": 3},
    "mean scores, fitted threshold": {**PAPER, "scores": "mean", "fit_threshold": True},
    "time of the peak": {**PAPER, "time": "peak"},
    "edge frames left out": {**PAPER, "edge_frames": 3},
    "hard negatives of M2": {**PAPER, "hard": True},
    "time-arrow features": {**PAPER, "reads": "time arrow"},
    "ours": OURS,
}


def rows_of(
    study: str, learned: Part, shrink: int, seed: int, args: argparse.Namespace
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and settings of each row of a study."""
    if study == "lengths":
        lengths = {f"k = {length}": length for length in args.lengths}
        if args.plan:
            chosen, events, _ = planned(learned.movie, shrink, seed, args.device)
            print(f"seed {seed}: M2 predicts {events} events and chooses k = {chosen}", flush=True)
            lengths[f"M2's k = {chosen}"] = chosen
        for name, length in lengths.items():
            yield name, {**OURS, "length": min(length, len(learned.annotated)), "seed": seed}
        return
    for name in args.rows or (OPTIONS if study == "options" else ("paper", "ours")):
        settings = {**OPTIONS[name], "length": args.length, "seed": seed}
        if settings.get("hard"):
            settings["hard"] = planned(learned.movie, shrink, seed, args.device)[2]
        yield name, settings


def run_study(name: str, args: argparse.Namespace) -> None:
    """Fill the results file of one movie, and print its table."""
    learned, tested = parts_of(name, args.data, args.half)
    shrink = args.shrink or SHRINK[name]
    target = args.work / f"mitosis-{args.study}-{name}-{args.half}-shrink{shrink}.json"
    results = json.loads(target.read_text()) if target.exists() else {}
    print(f"{name}: {len(learned.events)} divisions to learn from, {len(tested.events)} to find")
    for seed in args.seeds:
        for row, settings in rows_of(args.study, learned, shrink, seed, args):
            if str(seed) not in results.setdefault(row, {}):
                results[row][str(seed)] = tried(learned, tested, shrink, settings, args)
                target.write_text(json.dumps(results, indent=1))
            shown = {key: round(value, 2) for key, value in results[row][str(seed)].items()}
            print(f"seed {seed} {row}: {shown}", flush=True)
    print(table(results))


def table(results: dict[str, dict[str, dict[str, float]]]) -> str:
    """Markdown table of means and standard deviations over seeds."""
    columns = ("F1_1", "F1_3", "precision_3", "recall_3", "seconds")
    lines = [f"| | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]
    for row, by_seed in results.items():
        values = [[scores[name] for scores in by_seed.values()] for name in columns]
        cells = [f"{statistics.mean(v):.2f} ± {statistics.pstdev(v):.2f}" for v in values[:-1]]
        cells.append(f"{statistics.mean(values[-1]):.0f}")
        lines.append(f"| {row} ({len(by_seed)}) | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("study", choices=["options", "lengths", "simulated"], nargs="?")
    parser.add_argument("movies", nargs="*")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--work", type=Path, default=Path("benchmarks/results"))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--half", type=int, default=0, help="half to learn from")
    parser.add_argument("--shrink", type=int, help="instead of the one for each movie")
    parser.add_argument("--length", type=int, default=OPTIONS_LENGTH, help="k of the options")
    parser.add_argument("--lengths", type=int, nargs="*", default=LENGTHS)
    parser.add_argument("--no-plan", dest="plan", action="store_false", help="no k by M1 and M2")
    parser.add_argument("--rows", nargs="*", help="of the options; default: all")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int)
    args = parser.parse_args()
    prepare_cpu(args.threads)
    args.device = str(choose_device(args.device))
    args.work.mkdir(parents=True, exist_ok=True)
    for study in [args.study] if args.study else ["simulated", "options", "lengths"]:
        args.study = study
        movies = ["simulated"] if study == "simulated" else args.movies or ["nuclei_left", "psc02"]
        for name in movies:
            run_study(name, args)


if __name__ == "__main__":
    main()
