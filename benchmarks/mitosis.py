"""Does the mitosis pipeline find divisions on a part of the field that it never saw?

A detector learns from the left half of a movie, all of whose frames are annotated, and is tested on
the right half: F1 at a radius of 10 px and 1 or 3 frames, for several ways to put windows together.
`options` changes one setting at a time; `lengths` changes k, and has M1 and M2 choose it, too, from
the left half alone; `paper` learns as the paper does. `simulated` learns from 18 frames of a
simulated movie, and is tested on another field. Results are added to benchmarks/results.

    python benchmarks/mitosis.py options nuclei_left --seeds 0 1 2
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from halves import read_halves
from numpy.typing import NDArray

from cell_events.engine.device import choose_device, prepare_cpu
from cell_events.events import Event
from cell_events.jobs.detector_frames import frames_read, frozen_features
from cell_events.matching import match_events
from cell_events.mitosis.annotated_movie import AnnotatedMovie
from cell_events.mitosis.cell_map import CellMapSettings, TrainedCellMap, all_maps, train_cell_map
from cell_events.mitosis.cell_masks import SteadyMasks, stacked_masks
from cell_events.mitosis.detect import detect_mitoses
from cell_events.mitosis.event_lengths import (
    EventLengthSettings,
    TrainedEventLengths,
    predicted_events,
    train_event_lengths,
)
from cell_events.mitosis.fitted_threshold import fit_threshold
from cell_events.mitosis.frames import ShrunkenFrames
from cell_events.mitosis.length_statistics import found_events, sequence_length
from cell_events.mitosis.map_choice import map_qualities, proposed_map
from cell_events.mitosis.points import AnnotatedFrames
from cell_events.mitosis.shrink_choice import proposed_shrink
from cell_events.mitosis.train import TrainedDetector, train_detector
from cell_events.mitosis.train_settings import EventTime, MitosisTrainSettings, Scores
from cell_events.movie import Movie, open_movie
from cell_events.simulation import PHASE_CONTRAST_CELLS, simulated_movie

RADIUS_PX = 10
STEADY = 5
Results = dict[str, dict[str, dict[str, dict[str, float]]]]
SHRINK = {"nuclei_left": 4, "psc02": 3, "simulated": 3}
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
    """18 frames to learn from, and a field with other cells."""
    parts = []
    for seed, annotated in ((11, SIMULATED_FRAMES), (12, None)):
        frames, events = simulated_movie(replace(PHASE_CONTRAST_CELLS, seed=seed))
        every = annotated or AnnotatedFrames(0, len(frames) - 1)
        divisions = tuple(e for e in events if e.kind == "division" and e.t in every)
        parts.append(Part(open_movie(frames), divisions, every))
    return parts[0], parts[1]


def cell_masks(movie: Movie, shrink: int, seed: int, device: str) -> NDArray[np.bool_]:
    """M1: the proposed map of the cells, (T, Y, X)."""
    frames = ShrunkenFrames(movie, shrink)
    *_, trained = train_cell_map(frames, CellMapSettings(seed=seed), device)
    assert isinstance(trained, TrainedCellMap)
    chosen = proposed_map(map_qualities(trained.network, frames, 1))
    every = range(movie.n_frames)
    masks = np.stack([all_maps(trained.network, frames.read(t), 1)[chosen] for t in every])
    return stacked_masks(SteadyMasks(masks, STEADY), 0, movie.n_frames - 1)


def predicted(masks: NDArray[np.bool_], seed: int, device: str) -> Iterator[NDArray[np.float32]]:
    """M2: the probability of an event, frame after frame."""
    settings = EventLengthSettings(seed=seed)
    *_, trained = train_event_lengths(masks, settings, device)
    assert isinstance(trained, TrainedEventLengths)
    return predicted_events(trained.network, masks, settings, device)


def planned(movie: Movie, shrink: int, seed: int, device: str) -> tuple[int, int]:
    """Length k by M1 and M2, and the number of predicted events."""
    events = found_events(predicted(cell_masks(movie, shrink, seed, device), seed, device), 0.5)
    return sequence_length(events), len(events)


def tried(
    learned: Part, tested: Part, shrink: int, changes: dict[str, Any], args: argparse.Namespace
) -> dict[str, dict[str, float]]:
    """Train one detector, and test it in all ways to put its windows together."""
    changes = dict(changes)
    features = changes.pop("features", None)
    settings = MitosisTrainSettings(**changes)
    frozen = features and frozen_features(None, args.device)
    frames = frames_read(learned.movie, shrink, frozen, args.device)
    movie = AnnotatedMovie(frames, learned.events, learned.annotated)
    started = time.process_time()
    *_, trained = train_detector([movie], settings, args.device, features=frozen)
    assert isinstance(trained, TrainedDetector)
    seconds = time.process_time() - started
    seen = frames_read(tested.movie, shrink, frozen, args.device)
    results = {}
    for way, (scores, moment, fits) in WAYS.items():
        asked = replace(settings, scores=scores, time=moment)
        fitted = fit_threshold([movie], trained.network, asked) if fits else None
        detection = replace(trained, settings=asked, fitted=fitted).detection()
        *_, last = detect_mitoses(seen, trained.network, detection)
        results[way] = {"seconds": seconds, "steps": trained.steps, **scored(last.events, tested)}
    return results


def scored(found: Sequence[Event], tested: Part) -> dict[str, float]:
    """F1, precision and recall at 1 and 3 frames."""
    scores = {}
    for frames in (1, 3):
        matching = match_events(found, tested.events, radius_px=RADIUS_PX, frames=frames)
        scores[f"F1_{frames}"] = matching.f1
        scores[f"precision_{frames}"] = matching.precision
        scores[f"recall_{frames}"] = matching.recall
    return scores


SQUARES: dict[str, Any] = {"batch": 4, "crop": 32, "steps": 500}
OURS: dict[str, Any] = {
    **SQUARES,
    "features": "time-arrow",
    "loss": "dice",
    "normalisation": "batch",
    "optimizer": "adam",
    "schedule": "cosine",
    "learning_rate": 1e-2,
}
OWN_OPTIMISER = {"optimizer": "rmsprop", "schedule": "constant", "learning_rate": 1e-3}

OPTIONS: dict[str, dict[str, Any]] = {
    "ours": OURS,
    "ours, of grey values": {**OURS, "features": None},
    "ours, cross entropy": {**OURS, "loss": "cross entropy"},
    "ours, no normalisation": {**OURS, "normalisation": "none"},
    "ours, RMSprop": {**OURS, **OWN_OPTIMISER},
    "ours, early stopping": {**OURS, "held_out": 0.25, "patience": 3, "validate_every": 50},
    "the paper's, 500 squares": SQUARES,
}
WAYS: dict[str, tuple[Scores, EventTime, bool]] = {
    "mean, fitted": ("mean", "centre", True),
    "mean, fitted, peak": ("mean", "peak", True),
    "mean": ("mean", "centre", False),
    "binary": ("binary", "centre", False),
    "binary, fitted": ("binary", "centre", True),
}
PAPERS_WAY, OUR_WAY = "binary", "mean, fitted"


def rows_of(
    study: str, learned: Part, seed: int, args: argparse.Namespace
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and settings of each row of a study."""
    if study == "lengths":
        lengths = {f"k = {length}": length for length in args.lengths}
        if args.plan:
            fine = proposed_shrink(learned.movie)
            try:
                chosen, events = planned(learned.movie, fine, seed, args.device)
            except ValueError as refusal:
                print(f"seed {seed}: M2 refuses: {refusal}", flush=True)
            else:
                print(f"seed {seed}: M2 predicts {events} events, so k = {chosen}", flush=True)
                lengths[f"M2's k = {chosen}"] = chosen
        for name, length in lengths.items():
            yield name, {**OURS, "length": min(length, len(learned.annotated)), "seed": seed}
        return
    if study == "paper":
        name = f"the paper's, {args.paper_steps} steps on whole frames"
        yield name, {"steps": args.paper_steps, "length": args.length, "seed": seed}
        return
    for name in args.rows or (OPTIONS if study == "options" else ("ours",)):
        settings = {**OPTIONS[name], "length": args.length, "seed": seed}
        yield name, settings


