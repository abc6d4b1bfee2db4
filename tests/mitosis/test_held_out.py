"""A side of the field is held out, and shares nothing with the rest."""

from dataclasses import replace

import numpy as np
import pytest

from cell_events.engine.held_out import HeldOut
from cell_events.events import Event
from cell_events.mitosis.annotated_movie import AnnotatedMovie, PartOfFrames
from cell_events.mitosis.held_out import held_out_parts, not_learned
from cell_events.mitosis.points import AnnotatedFrames
from cell_events.movie import open_movie
from tests.mitosis.fake_detector import GivenFrames


def numbered_movie(points: list[Event], shrink: int = 2) -> AnnotatedMovie:
    """Frames in which every place has a value of its own."""
    values = np.arange(12 * 40 * 60, dtype=np.float32).reshape(12, 1, 40, 60)
    return AnnotatedMovie(GivenFrames(values, shrink), tuple(points), AnnotatedFrames(2, 9))


def scattered_points(count: int, seed: int = 0) -> list[Event]:
    random = np.random.default_rng(seed)
    return [Event(2 + i % 8, *random.uniform(0, [79, 119])) for i in range(count)]


def values_of(movie: AnnotatedMovie) -> np.ndarray:
    return np.stack([movie.frames.read(t) for t in range(movie.frames.shape[0])])


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("fraction", [0.2, 0.4])
def test_the_parts_share_no_pixel_and_no_event(seed: int, fraction: float) -> None:
    movie = numbered_movie(scattered_points(20, seed))
    (learned,), (held,) = held_out_parts([movie], fraction, margin=4)
    assert not set(values_of(learned).ravel()) & set(values_of(held).ravel())
    count, others = len(held.points_inside), len(learned.points_inside)
    assert 0 < count / (count + others) < fraction + 0.2
    assert count + others <= 20
    bodies = learned.events(range(8), 3).sum() + held.events(range(8), 3).sum()
    assert bodies <= movie.events(range(2, 10), 3).sum()


def test_points_move_with_their_part() -> None:
    movie = numbered_movie(scattered_points(10))
    part = movie.part(slice(10, 30), slice(20, 60))
    expected = movie.events(range(2, 10), 3)[:, 10:30, 20:60]
    np.testing.assert_array_equal(part.events(range(8), 3), expected)
    assert part.annotated == AnnotatedFrames(0, 7)
    assert all(0 <= p.y < 40 and 0 <= p.x < 80 for p in part.points_inside)


def test_nothing_is_held_out_unless_asked_for() -> None:
    movie = numbered_movie(scattered_points(3))
    (learned,), held = held_out_parts([movie], 0, margin=4)
    assert held == []
    np.testing.assert_array_equal(values_of(learned), movie.frames.values[2:10])


def test_a_movie_that_cannot_be_divided_is_learned_from_whole() -> None:
    one = numbered_movie([Event(4, 20, 20)])
    several = numbered_movie(scattered_points(9))
    learned, held = held_out_parts([one, several], 0.3, margin=4)
    assert learned[0].grid == one.grid
    assert len(held) == 1
    with pytest.raises(ValueError, match="Nothing can be held out: that needs at least two points"):
        held_out_parts([one], 0.3, margin=4)


def test_what_was_not_learned_lies_outside_part_and_margin() -> None:
    pixels = open_movie(np.zeros((12, 80, 120), np.uint8), axes="TYX")
    part = numbered_movie(scattered_points(10)).part(slice(10, 40), slice(0, 60)).frames
    assert isinstance(part, PartOfFrames)
    held = not_learned(pixels, part, margin=1)
    expected = np.ones(pixels.shape, bool)
    expected[1:11, 18:] = False  # frames 2 to 9 and rows from 20 on, and one more each
    places = np.argwhere(np.ones(pixels.shape, bool))
    np.testing.assert_array_equal(held.holds(places, places), expected.ravel())
    again = HeldOut.from_json(held.to_json())
    np.testing.assert_array_equal(again.held, held.held)


def test_nothing_is_left_of_a_movie_that_was_learned_whole() -> None:
    pixels = open_movie(np.zeros((8, 80, 120), np.uint8), axes="TYX")
    part = numbered_movie([Event(4, 20, 20)]).whole().frames
    assert isinstance(part, PartOfFrames)
    assert not not_learned(pixels, replace(part, frames=range(8)), margin=4).held.any()
