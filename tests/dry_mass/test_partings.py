"""Cells that touch for a while are told apart afterwards, in drawn movies."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from cell_events.dry_mass.measure import MeasuredTracks, MeasureSettings, measured_tracks
from cell_events.dry_mass.phase_scale import PhaseScale
from cell_events.movie import Movie

LIGHT, HEAVY = 1.0, 2.0


def disc(y: float, x: float, radius: float = 7.5) -> NDArray[np.bool_]:
    rows, columns = np.indices((60, 100))
    return (rows - y) ** 2 + (columns - x) ** 2 <= radius**2


def touching_cells(
    together: int, turned: int = 0
) -> tuple[NDArray[np.float64], NDArray[np.uint16]]:
    """Phase and labels: cells of mass 2 and 1 per pixel side by side, one outline for a while.

    Then they are as before, or one above the other: the heavy one on top (1) or below (-1).
    """
    before = disc(30, 40), disc(30, 56)
    after = (disc(30 - 8 * turned, 48), disc(30 + 8 * turned, 48)) if turned else before
    both = before[0] | before[1] | disc(30, 48, 5)
    phase, labels = [], []
    for t in range(8 + together):
        heavy, light = before if t < 4 + together else after
        phase.append(HEAVY * heavy + LIGHT * light)
        labels.append(both * 1 if 4 <= t < 4 + together else heavy * 1 + light * 2)
    return np.stack(phase), np.stack(labels).astype(np.uint16)


def tracks_of(phase: NDArray[np.float64], labels: NDArray[np.uint16]) -> pd.DataFrame:
    settings = MeasureSettings(link="laptrack", max_step_px=20.0)
    *_, last = measured_tracks(Movie(phase), Movie(labels), PhaseScale(1.0), settings)
    assert isinstance(last, MeasuredTracks)
    return last.tracks


def masses_after(table: pd.DataFrame, heavy: bool) -> tuple[float, float]:
    """Mass of the heavy, or the light, cell at first and at last."""
    start = table[table["t"] == 0].sort_values("dry_mass_pg")
    track = int(start["track_id"].iloc[-1 if heavy else 0])
    rows = table[table["track_id"] == track].sort_values("t")
    return float(rows["dry_mass_pg"].iloc[0]), float(rows["dry_mass_pg"].iloc[-1])


@pytest.mark.parametrize("turned", [0, 1, -1])
def test_each_cell_goes_on_as_itself(turned: int) -> None:
    table = tracks_of(*touching_cells(together=3, turned=turned))
    assert table["track_id"].nunique() == 2
    assert table["parent_id"].isna().all()
    for heavy in (False, True):
        first, last = masses_after(table, heavy)
        assert last == first


def test_one_of_them_has_a_gap_while_they_are_together() -> None:
    table = tracks_of(*touching_cells(together=3))
    assert sorted(table.groupby("track_id").size()) == [8, 11]


def test_all_frames_in_which_they_are_together_are_doubted() -> None:
    table = tracks_of(*touching_cells(together=4))
    doubted = table[table["doubt"] != ""]
    assert doubted["doubt"].tolist() == ["merge", "merge", "merge", "merge; split"]
    assert doubted["t"].tolist() == [4, 5, 6, 7]
    long = tracks_of(*touching_cells(together=12))
    assert long["doubt"][long["doubt"] != ""].tolist() == ["merge", "split"]


def test_after_a_long_time_the_heavier_goes_on_and_the_other_begins_anew() -> None:
    table = tracks_of(*touching_cells(together=12))
    assert table["track_id"].nunique() == 3
    assert table["parent_id"].isna().all()
    merged = table.groupby("track_id").size().idxmax()
    rows = table[table["track_id"] == merged]
    assert rows["dry_mass_pg"].iloc[-1] == HEAVY * disc(30, 40).sum()


def test_weightless_cells_are_no_obstacle() -> None:
    phase, labels = touching_cells(together=3)
    phase[:4][labels[:4] == 2] = 0.0
    assert tracks_of(phase, labels)["track_id"].nunique() == 2
