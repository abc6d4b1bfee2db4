"""Events and their CSV."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell_events.events import STATUSES, Event, EventsError, by_time, read_events, write_events

finite = st.floats(allow_nan=False, allow_infinity=False)
# Carriage returns become line feeds; see the test below.
words = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=8)
names = words.map(str.strip).filter(bool)
events = st.builds(
    Event,
    t=st.integers(0, 10_000),
    y=finite,
    x=finite,
    kind=names,
    score=st.none() | finite,
    probability=st.none() | st.floats(0, 1),
    status=st.sampled_from(STATUSES),
    source=words.map(str.strip),
    extra=st.fixed_dictionaries({"note": words, "cell id": words}),
)


@given(written=st.lists(events, max_size=5))
def test_events_come_back_from_the_csv_as_they_were(
    written: list[Event], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("csv") / "events.csv"
    write_events(path, written)
    assert read_events(path) == written


@given(written=st.lists(events, max_size=5))
def test_a_long_file_is_read_by_columns_as_a_short_one_row_by_row(
    written: list[Event], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("csv") / "events.csv"
    write_events(path, written, pixel_size_um=0.5)
    with mock.patch("cell_events.events._LONG_TEXT", 0):
        assert read_events(path) == written


@pytest.mark.parametrize("long_text", [0, 10**9])
def test_texts_that_look_like_numbers_stay_texts(
    long_text: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cell_events.events._LONG_TEXT", long_text)
    written = [Event(1, 2.0, 3.0, kind="7", source="12", extra={"cell id": "007"})]
    write_events(tmp_path / "events.csv", written)
    assert read_events(tmp_path / "events.csv") == written


def test_parts_of_a_long_list_are_written_one_after_the_other(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    many = [
        Event(t, t / 3, 0.1 * t, extra={"note": "last"} if t == 9999 else {}) for t in range(10_000)
    ]
    write_events(path, many)
    assert [(one.t, one.y, one.x) for one in read_events(path)] == [
        (one.t, one.y, one.x) for one in many
    ]
    assert path.read_text().splitlines()[-1].endswith(",last")


def test_the_columns_are_those_of_the_format(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    write_events(path, [Event(3, 4.5, 6.0, score=0.75, source="model")])
    assert path.read_text() == (
        "t,y,x,kind,score,probability,status,source\n3,4.5,6.0,division,0.75,,proposed,model\n"
    )


def test_the_scale_adds_seconds_and_micrometres(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    write_events(path, [Event(3, 4.0, 6.0)], pixel_size_um=0.5, frame_interval_s=60.0)
    header, row = path.read_text().splitlines()
    assert header.endswith("source,t_s,y_um,x_um")
    assert row.endswith(",180.0,2.0,3.0")
    assert read_events(path) == [Event(3, 4.0, 6.0)]


def test_columns_of_different_events_are_joined(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    write_events(path, [Event(0, 1, 2, extra={"a": "1"}), Event(1, 1, 2, extra={"b": "2"})])
    assert [event.extra for event in read_events(path)] == [
        {"a": "1", "b": ""},
        {"a": "", "b": "2"},
    ]


def test_line_breaks_become_line_feeds(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    write_events(path, [Event(0, 1, 2, extra={"note": "one\rtwo\r\nthree"})])
    assert read_events(path)[0].extra == {"note": "one\ntwo\nthree"}


def test_numbers_of_numpy_are_written_as_numbers(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    write_events(path, [Event(np.int64(3), np.float64(4.5), np.float32(6), score=np.float32(0.5))])
    assert read_events(path) == [Event(3, 4.5, 6.0, score=0.5)]


def test_a_minimal_truth_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "truth.csv"
    path.write_bytes(b"\xef\xbb\xbft, y ,x\r\n4,76.5,105.3\r\n\r\n8.0,59,130.2\r\n")
    assert read_events(path) == [Event(4, 76.5, 105.3), Event(8, 59.0, 130.2)]


def test_a_file_with_a_header_only_holds_no_events(tmp_path: Path) -> None:
    path = tmp_path / "truth.csv"
    path.write_text("t,y,x\n")
    assert read_events(path) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1: the column 't' is missing; found an empty line"),
        ("t,y\n1,2\n", "line 1: the column 'x' is missing; found t, y; expected at least t,y,x"),
        ("t;y;x\n1;2;3\n", "commas, not semicolons"),
        ("t,y,x,y\n1,2,3,4\n", "line 1: the column 'y' stands there twice"),
        ("t,y,x\n1,2,3\n1,2\n", "line 3: found 2 values, expected 3"),
        ("t,y,x\n1,two,3\n", "line 2, column y: 'two' is not a number"),
        ("t,y,x\n,2,3\n", "line 2, column t: empty"),
        ("t,y,x\n1.5,2,3\n", "line 2: t must be a frame index"),
        ("t,y,x\n-1,2,3\n", "line 2: t must be a frame index"),
        ("t,y,x\n1,nan,3\n", "line 2: y must be a finite number"),
        ("t,y,x\ninf,2,3\n", "line 2: t must be a finite number"),
        ("t,y,x,status\n1,2,3,done\n", "line 2: status must be one of proposed, accepted"),
        ("t,y,x,probability\n1,2,3,1.5\n", "line 2: probability must lie between 0 and 1"),
        ('t,y,x,kind\n1,2,3,"div\n', "not a CSV"),
    ],
)
@pytest.mark.parametrize("long_text", [0, 100_000])
def test_a_bad_file_is_refused_in_one_sentence_that_says_where(
    text: str, says: str, long_text: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cell_events.events._LONG_TEXT", long_text)
    path = tmp_path / "bad.csv"
    path.write_text(text)
    with pytest.raises(EventsError) as caught:
        read_events(path)
    assert says in str(caught.value)
    assert "bad.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_or_binary_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EventsError, match="does not exist"):
        read_events(tmp_path / "none.csv")
    (tmp_path / "image.csv").write_bytes(b"II*\x00\xff\xfe")
    with pytest.raises(EventsError, match="cannot be read as a CSV"):
        read_events(tmp_path / "image.csv")
    with pytest.raises(EventsError, match="cannot be read as a CSV"):
        read_events(tmp_path)


def test_writing_into_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EventsError, match="cannot be written"):
        write_events(tmp_path / "none" / "events.csv", [])


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "events.csv"
    write_events(path, [Event(1, 2, 3)])

    def no_space(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cell_events.whole_files.os.fsync", no_space)
    with pytest.raises(EventsError, match="No space left"):
        write_events(path, [Event(4, 5, 6)])
    assert read_events(path) == [Event(1, 2, 3)]
    assert list(tmp_path.iterdir()) == [path]


def test_extra_columns_must_not_hide_the_known_ones() -> None:
    with pytest.raises(EventsError, match="must not repeat the column 'score'"):
        Event(1, 2, 3, extra={"score": "1"})


def test_events_can_be_changed_by_copying_hashed_and_ordered() -> None:
    first, second = Event(1, 5, 0), Event(0, 9, 0)
    assert replace(first, status="accepted").status == "accepted"
    assert len({first, second, Event(1, 5, 0)}) == 2
    assert by_time([first, second]) == [second, first]
