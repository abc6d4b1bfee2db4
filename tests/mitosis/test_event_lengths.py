"""Gaps are found with their true lengths, resumed runs repeat themselves, memory is bounded."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch

from cell_events.engine.header import ModelHeader
from cell_events.engine.model_file import load_model, save_model
from cell_events.mitosis.event_length_network import EventLengthNetwork
from cell_events.mitosis.event_lengths import (
    EventLengthSettings,
    TrainedEventLengths,
    predicted_events,
    train_event_lengths,
)
from cell_events.mitosis.length_statistics import found_events, sequence_length
from tests.mitosis.cell_movies import vanishing_discs

QUICK = EventLengthSettings(steps=120, hidden=8, longest=12, crop=14, n_crops=40)
TINY = EventLengthSettings(steps=6, hidden=2, longest=4, crop=12, n_crops=6)


def trained(y: np.ndarray, settings: EventLengthSettings) -> EventLengthNetwork:
    *_, last = train_event_lengths(y, settings)
    assert isinstance(last, TrainedEventLengths)
    return last.network


@pytest.mark.parametrize("length", [3, 6, 10])
def test_cells_that_vanish_for_so_many_frames_are_events_of_that_length(length: int) -> None:
    y, count = vanishing_discs(length)
    network = trained(y, QUICK)
    events = found_events(predicted_events(network, y, QUICK))
    assert Counter(event.length for event in events) == {length: count}
    assert sequence_length(events) == length


def test_a_resumed_run_equals_an_uninterrupted_one_bit_by_bit(tmp_path: Path) -> None:
    y, _ = vanishing_discs(3, size=24)
    settings = EventLengthSettings(steps=102, hidden=2, longest=2, crop=8, n_crops=6)
    whole = trained(y, settings)
    checkpoint = tmp_path / "run.checkpoint"
    for _ in itertools.islice(train_event_lengths(y, settings, "cpu", checkpoint), 101):
        pass
    reports = list(train_event_lengths(y, settings, "cpu", checkpoint))
    assert len(reports) == 2 + 1
    assert isinstance(reports[-1], TrainedEventLengths)
    for name, value in whole.state_dict().items():
        assert torch.equal(value, reports[-1].network.state_dict()[name]), name


def test_events_are_never_where_a_cell_is_and_frames_come_one_by_one() -> None:
    y, _ = vanishing_discs(3)
    frames = list(predicted_events(trained(y, TINY), y, TINY))
    assert len(frames) == len(y)
    assert {frame.shape for frame in frames} == {y.shape[1:]}
    assert max(frame[mask].max() for frame, mask in zip(frames, y, strict=True)) == 0


def test_frames_are_read_in_windows_whatever_the_length_of_the_movie() -> None:
    class Endless:
        shape = (10**6, 16, 16)

        def __getitem__(self, t: int) -> np.ndarray:
            return np.zeros((16, 16), np.uint8)

    first = list(itertools.islice(predicted_events(EventLengthNetwork(2, 2), Endless(), TINY), 40))
    assert len(first) == 40


def test_a_movie_that_is_one_window_is_predicted_in_one_piece() -> None:
    y, _ = vanishing_discs(2, n_frames=12, size=24)
    torch.manual_seed(0)
    network = EventLengthNetwork(4, 4).eval()
    with torch.inference_mode():
        logits = network(torch.from_numpy(y.astype(np.float32))[None])[0]
    whole = torch.sigmoid(logits).numpy() * ~y
    found = np.stack(list(predicted_events(network, y, EventLengthSettings())))
    assert found == pytest.approx(whole, abs=1e-6)


def test_a_network_survives_its_model_file(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = EventLengthNetwork(maps=4, hidden=2)
    header = ModelHeader("event_lengths", "event_lengths", network.arguments, axes="BTYX")
    save_model(tmp_path / "model.safetensors", network, header)
    again, _ = load_model(tmp_path / "model.safetensors")
    x = torch.rand(1, 3, 8, 8)
    assert torch.equal(again(x), network.eval()(x))


def test_states_begin_by_lasting() -> None:
    network = EventLengthNetwork(hidden=4)
    for memory in (network.memory.forwards, network.memory.backwards):
        assert memory.gates.bias.detach().tolist() == [0.0] * 4 + [2.0] * 4 + [0.0] * 8


@pytest.mark.parametrize(
    ("name", "value"), [("steps", 0), ("longest", 0), ("threshold", 1.0), ("percentile", 101)]
)
def test_settings_that_make_no_sense_are_refused(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=name):
        EventLengthSettings(**{name: value})  # type: ignore[arg-type]
