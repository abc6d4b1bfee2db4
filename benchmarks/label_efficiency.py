"""How many painted events are enough, and do time-arrow features need fewer?

The study of label efficiency (`cell-events study labels`) on two recordings: one part of the field
is learned from, with 2, 4, 8 and so on of its divisions, the other part is searched. Finished rows
stay in benchmarks/results, so that this can be stopped and goes on; `--draw` only draws what is
known.

    python benchmarks/label_efficiency.py nuclei_left psc02 --data ../shared/data
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from cell_events.jobs import MovieSource, Progress, run
from cell_events.jobs.study_labels import StudyLabels
from cell_events.movie import open_movie
from cell_events.trust.study_figure import add_legend, draw_lines
from cell_events.trust.study_folder import StudyFolder
from cell_events.trust.study_table import StudyTable, spread

SHOWN = ("AP of events", "F1 of events")
FRAMES = 3


def study_of(name: str, args: argparse.Namespace) -> StudyLabels:
    """The study of one recording, all of whose frames are done."""
    last = open_movie(args.data / f"{name}_movie.tif", axes="TYX").n_frames - 1
    return StudyLabels(
        (MovieSource(args.data / f"{name}_movie.tif", axes="TYX"),),
        (args.data / f"{name}_eventmask.tif",),
        args.work / f"label-efficiency-{name}",
        done=(f"0-{last}",),
        truth=args.data / f"{name}_divisions.csv",
        ways=tuple(args.ways),
        counts=tuple(args.counts),
        steps=args.steps,
        end_to_end_steps=args.end_to_end_steps,
        held_out=0.5,
        frames=FRAMES,
        seeds=args.seeds,
        cache=args.work / "label-efficiency-features",
        device="cpu",
    )


def tables_of(study: StudyLabels, name: str) -> StudyTable:
    """What is known of one recording, finished or not."""
    from cell_events.jobs.study_label_rows import label_rows, label_table

    folder = StudyFolder(study.out)
    names = [file.name for file in (study.out / "rows").glob("*.json")]
    counts = sorted({int(part.split("-events")[0].split("-")[-1]) for part in names})
    table = label_table(folder, label_rows(study, counts), range(study.seeds), study)
    return StudyTable(
        name, name, table.about, table.rows, table.metrics, table.measured, table.x_name
    )


def draw(tables: list[StudyTable], target: Path) -> None:
    """AP and F1 of each recording over the number of painted events."""
    figure = Figure(figsize=(4.6 * len(tables), 6.4), layout="constrained")
    FigureCanvasAgg(figure)
    places = figure.subplots(len(SHOWN), len(tables), squeeze=False)
    for column, table in enumerate(tables):
        for row, metric in enumerate(SHOWN):
            draw_lines(places[row, column], table, metric)
            places[row, column].set_title(f"{table.name}: {metric}", fontsize=10)
    add_legend(figure, places[0, 0])
    figure.savefig(target, dpi=110)


def markdown(table: StudyTable) -> str:
    """Mean and standard deviation over the seeds."""
    lines = [f"| | {' | '.join(table.metrics)} |", "|---" * (len(table.metrics) + 1) + "|"]
    for row in table.rows:
        cells = [cell(table.values(row.name, metric)) for metric in table.metrics]
        count = len(table.values(row.name, table.metrics[0]))
        lines.append(f"| {row.name} ({count}) | {' | '.join(cells)} |")
    return "\n".join(lines)


def cell(values: np.ndarray) -> str:
    if not len(values):
        return "-"
    return f"{values.mean():.2f}" + (f" ± {spread(values):.2f}" if len(values) > 1 else "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("movies", nargs="*", default=["nuclei_left", "psc02"])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--work", type=Path, default=Path("benchmarks/results"))
    parser.add_argument("--ways", nargs="+", default=["time arrow", "random", "end to end"])
    parser.add_argument("--counts", type=int, nargs="*", default=[], help="painted events")
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--end-to-end-steps", type=int, default=60)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--draw", type=Path, help="only draw what is known, to this file")
    args = parser.parse_args()
    for name in args.movies if args.draw is None else ():
        shown = ""
        for report in run(study_of(name, args)):
            if isinstance(report, Progress) and report.stage != shown:
                shown = report.stage
                print(f"{name}: {shown}", flush=True)
    tables = [tables_of(study_of(name, args), name) for name in args.movies]
    if args.draw is not None:
        draw(tables, args.draw)
    for table in tables:
        print(f"\n{table.name}\n{markdown(table)}")


if __name__ == "__main__":
    main()
