"""The Dodgers loop sensor as a first half to learn from and a second to test on; simple scores."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from series_snapshots import Recording

from cell_events.series.simple_scores import SIMPLE_SCORES

MINUTES = 5
"""From one count to the next."""

BEFORE, AFTER = 30, 75
"""Minutes around the end of a game in which there is more traffic."""

POINTS_PER_WEEK = 7 * 24 * 60 // MINUTES


def halves(folder: Path) -> tuple[Recording, Recording]:
    """Read the first and the second half of the recording."""
    counts = pd.read_csv(folder / "Dodgers.data", names=["time", "count"])
    times = pd.to_datetime(counts["time"], format="%m/%d/%Y %H:%M")
    values = counts["count"].where(counts["count"] >= 0).to_numpy(np.float32)
    games = pd.read_csv(folder / "Dodgers.events", header=None)
    ends = pd.to_datetime(games[0] + " " + games[2], format="%m/%d/%y %H:%M:%S")
    labels = np.zeros((1, len(values)), bool)
    for end in ends:
        away = (times - end).dt.total_seconds().to_numpy() / 60
        labels[0, (away >= -BEFORE) & (away <= AFTER)] = True
    middle = len(values) // 2
    print(f"{(ends < times[middle]).sum()} games in the first half, {len(ends)} in all")
    whole = Recording("dodgers", values[None], labels, ("game",))
    return whole.part(slice(middle)), whole.part(slice(middle, None))


def simple_scores(first: Recording, second: Recording) -> Iterator[tuple[str, list[NDArray]]]:
    """Scores (1, T) of both halves that nothing was trained for."""
    for name, score in SIMPLE_SCORES.items():
        yield name, [score(part.whole[None]) for part in (first, second)]
    known = first.values[0]
    whole_weeks = len(known) // POINTS_PER_WEEK * POINTS_PER_WEEK
    usual = np.nanmedian(known[:whole_weeks].reshape(-1, POINTS_PER_WEEK), axis=0)
    both = np.concatenate([first.whole[0], second.whole[0]])
    excess = both - usual[np.arange(len(both)) % POINTS_PER_WEEK]
    smooth = pd.Series(excess).rolling(15, center=True, min_periods=1).mean().to_numpy()
    yield "weekday median", [smooth[None, : len(known)], smooth[None, len(known) :]]
