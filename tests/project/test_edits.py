"""Edits are copies of what was done, and can be turned round."""

from __future__ import annotations

import numpy as np
import pytest

from cell_events.events import Event
from cell_events.project import Edit, EventChange, PaintChange, ProjectError, ValueChange
from cell_events.project.entry import EDIT, Entry, entry_from_json, entry_to_json

ZEROS = np.zeros((2, 3), np.uint8)


def test_a_patch_is_a_copy_of_what_the_caller_goes_on_painting() -> None:
    frame = np.zeros((4, 4), np.uint8)
    change = PaintChange("movie-1", 0, 0, 0, frame, frame)
    frame[:] = 7
    assert not change.after.any()


@pytest.mark.parametrize("wrong", [ZEROS.astype(int), ZEROS[0], np.zeros((3, 2), np.uint8)])
def test_a_patch_of_another_type_or_shape_is_refused(wrong: np.ndarray) -> None:
    with pytest.raises(ProjectError, match="patch must"):
        PaintChange("movie-1", 0, 0, 0, ZEROS, wrong)


def test_a_patch_outside_of_the_movie_is_refused() -> None:
    with pytest.raises(ProjectError, match="top=-1"):
        PaintChange("movie-1", 0, -1, 0, ZEROS, ZEROS)


def test_a_value_that_json_cannot_say_is_refused() -> None:
    with pytest.raises(ProjectError, match="'zoom' cannot be kept"):
        ValueChange("zoom", None, float("nan"))


def test_the_inverse_turns_changes_and_their_order_round() -> None:
    first, second = ValueChange("a", 1, 2), ValueChange("a", 2, 3)
    inverse = Edit("twice", (first, second)).inverse()
    assert inverse == Edit("twice", (ValueChange("a", 3, 2), ValueChange("a", 2, 1)))
    assert inverse.inverse() == Edit("twice", (first, second))


def test_an_entry_survives_being_written_down() -> None:
    patch = np.arange(6, dtype=np.uint8).reshape(2, 3)
    event = Event(3, 1.25, 2.5, "death", 0.5, 0.75, "accepted", "me", {"track_id": "7"})
    changes = (
        PaintChange("movie-2", 5, 1, 2, ZEROS, patch),
        EventChange("movie-2", "e-1", None, event),
        ValueChange("classes", None, ["division", "death"]),
    )
    entry = entry_from_json(entry_to_json(Entry(9, EDIT, {}, Edit("all", changes))))
    assert entry.edit is not None
    paint, decided, value = entry.edit.changes
    assert isinstance(paint, PaintChange)
    assert (paint.after == patch).all()
    assert not paint.before.any()
    assert (decided, value, entry.number, entry.do) == (*changes[1:], 9, EDIT)


def test_numbers_of_numpy_can_be_written_down() -> None:
    event = Event(np.int64(3), np.float32(1.5), np.float64(2), score=np.float32(0.5))  # type: ignore[arg-type]
    change = EventChange("movie-1", "e", None, event)
    entry = entry_from_json(entry_to_json(Entry(1, EDIT, {}, Edit("", (change,)))))
    assert entry.edit == Edit("", (EventChange("movie-1", "e", None, Event(3, 1.5, 2, score=0.5)),))


def test_changes_of_a_later_version_are_counted_and_left_out() -> None:
    body = entry_to_json(Entry(1, EDIT, {}, Edit("", (ValueChange("a", 1, 2),))))
    body["changes"].append({"lineage": 3, "before": None, "after": None})
    entry = entry_from_json(body)
    assert entry.edit == Edit("", (ValueChange("a", 1, 2),))
    assert entry.not_understood == 1
