"""The shrink that is proposed follows the size of what a movie shows."""

from __future__ import annotations

import numpy as np
import pytest

from cell_events.mitosis.shrink_choice import object_width_px, proposed_shrink
from cell_events.movie import Movie, open_movie


def movie_of_discs(width: int, brightness: int = 150, size: int = 300) -> Movie:
    """Discs on a ground of grey value 200, with some noise."""
    y, x = np.indices((size, size)) % (3 * width) - 1.5 * width
    frame = np.where(np.hypot(y, x) < width / 2, 200 + brightness, 200)
    noise = np.random.default_rng(0).normal(0, 5, (2, size, size))
    return open_movie((frame + noise).astype(np.uint16))


@pytest.mark.parametrize("brightness", [150, -150])
@pytest.mark.parametrize("width", [12, 28, 42])
def test_bright_and_dark_discs_are_measured(width, brightness) -> None:
    measured = object_width_px(movie_of_discs(width, brightness))
    assert measured == pytest.approx(width, rel=0.15)


@pytest.mark.parametrize(("width", "shrink"), [(6, 1), (11, 1), (20, 2), (31, 3)])
def test_cells_are_about_10_places_wide_after_the_proposed_shrink(width, shrink) -> None:
    assert proposed_shrink(movie_of_discs(width)) == shrink


def test_a_movie_that_shows_nothing_is_not_shrunken() -> None:
    assert proposed_shrink(open_movie(np.full((2, 40, 40), 3, np.uint8))) == 1


def test_tiny_frames_can_be_measured() -> None:
    assert proposed_shrink(open_movie(np.eye(3, dtype=np.uint8)[None], axes="TYX")) >= 1
