"""The model file of a network for series: a header that says all that detection needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from cell_events.engine.header import ModelFileError, ModelHeader
from cell_events.engine.model_file import load_model
from cell_events.series.mu_network import SeriesMUNet
from cell_events.series.network import LENGTH, SeriesUNet
from cell_events.series.transfer import SeriesNetwork

KIND = "series"


def series_header(
    network: SeriesNetwork,
    kinds: Sequence[str],
    provenance: Mapping[str, Any],
    channels: Sequence[str] = (),
    scale: str = "sample",
    settings: Mapping[str, Any] | None = None,
) -> ModelHeader:
    """Header of a model file.

    Parameters
    ----------
    kinds
        Names of the kinds of stretches, as many as the network's classes.
    channels
        Names of the columns that were learned from; empty where it does not matter.
    scale
        How values were brought to one scale: ``sample``, each series by itself, or ``given``.
    settings
        Further numbers that detection needs.
    """
    if len(kinds) != network.classes:
        raise ValueError(f"The network knows {network.classes} kinds, got names for {len(kinds)}.")
    return ModelHeader(
        kind=KIND,
        architecture="series_unet" if isinstance(network, SeriesUNet) else "series_munet",
        arguments=network.arguments,
        classes=tuple(kinds),
        axes="BCT",
        normalisation={"kind": scale},
        settings={"length": LENGTH, "channels": list(channels), **(settings or {})},
        provenance=provenance,
    )


def load_series_network(
    path: str | Path, device: torch.device | str = "cpu"
) -> tuple[SeriesNetwork, ModelHeader]:
    """Read a network for series, ready for use, and its header.

    Raises
    ------
    ModelFileError
        If the file is no model, or one of another kind.
    """
    network, header = load_model(path, device)
    if not isinstance(network, SeriesUNet | SeriesMUNet):
        raise ModelFileError(
            f"{path} is a model of kind '{header.kind}'; expected one for series, which segments "
            "train writes."
        )
    return network, header
