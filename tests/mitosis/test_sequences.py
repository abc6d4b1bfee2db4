"""Sequences are drawn from the annotated frames, and say which places count."""

import numpy as np
import pytest
import torch

from cell_events.events import Event
from cell_events.mitosis.annotated_movie import AnnotatedMovie
from cell_events.mitosis.points import AnnotatedFrames
from cell_events.mitosis.sequences import CUT_MARGIN, ShownSequence, drawn_sequences
from cell_events.mitosis.task import turned
from cell_events.mitosis.train_settings import MitosisTrainSettings
from tests.mitosis.fake_detector import GivenFrames

POINT = Event(5, 30, 3)
MARKS = MitosisTrainSettings(4, dilations=0)


def movie(size: tuple[int, int] = (40, 50)) -> AnnotatedMovie:
    frames = GivenFrames(np.random.default_rng(0).random((14, 1, *size)).astype(np.float32))
    return AnnotatedMovie(frames, (POINT,), AnnotatedFrames(2, 11)).whole()


def drawn(count: int, **settings) -> list[ShownSequence]:
    random = torch.Generator().manual_seed(0)
    asked = MitosisTrainSettings(4, batch=count, **settings)
    return drawn_sequences([movie(), movie((34, 60))], asked, random)


def test_whole_frames_of_one_movie_make_a_batch() -> None:
    batches = [drawn_sequences([movie()], MitosisTrainSettings(4), g) for g in generators(60)]
    assert all(s.maps().shape == (4, 1, 40, 50) for (s,) in batches)
    assert {s.frames.start for (s,) in batches} == set(range(7))
    shapes = {sequence.maps().shape for sequence in drawn(6)}
    assert len(shapes) == 1


def generators(count: int) -> list[torch.Generator]:
    return [torch.Generator().manual_seed(seed) for seed in range(count)]


def test_squares_lie_in_the_frames_and_half_of_them_hold_a_point() -> None:
    squares = drawn(200, crop=20)
    assert {square.maps().shape for square in squares} == {(4, 1, 20, 20)}
    with_point = [s for s in squares if s.events(MARKS).any()]
    assert 90 < len(with_point) < 130
    assert len({(s.frames.start, s.rows.start, s.columns.start) for s in with_point}) > 40
    assert {square.frames.start for square in squares} == set(range(7))


def test_a_square_is_no_larger_than_the_smallest_frame() -> None:
    assert {square.maps().shape for square in drawn(9, crop=48)} == {(4, 1, 34, 48)}


def test_maps_events_and_weights_are_cut_alike() -> None:
    source = movie()
    square = ShownSequence(source, range(1, 5), slice(8, 40), slice(0, 25))
    settings = MitosisTrainSettings(4)
    events = square.events(settings)
    np.testing.assert_array_equal(events, source.events(range(1, 5), 3, 1)[:, 8:40, :25])
    np.testing.assert_array_equal(square.maps()[0], source.frames.read(1)[:, 8:40, :25])
    weights = square.weights()
    assert weights.shape == events.shape
    assert (weights[:, :CUT_MARGIN] == 0).all()
    assert (weights[:, :, -CUT_MARGIN:] == 0).all()
    assert (weights[:, CUT_MARGIN:, :-CUT_MARGIN] == 1).all()
    whole = ShownSequence(source, range(1, 5), slice(0, 40), slice(0, 50))
    assert (whole.weights() == 1).all()


def test_turning_shows_all_eight_symmetries() -> None:
    maps = torch.arange(12.0).view(1, 3, 4)
    shown = {tuple(turned(maps, turn).flatten().tolist()) for turn in range(8)}
    assert len(shown) == 8
    assert turned(maps, 1).shape == (1, 4, 3)
    assert torch.equal(turned(maps, 0), maps)


@pytest.mark.parametrize("turn", range(8))
def test_maps_and_truth_turn_together(turn: int) -> None:
    maps = torch.rand(2, 3, 1, 4, 5)
    assert torch.equal(turned(maps, turn)[:, :, 0], turned(maps[:, :, 0], turn))
