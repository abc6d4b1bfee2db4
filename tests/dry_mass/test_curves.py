"""Curves of mass cut from track tables, and tables from which none can be cut."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cell_events.dry_mass.curves import (
    CurvesError,
    check_columns,
    mass_curves,
    tracks_of,
)


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


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"dry_mass_pg": [1, 2, np.nan, 4, 5]}, "Track 1, frame 3, .* no finite number; leave out"),
        ({"dry_mass_pg": [1, np.inf, 2, 4, 5]}, "frame 1, .* inf is no finite number"),
        ({"dry_mass_pg": [1, 2, 3, -4, -5]}, r"Track 2, .* negative \(and 1 more\)"),
        ({"dry_mass_pg": ["1", "2", "three", "4", "5"]}, "three is no finite number"),
        ({"t": [0, 1, 1, 4, 5]}, "track 1 is twice in frame 1"),
        ({"t": [0, 1, 1.5, 4, 5]}, "'1.5' is no whole number"),
        ({"t_s": [0.0, 60.0, 900.0, 960.0, 1020.0]}, "frames 1 and 3, 420 s go by for each frame"),
    ],
)
def test_values_that_make_no_curve_are_refused(columns: dict[str, object], says: str) -> None:
    with pytest.raises(CurvesError, match=says):
        mass_curves(table(**columns))


def test_frames_that_are_counted_in_minutes_are_refused() -> None:
    minutes = pd.DataFrame({"track_id": 1, "t": range(0, 200, 10), "y": 0, "x": 0})
    with pytest.raises(CurvesError, match=r"numbered 0, 10, 20 .* divide t by 10"):
        mass_curves(minutes.assign(dry_mass_pg=1.0))


def test_even_times_are_accepted() -> None:
    assert len(mass_curves(table(t_s=[0.0, 300.0, 900.0, 1200.0, 1500.0]))) == 2


def test_times_that_are_not_known_are_no_uneven_times() -> None:
    assert len(mass_curves(table(t_s=np.nan))) == 2


def test_an_empty_table_is_refused() -> None:
    with pytest.raises(CurvesError, match="no rows"):
        mass_curves(table().head(0))


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (["track_id", "t", "y", "x", "DryMass"], "did you mean 'DryMass'. Then name that column"),
        (["track_id", "t", "y", "x", "dry_mass"], "did you mean 'dry_mass'"),
        (["track_id", "frame", "y", "x"], "'t' is missing; .* did you mean 'frame'. Then rename"),
        (["TRACK_ID", "t", "y", "x"], "did you mean 'TRACK_ID'"),
        (["track_id", "t", "POSITION_Y", "x"], "did you mean 'POSITION_Y'"),
        (["track_id", "t", "y", "x", "speed"], "is missing; .* or give a table that measure"),
    ],
)
def test_wrong_names_of_columns_propose_the_right_ones(found: list[str], says: str) -> None:
    with pytest.raises(CurvesError, match=says):
        check_columns(found)


def test_places_follow_the_frames_and_are_unknown_where_all_are_one() -> None:
    rows = pd.DataFrame({"track_id": 1, "t": [0, 2], "y": [1.0, 3.0], "x": [5.0, 6.0]})
    (curve,) = mass_curves(rows.assign(dry_mass_pg=1.0))
    assert curve.places is not None
    np.testing.assert_array_equal(curve.places, [[1, 5], [np.nan, np.nan], [3, 6]])
    (nowhere,) = mass_curves(rows.assign(dry_mass_pg=1.0, y=0.0, x=0.0))
    assert nowhere.places is None
