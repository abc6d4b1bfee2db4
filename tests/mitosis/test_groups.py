"""Groups in time and space, against labelling of the whole movie at once."""

import numpy as np
import pytest
from scipy import ndimage

from cell_events.mitosis.groups import Group, GroupFinder


def found(scores: np.ndarray, threshold: float = 0.5) -> list[Group]:
    finder = GroupFinder(threshold)
    groups = [group for t, frame in enumerate(scores) for group in finder.push(t, frame)]
    return groups + finder.finish()


@pytest.mark.parametrize("density", [0.02, 0.08, 0.15])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_streamed_groups_are_those_of_the_whole_movie(density: float, seed: int) -> None:
    scores = np.random.default_rng(seed).random((20, 24, 30)).astype(np.float32)
    threshold = 1 - density
    labels, count = ndimage.label(scores >= threshold, np.ones((3, 3, 3)))
    numbers = range(1, count + 1)
    middles = ndimage.center_of_mass(labels > 0, labels, numbers)
    highest = ndimage.maximum(scores, labels, numbers)
    expected = sorted(
        (round(float(h), 6), int(np.floor(t + 0.5)), round(y, 6), round(x, 6))
        for h, (t, y, x) in zip(highest, middles, strict=True)
    )
    groups = found(scores, threshold)
    streamed = []
    for group in groups:
        t, y, x = group.centre("centre")
        streamed.append((round(group.highest, 6), t, round(y, 6), round(x, 6)))
    assert sorted(streamed) == expected


def test_branches_that_meet_later_are_one_group() -> None:
    scores = np.zeros((3, 1, 7), np.float32)
    scores[0, 0, [0, 6]] = 0.9
    scores[1, 0, [1, 2, 4, 5]] = 0.8
    scores[2, 0, 3] = 0.7
    (group,) = found(scores)
    assert group.highest == pytest.approx(0.9)
    assert {t: part.places for t, part in group.parts.items()} == {0: 2, 1: 4, 2: 1}
    assert group.centre("centre") == (1, 0, 3)


def test_the_peak_is_the_frame_with_most_of_a_group() -> None:
    scores = np.zeros((5, 3, 3), np.float32)
    scores[0:5, 1, 1] = 0.95
    scores[3] = 0.6
    (group,) = found(scores)
    assert group.centre("peak") == (3, 1, 1)
    assert group.centre("centre") == (3, 1, 1)
    scores[3] = 0
    scores[1, 1, 2] = 0.6
    (*_, early, late) = found(scores)
    assert early.centre("peak") == (1, 1, 1.5)
    assert late.parts.keys() == {4}


def test_the_middle_of_an_even_number_of_frames_is_the_later_one() -> None:
    scores = np.ones((2, 1, 1), np.float32)
    assert found(scores)[0].centre("centre") == (1, 0, 0)


def test_groups_are_given_as_soon_as_they_end() -> None:
    finder = GroupFinder(0.5)
    frame = np.zeros((4, 4), np.float32)
    lit = frame.copy()
    lit[2, 2] = 1
    assert finder.push(0, lit) == []
    assert len(finder.push(1, frame)) == 1
    assert finder.finish() == []


def test_a_frame_left_out_parts_groups() -> None:
    finder = GroupFinder(0.5)
    lit = np.ones((2, 2), np.float32)
    assert finder.push(3, lit) == []
    (first,) = finder.push(5, lit)
    assert first.parts.keys() == {3}
    (second,) = finder.finish()
    assert second.parts.keys() == {5}
