"""Checks that jobs make when they are built, before any file is opened."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

DEVICES = ("auto", "cuda", "mps", "cpu")

_FRAMES = re.compile(r"\d+(-\d+)?(,\d+(-\d+)?)*")


class JobError(ValueError):
    """Settings of a job that cannot be meant; the message is one sentence for the user."""


def check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    """Raise `JobError` unless `value` is one of `choices`."""
    if value not in choices:
        raise JobError(f"{name} must be one of {', '.join(choices)}; got {value!r}.")


def check_at_least(name: str, value: float, least: float) -> None:
    """Raise `JobError` unless `value` is a number of at least `least`."""
    if not (math.isfinite(value) and value >= least):
        raise JobError(f"{name} must be at least {least}, got {value}.")


def check_positive(name: str, value: float | None) -> None:
    """Raise `JobError` unless `value` is a number above zero, or None."""
    if value is not None and not (math.isfinite(value) and value > 0):
        raise JobError(f"{name} must be a positive number, got {value}.")


def check_fraction(name: str, value: float) -> None:
    """Raise `JobError` unless `value` lies in [0, 1)."""
    if not 0 <= value < 1:
        raise JobError(f"{name} must be at least 0 and less than 1, got {value}.")


def check_not_empty(name: str, values: tuple[Any, ...]) -> None:
    """Raise `JobError` if a list that needs an entry has none."""
    if not values:
        raise JobError(f"Give at least one {name}.")


def check_frames(name: str, frames: str) -> None:
    """Raise `JobError` unless `frames` is empty or reads like "0-20,30"."""
    text = frames.replace(" ", "")
    if text and not _FRAMES.fullmatch(text):
        raise JobError(f"{name} must read like 0-20 or 0-20,30 (both ends belong), got {frames!r}.")


def check_one_for_each(name: str, paths: tuple[Any, ...], movies: tuple[Any, ...]) -> None:
    """Raise `JobError` unless there is one path for each movie, or none at all."""
    if paths and len(paths) != len(movies):
        raise JobError(f"{len(movies)} movies need as many {name}, or none; got {len(paths)}.")


def check_examples(
    paints: tuple[Any, ...], events: tuple[Any, ...], movies: tuple[Any, ...]
) -> None:
    """Raise `JobError` unless each movie has a painted mask, or decided events, or both."""
    if not paints and not events:
        raise JobError(
            f"Got no painted mask for {len(movies)} movie{'s' * (len(movies) != 1)}; give one for "
            "each, or decided events."
        )
    check_one_for_each("painted masks", paints, movies)
    check_one_for_each("CSVs of decided events", events, movies)


def check_done(done: tuple[str, ...], movies: tuple[Any, ...]) -> None:
    """Raise `JobError` unless the done frames read like frames, once or once for each movie."""
    if len(done) not in (0, 1, len(movies)):
        raise JobError(
            f"Give done frames once for all {len(movies)} movies or once for each, got {len(done)}."
        )
    for frames in done:
        check_frames("done", frames)


def check_classes(classes: tuple[str, ...]) -> None:
    """Raise `JobError` unless there are classes with different names."""
    check_not_empty("class", classes)
    if len(set(classes)) < len(classes) or not all(classes):
        raise JobError(f"classes must be different names, got {', '.join(classes)}.")


def check_crop_size(crop_size: int) -> None:
    """Raise `JobError` unless the side of a crop is even."""
    if crop_size < 2 or crop_size % 2:
        raise JobError(f"crop_size must be an even number of pixels, got {crop_size}.")


def make_folder_of(*paths: Path | None) -> None:
    """Make the folders of output files before hours of work, so that a bad path shows at once."""
    for path in paths:
        if path is None:
            continue
        if path.is_dir():
            raise JobError(f"{path} is a folder; give the name of a file to write.")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise JobError(f"The folder of {path} cannot be made: {error.strerror}.") from error
