from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cell_events.series.labelled_series import (
    Segment,
    Series,
    SeriesError,
    check_labels_have_series,
    label_masks,
)
from cell_events.series.segment_tables import read_segments, write_segments

SERIES = Series("7", np.arange(6.0), np.zeros((1, 6), np.float32), ("mass",))


def test_segments_survive_writing_with_further_columns(tmp_path: Path) -> None:
    segments = (
        Segment("7", "arrest", 1, 2.5, 0.75, 0.9, {"by": "Ada, twice"}),
        Segment("8", "loss", 0, 0, 1.0, 1.0, {"by": ""}),
    )
    write_segments(tmp_path / "labels.csv", segments)
    assert read_segments(tmp_path / "labels.csv") == segments


def test_dates_are_read_and_written(tmp_path: Path) -> None:
    path = tmp_path / "games.csv"
    path.write_text("kind,start,end\ngame,2005-04-11 20:00,2005-04-11 23:05:30\n", "utf-8")
    (game,) = read_segments(path)
    assert game.end - game.start == 3 * 3600 + 5 * 60 + 30
    write_segments(path, [game], dates=True)
    assert read_segments(path)[0].start == game.start
    assert "2005-04-11 20:00:00" in path.read_text("utf-8")


def test_a_normal_series_needs_no_times(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("series,kind,start,end\n7.0,normal,,\n", "utf-8")
    (segment,) = read_segments(path)
    assert segment.series == "7"
    assert not label_masks(SERIES, [segment], ("arrest",)).any()


def test_masks_hold_both_ends() -> None:
    masks = label_masks(SERIES, [Segment("7", "b", 2, 4), Segment("8", "a", 0, 9)], ("a", "b"))
    np.testing.assert_array_equal(masks[1], [False, False, True, True, True, False])
    assert not masks[0].any()


@pytest.mark.parametrize(
    ("segment", "sentence"),
    [
        (Segment("7", "arrest", 8, 9), "from 8 to 9 holds no point of series 7"),
        (Segment("7", "loss", 1, 2), "is of the kind 'loss'; expected one of arrest"),
    ],
)
def test_labels_that_do_not_fit_are_refused(segment: Segment, sentence: str) -> None:
    with pytest.raises(SeriesError, match=sentence):
        label_masks(SERIES, [segment], ("arrest",))


def test_labels_of_series_that_are_not_there_are_refused() -> None:
    with pytest.raises(SeriesError, match="labels of series '9', which is not there; found 7"):
        check_labels_have_series([Segment("9", "loss", 0, 1)], ["7"])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("series,start,end\na,0,1\n", "The column 'kind' is missing"),
        ("series,kind,start,end\na,,0,1\n", "A stretch has no kind"),
        ("series,kind,start,end\na,loss,,1\n", "A stretch has no start"),
        ("series,kind,start,end\na,loss,2,1\n", "goes from 2 to 1"),
        ("series,kind,start,end\na,loss,x,1\n", "The column 'start' holds what is no date"),
    ],
)
def test_bad_labels_are_refused(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "labels.csv").write_text(text, "utf-8")
    with pytest.raises(SeriesError, match=rf"labels.csv: .*{sentence}"):
        read_segments(tmp_path / "labels.csv")
