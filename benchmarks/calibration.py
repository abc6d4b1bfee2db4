"""Do probabilities mean what they say, on crops held out from training and from calibration?

The default head is trained on a movie of which a part is held out in blocks, then calibrated on
that part. Figures are those of the calibration report: each crop was judged by a calibration fitted
without its block. At last the model detects, and its detections in the held-out blocks are compared
with the true divisions there: how many do the probabilities promise, and how many are right? That
is asked of scores, of a calibration on crops, and of one on detections, and here, too, each
detection is judged by a calibration that was fitted without its block. Where `calibrate` would
refuse to learn from so few detections, it is done nevertheless, to see what comes of it.

    python benchmarks/calibration.py --data ../shared/data --seeds 0 1 2
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import tifffile
from calibration_detections import detections
from calibration_intervals import Told, figure_table

from cell_events.events import Event, read_events, write_events
from cell_events.jobs import Calibrate, Detect, MovieSource, Result, Train, run
from cell_events.simulation import SimulationSettings, simulated_movie
from cell_events.simulation.life import LifeSettings
from cell_events.trust import evidence

LOWEST_SCORE = 0.05
FIGURES = ("ECE", "classwise ECE division", "NLL", "Brier", "promised per event division")
SIMULATED = SimulationSettings(
    n_frames=40, size=(384, 384), life=LifeSettings(death_share=0.0), seed=21
)


def nuclei_left(data: Path, work: Path) -> tuple[Train, list[Event]]:
    """Fluorescent nuclei with 60 divisions, every frame annotated."""
    movie = MovieSource(data / "nuclei_left_movie.tif", axes="TYX")
    job = Train(
        (movie,), (data / "nuclei_left_eventmask.tif",), work / "model.safetensors", done=("0-17",)
    )
    return job, read_events(data / "nuclei_left_divisions.csv")


def simulated(_: Path, work: Path) -> tuple[Train, list[Event]]:
    """A simulated movie whose divisions are known."""
    frames, events = simulated_movie(SIMULATED)
    divisions = [event for event in events if event.kind == "division" and event.t > 0]
    path = work / "simulated.tif"
    tifffile.imwrite(path, frames, metadata={"axes": "TYX"}, photometric="minisblack")
    added = [Event(e.t, e.y, e.x, e.kind, status="added") for e in divisions]
    write_events(work / "divisions.csv", added)
    last = len(frames) - 1
    job = Train(
        (MovieSource(path, axes="TYX"),),
        (),
        work / "model.safetensors",
        events=(work / "divisions.csv",),
        done=(f"0-{last}",),
    )
    return job, divisions


MOVIES = {"nuclei_left": nuclei_left, "simulated": simulated}


def last_of(job: Train | Calibrate | Detect) -> None:
    """Run a job to its end."""
    *_, result = run(job)
    assert isinstance(result, Result)


def run_seed(name: str, seed: int, args: argparse.Namespace) -> dict[str, object]:
    """Train, calibrate, detect; what was found."""
    work = args.work / f"calibration-{name}-{args.held_out:g}"
    work.mkdir(parents=True, exist_ok=True)
    base, truth = MOVIES[name](args.data, work)
    model, cache, report = base.model, work / "features", work / f"report-{seed}"
    train = Train(
        base.movies,
        base.paints,
        model,
        events=base.events,
        done=base.done,
        validation=args.held_out,
        cache=cache,
        seed=seed,
    )
    last_of(train)
    job = Calibrate(
        base.movies,
        base.paints,
        model,
        events=base.events,
        done=base.done,
        report=report,
        out=work / "calibrated.safetensors",
        cache=cache,
        seed=seed,
    )
    last_of(job)
    last_of(Detect(base.movies, model, work / "found.csv", threshold=LOWEST_SCORE, cache=cache))
    found = json.loads((report / "calibration.json").read_text("utf8"))
    return {**found, "detections": detections(job, read_events(work / "found.csv"), truth)}


def step_table(results: list[dict]) -> str:
    """Mean and standard deviation of each figure over the seeds, as Markdown."""
    lines = ["| crops | step | " + " | ".join(FIGURES) + " |", "|---" * (len(FIGURES) + 2) + "|"]
    for position, step in enumerate(results[0]["steps"]):
        cells = []
        for figure in FIGURES:
            values = [r["steps"][position]["figures"][figure]["value"] for r in results]
            cells.append(f"{np.mean(values):.2g} ± {np.std(values):.1g}")
        lines.append(f"| {step['population']} | {step['step']} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("movies", nargs="*", default=list(MOVIES))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--work", type=Path, default=Path("benchmarks/results"))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--picture", type=Path, help="where the first diagram is copied to")
    parser.add_argument("--held-out", type=float, default=0.35)
    args = parser.parse_args()
    evidence.LEAST_CROPS = 1
    for name in args.movies:
        target = args.work / f"calibration-{name}-{args.held_out:g}.json"
        results = json.loads(target.read_text("utf8")) if target.exists() else {}
        for seed in args.seeds:
            if str(seed) not in results:
                results[str(seed)] = run_seed(name, seed, args)
                target.write_text(json.dumps(results, indent=1), "utf8")
        chosen = {str(seed): results[str(seed)] for seed in args.seeds}
        ordered = list(chosen.values())
        print(f"{name}: {ordered[0]['counts']} crops in {ordered[0]['blocks']} blocks (seed 0)")
        print(step_table(ordered))
        print({seed: result["detections"]["learned from"] for seed, result in chosen.items()})
        told = {seed: Told(**result["detections"]["told"]) for seed, result in chosen.items()}
        print(figure_table(told), flush=True)
    if args.picture is not None:
        folder = args.work / f"calibration-{args.movies[0]}-{args.held_out:g}"
        first = folder / f"report-{args.seeds[0]}"
        shutil.copyfile(first / "reliability.png", args.picture)


if __name__ == "__main__":
    main()
