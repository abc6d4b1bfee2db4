"""Tables from which no curves can be cut, and what is said about them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cell_events.dry_mass.curve_checks import CurvesError, check_columns
from cell_events.dry_mass.curves import mass_curves


def table(**columns: object) -> pd.DataFrame:
    rows = {
        "track_id": [1, 1, 1, 2, 2],
        "t": [0, 1, 3, 4, 5],
        "y": 1.0,
        "x": 2.0,
        "dry_mass_pg": [10.0, 11.0, 13.0, 6.0, 7.0],
    }
    return pd.DataFrame({**rows, **columns})


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
