"""Where flagged cells are, frame by frame."""

import pandas as pd

from cell_events.dry_mass.flag_rows import flag_table, flagged_rows, median_masses
from cell_events.dry_mass.flags import CellFlag

TRACKS = pd.DataFrame(
    {
        "track_id": [1] * 5 + [2] * 5,
        "t": [*range(5), *range(5)],
        "y": 3.0,
        "x": 4.0,
        "dry_mass_pg": [10.0, 11, 12, 13, 14, 20, 20, 20, 20, 60],
        "category": "of another program",
    }
)
FLAGS = [
    CellFlag(1, "normal", score=1.0, threshold=5.0),
    CellFlag(2, "flagged", 9.0, 5.0, 0.5, "arrest", "cellular", first=1, last=3),
]


def test_only_the_stretch_of_flagged_cells_is_given():
    rows = flagged_rows(TRACKS, FLAGS, {2: "CA"})
    assert rows["track_id"].tolist() == [2, 2, 2]
    assert rows["t"].tolist() == [1, 2, 3]
    assert set(rows["reason"]) == {"arrest"}
    assert set(rows["category"]) == {"CA"}  # that of the expert


def test_without_flagged_cells_there_are_no_rows_but_all_columns():
    rows = flagged_rows(TRACKS, FLAGS[:1], {})
    assert len(rows) == 0
    assert {"rmse_pg", "flag", "reason", "cause", "category"} <= set(rows)


def test_each_cell_has_one_row_in_the_table_of_flags():
    table = flag_table(FLAGS, {1: "PA"}).set_index("track_id")
    assert table["flag"].tolist() == ["normal", "flagged"]
    assert table["category"].tolist() == ["PA", ""]


def test_the_table_keeps_the_reasons_of_normal_cells_to_itself():
    likely = CellFlag(1, "normal", 1.0, 5.0, reason="loss", cause="cellular")
    table = flag_table([likely, *FLAGS[1:]], {}).set_index("track_id")
    assert table["reason"].tolist() == ["", "arrest"]
    assert table["cause"].tolist() == ["", "cellular"]


def test_the_median_mass_is_that_of_the_cell():
    assert median_masses(TRACKS, "dry_mass_pg").to_dict() == {1: 12.0, 2: 20.0}
