"""The map of normal cells is told from backgrounds, nets, specks and dead maps."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch

from cell_events.mitosis.cell_map import CellMapSettings, TrainedCellMap, train_cell_map
from cell_events.mitosis.cell_map_network import CellMapNetwork
from cell_events.mitosis.frames import ShrunkenFrames
from cell_events.mitosis.map_choice import MapQuality, map_qualities, map_quality, proposed_map
from cell_events.movie import open_movie

SIZE = 120
Y, X = np.indices((SIZE, SIZE))
NET = (Y % 20 < 4) | (X % 20 < 4)


def cells(count: int = 16, radius: float = 6, seed: int = 0) -> np.ndarray:
    """Discs at random places of a grid."""
    squares = np.random.default_rng(seed).permutation(36)[:count]
    binary = np.zeros((SIZE, SIZE), bool)
    for row, column in zip(*divmod(squares, 6), strict=True):
        binary |= np.hypot(Y - 20 * row - 10, X - 20 * column - 10) < radius
    return binary


def quality(*frames: np.ndarray) -> MapQuality:
    return map_quality(0, frames)


def rings() -> np.ndarray:
    return cells(16, 9) & ~cells(16, 7)


def test_cells_are_counted_and_measured() -> None:
    found = quality(cells(16, seed=0), cells(16, seed=1))
    disc = np.count_nonzero(cells(1))
    assert not found.dead
    assert found.objects_per_frame == 16
    assert found.area == disc
    assert found.coverage == pytest.approx(16 * disc / SIZE**2)
    assert found.evenness == found.stability == 1
    assert found.reason == "16 round objects, stable"


def test_an_empty_map_is_dead() -> None:
    found = quality(np.zeros((SIZE, SIZE), bool))
    assert found.dead
    assert (found.score, found.reason) == (0, "empty")


def test_a_map_that_is_nearly_everywhere_is_dead() -> None:
    found = quality(Y >= 12)
    assert found.dead
    assert (found.score, found.reason) == (0, "covers 90 % of the frame")


def test_a_net_is_said_to_be_connected() -> None:
    found = quality(NET)
    assert not found.dead
    assert found.score == 0
    assert found.reason == "connected over 36 % of the frame"


def test_specks_are_said_to_be_specks() -> None:
    found = quality((Y % 6 == 0) & (X % 6 == 0))
    assert found.reason == "400 specks"


@pytest.mark.parametrize(
    "other",
    [
        pytest.param([NET, NET], id="a net"),
        pytest.param([rings(), rings()], id="rings"),
        pytest.param([(Y % 6 == 0) & (X % 6 == 0)] * 2, id="specks"),
        pytest.param([cells(30), cells(3)], id="an unstable number"),
        pytest.param([cells(3), cells(3, seed=1)], id="a few, such as mitotic cells"),
        pytest.param([cells(12, 2) | cells(4, 9, seed=4)] * 2, id="objects of uneven size"),
        pytest.param([~cells()] * 2, id="the background"),
    ],
)
def test_cells_score_higher_than(other) -> None:
    assert quality(cells(16), cells(16, seed=1)).score > 1.2 * quality(*other).score


def test_the_map_with_the_highest_score_is_proposed() -> None:
    maps = [quality(NET), quality(cells(3)), quality(cells()), quality(rings())]
    numbered = [replace(found, index=index) for index, found in enumerate(maps)]
    assert proposed_map(numbered) == 2


def test_without_a_living_map_one_sentence_says_why() -> None:
    maps = [quality(np.zeros((SIZE, SIZE), bool)), quality(Y >= 12)]
    with pytest.raises(ValueError, match=r"No map shows cells .*empty.*covers 90 % of the frame"):
        proposed_map(maps)


def test_qualities_are_plain_values() -> None:
    found = quality(cells())
    assert MapQuality(**json.loads(json.dumps(asdict(found)))) == found


def test_a_constant_movie_leaves_no_map_alive() -> None:
    frames = ShrunkenFrames(open_movie(np.full((3, 40, 40), 7, np.uint8)), 1)
    settings = CellMapSettings(steps=3, hidden=4, batch=2, crop=24)
    *_, last = train_cell_map(frames, settings)
    assert isinstance(last, TrainedCellMap)
    qualities = map_qualities(last.network, frames)
    assert all(found.dead for found in qualities)
    with pytest.raises(ValueError, match="No map shows cells"):
        proposed_map(qualities)


def test_each_map_of_a_network_is_judged() -> None:
    torch.manual_seed(0)
    frames = ShrunkenFrames(open_movie(cells().astype(np.uint8)[None]), 2)
    qualities = map_qualities(CellMapNetwork(maps=4, hidden=4), frames)
    assert [found.index for found in qualities] == [0, 1, 2, 3]
    assert sum(found.coverage for found in qualities) < 1.1
