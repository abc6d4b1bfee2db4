"""Which movie a project speaks of: where it lies, how it is read, and what it looks like."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from cell_events.movie import Movie, open_movie
from cell_events.project.edits import JSON, ProjectError

GLANCE_FRAMES, GLANCE_SIDE_PX = 8, 256
OPENING = ("axes", "channel", "z", "pixel_size_um", "frame_interval_s")


def glance(movie: Movie) -> str:
    """Digest of shape, type and the middle of eight frames: fast enough for the viewer's loop."""
    _, height, width = movie.shape
    rows, columns = (
        slice(max(0, side // 2 - GLANCE_SIDE_PX // 2), side // 2 + GLANCE_SIDE_PX // 2)
        for side in (height, width)
    )
    digest = hashlib.sha256(f"{movie.shape} {movie.dtype}".encode())
    for t in np.unique(np.linspace(0, movie.n_frames - 1, GLANCE_FRAMES).round().astype(int)):
        digest.update(np.ascontiguousarray(movie.read(int(t), rows, columns)).tobytes())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class MovieReference:
    """A movie that is kept elsewhere.

    Attributes
    ----------
    name
        How the movie is called in messages.
    path
        File or folder; None for a movie that lives in memory only.
    axes, channel, z, pixel_size_um, frame_interval_s
        How `open_movie` is to read it, where its file leaves that open or says it wrongly.
    shape
        (T, Y, X).
    dtype
        Type of the pixels, such as "uint16".
    fingerprint
        What `glance` says of it.
    """

    name: str
    path: Path | None
    shape: tuple[int, int, int]
    dtype: str
    fingerprint: str
    axes: str | None = None
    channel: int | str | None = None
    z: int | str | None = None
    pixel_size_um: float | None = None
    frame_interval_s: float | None = None

    @classmethod
    def of(cls, movie: Movie, path: Path | None = None, **opening: Any) -> MovieReference:
        """Refer to an open movie; `opening` is what `open_movie` was told, such as `channel`."""
        path = movie.path if path is None else path
        absolute = None if path is None else Path(os.path.abspath(path))  # noqa: PTH100 (keeps links)
        return cls(movie.name, absolute, movie.shape, str(movie.dtype), glance(movie), **opening)

    @property
    def opening(self) -> dict[str, Any]:
        """Keyword arguments of `open_movie`, and of a job's movie source."""
        return {name: getattr(self, name) for name in OPENING}

    def open(self) -> Movie:
        """Open the movie lazily.

        Raises
        ------
        ProjectError
            If it lies in no file.
        MovieError
            If it cannot be read.
        """
        if self.path is None:
            raise ProjectError(
                f"The movie {self.name} was in no file; open it in the viewer, then the project."
            )
        return open_movie(self.path, **self.opening)

    def check(self, movie: Movie) -> None:
        """Raise `ProjectError`, with the reason, unless `movie` is the one referred to."""
        for what, found, expected in (
            ("the shape (T, Y, X)", movie.shape, self.shape),
            ("pixels of the type", str(movie.dtype), self.dtype),
        ):
            if found != expected:
                raise ProjectError(
                    f"{movie.name} is not the movie {self.name} of this project: it has {what} "
                    f"{found}, expected {expected}; choose the movie that was painted on."
                )
        if glance(movie) != self.fingerprint:
            raise ProjectError(
                f"{movie.name} is not the movie {self.name} of this project: shape and type are "
                "the same, but the pixels differ; choose the movie that was painted on, or add "
                "this one as another."
            )


def reference_to_json(reference: MovieReference, folder: Path) -> JSON:
    """Write a reference down; the path also as seen from `folder`, which may move along."""
    values = asdict(reference)
    if reference.path is not None:
        values["path"] = str(reference.path)
        values["relative"] = _seen_from(folder, reference.path)
    return values


def reference_from_json(values: Mapping[str, Any], folder: Path) -> MovieReference:
    """Read what `reference_to_json` wrote; unknown names are left out.

    Raises
    ------
    KeyError, TypeError, ValueError
        If it is something else.
    """
    known = {name.name: values[name.name] for name in fields(MovieReference) if name.name in values}
    frames, height, width = (int(side) for side in known["shape"])
    reference = MovieReference(**{**known, "shape": (frames, height, width)})
    return replace(reference, path=_found(values.get("path"), values.get("relative"), folder))


def _found(path: str | None, relative: str | None, folder: Path) -> Path | None:
    if path is None:
        return None
    beside = folder / relative if relative else None
    if not Path(path).exists() and beside is not None and beside.exists():
        return beside.resolve()
    return Path(path)


def _seen_from(folder: Path, path: Path) -> str | None:
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # another drive
        return None
