"""Mothers against their daughters, with masses that are given."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cell_events.dry_mass.conservation import conservation, division_masses
from cell_events.dry_mass.divisions import rejoined, without_impossible_parents
from cell_events.tracks import track_table


def tracks(*given: tuple[int, int, list[float], int | None]) -> pd.DataFrame:
    """Rows of tracks, each given by identity, first frame, masses and parent."""
    rows = [
        (track, first + i, 0.0, 0.0, mass, parent)
        for track, first, masses, parent in given
        for i, mass in enumerate(masses)
    ]
    names = ["track_id", "t", "y", "x", "dry_mass_pg", "parent_id"]
    return track_table(pd.DataFrame(rows, columns=names))


FAIR = tracks(
    (1, 0, [90, 99, 100, 101], None), (2, 4, [44, 45, 46, 60], 1), (3, 4, [50, 50, 50], 1)
)


def test_the_daughters_are_compared_with_their_mother_around_the_division() -> None:
    one = division_masses(FAIR).iloc[0]
    assert one[["mother", "first", "second", "t"]].tolist() == [1, 2, 3, 4]
    assert one[["mother_pg", "first_pg", "second_pg", "share"]].tolist() == [100, 45, 50, 0.95]


def test_the_summary_gives_median_and_range() -> None:
    table = tracks(
        *((10 * i + 1, 0, [100.0], None) for i in range(3)),
        *((10 * i + 2, 1, [half], 10 * i + 1) for i, half in enumerate((40.0, 45.0, 50.0))),
        *((10 * i + 3, 1, [half], 10 * i + 1) for i, half in enumerate((40.0, 45.0, 50.0))),
    )
    found = conservation(table)
    assert (found.divisions, found.measured) == (3, 3)
    assert (found.low, found.median, found.high) == (0.8, 0.9, 1.0)


def test_doubtful_frames_do_not_count_and_a_mother_without_others_is_not_measured() -> None:
    doubted = FAIR.assign(doubt="")
    doubted.loc[(doubted["track_id"] == 1) & (doubted["t"] == 3), "doubt"] = "merge"
    assert division_masses(doubted)["mother_pg"][0] == pytest.approx((99 + 100) / 2)
    doubted.loc[doubted["track_id"] == 1, "doubt"] = "border"
    found = conservation(doubted)
    assert (found.divisions, found.measured) == (1, 0)
    assert np.isnan(found.median)


def test_without_divisions_there_is_nothing_to_compare() -> None:
    found = conservation(tracks((1, 0, [90.0, 99.0], None)))
    assert (found.divisions, found.measured) == (0, 0)


def test_fair_divisions_stay_as_they_are() -> None:
    for undone in (rejoined(FAIR), without_impossible_parents(FAIR)):
        pd.testing.assert_frame_equal(undone, FAIR)


def test_a_split_without_a_fair_share_is_undone_and_the_heavier_part_goes_on() -> None:
    table = tracks(
        (1, 0, [100.0] * 3, None),
        (2, 3, [5.0] * 3, 1),
        (3, 3, [95.0] * 3, 1),
        (4, 6, [94.0] * 3, 3),
        (5, 6, [4.0] * 3, 3),
        (6, 9, [47.0] * 3, 4),
        (7, 9, [46.0] * 3, 4),
    )
    found = rejoined(table)
    assert found.groupby("track_id").size().to_dict() == {1: 9, 2: 3, 5: 3, 6: 3, 7: 3}
    parents = found.groupby("track_id")["parent_id"].first().dropna().to_dict()
    assert parents == {6: 1, 7: 1}
    kept = without_impossible_parents(table)
    assert kept["track_id"].equals(table["track_id"])
    assert kept.groupby("track_id")["parent_id"].first().dropna().to_dict() == {6: 4, 7: 4}


def division(n_before: list[int], daughter_frames: int = 4, end: int = 8) -> pd.DataFrame:
    """A fair division after four frames, in a movie in which another cell is seen to the end."""
    table = tracks(
        (1, 0, [100.0] * 4, None),
        (2, 4, [50.0] * 4, 1),
        (3, 4, [50.0] * daughter_frames, 1),
        (9, 0, [70.0] * end, None),
    )
    overlaps = table["t"].map(dict(enumerate(n_before))).fillna(1).where(table["track_id"] == 1, 1)
    return table.assign(n_before=overlaps, n_after=1)


def has_daughters(table: pd.DataFrame) -> bool:
    return bool(without_impossible_parents(table)["parent_id"].notna().any())


def test_what_had_come_together_parts_and_does_not_divide() -> None:
    assert has_daughters(division([0, 1, 1, 1]))
    together = division([0, 1, 2, 1])
    assert not has_daughters(together)
    parted = together.assign(n_after=together["n_after"].mask(together["t"] == 2, 2))
    assert has_daughters(parted)


def test_daughters_are_seen_for_more_than_a_moment_unless_the_movie_ends() -> None:
    assert not has_daughters(division([0, 1, 1, 1], daughter_frames=2))
    assert has_daughters(division([0, 1, 1, 1], daughter_frames=3))
    ends_soon = division([0, 1, 1, 1], daughter_frames=2, end=6)
    assert has_daughters(ends_soon[ends_soon["t"] < 6])
