from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from cell_events.trust.explained_events import (
    ExplainedEvent,
    placed,
    read_explained_events,
    write_explained_events,
)


def event(t: int) -> ExplainedEvent:
    maps = np.random.default_rng(t).random((2, 6, 8), np.float32)
    return ExplainedEvent(t, 10.5, 20.0, "division", -1.5, (t - 1, t), 7, 16, maps, 1 - maps)


def test_events_come_back_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "why.zarr"
    assert len([*write_explained_events(path, iter([event(3), event(5)]), 2, {"layer": "a"})]) == 2
    found = read_explained_events(path)
    assert [one.row for one in found] == [event(3).row, event(5).row]
    for one, t in zip(found, (3, 5), strict=True):
        np.testing.assert_array_equal(one.maps, event(t).maps)
        np.testing.assert_array_equal(one.crops, event(t).crops)


def test_a_run_that_fails_leaves_what_was_there_before(tmp_path: Path) -> None:
    path = tmp_path / "why.zarr"
    list(write_explained_events(path, iter([event(3)]), 1, {}))

    def failing() -> Iterator[ExplainedEvent]:
        yield event(4)
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        list(write_explained_events(path, failing(), 2, {}))
    assert [one.t for one in read_explained_events(path)] == [3]
    assert [entry.name for entry in tmp_path.iterdir()] == ["why.zarr"]


def test_something_else_is_neither_overwritten_nor_read(tmp_path: Path) -> None:
    other = tmp_path / "thesis"
    other.mkdir()
    with pytest.raises(ValueError, match="holds no explained events"):
        list(write_explained_events(other, iter([event(3)]), 1, {}))
    with pytest.raises(ValueError, match="holds no explained events"):
        read_explained_events(other)
    with pytest.raises(ValueError, match="no explained events at"):
        read_explained_events(tmp_path / "nowhere")


def test_a_crop_that_sticks_out_of_the_movie_is_nan_there() -> None:
    part = np.arange(1.0, 7.0, dtype=np.float32).reshape(1, 2, 3)
    maps = placed(part, (slice(0, 2), slice(7, 10)), (-2, 7), 4)
    assert maps.shape == (1, 4, 4)
    np.testing.assert_array_equal(maps[:, 2:, :3], part)
    assert np.isnan(maps).sum() == 16 - 6
    found = ExplainedEvent(3, 0.0, 9.0, "division", 1.0, (3,), -2, 7, maps, maps)
    assert found.inside == (slice(2, 4), slice(0, 3))
    assert found.highest == 6
    np.testing.assert_array_equal(found.whole(part[0]), maps[0])
