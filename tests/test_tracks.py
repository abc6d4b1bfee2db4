"""Track tables: reading, writing, checking, and making them of arrays and labels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cell_events.movie import open_movie
from cell_events.track_sources import tracks_from_array, tracks_from_labels
from cell_events.tracks import TracksError, read_tracks, track_table, write_tracks

FAMILY = pd.DataFrame(
    {
        "track_id": [1, 1, 2, 2, 3],
        "t": [0, 1, 2, 3, 2],
        "y": [5.25, 6.0, 4.0, 3.0, 8.0],
        "x": [5.0, 5.0, 5.0, 5.0, 5.5],
        "dry_mass_pg": [100.5, 101.0, 50.0, np.nan, 49.0],
        "parent_id": [None, None, 1, 1, 1],
    }
)


def test_a_table_comes_back_from_its_file_with_measurements_and_parents(tmp_path):
    write_tracks(tmp_path / "tracks.csv", FAMILY)
    found = read_tracks(tmp_path / "tracks.csv")
    pd.testing.assert_frame_equal(found, track_table(FAMILY))
    assert found["parent_id"].tolist()[2:] == [1, 1, 1]
    assert found["parent_id"].isna().tolist()[:2] == [True, True]


def test_numbers_are_written_in_full(tmp_path):
    precise = FAMILY.assign(y=FAMILY["y"] + 1 / 3)
    write_tracks(tmp_path / "tracks.csv", precise)
    assert read_tracks(tmp_path / "tracks.csv")["y"].tolist() == precise["y"].tolist()


def test_rows_may_come_in_any_order():
    shuffled = FAMILY.iloc[[4, 0, 3, 1, 2]]
    pd.testing.assert_frame_equal(track_table(shuffled), track_table(FAMILY))


def test_a_parent_below_zero_is_none_and_zero_is_none_where_no_track_is_zero():
    from_one = track_table(FAMILY.assign(parent_id=[0, 0, 1, 1, -1]))
    assert from_one["parent_id"].isna().tolist() == [True, True, False, False, True]
    from_zero = track_table(FAMILY.assign(track_id=[0, 0, 2, 2, 3], parent_id=[-1, -1, 0, 0, 0]))
    assert from_zero["parent_id"].tolist()[2:] == [0, 0, 0]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"t": [0, 1, 2, 3, 2.5]}, r"row 5, column t: '2\.5' is no whole number"),
        ({"y": [1, 2, "far", 4, 5]}, "row 3, column y: 'far' is no finite number"),
        ({"track_id": [-1, -1, 2, 2, 3]}, "row 1, column track_id: '-1'"),
        ({"t": [0, 0, 2, 3, 2]}, "track 1 is twice in frame 0"),
        ({"parent_id": [None, None, 7, 7, 1]}, "track 2 has the parent 7, and there is no track 7"),
        ({"parent_id": [None, None, 1, None, 1]}, "track 2 has different parents"),
        ({"t": [0, 2, 2, 3, 2]}, "track 2 begins in frame 2, and its parent 1 ends in frame 2"),
        ({"parent_id": [1, 1, 1, 1, 1]}, "track 1 begins in frame 0, and its parent 1 ends"),
    ],
)
def test_a_table_that_cannot_be_meant_is_refused(change, says):
    with pytest.raises(TracksError, match=says):
        track_table(FAMILY.assign(**change))


def test_a_table_of_other_columns_is_refused_with_what_was_found(tmp_path):
    path = tmp_path / "lineage.csv"
    path.write_text("id,start,end,parent\n1,0,3,0\n")
    with pytest.raises(TracksError, match="'track_id' is missing; found id, start, end, parent"):
        read_tracks(path)


@pytest.mark.parametrize("text", ["", "track_id,t,y,x\n1,2\n1,2,3,4,5,6\n"])
def test_a_file_that_is_no_table_is_refused(tmp_path, text):
    path = tmp_path / "tracks.csv"
    path.write_text(text)
    with pytest.raises(TracksError, match=r"tracks\.csv"):
        read_tracks(path)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(TracksError, match="does not exist"):
        read_tracks(tmp_path / "none.csv")


def test_an_empty_table_is_a_table(tmp_path):
    write_tracks(tmp_path / "tracks.csv", FAMILY.iloc[:0])
    assert len(read_tracks(tmp_path / "tracks.csv")) == 0


def test_an_array_with_a_graph_becomes_a_table():
    vertices = FAMILY[["track_id", "t", "y", "x"]].to_numpy(float)
    found = tracks_from_array(vertices, {2: [1], 3: 1}, {"dry_mass_pg": FAMILY["dry_mass_pg"]})
    pd.testing.assert_frame_equal(
        found, track_table(FAMILY)[list(found.columns)], check_column_type=False
    )


def test_cells_that_merge_are_refused():
    vertices = FAMILY[["track_id", "t", "y", "x"]].to_numpy(float)
    with pytest.raises(TracksError, match="Track 3 has 2 parents"):
        tracks_from_array(vertices, {3: [1, 2]})


def test_tracks_in_three_dimensions_are_refused():
    with pytest.raises(TracksError, match=r"\(2, 5\); expected \(N, 4\)"):
        tracks_from_array(np.zeros((2, 5)))


def test_labels_become_tracks_at_the_middle_of_their_pixels():
    labels = np.zeros((3, 10, 12), np.uint16)
    labels[0, 2:5, 3:6] = 7
    labels[1, 2:4, 3:9] = 7
    labels[2, 0:2, 0:2], labels[2, 8:10, 8:10] = 8, 9
    found = tracks_from_labels(open_movie(labels, axes="TYX"), {8: 7, 9: 7})
    assert found["track_id"].tolist() == [7, 7, 8, 9]
    assert found["t"].tolist() == [0, 1, 2, 2]
    assert found["y"].tolist() == [3.0, 2.5, 0.5, 8.5]
    assert found["x"].tolist() == [4.0, 5.5, 0.5, 8.5]
    assert found["area_px"].tolist() == [9, 12, 4, 4]
    assert found["parent_id"].tolist()[2:] == [7, 7]
