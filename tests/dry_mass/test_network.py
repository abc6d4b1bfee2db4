"""The forecaster's network: what goes in, what comes out, and what it does not depend on."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from cell_events.dry_mass.network import MassForecast, root_mean, squared_errors
from cell_events.engine.header import ModelHeader
from cell_events.engine.model_file import load_model, save_model

PAST = torch.linspace(200, 300, 120).repeat(2, 1) * torch.tensor([[1.0], [1.3]])


def test_120_frames_give_60() -> None:
    assert MassForecast(120, 60)(PAST).shape == (2, 60)


@pytest.mark.parametrize("past", [4, 5, 24])
def test_short_pasts_are_possible(past: int) -> None:
    assert MassForecast(past, 1)(PAST[:, :past]).shape == (2, 1)


@pytest.mark.parametrize("logarithm", [False, True])
def test_a_cell_of_twice_the_mass_gets_a_forecast_of_twice_the_mass(logarithm: bool) -> None:
    network = MassForecast(120, 60, logarithm=logarithm)
    torch.testing.assert_close(network(2 * PAST), 2 * network(PAST))


def test_both_ways_are_different_networks() -> None:
    network = MassForecast(120, 60, both_ways=True)
    assert not torch.allclose(network(PAST), network(PAST, backwards=True))


def test_masses_of_zero_give_finite_forecasts() -> None:
    for logarithm in (False, True):
        assert MassForecast(8, 4, logarithm=logarithm)(torch.zeros(1, 8)).isfinite().all()


def test_the_error_is_the_root_of_the_mean_square_of_what_was_measured() -> None:
    forecast, truth = torch.tensor([[1.0, 5.0, 9.0]]), torch.tensor([[4.0, 1.0, 0.0]])
    seen = torch.tensor([[True, True, False]])
    squares = squared_errors(forecast, truth, truth, logarithm=False)
    assert root_mean(squares, seen).item() == pytest.approx((25 / 2) ** 0.5)


def test_the_error_of_logarithms_is_the_same_for_large_and_small_cells() -> None:
    forecast, truth = torch.tensor([[1.0, 5.0]]), torch.tensor([[4.0, 1.0]])
    small = squared_errors(forecast, truth, truth, logarithm=True)
    torch.testing.assert_close(
        squared_errors(9 * forecast, 9 * truth, 9 * truth, logarithm=True), small
    )


def test_it_comes_back_from_a_model_file(tmp_path: Path) -> None:
    network = MassForecast(12, 6, 0.2, logarithm=True, both_ways=True).eval()
    header = ModelHeader("mass_forecast", "mass_forecast", network.arguments)
    save_model(tmp_path / "m.safetensors", network, header)
    again, _ = load_model(tmp_path / "m.safetensors")
    torch.testing.assert_close(again(PAST[:, :12]), network(PAST[:, :12]))
