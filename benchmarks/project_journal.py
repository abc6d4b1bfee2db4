"""How quick is a project: applying a stroke, making it safe, and opening 10,000 of them?

python benchmarks/project_journal.py
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path

import numpy as np

from cell_events.movie import open_movie
from cell_events.project import Edit, MovieReference, PaintChange, Project

SHAPE = (50, 576, 720)
BRUSH_PX = 40


def brush() -> np.ndarray:
    """A round stroke of label 1."""
    radius = BRUSH_PX // 2
    y, x = np.ogrid[:BRUSH_PX, :BRUSH_PX]
    return ((y - radius) ** 2 + (x - radius) ** 2 < radius**2).astype(np.uint8)


def next_stroke(project: Project, movie: str, chance: np.random.Generator) -> Edit:
    """Paint a disc at random."""
    t, top, left = (int(n) for n in chance.integers(0, np.subtract(SHAPE, (0, BRUSH_PX, BRUSH_PX))))
    before = project.paint(movie).read(t)[top : top + BRUSH_PX, left : left + BRUSH_PX]
    after = np.maximum(before, brush())
    return Edit("paint division", (PaintChange(movie, t, top, left, before, after),))


def paint(
    project: Project, movie: str, strokes: int, one_by_one: bool
) -> list[tuple[float, float]]:
    """Milliseconds that each stroke takes to apply, and until it is safe."""
    chance = np.random.default_rng(0)
    times = []
    for _ in range(strokes):
        edit = next_stroke(project, movie, chance)
        started = time.perf_counter()
        ticket = project.apply(edit)
        applied = time.perf_counter()
        if one_by_one:
            ticket.wait()
        times.append((1e3 * (applied - started), 1e3 * (time.perf_counter() - started)))
    ticket.wait()
    return times


def percentiles(times: list[float]) -> str:
    p50, p99, highest = np.percentile(times, [50, 99, 100])
    return f"{p50:.2f} | {p99:.2f} | {highest:.1f}"


def opening_ms(folder: Path) -> tuple[float, float]:
    """Milliseconds to open a project, and then to read every painted frame."""
    started = time.perf_counter()
    project = Project.open(folder)
    opened = time.perf_counter()
    frames = project.paint("movie-1")
    for t in frames.painted_frames():
        frames.read(t)
    read = time.perf_counter()
    assert not project.warnings
    project.close()
    return 1e3 * (opened - started), 1e3 * (read - opened)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--strokes", type=int, default=10_000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "project.cellevents"
        project = Project.create(path)
        movie = project.add_movie(MovieReference.of(open_movie(np.zeros(SHAPE, np.uint8))))
        singly = paint(project, movie, 1000, one_by_one=True)
        started = time.perf_counter()
        at_once = paint(project, movie, args.strokes - 1000, one_by_one=False)
        seconds = time.perf_counter() - started
        after_crash = Path(shutil.copytree(path, Path(folder) / "crashed.cellevents"))
        project.close()
        print("| a stroke, in ms | p50 | p99 | longest |\n|---|---|---|---|")
        print(f"| in memory | {percentiles([applied for applied, _ in at_once])} |")
        print(f"| safe on disk | {percentiles([safe for _, safe in singly])} |\n")
        print(f"{len(at_once) / seconds:.0f} strokes/s when nobody waits for the disk\n")
        print(f"| {args.strokes} strokes, in ms | open | read all frames |\n|---|---|---|")
        size_mb = (path / "journal.jsonl").stat().st_size / 1e6
        for name, where in (("closed well", path), ("after a crash", after_crash)):
            print("| {} | {:.0f} | {:.0f} |".format(name, *opening_ms(where)))
        shutil.rmtree(path / "snapshots")
        print("| journal alone, {:.0f} MB | {:.0f} | {:.0f} |".format(size_mb, *opening_ms(path)))


if __name__ == "__main__":
    main()
