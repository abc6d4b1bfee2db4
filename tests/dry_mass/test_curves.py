"""Curves of mass cut from track tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cell_events.dry_mass.curves import mass_curves, tracks_of


def table(**columns: object) -> pd.DataFrame:
    rows = {
        "track_id": [1, 1, 1, 2, 2],
        "t": [0, 1, 3, 4, 5],
        "y": 1.0,
        "x": 2.0,
        "dry_mass_pg": [10.0, 11.0, 13.0, 6.0, 7.0],
    }
    return pd.DataFrame({**rows, **columns})


def test_each_track_becomes_a_curve_and_a_missing_frame_is_nan() -> None:
    first, second = mass_curves(table(parent_id=[None, None, None, 1, 1]))
    np.testing.assert_array_equal(first.mass_pg, [10, 11, np.nan, 13])
    np.testing.assert_array_equal(second.mass_pg, [6, 7])
    assert (first.track_id, first.first, first.last, first.parent_id) == (1, 0, 3, None)
    assert (second.first, second.last, second.parent_id) == (4, 5, 1)


def test_unsorted_rows_give_the_same_curves() -> None:
    for one, other in zip(
        mass_curves(table()), mass_curves(table().sample(frac=1, random_state=3)), strict=True
    ):
        np.testing.assert_array_equal(one.mass_pg, other.mass_pg)


def test_a_track_of_one_row_is_kept() -> None:
    *_, last = mass_curves(pd.concat([table(), table(track_id=7).head(1)]))
    assert (last.track_id, len(last.mass_pg)) == (7, 1)


def test_doubts_come_along() -> None:
    first, second = mass_curves(table(doubt=["", "merge", None, "border; split", ""]))
    assert first.doubtful.tolist() == [False, True, False, False]
    assert second.doubtful.tolist() == [True, False]


def test_another_column_can_be_the_mass() -> None:
    curves = mass_curves(table(area_um2=[1.0, 2.0, 3.0, 4.0, 5.0]), "area_um2")
    assert curves[1].mass_pg.tolist() == [4.0, 5.0]


def test_tables_come_back_from_curves() -> None:
    curves = mass_curves(table(parent_id=[None, None, None, 1, 1]))
    again = mass_curves(tracks_of(curves))
    for one, other in zip(curves, again, strict=True):
        np.testing.assert_array_equal(one.mass_pg, other.mass_pg)
        assert (one.track_id, one.first, one.parent_id) == (
            other.track_id,
            other.first,
            other.parent_id,
        )


def test_places_follow_the_frames_and_are_unknown_where_all_are_one() -> None:
    rows = pd.DataFrame({"track_id": 1, "t": [0, 2], "y": [1.0, 3.0], "x": [5.0, 6.0]})
    (curve,) = mass_curves(rows.assign(dry_mass_pg=1.0))
    assert curve.places is not None
    np.testing.assert_array_equal(curve.places, [[1, 5], [np.nan, np.nan], [3, 6]])
    (nowhere,) = mass_curves(rows.assign(dry_mass_pg=1.0, y=0.0, x=0.0))
    assert nowhere.places is None
