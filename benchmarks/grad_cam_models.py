"""The networks whose Grad-CAM is judged, trained on one half of a movie or on none of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import get_args

from halves import Half, read_halves
from mitosis_halves import SIDES, half_files, other_side, trained_detector

from cell_events.engine.model_file import load_model, save_model
from cell_events.recognition.classifier import HeadSettings, events_header
from cell_events.recognition.crops import CropSettings
from cell_events.recognition.network import HeadName
from cell_events.recognition.splits import SplitSettings
from cell_events.recognition.train import TrainedClassifier, train_head
from cell_events.recognition.train_settings import TrainHeadSettings
from cell_events.time_arrow import shipped_model
from cell_events.time_arrow.network import TimeArrowNetwork

TIME_ARROW, DETECTOR = "time arrow", "detector"
MODELS = (TIME_ARROW, *get_args(HeadName), DETECTOR)

Judged = tuple[Half, Callable[[int], Path]]
"""The half to judge on, and the model file of each seed."""


def judged_model(name: str, model: str, side: str, data: Path, work: Path) -> Judged:
    """The half that is not learned from, and what makes or finds the model file of a seed."""
    halves = dict(zip(SIDES, read_halves(data, name), strict=True))
    learned, tested = halves[side], halves[other_side(side)]
    if model == TIME_ARROW:
        return tested, lambda _: shipped_path()
    if model == DETECTOR:
        half = half_files(name, other_side(side), data, work).half
        return half, lambda seed: trained_detector(name, side, seed, data, work)
    return tested, lambda seed: trained_classifier(f"{name}-{side}", learned, model, seed, work)


def shipped_path() -> Path:
    """The time-arrow model of the package."""
    path = shipped_model()
    assert path is not None
    return path


def trained_classifier(name: str, train: Half, head: HeadName, seed: int, work: Path) -> Path:
    """Model file of a classifier that learned from a half; kept between runs."""
    path = work / f"grad_cam-{name}-{head}-seed{seed}.safetensors"
    if not path.exists():
        network, _ = load_model(shipped_path())
        assert isinstance(network, TimeArrowNetwork)
        settings = TrainHeadSettings(
            head=HeadSettings(head),
            crops=CropSettings(seed=seed),
            splitting=SplitSettings(fraction=0),
            steps=600 if head == "pyramid" else 200,
            rehearsals=2 if head == "pyramid" else 0,
            seed=seed,
        )
        *_, trained = train_head([train.movie], [train.mask], network, settings)
        assert isinstance(trained, TrainedClassifier)
        header = events_header(trained.classifier, {}, {}, train.movie)
        save_model(path, trained.classifier, header)
    return path
