"""Checks that the jobs of the mitosis pipeline share."""

from __future__ import annotations

import re

from cell_events.jobs.checks import JobError, check_at_least, check_positive
from cell_events.jobs.movie_source import MovieSource

_RANGE = re.compile(r"\s*(\d+)\s*-\s*(\d+)\s*")


def check_one_movie(movies: tuple[MovieSource, ...]) -> None:
    """Raise `JobError` unless there is exactly one movie."""
    if len(movies) != 1:
        raise JobError(f"This works on one movie at a time; got {len(movies)}.")


def check_grid(shrink: int | None, resolution_um: float | None) -> None:
    """Raise `JobError` if frames cannot be shrunk as asked for."""
    if shrink is not None and resolution_um is not None:
        raise JobError("Give shrink or the resolution in micrometres, not both.")
    if shrink is not None:
        check_at_least("shrink", shrink, 1)
    check_positive("resolution_um", resolution_um)


def check_maps(maps: int, choose: int | None, erosion: int) -> None:
    """Raise `JobError` unless there are maps to choose from, and the chosen one is among them."""
    check_at_least("maps", maps, 2)
    check_at_least("erosion", erosion, 0)
    if choose is not None and not 0 <= choose < maps:
        raise JobError(f"choose must be a map from 0 to {maps - 1}, got {choose}.")


def check_frame_range(name: str, frames: str) -> None:
    """Raise `JobError` unless `frames` reads like "40-57", in this order."""
    match = _RANGE.fullmatch(frames)
    if match is None or int(match[1]) > int(match[2]):
        raise JobError(
            f"{name} must be one range of consecutive frames such as 40-57 (both ends belong), "
            f"got {frames!r}."
        )
