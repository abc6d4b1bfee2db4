"""Stretches that most series have at the same time."""

from __future__ import annotations

from cell_events.series.labelled_series import Segment
from cell_events.series.shared_stretches import without_shared
from cell_events.series.stretch_panels import SeriesExtent

CELLS = {str(number): SeriesExtent(0.0, 99.0, 100) for number in range(10)}


def losses(number: int, start: float = 40, end: float = 50) -> list[Segment]:
    return [Segment(str(cell), "loss", start, end) for cell in range(number)]


def test_what_most_cells_have_at_the_same_time_is_left_out() -> None:
    assert without_shared(losses(6), CELLS, 0.5) == []


def test_what_half_of_the_cells_have_is_kept() -> None:
    assert without_shared(losses(5), CELLS, 0.5) == losses(5)


def test_another_time_or_another_kind_is_not_the_same() -> None:
    apart = [Segment(str(cell), "loss", 10 * cell, 10 * cell + 5) for cell in range(10)]
    arrest = Segment("0", "arrest", 40, 50)
    assert without_shared(apart, CELLS, 0.5) == apart
    assert without_shared([*losses(8), arrest], CELLS, 0.5) == [arrest]


def test_only_cells_that_are_there_count() -> None:
    gone = {name: SeriesExtent(0.0, 20.0, 21) for name in ("5", "6", "7")}
    assert without_shared(losses(5), {**CELLS, **gone}, 0.5) == []


def test_of_four_cells_nothing_is_usual() -> None:
    four = {name: CELLS[name] for name in "0123"}
    assert without_shared(losses(4), four, 0.5) == losses(4)
