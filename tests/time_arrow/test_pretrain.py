"""The arrow is learned where there is one, and only there."""

import itertools
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from cell_events.movie import Movie, open_movie
from cell_events.time_arrow.crops import CropSettings
from cell_events.time_arrow.pretrain import (
    PretrainSettings,
    TimeArrowTask,
    hold_out_block,
    initial_network,
    pretrain,
)

SETTINGS = PretrainSettings(
    epochs=4,
    pairs_per_epoch=320,
    batch_size=16,
    learning_rate=5e-3,
    validation_pairs=256,
    precision="float32",
    crops=CropSettings(size=24),
)
FOUR_SIGMA = 4 * 0.5 / np.sqrt(256)


def growing_discs(seed: int, n_frames: int = 8) -> NDArray[np.float32]:
    """Discs that grow for four frames and start again: an arrow in the shape, not the mean."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:96, :128]
    movie = np.zeros((n_frames, 96, 128), np.float32)
    for row, column in itertools.product(range(12, 96, 24), range(12, 128, 24)):
        phase = rng.integers(4)
        for t in range(n_frames):
            movie[t] += np.hypot(y - row, x - column) < 2 + 2 * ((t + phase) % 4)
    return movie


def validation_accuracy(train: Movie, validation: Movie, width: int = 8) -> tuple[float, object]:
    network = initial_network(0, width=width, depth=1, features=8)
    reports = list(pretrain(network, [train], [validation], SETTINGS))
    return reports[-1].metrics["accuracy"], network


@pytest.fixture(scope="module")
def trained() -> tuple[float, object]:
    return validation_accuracy(open_movie(growing_discs(1)), open_movie(growing_discs(2)))


def test_an_arrow_is_learned_and_told_on_another_movie(trained: tuple[float, object]) -> None:
    accuracy, _ = trained
    # One step in four starts a disc again, which looks the same backwards.
    assert accuracy > 0.5 + 1.5 * FOUR_SIGMA


def test_white_noise_has_no_arrow_to_find() -> None:
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(8, 96, 128)).astype(np.float32)
    other = rng.normal(size=(8, 96, 128)).astype(np.float32)
    accuracy, _ = validation_accuracy(open_movie(noise), open_movie(other))
    assert abs(accuracy - 0.5) < FOUR_SIGMA


def test_a_reversed_movie_gives_swapped_probabilities(trained: tuple[float, object]) -> None:
    network = trained[1]
    assert isinstance(network, torch.nn.Module)
    movie = torch.from_numpy(growing_discs(3))[:, None]
    forwards = torch.stack([movie[:-1], movie[1:]], dim=1)
    backwards = torch.stack([movie.flip(0)[:-1], movie.flip(0)[1:]], dim=1).flip(0)
    with torch.no_grad():
        there, back = network(forwards).softmax(1), network(backwards).softmax(1)
    assert torch.equal(back, there.flip(1))


def test_a_resumed_pretraining_equals_an_uninterrupted_one_bit_by_bit(tmp_path: Path) -> None:
    movie = open_movie(growing_discs(4))
    settings = PretrainSettings(
        epochs=3, pairs_per_epoch=24, batch_size=8, validation_pairs=8, crops=CropSettings(size=16)
    )
    whole, started, resumed = (initial_network(1, width=4, depth=1) for _ in range(3))
    expected = [report.losses for report in pretrain(whole, [movie], [movie], settings)]
    checkpoint = tmp_path / "run.checkpoint"
    list(itertools.islice(pretrain(started, [movie], [movie], settings, checkpoint), 5))
    tail = [r.losses for r in pretrain(resumed, [movie], [movie], settings, checkpoint)]
    assert tail == expected[-len(tail) :]
    assert len(tail) == 6
    for name, value in whole.state_dict().items():
        assert torch.equal(value, resumed.state_dict()[name]), name


def test_batches_depend_on_seed_and_step_alone() -> None:
    movie = open_movie(growing_discs(5))
    tasks = [
        TimeArrowTask(initial_network(0, width=2, depth=1), [movie], [], SETTINGS) for _ in range(2)
    ]
    tasks[1].batch(0)
    first, second = tasks[0].batch(3), tasks[1].batch(3)
    assert torch.equal(first[0], second[0])
    assert torch.equal(first[1], second[1])
    assert not torch.equal(first[0], tasks[0].batch(4)[0])


@pytest.mark.parametrize(
    ("shape", "parts"), [((40, 100), ((40, 80), (40, 20))), ((90, 30), ((72, 30), (18, 30)))]
)
def test_the_held_out_block_shares_no_pixel(
    shape: tuple[int, int], parts: tuple[tuple[int, int], tuple[int, int]]
) -> None:
    frame = np.arange(shape[0] * shape[1], dtype=np.float32).reshape(1, *shape)
    train, held_out = hold_out_block(open_movie(frame), 0.2)
    assert (train.shape[1:], held_out.shape[1:]) == parts
    assert not set(train.read(0).ravel()) & set(held_out.read(0).ravel())


def test_a_block_too_narrow_is_refused() -> None:
    with pytest.raises(ValueError, match="leaves less than 16 pixels"):
        hold_out_block(open_movie(np.zeros((2, 30, 30), np.uint8)), 0.2)
