"""Simulated movies are reproducible, and their truth is what they show."""

import numpy as np
import pytest

from cell_events.simulation import SimulationSettings, random_settings, simulated_movie
from cell_events.simulation.life import LifeSettings, live
from cell_events.simulation.render import RenderSettings
from cell_events.simulation.shapes import shapes_of

CLEAN = RenderSettings(noise=0, background=0, blur_jitter=0, lamp_jitter=0, texture=0)


def test_the_same_seed_gives_the_same_movie() -> None:
    first, events = simulated_movie(random_settings(3, n_frames=4, size=(64, 64)))
    again, same_events = simulated_movie(random_settings(3, n_frames=4, size=(64, 64)))
    other, _ = simulated_movie(random_settings(4, n_frames=4, size=(64, 64)))
    np.testing.assert_array_equal(first, again)
    assert events == same_events
    assert not np.array_equal(first, other)


def test_events_lie_in_the_movie_in_order_of_time() -> None:
    movie, events = simulated_movie(random_settings(0, n_frames=12, size=(128, 128)))
    assert movie.shape == (12, 128, 128)
    assert movie.dtype == np.uint8
    assert {event.kind for event in events} == {"division", "death"}
    assert [event.t for event in events] == sorted(event.t for event in events)
    assert all(0 <= event.y < 128 and 0 <= event.x < 128 for event in events)


def test_a_division_is_the_first_frame_with_two_daughters_around_the_event() -> None:
    random = np.random.default_rng(0)
    settings = LifeSettings(death_share=0, spacing=4)
    before: dict[int, object] = {}
    divisions = 0
    for cells, events in live(settings, 30, (200, 200), random):
        now = {cell.identity: cell for cell in cells}
        for event in events:
            born = [c for c in cells if c.identity not in before and c.age == 0]
            daughters = [c for c in born if np.hypot(c.y - event.y, c.x - event.x) < 9]
            assert len(daughters) == 2
            middle = np.mean([(c.y, c.x) for c in daughters], axis=0)
            np.testing.assert_allclose(middle, (event.y, event.x), atol=1e-6)
            divisions += 1
        before = dict(now)
    assert divisions > 5


def test_every_birth_is_told_as_an_event() -> None:
    random = np.random.default_rng(1)
    born = told = 0
    for cells, events in live(LifeSettings(death_share=0), 25, (160, 160), random):
        inside = [c for c in cells if c.fresh and c.age == 0 and 20 < c.y < 140 and 20 < c.x < 140]
        born += len(inside)
        told += 2 * len([e for e in events if 20 < e.y < 140 and 20 < e.x < 140])
    assert born > 0
    assert abs(born - told) <= 0.2 * born  # only pairs across the inner border differ


def test_dying_cells_fall_to_pieces_and_disappear() -> None:
    random = np.random.default_rng(2)
    settings = LifeSettings(death_share=1, cycle_frames=10)
    histories = list(live(settings, 40, (120, 120), random))
    pieces = [
        max((len(shapes_of(c, settings)) for c in cells), default=0) for cells, _ in histories
    ]
    assert max(pieces) == 5
    assert len(histories[-1][0]) == 0
    assert sum(len(events) for _, events in histories) > 5
    assert {e.kind for _, events in histories for e in events} == {"death"}


def test_mitotic_cells_are_the_brightest_in_fluorescence() -> None:
    settings = SimulationSettings(
        n_frames=12,
        size=(160, 160),
        life=LifeSettings(death_share=0, spacing=5),
        imaging=CLEAN,
        seed=1,
    )
    movie, events = simulated_movie(settings)
    inner = [e for e in events if 20 < e.y < 140 and 20 < e.x < 140]
    peaks = [
        movie[e.t, int(e.y) - 12 : int(e.y) + 12, int(e.x) - 12 : int(e.x) + 12].max()
        for e in inner
    ]
    assert inner
    assert np.median(peaks) > 1.5 * np.median(movie[movie > 60])


@pytest.mark.parametrize(("n_frames", "size"), [(0, (64, 64)), (3, (8, 64))])
def test_an_empty_movie_is_refused(n_frames: int, size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="needs at least 1 frame of 16 x 16 pixels"):
        SimulationSettings(n_frames=n_frames, size=size)
