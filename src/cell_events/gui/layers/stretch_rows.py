"""Which rows of a track table lie in which abnormal stretches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from cell_events.series.labelled_series import Segment

SEGMENT, PROBABILITY = "segment", "segment_probability"


def stretch_rows(tracks: pd.DataFrame, segments: Iterable[Segment]) -> pd.DataFrame:
    """One row for each frame of each stretch: its `row` in the tracks, kind and probability.

    Parameters
    ----------
    tracks
        A track table, ordered by track and time. Stretches of other series are left out.
    """
    cells, frames = tracks["track_id"].to_numpy(), tracks["t"].to_numpy()
    found: list[pd.DataFrame] = []
    for one in segments:
        if not one.series.isdecimal():
            continue
        low, high = np.searchsorted(cells, [int(one.series), int(one.series) + 1])
        first = low + np.searchsorted(frames[low:high], one.start, side="left")
        end = low + np.searchsorted(frames[low:high], one.end, side="right")
        rows = {"row": np.arange(first, end), SEGMENT: one.kind, PROBABILITY: one.probability}
        found.append(pd.DataFrame(rows))
    if not found:
        return pd.DataFrame({"row": np.empty(0, int), SEGMENT: [], PROBABILITY: np.empty(0)})
    return pd.concat(found, ignore_index=True)


def surest_kinds(rows: pd.DataFrame, kinds: Sequence[str], n_rows: int) -> pd.DataFrame:
    """For each row of the tracks, the number of the surest kind from 1, or 0, and how sure."""
    numbers, probabilities = np.zeros(n_rows, int), np.zeros(n_rows)
    ordered = rows.sort_values(PROBABILITY, kind="stable")  # the surest is written last
    place = {kind: number for number, kind in enumerate(kinds, start=1)}
    numbers[ordered["row"]] = ordered[SEGMENT].map(place)
    probabilities[ordered["row"]] = ordered[PROBABILITY]
    return pd.DataFrame({SEGMENT: numbers, PROBABILITY: probabilities})


def stretches_of_cells(segments: Iterable[Segment]) -> pd.DataFrame:
    """One row for each cell, by its track: "arrest 12-20; loss 31-33", and the surest one."""
    words: dict[int, list[str]] = {}
    surest: dict[int, float] = {}
    for one in segments:
        if one.series.isdecimal():
            cell = int(one.series)
            words.setdefault(cell, []).append(f"{one.kind} {one.start:g}-{one.end:g}")
            surest[cell] = max(surest.get(cell, 0.0), one.probability)
    told = {SEGMENT: ["; ".join(listed) for listed in words.values()]}
    told[PROBABILITY] = [round(surest[cell], 3) for cell in words]  # type: ignore[misc]
    return pd.DataFrame(told, index=pd.Index(list(words), dtype=np.int64))
