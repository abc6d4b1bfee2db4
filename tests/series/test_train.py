"""Training finds stretches, starts where it is told to, and goes on bit by bit."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from cell_events.engine.training import TrainReport
from cell_events.series.example_sources import DrawnSource, StoredSource
from cell_events.series.examples import SeriesExamples
from cell_events.series.mu_network import SeriesMUNet
from cell_events.series.network import SeriesUNet
from cell_events.series.train import TrainedSeries, starting_network, train_series
from cell_events.series.train_settings import SeriesTrainSettings
from cell_events.series.transfer import SeriesNetwork

SETTINGS = SeriesTrainSettings(steps=4, batch=4, checkpoint_every=2, learning_rate=1e-2)


def steps_up(count: int, seed: int, channels: int = 1) -> SeriesExamples:
    """Noise of which one stretch lies higher: one kind, 256 points."""
    random = np.random.default_rng(seed)
    values = random.normal(0, 0.3, (count, channels, 256)).astype(np.float32)
    labels = np.zeros((count, 1, 256), bool)
    for label, begin in zip(labels[:, 0], random.integers(0, 180, count), strict=True):
        label[begin : begin + 60] = True
    return SeriesExamples(values + 2 * labels, np.ones((count, 256), bool), labels, ("high",))


def last_of(
    examples: SeriesExamples, settings: SeriesTrainSettings, start: SeriesNetwork | None = None
) -> TrainedSeries:
    *_, trained = train_series(examples, settings, start=start)
    assert isinstance(trained, TrainedSeries)
    return trained


def same(first: SeriesNetwork, second: SeriesNetwork) -> bool:
    pairs = zip(first.state_dict().values(), second.state_dict().values(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


def test_a_stretch_that_lies_higher_is_found_in_series_not_learned_from() -> None:
    settings = SeriesTrainSettings(steps=40, batch=8, learning_rate=1e-2)
    *reports, trained = train_series(steps_up(32, 0), settings, held=steps_up(16, 1))
    assert isinstance(trained, TrainedSeries)
    assert [report.step for report in reports if isinstance(report, TrainReport)][-1] == 40
    assert trained.validation["iou high"] == trained.validation["iou"] > 0.8
    assert trained.examples == 32


@pytest.mark.parametrize("transfer", ["none", "rates", "freeze"])
@pytest.mark.parametrize("channels", [1, 2])
def test_a_resumed_run_equals_an_uninterrupted_one_bit_by_bit(
    tmp_path: Path, transfer: str, channels: int
) -> None:
    settings = replace(SETTINGS, transfer=transfer, stages=(0.25, 0.75))
    examples, start = steps_up(6, 0, channels), SeriesUNet(1, 2)
    whole = last_of(examples, settings, start)
    checkpoint = tmp_path / "run.checkpoint"
    list(itertools.islice(train_series(examples, settings, "cpu", checkpoint, start), 3))
    *tail, resumed = train_series(examples, settings, "cpu", checkpoint, start)
    assert isinstance(resumed, TrainedSeries)
    assert [report.step for report in tail if isinstance(report, TrainReport)] == [3, 4]
    assert same(whole.network, resumed.network)


def test_the_network_to_start_from_is_left_as_it_is() -> None:
    start = SeriesUNet(1, 1)
    trained = last_of(steps_up(4, 0), SETTINGS, start)
    assert not same(start, trained.network)
    assert same(start, starting_network(1, 1, SETTINGS, start))


def test_sections_that_are_frozen_all_the_time_stay_as_they_were() -> None:
    start = SeriesUNet(1, 3)
    settings = replace(SETTINGS, transfer="freeze", stages=(1.0, 1.0))
    network = last_of(steps_up(4, 0, channels=2), settings, start).network
    assert isinstance(network, SeriesMUNet)
    for encoder in network.encoders:
        for level in range(4):
            given = start.encoding[level].state_dict()
            assert all(torch.equal(v, given[n]) for n, v in encoder[level].state_dict().items())
    assert all(weight.requires_grad for weight in network.parameters())


def test_one_channel_gets_a_unet_and_several_a_munet_unless_told() -> None:
    assert isinstance(starting_network(1, 2, SETTINGS), SeriesUNet)
    assert isinstance(starting_network(3, 2, SETTINGS), SeriesMUNet)
    assert isinstance(starting_network(3, 2, replace(SETTINGS, network="unet")), SeriesUNet)


def test_equal_seeds_give_equal_new_weights() -> None:
    assert same(starting_network(1, 2, SETTINGS), starting_network(1, 2, SETTINGS))
    other = replace(SETTINGS, seed=1)
    assert not same(starting_network(1, 2, SETTINGS), starting_network(1, 2, other))


def test_a_model_that_does_not_fit_is_refused_with_advice() -> None:
    with pytest.raises(ValueError, match="start from a U-Net for a single channel"):
        starting_network(3, 2, SETTINGS, SeriesMUNet(2, 2))


def test_nothing_labelled_is_nothing_to_learn_from() -> None:
    examples = steps_up(4, 0)
    empty = replace(examples, labels=np.zeros_like(examples.labels))
    with pytest.raises(ValueError, match="label at least one"):
        list(train_series(empty, SETTINGS))


def test_values_that_are_missing_are_refused() -> None:
    examples = steps_up(4, 0)
    with pytest.raises(ValueError, match="fill them and mask them"):
        replace(examples, values=np.full_like(examples.values, np.nan))


def test_every_snapshot_is_learned_from_once_before_any_comes_again() -> None:
    examples = steps_up(5, 0)
    examples.values[:, 0, 0] = np.arange(5)
    source = StoredSource(examples, 2, seed=3)
    seen = np.concatenate([source.batch(step).values[:, 0, 0] for step in range(5)])
    assert sorted(seen[:5]) == sorted(seen[5:]) == [0, 1, 2, 3, 4]


def test_drawn_snapshots_are_new_at_each_step_and_the_same_when_drawn_again() -> None:
    source = DrawnSource(steps_up, 2, seed=0, name="steps up", classes=1)
    first, second = source.batch(0), source.batch(1)
    assert not np.array_equal(first.values, second.values)
    assert np.array_equal(first.values, source.batch(0).values)
    *_, trained = train_series(source, SETTINGS)
    assert isinstance(trained, TrainedSeries)
    assert trained.examples == 0


def test_augmentation_is_part_of_what_a_resumed_run_repeats(tmp_path: Path) -> None:
    settings = replace(SETTINGS, augmentations=("jitter", "mutation"))
    whole = last_of(steps_up(6, 0), settings)
    checkpoint = tmp_path / "run.checkpoint"
    list(itertools.islice(train_series(steps_up(6, 0), settings, "cpu", checkpoint), 2))
    *_, resumed = train_series(steps_up(6, 0), settings, "cpu", checkpoint)
    assert isinstance(resumed, TrainedSeries)
    assert same(whole.network, resumed.network)
    assert not same(whole.network, last_of(steps_up(6, 0), SETTINGS).network)


def test_an_augmentation_that_would_make_labels_wrong_is_refused() -> None:
    examples = replace(steps_up(4, 0), kinds=("cyclic violation",))
    with pytest.raises(ValueError, match="'mutation' would make labels of 'cyclic violation'"):
        list(train_series(examples, replace(SETTINGS, augmentations=("mutation",))))
