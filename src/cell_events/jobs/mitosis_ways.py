"""Two ways to learn divisions: quickly, and as the paper does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from cell_events.jobs.mitosis_train import MitosisTrain

QUICK, PAPER = "quick", "as in the paper"
KNOWN = {field.name for field in fields(MitosisTrain)}
_QUICK = {
    "steps": 500,
    "batch": 4,
    "crop": 32,
    "learning_rate": 1e-2,
    "loss": "dice",
    "normalisation": "batch",
    "fit_threshold": True,
    "schedule": "cosine",
    "optimizer": "adam",
}

WAYS: Mapping[str, Mapping[str, Any]] = {
    QUICK: {name: value for name, value in _QUICK.items() if name in KNOWN},
    PAPER: {},
}
"""Settings of `MitosisTrain` that each way has other than by default; the quick ones are those of
`quick_settings` in `cell_events.mitosis.train_settings`."""


def steps_of(way: str) -> int:
    """Batches that a way learns from."""
    by_default = next(field.default for field in fields(MitosisTrain) if field.name == "steps")
    return int(WAYS[way].get("steps", by_default))
