"""Where a movie lies and how it is to be read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from cell_events.jobs.checks import JobError, check_choice, check_positive

if TYPE_CHECKING:
    from cell_events.movie import Movie

MISSING_CHUNKS = ("error", "fill")


@dataclass(frozen=True, slots=True)
class MovieSource:
    """A movie file and what its metadata leaves open or says wrongly.

    Attributes
    ----------
    path
        TIFF, OME-TIFF, zarr or OME-Zarr.
    axes
        Meaning of the axes, such as "TYX" or "TCYX"; by default what the file says.
    channel
        Index or name of the channel, where there are several.
    z
        Index of the plane, or the projection "max" or "mean", where there are several planes.
    pixel_size_um
        Width of a pixel in micrometres, if the file does not say it or is wrong.
    frame_interval_s
        Seconds between frames, if the file does not say it or is wrong.
    """

    path: Path
    axes: str | None = None
    channel: int | str | None = None
    z: int | str | None = None
    pixel_size_um: float | None = None
    frame_interval_s: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", Path(self.path))
        if isinstance(self.z, str):
            check_choice("z", self.z, ("max", "mean"))
        check_positive("pixel_size_um", self.pixel_size_um)
        check_positive("frame_interval_s", self.frame_interval_s)

    def open(self, missing_chunks: Literal["error", "fill"] = "error") -> Movie:
        """Open the movie lazily; raises `MovieError` if that is not possible."""
        from cell_events.movie import open_movie

        return open_movie(
            self.path,
            axes=self.axes,
            channel=self.channel,
            z=self.z,
            pixel_size_um=self.pixel_size_um,
            frame_interval_s=self.frame_interval_s,
            missing_chunks=missing_chunks,
        )


def check_distinct_names(sources: tuple[MovieSource, ...]) -> None:
    """Raise `JobError` if two movies could not be told apart in one CSV."""
    names = [source.path.name for source in sources]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise JobError(f"Two movies are called {twice[0]}; rename one, or use two commands.")
