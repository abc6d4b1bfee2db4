"""Which features and heads recognise divisions on a half of the field never trained on?

Classifiers are trained on the painted divisions of the left half of a movie, on features of the
shipped time-arrow network (optionally trained further on that half alone), and tested on the
right half: crop pairs by recall and balanced precision, detections by F1 at a radius of 10 px and
1 or 3 frames and the default threshold, and by average precision. Rows are the strategies of
Chen et al. 2024 (A: time-arrow features, B: a random network, C: fine-tuned; 0: linear head, 1:
ResNet), and our own head with rehearsals. Run it again with other seeds to add to the same file.

    python benchmarks/recognition.py nuclei_left --data ../shared/data --seeds 0 1 2
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from halves import Half, read_halves

from cell_events.engine.device import prepare_cpu
from cell_events.engine.model_file import load_model, save_model
from cell_events.events import Event
from cell_events.matching import Tolerance, match_events
from cell_events.recognition.classifier import EventClassifier, HeadSettings
from cell_events.recognition.crops import CropSettings
from cell_events.recognition.detect import DetectSettings, detect_events
from cell_events.recognition.labelling import labelled_crops
from cell_events.recognition.peaks import PeakSettings
from cell_events.recognition.splits import SplitSettings
from cell_events.recognition.train import TrainedClassifier, train_head
from cell_events.recognition.train_settings import TrainHeadSettings, strategy
from cell_events.time_arrow import shipped_model
from cell_events.time_arrow.crops import CropSettings as ArrowCropSettings
from cell_events.time_arrow.features import DenseFeatures
from cell_events.time_arrow.network import TimeArrowNetwork
from cell_events.time_arrow.pretrain import PretrainSettings, TimeArrowTask, pretrain
from cell_events.trust.event_scores import SCORE, event_scores
from cell_events.trust.outcomes import outcomes

RADIUS_PX = 10
OURS = HeadSettings("pyramid")
ROWS = {
    "A0": (*strategy("A0"), True),
    "B0": (*strategy("B0"), True),
    "A1": (*strategy("A1"), True),
    "B1": (*strategy("B1"), True),
    "C1": (*strategy("C1"), True),
    "A ours": ("frozen", OURS, False),
    "B ours": ("random", OURS, False),
}


def time_arrow(
    name: str, half: Half, other: Half, seed: int, args: argparse.Namespace
) -> TimeArrowNetwork:
    """The shipped network, trained on with one half of the movie; kept in a file per seed."""
    network, header = load_model(args.tap or shipped_model())
    assert isinstance(network, TimeArrowNetwork)
    path = args.work / f"{name}-{args.half}-seed{seed}-{args.pairs}.safetensors"
    if path.exists():
        network, header = load_model(path)
        assert isinstance(network, TimeArrowNetwork)
        return network
    settings = PretrainSettings(
        epochs=max(1, args.pairs // 2048),
        pairs_per_epoch=2048,
        batch_size=64,
        seed=seed,
        learning_rate=5e-4,
        validation_pairs=1024,
        crops=ArrowCropSettings(size=48),
    )
    task = TimeArrowTask(network, [half.movie], [other.movie], settings)
    provenance = {"accuracy before": task.validate()["accuracy"]}
    if args.pairs:
        for report in pretrain(network, [half.movie], [other.movie], settings):
            if report.metrics:
                provenance["accuracy after"] = report.metrics["accuracy"]
                print(f"  TAP {report.step}: {report.metrics['accuracy']:.3f}", flush=True)
    save_model(path, network, replace(header, provenance=provenance))
    print(f"{path.name}: {provenance}", flush=True)
    return network


def test_crops(classifier: EventClassifier, half: Half, crops: CropSettings) -> dict[str, float]:
    """Precision and recall of the crop pairs of a half, and of a balanced half of them."""
    table = labelled_crops(half.mask, crops)
    features = DenseFeatures(half.movie, classifier.tap)
    side, size = classifier.margin, classifier.size
    from cell_events.recognition.gather import feature_reader, gather

    shown = torch.empty(len(table), 2, classifier.tap.channels, *[size + 2 * side] * 2)
    ordered = table.in_reading_order()
    for _ in gather(ordered, shown, crops.delta, feature_reader([features], size, side)):
        pass
    with torch.inference_mode():
        found = torch.cat(
            [classifier.head(z[:, 0], z[:, 1])[..., 0, 0].argmax(1) for z in shown.split(64)]
        ).numpy()
    true = ordered.label
    hits, alarms = ((found > 0) & (true > 0)).sum(), ((found > 0) & (true == 0)).sum()
    recall = hits / max(1, (true > 0).sum())
    false_alarm_rate = alarms / max(1, (true == 0).sum())
    balanced_precision = recall / max(1e-9, recall + false_alarm_rate)
    return {
        "recall": float(recall),
        "balanced_precision": float(balanced_precision),
        "balanced_accuracy": float((recall + 1 - false_alarm_rate) / 2),
    }


def test_detection(classifier: EventClassifier, half: Half) -> dict[str, float]:
    """F1 at the default threshold and average precision of what is found in a half."""
    settings = DetectSettings(peaks=PeakSettings(threshold=0.05))
    *_, last = detect_events(half.movie, classifier, settings)
    scores = {}
    for frames in (1, 3):
        confident = [event for event in last.events if (event.score or 0) >= 0.5]
        matching = match_events(confident, half.events, radius_px=RADIUS_PX, frames=frames)
        scores[f"f1_{frames}"] = matching.f1
        scores[f"precision_{frames}"] = matching.precision
        scores[f"recall_{frames}"] = matching.recall
        scores[f"ap_{frames}"] = average_precision(last.events, half.events, frames)
    return scores


def average_precision(found: tuple[Event, ...], truth: tuple[Event, ...], frames: int) -> float:
    """Area under precision over recall, events ranked by score and matched one to one."""
    scores = event_scores(found, SCORE).values
    return outcomes(found, truth, scores, Tolerance(RADIUS_PX, frames)).curve().average_precision


def run_row(
    name: str, tap: TimeArrowNetwork, train: Half, test: Half, seed: int
) -> dict[str, float]:
    """Train one kind of classifier on one half, test it on the other."""
    features, head, paper = ROWS[name]
    crops = CropSettings.paper() if paper else CropSettings()
    settings = TrainHeadSettings(
        features=features,
        head=head,
        crops=replace(crops, seed=seed),
        splitting=SplitSettings(fraction=0),
        steps={"fine-tuned": 100}.get(features, 200 if paper else 600),
        rehearsals=0 if paper else 2,
        seed=seed,
    )
    started = time.monotonic()
    *_, trained = train_head([train.movie], [train.mask], tap, settings)
    assert isinstance(trained, TrainedClassifier)
    seconds = time.monotonic() - started
    classifier = trained.classifier
    return {
        **test_crops(classifier, test, settings.crops),
        **test_detection(classifier, test),
        "seconds": seconds,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("movies", nargs="*", default=["nuclei_left", "psc02"])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--work", type=Path, default=Path("benchmarks/results"))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--half", type=int, default=0, help="half to train on")
    parser.add_argument("--tap", type=Path, help="model to start from; default: the shipped one")
    parser.add_argument("--pairs", type=int, default=0, help="pairs to train it further with")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--rows", nargs="*", default=list(ROWS))
    args = parser.parse_args()
    prepare_cpu(args.threads)
    args.work.mkdir(parents=True, exist_ok=True)
    for name in args.movies:
        compare(name, args)


def compare(name: str, args: argparse.Namespace) -> None:
    """Fill the results file of one movie, and print its table."""
    halves = read_halves(args.data, name)
    train, test = halves[args.half], halves[1 - args.half]
    target = args.work / f"recognition-{name}-{args.half}.json"
    results = json.loads(target.read_text()) if target.exists() else {}
    print(f"{name}: {len(train.events)} divisions to learn from, {len(test.events)} to find")
    for seed in args.seeds:
        tap = time_arrow(name, train, test, seed, args)
        for row in args.rows:
            if str(seed) not in results.setdefault(row, {}):
                results[row][str(seed)] = run_row(row, tap, train, test, seed)
                target.write_text(json.dumps(results, indent=1))
            shown = {key: round(value, 3) for key, value in results[row][str(seed)].items()}
            print(f"seed {seed} {row}: {shown}", flush=True)
    print(table(results))


def table(results: dict[str, dict[str, dict[str, float]]]) -> str:
    """Mean and standard deviation over the seeds, as Markdown."""
    columns = ("balanced_accuracy", "ap_1", "ap_3", "f1_1", "f1_3", "precision_1", "recall_1")
    lines = ["| | " + " | ".join((*columns, "seconds")) + " |", "|---" * (len(columns) + 2) + "|"]
    for row, seeds in results.items():
        cells = []
        for column in (*columns, "seconds"):
            values = [scores[column] for scores in seeds.values()]
            digits = 0 if column == "seconds" else 2
            cells.append(f"{np.mean(values):.{digits}f} ± {np.std(values):.{digits}f}")
        lines.append(f"| {row} ({len(seeds)}) | " + " | ".join(cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
