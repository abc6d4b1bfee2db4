"""How long from a brush stroke to the new heat map, and what does the quick path cost in precision?

Times are those of the real worker process, spoken to as the viewer does: the paint of a 720 x 576
movie is changed on disk, the job `update` is sent, and the clock stops when the first frame, and
when the whole movie with its events, is on disk. Strokes are the divisions of the painted mask,
one after the other. Precision is average precision (10 px, 1 and 3 frames) on the half of a movie
that was not trained on, as in `recognition.py`, of the quick update and of `train` and `detect`.

    python benchmarks/live_update.py --data ../shared/data --updates 10 --seeds 0 1 2
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from halves import Half, read_halves

from cell_events.engine.device import prepare_cpu
from cell_events.engine.model_file import load_model
from cell_events.events import Event
from cell_events.jobs import MovieSource, Prepare, Update, to_json
from cell_events.matching import match_events
from cell_events.movie import open_movie
from cell_events.recognition.classifier import EventClassifier
from cell_events.recognition.crops import CropSettings
from cell_events.recognition.detect import DetectSettings, detect_events
from cell_events.recognition.grid_features import GridFeatures
from cell_events.recognition.painted_pairs import PaintedPairs
from cell_events.recognition.peaks import PeakSettings
from cell_events.recognition.quick_detect import QuickDetection
from cell_events.recognition.quick_update import QuickClassifier, QuickSettings, quick_train
from cell_events.recognition.splits import SplitSettings
from cell_events.recognition.train import TrainedClassifier, train_head
from cell_events.recognition.train_settings import TrainHeadSettings
from cell_events.time_arrow import shipped_model
from cell_events.time_arrow.network import TimeArrowNetwork
from recognition import RADIUS_PX, average_precision

ALL_PEAKS = PeakSettings(threshold=0.05)


class Worker:
    """The worker process, and its answers to one job at a time."""

    def __init__(self) -> None:
        command = [sys.executable, "-P", "-m", "cell_events.worker"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._count = 0

    def answers(self, job: Any) -> Iterator[dict[str, Any]]:
        """Run a job, yielding each answer as it comes."""
        self._count += 1
        request = {"id": self._count, "job": to_json(job)}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            answer = json.loads(line)
            if "error" in answer:
                raise RuntimeError(answer["error"])
            yield answer
            if "result" in answer:
                return

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def seconds_of(worker: Worker, job: Update) -> tuple[float, float]:
    """Time until the first frame, and until everything, is on disk."""
    started, first = time.monotonic(), 0.0
    for answer in worker.answers(job):
        if not first and answer.get("progress", {}).get("stage") == "predict":
            first = time.monotonic() - started
    return first, time.monotonic() - started


def strokes(mask: np.ndarray) -> list[int]:
    """Frames whose painted divisions are painted one after the other; the first is in a pair."""
    return [int(t) for t in np.flatnonzero(mask.any((1, 2))) if t > 0]


def times(data: Path, updates: int, done: str) -> list[str]:
    """Rows of the table of times."""
    movie = MovieSource(data / "psc02_movie.tif", axes="TYX")
    truth = open_movie(data / "psc02_eventmask.tif", axes="TYX")
    mask = np.stack([truth.read(t) for t in range(truth.n_frames)])
    frames, rows = strokes(mask), []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paint = zarr.create_array(
            str(folder / "paint.zarr"), shape=mask.shape, chunks=(1, 512, 512), dtype="uint8"
        )
        for t in (frames[0] - 1, *frames[:6]):
            paint[t] = mask[t]
        job = Update(
            (movie,),
            (folder / "paint.zarr",),
            folder / "model.safetensors",
            csvs=(folder / "events.csv",),
            heatmaps=(folder / "scores.zarr",),
            cache=folder / "features",
            frame=frames[5],
            done=(done,) if done else (),
        )
        worker = Worker()
        rows.append(row("new worker, nothing prepared", [seconds_of(worker, job)]))
        *_, _ = worker.answers(Prepare((movie,), folder / "features"))
        worker.close()
        worker = Worker()
        rows.append(row("new worker, movie prepared", [seconds_of(worker, job)]))
        for start in (None, job.model):
            measured = []
            for index in range(updates):
                t = frames[6 + index % (len(frames) - 6)]
                paint[t] = np.where(paint[t] == 0, mask[t], 0).astype(np.uint8)
                measured.append(seconds_of(worker, replace(job, frame=t, start=start)))
            words = "anew" if start is None else "going on from the last model"
            rows.append(row(f"next strokes, learning {words}", measured))
        worker.close()
    return rows


def row(name: str, measured: list[tuple[float, float]]) -> str:
    """Median and maximum as one line of a table."""
    first, whole = np.array(measured).T
    cells = (np.median(first), first.max(), np.median(whole), whole.max())
    return f"| {name} ({len(measured)}) | " + " | ".join(f"{cell:.2f}" for cell in cells) + " |"


def quick(train: Half, test: Half, tap: TimeArrowNetwork, seed: int, again: bool) -> list[Event]:
    """Events that a quick update finds in the other half."""
    settings = QuickSettings(CropSettings(seed=seed), seed=seed)
    pairs = PaintedPairs(GridFeatures(train.movie, tap, settings.crops.size))
    start: EventClassifier | None = None
    for _ in range(3 if again else 1):
        *_, last = quick_train([pairs], [train.mask], tap, settings, start)
        assert isinstance(last, QuickClassifier)
        start = last.classifier
    detection = QuickDetection(GridFeatures(test.movie, tap, settings.crops.size), last.classifier)
    for _ in detection.scan(0):
        pass
    return detection.events(ALL_PEAKS)


def thorough(train: Half, test: Half, tap: TimeArrowNetwork, seed: int) -> list[Event]:
    """Events that `train` and `detect` find in the other half, with their defaults."""
    settings = TrainHeadSettings(
        crops=CropSettings(seed=seed), splitting=SplitSettings(fraction=0), steps=600, seed=seed
    )
    *_, last = train_head([train.movie], [train.mask], tap, settings)
    assert isinstance(last, TrainedClassifier)
    *_, report = detect_events(test.movie, last.classifier, DetectSettings(ALL_PEAKS))
    return list(report.events)


def precision(name: str, data: Path, seeds: list[int]) -> list[str]:
    """Rows of the table of precision, for one movie."""
    tap, _ = load_model(shipped_model())
    assert isinstance(tap, TimeArrowNetwork)
    halves, rows = read_halves(data, name), []
    ways = {
        "update": lambda *args: quick(*args, again=False),
        "update, third in a row with --start": lambda *args: quick(*args, again=True),
        "train, detect": thorough,
    }
    for words, way in ways.items():
        scores = []
        for half in (0, 1):
            train, test = halves[half], halves[1 - half]
            scores += [scores_of(way(train, test, tap, seed), test) for seed in seeds]
        mean, deviation = np.mean(scores, axis=0), np.std(scores, axis=0)
        cells = [f"{m:.2f} ± {d:.2f}" for m, d in zip(mean, deviation, strict=True)]
        rows.append(f"| {name}: {words} ({len(scores)}) | " + " | ".join(cells) + " |")
        print(rows[-1], file=sys.stderr, flush=True)
    return rows


def scores_of(found: list[Event], test: Half) -> list[float]:
    """Average precision and F1 at the threshold 0.5, within 1 and 3 frames."""
    confident = [event for event in found if (event.score or 0) >= 0.5]
    areas = [average_precision(tuple(found), test.events, frames) for frames in (1, 3)]
    matched = [
        match_events(confident, test.events, radius_px=RADIUS_PX, frames=frames).f1
        for frames in (1, 3)
    ]
    return [*areas, *matched]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--updates", type=int, default=10)
    parser.add_argument("--done", default="0-20", help="frames marked as done")
    parser.add_argument("--movies", nargs="*", default=["nuclei_left", "psc02"])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--threads", type=int)
    args = parser.parse_args()
    if args.updates:
        print("| psc02, 720 x 576, 50 frames | first frame: median s | max | all: median s | max |")
        print("|---|---|---|---|---|")
        print("\n".join(times(args.data, args.updates, args.done)), flush=True)
    prepare_cpu(args.threads)
    if args.movies:
        print("\n| trained on one half, tested on the other | AP 1 | AP 3 | F1 1 | F1 3 |")
        print("|---|---|---|---|---|")
    for name in args.movies:
        print("\n".join(precision(name, args.data, args.seeds)), flush=True)


if __name__ == "__main__":
    main()
