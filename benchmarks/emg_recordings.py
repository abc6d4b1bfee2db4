"""Recordings of hand gestures in EMG, as means of 20 ms brought to one scale."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from series_snapshots import Recording

from cell_events.series.scaling import scaled_by_sample

GESTURES = ("rest", "fist", "flexion", "extension", "radial deviation", "ulnar deviation")
CHANNELS = tuple(f"channel{number}" for number in range(1, 9))
BLOCK_MS = 20
"""Whose mean is one point."""


def recording(path: Path) -> Recording:
    """Read one recording as means of 20 ms."""
    table_ = pd.read_csv(path, sep="\t").dropna()
    block = table_["time"].to_numpy() // BLOCK_MS
    means = table_[list(CHANNELS)].groupby(block).mean()
    classes = table_["class"].astype(int).groupby(block).median()
    every = np.arange(means.index[0], means.index[-1] + 1)
    measured = np.isin(every, means.index)
    values = means.reindex(every).interpolate().to_numpy(np.float32).T
    values = scaled_by_sample(values[None], measured[None])[0]
    kind = classes.reindex(every).fillna(0).to_numpy()
    labels = np.stack([kind == number for number in range(1, len(GESTURES) + 1)])
    return Recording(
        f"{path.parent.name}/{path.stem}", np.where(measured, values, np.nan), labels, GESTURES
    )


def recordings(folder: Path, people: Sequence[str]) -> list[Recording]:
    paths = [path for person in people for path in sorted((folder / person).iterdir())]
    return [recording(path) for path in paths]
