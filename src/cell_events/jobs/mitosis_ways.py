"""Two ways to learn divisions from points: as the paper does, and one that needs fewer steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PAPER, QUICK = "paper", "quick"
WHOLE_FRAMES = 0

WAYS: Mapping[str, Mapping[str, Any]] = {
    PAPER: {
        "features": "none",
        "steps": 6000,
        "batch": 1,
        "crop": WHOLE_FRAMES,
        "learning_rate": 1e-3,
        "schedule": "constant",
        "optimizer": "rmsprop",
        "time_dilations": 3,
        "loss": "cross entropy",
        "normalisation": "none",
        "scores": "binary",
        "fit_threshold": False,
    },
    QUICK: {
        "features": "time-arrow",
        "steps": 500,
        "batch": 4,
        "crop": 32,
        "learning_rate": 1e-2,
        "schedule": "cosine",
        "optimizer": "adam",
        "time_dilations": None,
        "loss": "dice",
        "normalisation": "batch",
        "scores": "mean",
        "fit_threshold": True,
    },
}
"""What each way sets unless `MitosisTrain` says otherwise; but for the features, the quick one is
`quick_settings` of `cell_events.mitosis.train_settings`."""


def steps_of(way: str) -> int:
    """Batches that a way learns from."""
    return int(WAYS[way]["steps"])
