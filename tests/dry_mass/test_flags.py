"""Flags of cells: their CSV, and how scores and a threshold make them."""

from __future__ import annotations

from math import isnan, nan
from pathlib import Path

import pandas as pd
import pytest

from cell_events.dry_mass.cell_scores import CellScore, too_short
from cell_events.dry_mass.flagging import cell_flags, score_values
from cell_events.dry_mass.flags import CellFlag, FlagsError, read_flags, write_flags
from tests.dry_mass.growing_cells import curve_of

TRACKS = pd.DataFrame(
    {"track_id": [1, 1, 1, 2, 3], "t": [0, 2, 4, 9, 0], "y": [1.0, 2, 3, 4, 5], "x": 6.0}
)
SCORES = (
    CellScore(1, True, 5.0, 4.5, 1, 4, "arrest", "cellular"),
    CellScore(2, True, 1.0, 0.5, 9, 9, "loss", "cellular"),
    too_short(curve_of([1.0], track_id=3), 18),
)


def test_scores_above_the_threshold_are_flagged_where_the_track_is_nearest() -> None:
    flagged, normal, unknown = cell_flags(TRACKS, SCORES, 2.0)
    assert flagged == CellFlag(
        1, "flagged", 5.0, 2.0, 4.5, "arrest", "cellular", 1, 4, 2, 2.0, 6.0, n_frames=3
    )
    assert (normal.flag, normal.reason, normal.cause) == ("normal", "loss", "cellular")
    assert (unknown.flag, unknown.reason) == ("not assessed", "1 frame, 18 are needed")
    assert isnan(unknown.threshold)
    assert isnan(score_values(SCORES)[2])


def test_a_flag_without_a_reason_is_unexpected_mass() -> None:
    (flag,) = cell_flags(TRACKS, [CellScore(1, True, 5.0, 5.0, 0, 4)], 2.0)
    assert flag.reason == "unexpected mass"


def test_flags_come_back_from_their_csv(tmp_path: Path) -> None:
    flags = [
        CellFlag(1, "flagged", 0.1 + 0.2, 2.0, 4.5, 'a "reason", quoted', "cellular", 1, 4, 2, 2.5),
        CellFlag(2, "normal", 1.0, 2.0, 1.0, category="CMA"),
    ]
    write_flags(tmp_path / "flags.csv", flags)
    assert read_flags(tmp_path / "flags.csv") == flags


def test_what_is_unknown_is_an_empty_cell(tmp_path: Path) -> None:
    path = tmp_path / "flags.csv"
    write_flags(path, [CellFlag(3, "not assessed", reason="2 frames, 18 are needed")])
    assert path.read_text().splitlines() == [
        "track_id,flag,score,threshold,rmse_pg,reason,cause,first,last,t,y,x,n_frames,category",
        '3,not assessed,,,,"2 frames, 18 are needed",,0,0,0,0.0,0.0,0,',
    ]
    assert isnan(read_flags(path)[0].score)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("track_id,score\n1,2\n", "line 1: the column 'flag' is missing; found track_id, score"),
        ("track_id,flag\n1,odd\n", "line 2: flag must be one of flagged, normal, not assessed"),
        ("track_id,flag\n1.5,normal\n", "line 2, column track_id: '1.5' is no whole number"),
        ("track_id,flag,score\n1,normal,high\n", "column score: 'high' is no number"),
        ("track_id,flag,category\n1,normal,XX\n", "category must be empty or one of CA, MA, CMA"),
        ("track_id,flag\n,normal\n", "track_id or flag is empty"),
        ("", "found an empty line"),
    ],
)
def test_other_csvs_are_refused(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "flags.csv"
    path.write_text(text)
    with pytest.raises(FlagsError, match=says):
        read_flags(path)


def test_missing_flags_are_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(FlagsError, match="does not exist; give the CSV of flags"):
        read_flags(tmp_path / "none.csv")


def test_flags_that_cannot_be_written_say_so(tmp_path: Path) -> None:
    with pytest.raises(FlagsError, match="cannot be written"):
        write_flags(tmp_path / "no folder" / "flags.csv", [CellFlag(1, "normal", nan)])
