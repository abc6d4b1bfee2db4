"""What the jobs for abnormal stretches share: shipped models, and checks of their settings."""

from __future__ import annotations

import math
from pathlib import Path

from cell_events.jobs.checks import JobError, check_at_least

AUTO, NONE = "auto", "none"

PRETRAINED = {"pretrained": "series-unet", "pretrained mass": "series-unet-mass"}
"""Names of the models that come with the package."""

LEAST_LENGTH = 16


def check_snapshots(length: int | None, step: int | None) -> None:
    """Raise `JobError` unless snapshots have points, and follow each other without gaps."""
    if length is not None:
        check_at_least("length", length, LEAST_LENGTH)
    if step is not None:
        check_at_least("step", step, 1)
        if length is not None and step > length:
            raise JobError(
                f"step must be at most the length of a snapshot, {length}, got {step}: points in "
                "between would not be judged."
            )


def check_scale(center: float | None, spread: float | None) -> None:
    """Raise `JobError` unless a scale is given whole, or not at all."""
    if (center is None) != (spread is None):
        raise JobError("center and spread make one scale; give both, or none.")
    if center is None or spread is None:
        return
    if not math.isfinite(center) or not (math.isfinite(spread) and spread > 0):
        raise JobError(
            f"center must be a number and spread one above zero, got {center} and {spread}."
        )


def check_column_names(name: str, columns: tuple[str, ...]) -> None:
    """Raise `JobError` if a name is empty or given twice."""
    if len(set(columns)) < len(columns) or not all(columns):
        raise JobError(f"Each {name} needs a name of its own, got {', '.join(columns)}.")


def shipped_series_model(name: str) -> Path:
    """Model file that comes with the package.

    Raises
    ------
    JobError
        If the package holds none of this name.
    """
    path = Path(__file__).parents[1] / "models" / f"{PRETRAINED[name]}.safetensors"
    if not path.is_file():
        raise JobError(
            f"No model '{name}' comes with this package; make one with segments pretrain and name "
            "its file."
        )
    return path


def series_model(given: Path | str | None) -> Path:
    """Model file that a name, a path or nothing means; nothing means the pretrained one."""
    name = "pretrained" if given is None else str(given)
    return shipped_series_model(name) if name in PRETRAINED else Path(name)
