"""Maps of what a movie shows are learned, resumed and read as promised."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch

from cell_events.engine.header import ModelHeader
from cell_events.engine.model_file import load_model, save_model
from cell_events.engine.training import TrainReport, train
from cell_events.mitosis.cell_map import (
    CellMapSettings,
    TrainedCellMap,
    all_maps,
    binary_maps,
    train_cell_map,
    training_plan,
)
from cell_events.mitosis.cell_map_network import CellMapNetwork, strongest_only
from cell_events.mitosis.cell_map_task import CellMapTask
from cell_events.mitosis.frames import ShrunkenFrames
from cell_events.mitosis.map_choice import map_qualities
from cell_events.movie import open_movie

QUICK = CellMapSettings(steps=6, hidden=4, batch=2, crop=24, surroundings=8, tries=2)
CPU = torch.device("cpu")


def discs(n_frames: int = 3, size: int = 48, spacing: int = 16, radius: float = 5) -> np.ndarray:
    """Bright discs on a dark ground, in the middle of squares of `spacing` pixels."""
    y, x = np.indices((size, size)) % spacing - spacing / 2
    frame = np.where(np.hypot(y, x) < radius, 200, 20)
    noise = np.random.default_rng(0).integers(0, 5, (n_frames, size, size))
    return (frame + noise).astype(np.uint8)


def frames_of(pixels: np.ndarray, shrink: int = 1) -> ShrunkenFrames:
    return ShrunkenFrames(open_movie(pixels), shrink)


def trained(settings: CellMapSettings, pixels: np.ndarray, **options) -> CellMapNetwork:
    *_, last = train_cell_map(frames_of(pixels), settings, **options)
    assert isinstance(last, TrainedCellMap)
    return last.network


def same_weights(first: torch.nn.Module, second: torch.nn.Module) -> bool:
    other = second.state_dict()
    return all(torch.equal(value, other[name]) for name, value in first.state_dict().items())


def test_a_report_follows_each_step_and_the_trained_network_comes_last() -> None:
    *reports, last = train_cell_map(frames_of(discs()), QUICK)
    assert [report.step for report in reports if isinstance(report, TrainReport)] == [*range(1, 7)]
    assert isinstance(last, TrainedCellMap)
    assert not last.network.training


def test_the_same_seed_gives_the_same_network() -> None:
    first = trained(QUICK, discs())
    assert same_weights(first, trained(QUICK, discs()))
    assert not same_weights(first, trained(replace(QUICK, seed=1), discs()))


def test_the_first_try_begins_as_if_it_were_alone_and_others_differ() -> None:
    both = CellMapTask(frames_of(discs()), QUICK, CPU)
    alone = CellMapTask(frames_of(discs()), replace(QUICK, tries=1), CPU)
    assert same_weights(both.networks()[0], alone.networks()[0])
    first, second = both.networks()
    assert not torch.equal(first.encoder[0].weight, second.encoder[0].weight)
    assert torch.equal(first.high, second.high)
    assert (first.maps, second.maps) == (6, 5)


def test_the_try_whose_best_map_has_the_highest_score_is_kept() -> None:
    frames = frames_of(discs())
    task = CellMapTask(frames, QUICK, CPU)
    list(train(task, training_plan(QUICK)))
    scores = [max(q.score for q in map_qualities(n, frames)) for n in task.networks()]
    best = task.networks()[int(np.argmax(scores))]
    assert same_weights(trained(QUICK, discs()), best)


def test_crops_noise_and_dropped_map_depend_on_seed_and_step_alone() -> None:
    task = CellMapTask(frames_of(discs()), QUICK, CPU)
    first = task.losses(3)["total"]
    torch.manual_seed(99)
    assert torch.equal(task.losses(3)["total"], first)
    assert not torch.equal(task.losses(4)["total"], first)


def test_a_resumed_run_is_the_uninterrupted_one_bit_by_bit(tmp_path: Path) -> None:
    settings = replace(QUICK, checkpoint_every=2)
    whole = trained(settings, discs())
    options = {"settings": settings, "checkpoint": tmp_path / "run.checkpoint"}
    assert len(list(islice(train_cell_map(frames_of(discs()), **options), 5))) == 5
    *reports, last = train_cell_map(frames_of(discs()), **options)
    assert [report.step for report in reports] == [5, 6]
    assert same_weights(last.network, whole)


def test_a_map_that_is_dropped_describes_nothing() -> None:
    strength = torch.randn(2, 6, 5, 5)
    strength[:, 2] = -torch.inf
    h = strongest_only(strength)
    assert (h[:, 2] == 0).all()
    assert ((h > 0).sum(1) == 1).all()


def test_each_place_keeps_the_share_of_its_strongest_map_only() -> None:
    strength = torch.tensor([0.0, 2.0, 1.0]).reshape(1, 3, 1, 1)
    h = strongest_only(strength).flatten()
    share = np.exp(2) / (1 + np.exp(2) + np.exp(1))
    np.testing.assert_allclose(h.numpy(), [0, share, 0], rtol=1e-6)


def test_gradients_reach_the_encoder_through_the_strongest_map() -> None:
    network = CellMapNetwork(hidden=4, surroundings=0)
    network(torch.rand(1, 1, 12, 12)).sum().backward()
    assert network.encoder[0].weight.grad.abs().sum() > 0


def test_every_place_belongs_to_exactly_one_map() -> None:
    network = trained(QUICK, discs())
    maps = binary_maps(network, frames_of(discs()).read(0))
    assert maps.shape == (network.maps, 48, 48)
    assert (maps.sum(0) == 1).all()


class GivenMaps(CellMapNetwork):
    """Its maps are the values of the frame."""

    def strongest(self, frames: torch.Tensor) -> torch.Tensor:
        return frames[:, 0].long()


def test_small_holes_are_filled_large_ones_and_bays_are_not() -> None:
    binary = np.ones((60, 60), bool)
    binary[5:10, 5:10] = False  # a hole of 25 places
    binary[20:40, 20:40] = False  # of 400
    binary[50:55, :3] = False  # a bay at the border
    maps = all_maps(GivenMaps(maps=2), binary[None].astype(np.float32), erosion=0)
    binary[5:10, 5:10] = True
    np.testing.assert_array_equal(maps[1], binary)


def test_erosion_takes_away_a_rim_but_not_at_the_border_of_the_frame() -> None:
    binary = np.zeros((20, 20), bool)
    binary[4:9, 5:12] = binary[15:, :6] = True
    maps = all_maps(GivenMaps(maps=2), binary[None].astype(np.float32), erosion=2)
    expected = np.zeros_like(binary)
    expected[6, 7:10] = expected[17:, :4] = True
    np.testing.assert_array_equal(maps[1], expected)


def test_maps_turn_and_flip_with_the_frame() -> None:
    network = trained(replace(QUICK, surroundings=0), discs())
    frame = np.random.default_rng(1).random((1, 40, 40), np.float32)
    maps = binary_maps(network, frame)
    turned = binary_maps(network, np.rot90(frame, axes=(1, 2)).copy())
    flipped = binary_maps(network, frame[:, ::-1].copy())
    assert (np.rot90(maps, axes=(1, 2)) == turned).mean() > 0.99  # but for rounding
    assert (maps[:, ::-1] == flipped).mean() > 0.99


def test_shadings_of_the_ground_are_levelled_and_cells_stand_out_alike() -> None:
    y, x = np.indices((160, 160))
    is_cell = np.hypot(y % 20 - 10, x % 20 - 10) < 6
    frame = 0.1 + 0.15 * x / 160 + is_cell * np.where(y < 80, 0.1, 0.3)
    frame = torch.from_numpy(frame.astype(np.float32))[None, None]
    network = CellMapNetwork(surroundings=24)
    network.fit_levels(frame)
    seen = network.levelled(frame)[0, 0].numpy()
    low, high = (seen[rows][is_cell[rows]].mean() for rows in (slice(0, 50), slice(110, 160)))
    assert low == pytest.approx(high, abs=0.15)
    assert seen[~is_cell].max() < 0.5 * low
    columns = [seen[:, part][~is_cell[:, part]].mean() for part in (slice(20), slice(-20, None))]
    assert columns[0] == pytest.approx(columns[1], abs=0.1)


def test_without_surroundings_frames_are_read_as_they_are() -> None:
    frame = torch.rand(1, 1, 8, 8)
    torch.testing.assert_close(CellMapNetwork(surroundings=0).levelled(frame), frame)


def test_a_saved_network_gives_the_same_maps(tmp_path: Path) -> None:
    network = trained(QUICK, discs())
    header = ModelHeader("cell_map", "cell_map", network.arguments)
    save_model(tmp_path / "cell_map.safetensors", network, header)
    loaded, _ = load_model(tmp_path / "cell_map.safetensors")
    frame = frames_of(discs()).read(1)
    assert isinstance(loaded, CellMapNetwork)
    np.testing.assert_array_equal(all_maps(loaded, frame), all_maps(network, frame))


def test_frames_smaller_than_a_crop_are_learned_from_as_they_are() -> None:
    network = trained(replace(QUICK, crop=64, steps=1), discs(size=16))
    assert all_maps(network, frames_of(discs(size=16)).read(0)).shape == (network.maps, 16, 16)


def test_as_published_frames_are_read_as_they_are() -> None:
    network = trained(replace(QUICK, as_published=True, steps=1), discs())
    assert network.arguments.items() >= {"as_published": True, "surroundings": 0}.items()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"maps": 1}, "maps must be at least 2, got 1"),
        ({"crop": 4}, "crop must be at least 8, got 4"),
        ({"noise": -0.1}, "must not be negative"),
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong, sentence) -> None:
    with pytest.raises(ValueError, match=sentence):
        CellMapSettings(**wrong)
