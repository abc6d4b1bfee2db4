"""The training loop learns, reports, and goes on where it was interrupted, bit by bit."""

import itertools
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from cell_events.engine.header import ModelFileError
from cell_events.engine.seeds import derived_seed, numpy_generator, torch_generator
from cell_events.engine.training import TrainSettings, WeightGroup, learning_rate, train


class LineTask:
    """Learn y = 3 x - 1 from noisy points, with dropout and momentum buffers to restore."""

    def __init__(self) -> None:
        torch.manual_seed(0)
        self.network = nn.Sequential(nn.Linear(1, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 1))

    def losses(self, step: int) -> dict[str, Tensor]:
        x = torch.rand(16, 1, generator=torch_generator(7, step, "points"))
        return {"total": (self.network(x) - (3 * x - 1)).square().mean()}

    @torch.no_grad()
    def validate(self) -> dict[str, float]:
        x = torch.linspace(0, 1, 50)[:, None]
        return {"error": float((self.network(x) - (3 * x - 1)).square().mean())}


SETTINGS = TrainSettings(
    steps=60, learning_rate=0.05, validate_every=20, checkpoint_every=10, precision="float32"
)


def test_the_error_falls_on_points_not_trained_on() -> None:
    reports = list(train(LineTask(), SETTINGS))
    errors = [report.metrics["error"] for report in reports if report.metrics]
    assert [report.step for report in reports if report.metrics] == [20, 40, 60]
    assert errors[-1] < 0.05 < LineTask().validate()["error"]
    assert reports[-1].seconds_left == 0


@pytest.mark.parametrize("interrupted_at", [10, 37, 59])
def test_a_resumed_run_equals_an_uninterrupted_one_bit_by_bit(
    tmp_path: Path, interrupted_at: int
) -> None:
    whole = LineTask()
    losses = [report.losses for report in train(whole, SETTINGS)]
    checkpoint = tmp_path / "run.checkpoint"
    list(itertools.islice(train(LineTask(), SETTINGS, checkpoint), interrupted_at))
    resumed = LineTask()
    tail = [report.losses for report in train(resumed, SETTINGS, checkpoint)]
    assert tail == losses[len(losses) - len(tail) :]
    assert len(tail) == 60 - interrupted_at // 10 * 10
    for name, value in whole.network.state_dict().items():
        assert torch.equal(value, resumed.network.state_dict()[name]), name


def test_a_finished_run_has_nothing_left_to_do(tmp_path: Path) -> None:
    checkpoint = tmp_path / "run.checkpoint"
    list(train(LineTask(), SETTINGS, checkpoint))
    assert list(train(LineTask(), SETTINGS, checkpoint)) == []


def test_a_checkpoint_of_another_run_is_refused(tmp_path: Path) -> None:
    checkpoint = tmp_path / "run.checkpoint"
    list(train(LineTask(), SETTINGS, checkpoint, run={"seed": 1}))
    with pytest.raises(ModelFileError, match=r"other settings \(seed\)"):
        list(train(LineTask(), SETTINGS, checkpoint, run={"seed": 2}))


def test_groups_of_weights_learn_at_their_share_of_the_rate() -> None:
    settings = TrainSettings(1, 0.1, schedule="constant", precision="float32")
    task = LineTask()
    first, last = task.network[0], task.network[3]
    before = [layer.weight.detach().clone() for layer in (first, last)]
    groups = [WeightGroup([first.weight], 0.01), WeightGroup([last.weight])]
    list(train(task, settings, groups=groups))
    # The first step of Adam has the length of the rate, whatever the gradient.
    for layer, old, length in zip((first, last), before, (0.001, 0.1), strict=True):
        moved = (layer.weight - old).abs()
        torch.testing.assert_close(moved, torch.full_like(moved, length), rtol=0.02, atol=0)
    assert torch.equal(first.bias, LineTask().network[0].bias)


def test_a_loss_that_explodes_stops_the_run_with_advice() -> None:
    task = LineTask()
    with torch.no_grad():
        next(task.network.parameters()).fill_(float("nan"))
    with pytest.raises(FloatingPointError, match=r"step 1; lower the learning rate"):
        list(train(task, SETTINGS))


@pytest.mark.parametrize("schedule", ["constant", "cosine", "cyclic"])
def test_learning_rates_stay_within_their_bounds(schedule: str) -> None:
    settings = TrainSettings(steps=200, learning_rate=0.01, schedule=schedule)  # type: ignore[arg-type]
    rates = [learning_rate(settings, step) for step in range(200)]
    assert 0 < min(rates) <= max(rates) <= 0.01


def test_a_cyclic_rate_peaks_in_the_middle_of_each_cycle_and_decays() -> None:
    settings = TrainSettings(steps=100, learning_rate=0.01, schedule="cyclic")
    assert learning_rate(settings, 0) == pytest.approx(0.001)
    assert learning_rate(settings, 5) == pytest.approx(0.01)
    assert learning_rate(settings, 15) == pytest.approx(0.001 + 0.009 * 0.9)


def test_settings_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="steps must be at least 1, got 0"):
        TrainSettings(steps=0)


def test_randomness_depends_on_seed_step_and_stream_alone() -> None:
    assert derived_seed(1, 2, "a") == derived_seed(1, 2, "a")
    assert (
        len({derived_seed(*key) for key in [(1, 2, "a"), (1, 2, "b"), (2, 1, "a"), (12, 0, "a")]})
        == 4
    )
    assert numpy_generator(3, 4).random() == numpy_generator(3, 4).random()
