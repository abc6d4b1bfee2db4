"""A mitosis detector (M3) that learned from one half of a movie, and halves as files for jobs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import tifffile
from halves import Half, read_halves

from cell_events.events import write_events
from cell_events.jobs import MitosisTrain, MovieSource, run
from cell_events.movie import open_movie

LENGTH = 6
SHRINK = {"nuclei_left": 4, "psc02": 3}
"""As in `mitosis.py`."""

SIDES = ("left", "right")


def other_side(side: str) -> str:
    """The half that was not learned from."""
    return SIDES[1 - SIDES.index(side)]


@dataclass(frozen=True)
class HalfFiles:
    """A half as a movie of its own, with an intensity range of its own, and its divisions."""

    source: MovieSource
    points: Path
    half: Half

    @property
    def frames(self) -> str:
        """All of its frames, all of which are annotated."""
        return f"0-{self.half.movie.n_frames - 1}"


def half_files(name: str, side: str, data: Path, work: Path) -> HalfFiles:
    """Write one side of a movie, and open it."""
    half = read_halves(data, name)[SIDES.index(side)]
    folder = work / f"mitosis-halves-{name}"
    folder.mkdir(parents=True, exist_ok=True)
    movie, points = folder / f"{side}.tif", folder / f"{side}.csv"
    if not points.exists():
        frames = np.stack([half.movie.read(t) for t in range(half.movie.n_frames)])
        tifffile.imwrite(movie, frames, metadata={"axes": "TYX"}, photometric="minisblack")
        write_events(points, half.events)
    source = MovieSource(movie, axes="TYX")
    return HalfFiles(source, points, replace(half, movie=open_movie(movie, axes="TYX")))


def trained_detector(name: str, side: str, seed: int, data: Path, work: Path) -> Path:
    """Model file of a detector that learned from one side, the quick way; kept between runs."""
    learned = half_files(name, side, data, work)
    path = work / f"mitosis-halves-{name}" / f"learned-{side}-{seed}.safetensors"
    if not path.exists():
        job = MitosisTrain(
            (learned.source,),
            (learned.points,),
            (learned.frames,),
            path,
            length=str(LENGTH),
            way="quick",
            shrink=SHRINK[name],
            seed=seed,
        )
        *_, _ = run(job)
    return path
