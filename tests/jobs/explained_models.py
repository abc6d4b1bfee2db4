"""Small models with random weights, of every kind that can be explained."""

from __future__ import annotations

from pathlib import Path

from cell_events.engine.header import ModelHeader
from cell_events.engine.model_file import save_model
from cell_events.mitosis.network import ARCHITECTURE, MitosisDetector
from cell_events.recognition.classifier import HeadSettings, events_header, new_classifier
from cell_events.recognition.crops import CropSettings
from cell_events.time_arrow.pretrain import initial_network
from tests.jobs.conftest import SMALL


def classifier(folder: Path, head: str, classes: tuple[str, ...] = ("division", "death")) -> Path:
    network = new_classifier(
        initial_network(0, **SMALL), classes, CropSettings(size=24), HeadSettings(head), seed=1
    )
    path = folder / f"{head}.safetensors"
    save_model(path, network, events_header(network, {}, {}))
    return path


def detector(folder: Path) -> Path:
    network = MitosisDetector(hidden=4, convolutions=2, normalisation="batch")
    settings = {"length": 4, "shrink": 4, "scores": "binary", "time": "centre", "shift": 0.0}
    header = ModelHeader(
        "mitosis", ARCHITECTURE, network.arguments, ("division",), settings=settings
    )
    path = folder / "detector.safetensors"
    save_model(path, network, header)
    return path
