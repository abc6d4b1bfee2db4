"""The detector's model file: a header that says all that `detect` needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from cell_events.engine.header import ModelFileError, ModelHeader
from cell_events.engine.model_file import load_model
from cell_events.mitosis.detect import MitosisDetectSettings
from cell_events.mitosis.network import ARCHITECTURE, MitosisDetector
from cell_events.mitosis.train import TrainedDetector
from cell_events.movie import HIGH_PERCENTILE, LOW_PERCENTILE, Movie

KIND = "mitosis"


def detector_header(
    trained: TrainedDetector,
    provenance: Mapping[str, Any],
    movie: Movie | None = None,
    kind: str = "division",
) -> ModelHeader:
    """Header of a detector's model file, with the scale of the movie that it was trained on.

    `kind` is what its events are called.
    """
    settings = trained.settings
    return ModelHeader(
        kind=KIND,
        architecture=ARCHITECTURE,
        arguments=trained.network.arguments,
        classes=(kind,),
        axes="BTCYX",
        normalisation={"kind": "percentile", "low": LOW_PERCENTILE, "high": HIGH_PERCENTILE},
        settings={
            "length": trained.length,
            "shrink": trained.shrink,
            "scores": settings.scores,
            "time": settings.time,
            "shift": trained.shift,
        },
        pixel_size_um=movie.pixel_size_um if movie else None,
        frame_interval_s=movie.frame_interval_s if movie else None,
        provenance=provenance,
    )


def load_detector(
    path: str | Path, device: torch.device | str = "cpu"
) -> tuple[MitosisDetector, ModelHeader]:
    """Read a mitosis detector and its header.

    Raises
    ------
    ModelFileError
        If the file is no model, or one of another kind.
    """
    network, header = load_model(path, device)
    if not isinstance(network, MitosisDetector):
        raise ModelFileError(
            f"{path} is a model of kind '{header.kind}'; expected a mitosis detector, which "
            "mitosis train writes."
        )
    return network, header


def detection_of(header: ModelHeader, threshold: float = 0.5) -> MitosisDetectSettings:
    """How the detector with this header looks for mitoses."""
    settings = header.settings
    try:
        return MitosisDetectSettings(
            length=int(settings["length"]),
            scores=settings["scores"],
            time=settings["time"],
            shift=float(settings["shift"]),
            threshold=threshold,
            kind=header.classes[0],
        )
    except (KeyError, IndexError, TypeError) as error:
        raise ModelFileError(
            f"The detector's header lacks {error}; it was not written by mitosis train."
        ) from error
