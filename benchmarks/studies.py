"""The studies of `cell-events study recognition` and `study mitosis` on two recordings.

Ways of learning are compared on one part of the field, each judged on the other. Finished rows stay
in benchmarks/results, so that this can be stopped and goes on, with more seeds or other rows.

    python benchmarks/studies.py recognition nuclei_left --seeds 1 --tables strategies criteria
    python benchmarks/studies.py mitosis nuclei_left --seeds 1
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from cell_events.jobs import MovieSource, Progress, StudyMitosis, StudyRecognition, run
from cell_events.jobs.study_recognition import STRATEGY_NAMES, TABLES
from cell_events.movie import open_movie


def recognition(name: str, out: Path, args: argparse.Namespace) -> StudyRecognition:
    """The study of painted events, all of whose frames are done."""
    source = MovieSource(args.data / f"{name}_movie.tif", axes="TYX")
    last = open_movie(source.path, axes="TYX").n_frames - 1
    return StudyRecognition(
        (source,),
        (args.data / f"{name}_eventmask.tif",),
        out,
        done=(f"0-{last}",),
        truth=args.data / f"{name}_divisions.csv",
        tables=tuple(args.tables),
        strategies=tuple(args.strategies),
        seeds=args.seeds,
        cache=args.work / "study-features",
        device="cpu",
    )


def mitosis(name: str, out: Path, args: argparse.Namespace) -> StudyMitosis:
    """The study of lengths k and numbers of annotated frames."""
    source = MovieSource(args.data / f"{name}_movie.tif", axes="TYX")
    points = args.data / f"{name}_divisions.csv"
    cache = args.work / "study-features"
    return StudyMitosis((source,), (points,), out, seeds=args.seeds, cache=cache, device="cpu")


STUDIES = {"recognition": recognition, "mitosis": mitosis}


def markdown(csv: Path) -> str:
    """Mean, and standard deviation over the seeds where there are several."""
    found = pd.read_csv(csv)
    found["told"] = [
        "-" if not n else f"{mean:.2f}" + (f" ± {sd:.2f}" if n > 1 else "")
        for n, mean, sd in zip(found["n"], found["mean"], found["sd"], strict=True)
    ]
    metrics, seeds = list(dict.fromkeys(found["metric"])), found.groupby("row")["n"].max()
    lines = [f"| {csv.stem} | seeds | {' | '.join(metrics)} |", "|---" * (len(metrics) + 2) + "|"]
    for row in dict.fromkeys(found["row"]):
        told = found[found["row"] == row].set_index("metric")["told"]
        lines.append(f"| {row} | {seeds[row]} | {' | '.join(told[m] for m in metrics)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("study", choices=STUDIES)
    parser.add_argument("movies", nargs="+")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--work", type=Path, default=Path("benchmarks/results"))
    parser.add_argument("--tables", nargs="+", default=list(TABLES))
    parser.add_argument("--strategies", nargs="+", default=list(STRATEGY_NAMES))
    parser.add_argument("--seeds", type=int, default=3)
    args = parser.parse_args()
    for name in args.movies:
        out, shown = args.work / f"study-{args.study}-{name}", ""
        for report in run(STUDIES[args.study](name, out, args)):
            if isinstance(report, Progress) and report.stage != shown:
                shown = report.stage
                print(f"{name}: {shown}", flush=True)
        for csv in sorted(out.glob("*.csv")):
            print(f"\n{markdown(csv)}")


if __name__ == "__main__":
    main()