def run_study(name: str, args: argparse.Namespace) -> None:
    """Fill the results file of one movie, and print its table."""
    learned, tested = parts_of(name, args.data, args.half)
    shrink = args.shrink or SHRINK[name]
    target = args.work / f"mitosis-{args.study}-{name}-{args.half}-shrink{shrink}.json"
    results = json.loads(target.read_text()) if target.exists() else {}
    print(f"{name}: {len(learned.events)} divisions to learn from, {len(tested.events)} to find")
    for seed in args.seeds:
        for row, settings in rows_of(args.study, learned, seed, args):
            if str(seed) not in results.setdefault(row, {}):
                results[row][str(seed)] = tried(learned, tested, shrink, settings, args)
                target.write_text(json.dumps(results, indent=1))
            for way, scores in results[row][str(seed)].items():
                shown = {key: round(value, 2) for key, value in scores.items()}
                print(f"seed {seed} {row}, {way}: {shown}", flush=True)
    print(table(results))


def table(results: Results) -> str:
    """Markdown table of means and standard deviations over seeds."""
    columns = ("F1_1", "F1_3", "precision_3", "recall_3", "seconds")
    lines = [f"| | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]
    for row, by_seed in results.items():
        for way in WAYS:
            values = [[ways[way][name] for ways in by_seed.values()] for name in columns]
            cells = [f"{statistics.mean(v):.2f} ± {statistics.pstdev(v):.2f}" for v in values[:-1]]
            cells.append(f"{statistics.mean(values[-1]):.0f}")
            lines.append(f"| {row}; {way} ({len(by_seed)}) | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("study", choices=["options", "lengths", "simulated", "paper"], nargs="?")
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
    parser.add_argument("--paper-steps", type=int, default=6000)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int)
    args = parser.parse_args()
    prepare_cpu(args.threads)
    args.device = str(choose_device(args.device))
    args.work.mkdir(parents=True, exist_ok=True)
    for study in [args.study] if args.study else ["simulated", "options", "lengths", "paper"]:
        args.study = study
        movies = ["simulated"] if study == "simulated" else args.movies or ["nuclei_left", "psc02"]
        for name in movies:
            run_study(name, args)


if __name__ == "__main__":
    main()
