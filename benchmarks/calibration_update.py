"""Do the probabilities of a model of `update` hold where nobody has annotated?

`update` learns from all that is annotated, so that `calibrate` asks models like it that were each
trained without a strip of the field. Here a model learns from the left half of a movie, is
calibrated in that way on the same half, and is judged on the right half, which shares no pixel with
it, in the frames that were painted: divisions become more frequent in the course of the movie.
Beside it: its scores as they are, and a calibration that was fitted on the right half itself (each
crop judged by a fit without its block), which is as good as it could be.

    python benchmarks/calibration_update.py nuclei_left psc02 --data ../shared/data --seeds 0 1 2
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tifffile
from halves import Half, read_halves

from cell_events.engine.header import read_header
from cell_events.jobs import Calibrate, MovieSource, Result, Update, run
from cell_events.jobs.calibrate_painted import ask_about_crops
from cell_events.jobs.calibrated_models import calibration_in
from cell_events.jobs.calibrating import Asked
from cell_events.trust.calibration_scores import figures_of
from cell_events.trust.calibration_steps import steps_allowed
from cell_events.trust.cross_fit import cross_fitted

FIGURES = ("ECE", "classwise ECE division", "NLL", "Brier", "promised per event division")
REPEATS = 100
LEAST_DIVISIONS = 10


@dataclass(frozen=True)
class Files:
    """A half as a movie of its own with its paint."""

    movies: tuple[MovieSource]
    paints: tuple[Path]
    done: tuple[str]


def written(half: Half, name: str, work: Path, frames: slice) -> Files:
    """Write a half in which everything is painted in some frames, and nothing in the others."""
    movie, paint = work / f"{name}.tif", work / f"{name}-paint.tif"
    count = half.movie.n_frames
    labels = np.stack([half.mask.read(t) for t in range(count)])
    shown = np.zeros_like(labels)
    shown[frames] = labels[frames]
    pictures = np.stack([half.movie.read(t) for t in range(count)])
    for path, stack in ((movie, pictures), (paint, shown)):
        tifffile.imwrite(path, stack, metadata={"axes": "TYX"}, photometric="minisblack")
    first, last, _ = frames.indices(count)
    return Files((MovieSource(movie, axes="TYX"),), (paint,), (f"{first}-{last - 1}",))


def painted_frames(half: Half, count: int, seed: int) -> slice:
    """Consecutive frames to paint: all (0), or some at random among those with 10 divisions."""
    if not count:
        return slice(None)
    times = np.array([event.t for event in half.events])
    starts = [
        start
        for start in range(half.movie.n_frames - count + 1)
        if np.sum((times > start) & (times < start + count)) >= LEAST_DIVISIONS
    ]
    start = int(np.random.default_rng(seed).choice(starts))
    return slice(start, start + count)


def measured(name: str, frames: int, seed: int, args: argparse.Namespace) -> dict[str, object]:
    """Learn and calibrate on the left, judge on the right."""
    work = args.work / f"calibration-update-{name}-{frames}-{seed}"
    work.mkdir(parents=True, exist_ok=True)
    left, right = read_halves(args.data, name)
    painted = painted_frames(left, frames, seed)
    here, there = written(left, "left", work, painted), written(right, "right", work, painted)
    model, cache = work / "update.safetensors", args.work / "calibration-update-features"
    learned = Update(here.movies, here.paints, model, done=here.done, cache=cache, seed=seed)
    last_of(run(learned))
    out = work / "calibrated.safetensors"
    job = Calibrate(
        here.movies, here.paints, model, done=here.done, out=out, cache=cache, seed=seed
    )
    told = last_of(run(job))
    judged = Calibrate(there.movies, there.paints, out, done=there.done, cache=cache, seed=seed)
    rows = dict(probabilities_of(judged))
    return {"counts": told.values["counts"], "temperature": told.values["temperature"], **rows}


def probabilities_of(job: Calibrate) -> Iterator[tuple[str, dict[str, float]]]:
    """Figures of each kind of probability, on crops as frequent as in the movie."""
    header = read_header(job.model)
    asked = answered(ask_about_crops(job, header, "cpu"))
    crops, calibration = asked.evidence.natural, calibration_in(header)
    assert crops is not None
    assert calibration is not None
    step = steps_allowed(asked.evidence, asked.settings)[-1]
    exponents = np.exp(crops.logits - crops.logits.max(axis=1, keepdims=True))
    kinds = {
        "scores": exponents / exponents.sum(axis=1, keepdims=True),
        "cross-validated": calibration.probabilities(crops.logits),
        "fitted there": cross_fitted(step, asked.evidence, crops, asked.settings),
    }
    for kind, probabilities in kinds.items():
        found = figures_of(crops, probabilities, job.seed, REPEATS)
        yield kind, {figure: found[figure].value for figure in FIGURES}


def answered(asking: object) -> Asked:
    """Run a generator to its end, and give what it returns."""
    while True:
        try:
            next(asking)  # type: ignore[call-overload]
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


def last_of(reports: Iterator[object]) -> Result:
    """Run a job to its end."""
    *_, result = reports
    assert isinstance(result, Result)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("movies", nargs="*", default=["nuclei_left", "psc02"])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--work", type=Path, default=Path("benchmarks/results"))
    parser.add_argument("--frames", type=int, nargs="+", default=[0], help="painted; 0: all")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    args = parser.parse_args()
    for name in args.movies:
        for frames in args.frames:
            found = [known(name, frames, seed, args) for seed in args.seeds]
            show(f"{name}, {frames or 'all'} frames painted", found)


def known(name: str, frames: int, seed: int, args: argparse.Namespace) -> dict[str, object]:
    """What was measured, now or earlier."""
    path = args.work / f"calibration-update-{name}-{frames}-{seed}.json"
    if not path.exists():
        path.write_text(json.dumps(measured(name, frames, seed, args), indent=1), "utf8")
    return dict(json.loads(path.read_text("utf8")))


def show(title: str, found: list[dict[str, object]]) -> None:
    """Mean and standard deviation over the seeds, as markdown."""
    print(f"\n{title} ({len(found)} seeds); crops: {[one['counts'] for one in found]}")
    print(f"| probabilities | {' | '.join(FIGURES)} |\n|---|{'---|' * len(FIGURES)}")
    for kind in ("scores", "cross-validated", "fitted there"):
        values = np.array([[one[kind][figure] for figure in FIGURES] for one in found])  # type: ignore[index]
        told = [f"{mean:.2g} ± {values[:, i].std():.1g}" for i, mean in enumerate(values.mean(0))]
        print(f"| {kind} | {' | '.join(told)} |")


if __name__ == "__main__":
    main()
