"""What a mitosis detector reads of a movie: grey values, or the maps of a time-arrow network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cell_events.jobs.time_arrow_model import load_time_arrow, time_arrow_path
from cell_events.mitosis.frames import FrameSource, ShrunkenFrames
from cell_events.mitosis.network import FrozenFeatures, MitosisDetector
from cell_events.movie import Movie
from cell_events.recognition.classifier import tap_arguments
from cell_events.time_arrow.features import DenseFeatures
from cell_events.time_arrow.network import TimeArrowNetwork
from cell_events.time_arrow.pooled_features import PooledFeatures

if TYPE_CHECKING:
    import torch


def frozen_features(tap: Path | None, device: torch.device | str) -> FrozenFeatures:
    """Load a time-arrow model, by default that of the package, for a detector to read from.

    Raises
    ------
    JobError
        If none is named and none comes with the package.
    ModelFileError
        If it is no model file, or one of another kind.
    """
    network, _ = load_time_arrow(time_arrow_path(tap))
    return FrozenFeatures(network.to(device), "time_arrow", tap_arguments(network))


def frames_read(
    movie: Movie,
    shrink: int,
    features: FrozenFeatures | None,
    device: torch.device | str = "cpu",
    cache: Path | None = None,
) -> FrameSource:
    """Give the frames of a movie as a detector with these features, or none, reads them."""
    if features is None or not isinstance(features.network, TimeArrowNetwork):
        return ShrunkenFrames(movie, shrink)
    return PooledFeatures(DenseFeatures(movie, features.network, device, cache), shrink)


def features_of(detector: MitosisDetector) -> FrozenFeatures | None:
    """Give what a detector keeps of the network whose maps it reads."""
    if detector.features is None or detector.rebuilds_features is None:
        return None
    return FrozenFeatures(detector.features, **detector.rebuilds_features)
