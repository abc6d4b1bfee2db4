"""Tracks of other programs, from small files written as these programs write them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tifffile

from cell_events.track_branches import branches
from cell_events.track_files import read_any_tracks
from cell_events.tracks import TracksError, write_tracks

MODEL = """<?xml version="1.0" encoding="UTF-8"?>
<TrackMate version="7.11.1">
  <Model spatialunits="micron" timeunits="sec">
    <AllSpots nspots="7">
      <SpotsInFrame frame="0">
        <Spot ID="10" name="a" FRAME="0" POSITION_X="5.0" POSITION_Y="2.5" TOTAL_INTENSITY_CH1="8"/>
        <Spot ID="99" name="alone" FRAME="0" POSITION_X="9" POSITION_Y="9" TOTAL_INTENSITY_CH1="1"/>
      </SpotsInFrame>
      <SpotsInFrame frame="1">
        <Spot ID="11" name="b" FRAME="1" POSITION_X="5.5" POSITION_Y="2.5" TOTAL_INTENSITY_CH1="9"/>
      </SpotsInFrame>
      <SpotsInFrame frame="2">
        <Spot ID="12" name="c" FRAME="2" POSITION_X="5.0" POSITION_Y="2.0" TOTAL_INTENSITY_CH1="4"/>
        <Spot ID="13" name="d" FRAME="2" POSITION_X="6.0" POSITION_Y="3.0" TOTAL_INTENSITY_CH1="5"/>
        <Spot ID="20" name="x" FRAME="2" POSITION_X="1.0" POSITION_Y="1.0" TOTAL_INTENSITY_CH1="2"/>
      </SpotsInFrame>
      <SpotsInFrame frame="3">
        <Spot ID="21" name="y" FRAME="3" POSITION_X="1.0" POSITION_Y="1.0" TOTAL_INTENSITY_CH1="2"/>
      </SpotsInFrame>
    </AllSpots>
    <AllTracks>
      <Track name="Track_0" TRACK_ID="0">
        <Edge SPOT_SOURCE_ID="10" SPOT_TARGET_ID="11"/>
        <Edge SPOT_SOURCE_ID="11" SPOT_TARGET_ID="12"/>
        <Edge SPOT_SOURCE_ID="11" SPOT_TARGET_ID="13"/>
      </Track>
      <Track name="filtered out" TRACK_ID="1">
        <Edge SPOT_SOURCE_ID="20" SPOT_TARGET_ID="21"/>
      </Track>
    </AllTracks>
    <FilteredTracks><TrackID TRACK_ID="0"/></FilteredTracks>
  </Model>
  <Settings><ImageData pixelwidth="0.5" timeinterval="30.0"/></Settings>
</TrackMate>
"""

EXPORT = """<?xml version="1.0" encoding="UTF-8"?>
<Tracks nTracks="2" spaceUnits="pixel" frameInterval="1.0" timeUnits="frame">
  <particle nSpots="2"><detection t="3" x="10.0" y="20.0" z="0"/>
    <detection t="4" x="11.0" y="20.5" z="0"/></particle>
  <particle nSpots="1"><detection t="0" x="1.0" y="2.0" z="0"/></particle>
