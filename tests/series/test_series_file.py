"""Model files of networks for series say what they know and are told from others."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from cell_events.dry_mass.network import MassForecast
from cell_events.engine.header import ModelFileError, ModelHeader
from cell_events.engine.model_file import save_model
from cell_events.series.mu_network import SeriesMUNet
from cell_events.series.network import SeriesUNet
from cell_events.series.series_file import load_series_network, series_header


@pytest.mark.parametrize("network", [SeriesUNet(1, 2), SeriesMUNet(2, 2)])
def test_network_kinds_and_channels_come_back(
    network: SeriesUNet | SeriesMUNet, tmp_path: Path
) -> None:
    header = series_header(network, ("arrest", "jump"), {"seed": 3}, ("mass_pg",))
    save_model(tmp_path / "m.safetensors", network, header)
    again, read = load_series_network(tmp_path / "m.safetensors")
    assert type(again) is type(network)
    assert read.classes == ("arrest", "jump")
    assert read.settings["channels"] == ["mass_pg"]
    assert read.normalisation == {"kind": "sample"}


def test_as_many_names_as_kinds_are_needed() -> None:
    with pytest.raises(ValueError, match="knows 3 kinds, got names for 1"):
        series_header(SeriesUNet(), ("arrest",), {})


def test_a_model_of_another_kind_is_refused(tmp_path: Path) -> None:
    network = MassForecast(8, 4)
    header = ModelHeader("mass_forecast", "mass_forecast", network.arguments)
    save_model(tmp_path / "m.safetensors", network, header, dtype=torch.float16)
    with pytest.raises(ModelFileError, match="kind 'mass_forecast'; expected one for series"):
        load_series_network(tmp_path / "m.safetensors")
