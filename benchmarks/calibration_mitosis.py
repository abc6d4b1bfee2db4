"""Do probabilities of a mitosis detector (M3) mean what they say, on a half never learned from?

The detector learns from one half of a movie in the quick way. As `calibrate` does, its detections
in the other half, from a score of 0.05 on, are compared with the divisions there; each is judged by
a calibration that was fitted without its block, and intervals draw whole blocks. The settings of
the quick way were chosen on right halves.

A detection is a group of places. `calibrate` looks at groups of scores from 0.05 on, `detect` at
those from 0.5 on. So what `detect` finds is judged, too, again by fits without its block.

Seed "all" puts the detections of all seeds together. They are of the same divisions, so a block
that is drawn brings those of all seeds.

    python benchmarks/calibration_mitosis.py nuclei_left --learned right --seeds 0 1 2
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from calibration_detections import last_value
from calibration_intervals import Told, figure_table
from mitosis_halves import SIDES, HalfFiles, half_files, other_side, trained_detector

from cell_events.engine.header import read_header
from cell_events.events import read_events
from cell_events.jobs import Calibrate, Detect, run
from cell_events.jobs.calibrate_mitoses import ask_for_detections, judged_detections
from cell_events.jobs.calibrating import Asked
from cell_events.recognition.paint import parse_frames
from cell_events.trust.calibration import logits_of_log_odds
from cell_events.trust.calibration_steps import steps_allowed
from cell_events.trust.cross_fit import cross_fitted
from cell_events.trust.labelled_logits import LabelledLogits

USUAL_THRESHOLD = 0.5
ASKED, USUAL = "detections from 0.05 on", "detections from 0.5 on, as detect finds them"


def run_seed(name: str, seed: int, args: argparse.Namespace) -> dict[str, Any]:
    """What scores and probabilities say of each detection, and whether it is right."""
    model = trained_detector(name, args.learned, seed, args.data, args.work)
    tested = half_files(name, other_side(args.learned), args.data, args.work)
    job = Calibrate(
        (tested.source,), (), model, events=(tested.points,), done=(tested.frames,), seed=seed
    )
    asked = last_value(ask_for_detections(job, read_header(model), "cpu"))
    found = args.work / "calibration-mitosis-found.csv"
    *_, _ = run(Detect(job.movies, model, found, threshold=USUAL_THRESHOLD))
    usual = compared(found, tested, asked.evidence.crops.classes)
    return {ASKED: told(asked, asked.evidence.crops), USUAL: told(asked, usual)}


def compared(found: Path, tested: HalfFiles, classes: tuple[str, ...]) -> LabelledLogits:
    """Detections of a file, by whether they are right."""
    truth, movie = read_events(tested.points), tested.source.open()
    known = parse_frames(tested.frames)
    judged = judged_detections(read_events(found), truth, known, movie, None)
    logits = logits_of_log_odds(judged.log_odds)
    return LabelledLogits(classes, logits, judged.label, judged.block)


def told(asked: Asked, crops: LabelledLogits) -> dict[str, Any]:
    """Label and block of each detection, and what each step makes of it."""
    steps = {
        step: cross_fitted(step, asked.evidence, crops, asked.settings)[:, 1].tolist()
        for step in steps_allowed(asked.evidence, asked.settings)
    }
    return {"label": crops.label.tolist(), "block": crops.group.tolist(), "ways": steps}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("movies", nargs="*", default=["nuclei_left"])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--work", type=Path, default=Path("benchmarks/results"))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--learned", choices=SIDES, default="left", help="half to learn from")
    args = parser.parse_args()
    for name in args.movies:
        target = args.work / f"calibration-mitosis-{name}-learned-{args.learned}.json"
        results = json.loads(target.read_text("utf8")) if target.exists() else {}
        for seed in args.seeds:
            if str(seed) not in results:
                results[str(seed)] = run_seed(name, seed, args)
                target.write_text(json.dumps(results, indent=1), "utf8")
        for kind in (ASKED, USUAL):
            chosen = {str(seed): Told(**results[str(seed)][kind]) for seed in args.seeds}
            title = f"{name}, learned from the {args.learned} half, {kind}"
            print(title, figure_table(chosen), sep="\n\n", end="\n\n", flush=True)


if __name__ == "__main__":
    main()