</Tracks>
"""

SPOTS = """LABEL,ID,TRACK_ID,POSITION_X,POSITION_Y,FRAME,TOTAL_INTENSITY_CH1
Label,Spot ID,Track ID,X,Y,Frame,Sum intensity ch1
Label,Spot ID,Track ID,X,Y,Frame,Sum ch1
,,,(µm),(µm),,(counts)
ID10,10,0,5.0,2.5,0,8
ID12,12,0,5.0,2.0,2,4
ID11,11,0,5.5,2.5,1,9
ID13,13,0,6.0,3.0,2,5
ID99,99,,9.0,9.0,0,1
"""

EDGES = """LABEL,TRACK_ID,SPOT_SOURCE_ID,SPOT_TARGET_ID
Label,Track ID,Source spot ID,Target spot ID
Label,Track ID,Source ID,Target ID
,,,
ID10 → ID11,0,10,11
ID11 → ID12,0,11,12
ID11 → ID13,0,11,13
"""


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def check_family(table: pd.DataFrame) -> None:
    """The mother of two frames and her daughters of one, in pixels of 0.5 um."""
    assert table["track_id"].tolist() == [1, 1, 2, 3]
    assert table["t"].tolist() == [0, 1, 2, 2]
    assert table["x"].tolist() == [10, 11, 10, 12]
    assert table["y"].tolist() == [5, 5, 4, 6]
    assert table["parent_id"].fillna(0).tolist() == [0, 0, 1, 1]
    assert table["TOTAL_INTENSITY_CH1"].tolist() == [8, 9, 4, 5]


def test_a_model_of_trackmate_becomes_tracks_that_end_where_they_split(tmp_path: Path) -> None:
    table = read_any_tracks(written(tmp_path / "movie.xml", MODEL))
    check_family(table)
    assert table["t_s"].tolist() == [0, 30, 60, 60]


def test_a_table_of_spots_with_its_edges_is_the_same(tmp_path: Path) -> None:
    written(tmp_path / "my_edges.csv", EDGES)
    check_family(read_any_tracks(written(tmp_path / "my_spots.csv", SPOTS), pixel_size_um=0.5))


def test_tracks_that_branch_need_their_edges(tmp_path: Path) -> None:
    spots = written(tmp_path / "spots.csv", SPOTS)
    with pytest.raises(TracksError, match=r"holds tracks that branch.*as edges\.csv"):
        read_any_tracks(spots, 0.5)


def test_tracks_that_do_not_branch_are_linked_in_order(tmp_path: Path) -> None:
    lines = [line for line in SPOTS.splitlines(True) if not line.startswith("ID13")]
    spots = written(tmp_path / "spots.csv", "".join(lines).replace("µm", "pixel"))
    table = read_any_tracks(spots)
    assert table[["track_id", "t", "x"]].to_numpy().tolist() == [[1, 0, 5], [1, 1, 5.5], [1, 2, 5]]


def test_micrometres_without_a_pixel_size_are_asked_about(tmp_path: Path) -> None:
    written(tmp_path / "edges.csv", EDGES)
    with pytest.raises(TracksError, match="tells places in µm and not how wide a pixel is"):
        read_any_tracks(written(tmp_path / "spots.csv", SPOTS))


def test_the_plain_export_of_tracks_holds_places(tmp_path: Path) -> None:
    table = read_any_tracks(written(tmp_path / "tracks.xml", EXPORT))
    expected = [[1, 3, 20, 10], [1, 4, 20.5, 11], [2, 0, 2, 1]]
    assert table[["track_id", "t", "y", "x"]].to_numpy().tolist() == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<TrackMate/>", "without a model"),
        ("<html></html>", "begins with <html>; expected a model of TrackMate"),
        ("<TrackMate>", "cannot be read as XML"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><Tracks/>', "holds definitions"),
        (MODEL.replace('<TrackID TRACK_ID="0"/>', ""), "holds no spot in a track"),
    ],
)
def test_other_xml_is_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(TracksError, match=says):
        read_any_tracks(written(tmp_path / "file.xml", text))


def test_a_ctc_file_is_read_with_the_masks_beside_it(tmp_path: Path) -> None:
    frames = np.zeros((2, 12, 12), np.uint16)
    frames[0, 2:6, 2:10] = 1
    frames[1, 2:6, 2:5], frames[1, 2:6, 7:10] = 2, 3
    for t, frame in enumerate(frames):
        tifffile.imwrite(tmp_path / f"man_track{t:03d}.tif", frame)
    table = read_any_tracks(written(tmp_path / "man_track.txt", "1 0 0 0\n2 1 1 1\n3 1 1 1\n"))
    assert table["parent_id"].fillna(0).tolist() == [0, 1, 1]
    assert table["area_px"].tolist() == [32, 12, 12]
    assert table["x"].tolist() == [5.5, 3, 8]


def test_a_ctc_file_without_masks_says_where_they_should_be(tmp_path: Path) -> None:
    with pytest.raises(TracksError, match="are not in its folder"):
        read_any_tracks(written(tmp_path / "res_track.txt", "1 0 0 0\n"))


def test_our_own_tables_are_read_as_ever(tmp_path: Path) -> None:
    table = pd.DataFrame({"track_id": [4], "t": [0], "y": [1.0], "x": [2.0]})
    write_tracks(tmp_path / "tracks.csv", table)
    assert read_any_tracks(tmp_path / "tracks.csv")["track_id"].tolist() == [4]
    with pytest.raises(TracksError, match="does not exist"):
        read_any_tracks(tmp_path / "none.csv")


def test_where_tracks_merge_all_end_and_one_begins() -> None:
    frame_of = {1: 0, 2: 0, 3: 1, 4: 2}
    track_of, parents = branches(frame_of, [(1, 3), (2, 3), (4, 3)])
    assert track_of == {1: 1, 2: 2, 3: 3, 4: 3}
    assert parents == {}


def test_links_within_a_frame_are_refused() -> None:
    with pytest.raises(TracksError, match="spots 1 and 2 are linked and both in frame 5"):
        branches({1: 5, 2: 5}, [(1, 2)])
