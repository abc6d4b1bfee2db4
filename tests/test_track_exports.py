"""Tracks as CTC and GEFF files, read back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import zarr

from cell_events.events import Event
from cell_events.movie import open_movie
from cell_events.track_ctc import check_against_labels, ctc_table, read_ctc, write_ctc
from cell_events.track_divisions import TrackDivision
from cell_events.track_geff import write_geff
from cell_events.tracks import TracksError, track_table

ROWS = [
    *((1, t, 10.0, 10.0) for t in (0, 1)),
    *((2, t, 6.0, 10.0) for t in (2, 3)),
    *((3, t, 14.0, 10.0) for t in (2, 3)),
    *((4, t, 2.0, 2.0) for t in range(4)),
]
TRACKS = track_table(
    pd.DataFrame(ROWS, columns=["track_id", "t", "y", "x"]).assign(
        parent_id=[None, None, 1, 1, 1, 1, *[None] * 4],
        dry_mass_pg=[100.0, 102.0, 50.0, np.nan, 51.0, 52.0, 70.0, 71.0, 72.0, 73.0],
        note=["", "round", *[""] * 8],
    )
)
EVENT = Event(2, 10.5, 10.0, score=0.9, status="accepted", source="model")
DIVISION = TrackDivision(EVENT, 1, (2, 3))


def labels_of(tracks):
    labels = np.zeros((4, 20, 20), np.uint16)
    for row in tracks.itertuples():
        labels[row.t, int(row.y), int(row.x)] = row.track_id
    return labels


def test_a_ctc_file_has_one_line_for_each_track_and_comes_back(tmp_path):
    path = tmp_path / "res_track.txt"
    write_ctc(path, TRACKS)
    assert path.read_text() == "1 0 1 0\n2 2 3 1\n3 2 3 1\n4 0 3 0\n"
    pd.testing.assert_frame_equal(read_ctc(path), ctc_table(TRACKS))


def test_a_track_zero_or_with_a_gap_cannot_be_a_ctc_track():
    with pytest.raises(TracksError, match="number the tracks from 1"):
        ctc_table(TRACKS.replace({"track_id": {4: 0}}))
    with pytest.raises(TracksError, match="Track 4 is missing in frame 1 and there again in fram"):
        ctc_table(TRACKS.drop(index=7))


def test_a_file_that_is_no_ctc_file_is_refused(tmp_path):
    path = tmp_path / "res_track.txt"
    path.write_text("1 0 1\n")
    with pytest.raises(TracksError, match="row 1: found 3 numbers, expected 4"):
        read_ctc(path)
    path.write_text("L B E P\n")
    with pytest.raises(TracksError, match="cannot be read as a CTC track file"):
        read_ctc(path)


def test_tracks_are_checked_against_the_labels_they_were_made_of():
    labels, table = labels_of(TRACKS), ctc_table(TRACKS)
    check_against_labels(table, open_movie(labels, axes="TYX"))
    with pytest.raises(TracksError, match=r"go on to frame 3, but .* ends with frame 2"):
        check_against_labels(table, open_movie(labels[:3], axes="TYX"))
    labels[2][labels[2] == 3] = 0
    with pytest.raises(TracksError, match="Track 3 is in frame 2 of the tracks, and is not in"):
        check_against_labels(table, open_movie(labels, axes="TYX"))


@pytest.fixture
def graph(tmp_path):
    geff = pytest.importorskip("geff")
    write_geff(tmp_path / "tracks.geff", TRACKS, [DIVISION], 0.65, 300.0)
    return geff.read(tmp_path / "tracks.geff")


def test_geff_holds_places_measurements_and_links(graph):
    network, _ = graph
    nodes = pd.DataFrame(dict(network.nodes(data=True))).T.sort_index()
    assert nodes[["track_id", "t", "y", "x"]].astype(float).to_numpy().tolist() == [
        list(map(float, row)) for row in ROWS
    ]
    assert nodes["dry_mass_pg"].isna().tolist() == TRACKS["dry_mass_pg"].isna().tolist()
    assert nodes["note"].tolist() == TRACKS["note"].tolist()
    assert set(network.edges) == {(0, 1), (1, 2), (1, 4), (2, 3), (4, 5), (6, 7), (7, 8), (8, 9)}


def test_geff_says_what_is_known_of_a_division_at_its_mother(graph):
    network, _ = graph
    assert [node for node, about in network.nodes(data=True) if about["division"]] == [1]
    divided = network.nodes[1]
    assert [divided[f"division_{name}"] for name in ("t", "y", "score", "status", "source")] == [
        *(2, 10.5, 0.9),
        *("accepted", "model"),
    ]
    assert "division_score" not in network.nodes[0]
    links = {edge for edge in network.edges if network.edges[edge]["division"]}
    assert links == {(1, 2), (1, 4)}


def test_geff_axes_have_units_and_scale(graph):
    _, metadata = graph
    told = [(axis.name, axis.unit, axis.scale, axis.scaled_unit) for axis in metadata.axes]
    assert told == [
        ("t", "frame", 300.0, "second"),
        ("y", "pixel", 0.65, "micrometer"),
        ("x", "pixel", 0.65, "micrometer"),
    ]
    assert metadata.directed
    assert metadata.track_node_props == {"tracklet": "track_id"}


def test_an_earlier_geff_is_replaced_and_another_folder_is_not(tmp_path):
    geff = pytest.importorskip("geff")
    for tracks in (TRACKS, TRACKS[TRACKS["track_id"] == 4]):
        write_geff(tmp_path / "tracks.geff", tracks)
    assert len(geff.read(tmp_path / "tracks.geff")[0]) == 4
    assert [path.name for path in tmp_path.iterdir()] == ["tracks.geff"]
    (tmp_path / "photos").mkdir()
    with pytest.raises(TracksError, match="is no GEFF; give the name of a folder to make"):
        write_geff(tmp_path / "photos", TRACKS)


@pytest.mark.parametrize("zarr_format", [2, 3])
def test_a_zarr_that_is_no_geff_is_not_replaced(tmp_path, zarr_format):
    pytest.importorskip("geff")
    path = tmp_path / "movie.zarr"
    image = zarr.create_group(path, zarr_format=zarr_format).create_array(
        "image", shape=(2, 2), dtype="uint8"
    )
    image[:] = 7
    with pytest.raises(TracksError, match="exists and is no GEFF"):
        write_geff(path, TRACKS)
    zarr.open_group(path).attrs["geff"] = {"geff_version": "1.1"}
    with pytest.raises(TracksError, match="holds 'image' besides a GEFF"):
        write_geff(path, TRACKS)
    assert zarr.open_group(path)["image"][:].tolist() == [[7, 7], [7, 7]]


def test_a_file_is_not_replaced_by_a_geff(tmp_path):
    pytest.importorskip("geff")
    (tmp_path / "tracks.geff").write_text("notes")
    with pytest.raises(TracksError, match="exists and is no GEFF"):
        write_geff(tmp_path / "tracks.geff", TRACKS)
    assert (tmp_path / "tracks.geff").read_text() == "notes"
