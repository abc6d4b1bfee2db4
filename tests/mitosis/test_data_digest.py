"""A checkpoint of M1 or M2 is refused for another movie of the same size."""

from pathlib import Path

import numpy as np
import pytest

from cell_events.engine.header import ModelFileError
from cell_events.mitosis.cell_map import CellMapSettings, train_cell_map
from cell_events.mitosis.data_digest import data_digest
from cell_events.mitosis.frames import ShrunkenFrames
from cell_events.movie import open_movie


def frames_of(seed: int) -> ShrunkenFrames:
    pixels = np.random.default_rng(seed).integers(0, 255, (6, 32, 32), np.uint8)
    return ShrunkenFrames(open_movie(pixels), 1)


def test_it_depends_on_shape_and_values() -> None:
    one = frames_of(0)
    digests = {
        data_digest(one.shape, one.read),
        data_digest(one.shape, frames_of(1).read),
        data_digest((6, 1, 32, 31), one.read),
    }
    assert len(digests) == 3
    assert data_digest(one.shape, frames_of(0).read) in digests


def test_cell_maps_do_not_go_on_from_those_of_another_movie(tmp_path: Path) -> None:
    settings = CellMapSettings(steps=2, crop=16, checkpoint_every=1)
    checkpoint = tmp_path / "checkpoint"
    next(train_cell_map(frames_of(0), settings, checkpoint=checkpoint))
    with pytest.raises(ModelFileError, match="learns from"):
        next(train_cell_map(frames_of(1), settings, checkpoint=checkpoint))
