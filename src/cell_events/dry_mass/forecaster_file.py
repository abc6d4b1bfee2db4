"""The forecaster's model file: a header that says all that detection needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from cell_events.dry_mass.forecast import Forecaster
from cell_events.dry_mass.network import MassForecast
from cell_events.dry_mass.train import TrainedForecaster
from cell_events.engine.header import ModelFileError, ModelHeader
from cell_events.engine.model_file import load_model

KIND = ARCHITECTURE = "mass_forecast"


def forecaster_of(trained: TrainedForecaster) -> Forecaster:
    """Give what a training run has left, ready for use."""
    return Forecaster(trained.network, trained.settings.gap, trained.band)


def forecaster_header(
    trained: TrainedForecaster,
    provenance: Mapping[str, Any],
    frame_interval_s: float | None = None,
) -> ModelHeader:
    """Header of a forecaster's model file; masses are in pg."""
    network = trained.network
    return ModelHeader(
        kind=KIND,
        architecture=ARCHITECTURE,
        arguments=network.arguments,
        axes="BT",
        normalisation={
            "kind": "logarithm of the share" if network.logarithm else "share",
            "of": "mean mass of the past",
            "spread": network.spread,
        },
        settings={"gap": trained.settings.gap, "band": trained.band.tolist()},
        frame_interval_s=frame_interval_s,
        provenance=provenance,
    )


def load_forecaster(
    path: str | Path, device: torch.device | str = "cpu"
) -> tuple[Forecaster, ModelHeader]:
    """Read a forecaster and its header.

    Raises
    ------
    ModelFileError
        If the file is no model, or one of another kind.
    """
    network, header = load_model(path, device)
    if not isinstance(network, MassForecast):
        raise ModelFileError(
            f"{path} is a model of kind '{header.kind}'; expected a forecaster, which anomalies "
            "train writes."
        )
    try:
        band = np.array(header.settings["band"], float).reshape(
            len(network.ways), 2, network.future
        )
        return Forecaster(network, int(header.settings["gap"]), band), header
    except (KeyError, TypeError, ValueError) as error:
        raise ModelFileError(
            f"The forecaster's header lacks {error}; it was not written by anomalies train."
        ) from error
