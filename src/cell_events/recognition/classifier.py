"""The event classifier: time-arrow features and a head, in one network and one model file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from cell_events.engine.header import ModelFileError, ModelHeader
from cell_events.engine.model_file import load_model, register_architecture
from cell_events.movie import HIGH_PERCENTILE, LOW_PERCENTILE, Movie
from cell_events.recognition.crops import CropSettings
from cell_events.recognition.network import HEADS, HeadName
from cell_events.recognition.readout import Pooling
from cell_events.time_arrow.network import TimeArrowNetwork

KIND, ARCHITECTURE = "events", "event_classifier"


@dataclass(frozen=True, slots=True)
class HeadSettings:
    """Which head stands on the features.

    Attributes
    ----------
    name
        ``pyramid`` (ours, trained in seconds), ``linear`` or ``resnet`` (see `network`).
    pooling
        How the area of a crop is summed up: ``centre`` (Gaussian weights, which localises best),
        ``mean``, or ``flatten`` (a weight for each pixel, the published code).
    time_invariant
        Whether the order of the frames must not matter; None: as in the paper, where it matters to
        the linear head (and to the pyramid) and not to the ResNet.
    """

    name: HeadName = "pyramid"
    pooling: Pooling = "centre"
    time_invariant: bool | None = None

    def __post_init__(self) -> None:
        if self.name not in HEADS:
            raise ValueError(f"head must be one of {', '.join(HEADS)}; got {self.name!r}.")


@register_architecture(ARCHITECTURE)
class EventClassifier(nn.Module):
    """Which event, if any, happens in the middle of a pair of crops?

    Parameters
    ----------
    tap
        Arguments of the `TimeArrowNetwork` that yields the features.
    classes
        Names of the event classes; logits are those of "nothing" and then of these.
    size, delta
        Side of a crop in pixels, and frames between the two of a pair.
    head, pooling, time_invariant
        See `HeadSettings`.
    """

    def __init__(
        self,
        tap: Mapping[str, Any],
        classes: Sequence[str],
        size: int = 48,
        delta: int = 1,
        head: HeadName = "pyramid",
        pooling: Pooling = "centre",
        time_invariant: bool | None = None,
    ) -> None:
        super().__init__()
        self.head_settings = HeadSettings(head, pooling, time_invariant)
        self.classes, self.size, self.delta = tuple(classes), size, delta
        self.tap = TimeArrowNetwork(**tap)
        order = {} if time_invariant is None else {"time_invariant": time_invariant}
        self.head = HEADS[head](self.tap.channels, len(self.classes) + 1, size, pooling, **order)

    @property
    def arguments(self) -> dict[str, Any]:
        """What rebuilds this network, as plain JSON values."""
        return {
            "tap": tap_arguments(self.tap),
            "classes": list(self.classes),
            "size": self.size,
            "delta": self.delta,
            "head": self.head_settings.name,
            "pooling": self.head_settings.pooling,
            "time_invariant": self.head_settings.time_invariant,
        }

    @property
    def margin(self) -> int:
        """Pixels by which the features of a crop are larger than the crop, at each side."""
        return self.head.halo

    @property
    def window(self) -> int:
        """Side in pixels of the features that one crop needs."""
        return self.size + 2 * self.margin

    def forward(self, pairs: Tensor) -> Tensor:
        """Map image pairs (B, 2, 1, Y, X) to logits (B, K + 1, y, x), one for each window."""
        z = self.tap.pair_features(pairs)
        logits: Tensor = self.head(z[:, 0], z[:, 1])
        return logits


def new_classifier(
    tap: TimeArrowNetwork,
    classes: Sequence[str],
    crops: CropSettings,
    head: HeadSettings | None = None,
    seed: int = 0,
) -> EventClassifier:
    """Classifier on a copy of `tap`, with a head whose weights depend on the seed alone."""
    head = head or HeadSettings()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        classifier = EventClassifier(
            tap_arguments(tap),
            classes,
            crops.size,
            crops.delta,
            head.name,
            head.pooling,
            head.time_invariant,
        )
    classifier.tap.load_state_dict(tap.state_dict())
    return classifier.eval()


def tap_arguments(tap: TimeArrowNetwork) -> dict[str, Any]:
    """Arguments that make a network of the same shape, read off the network itself."""
    first = next(module for module in tap.modules() if isinstance(module, nn.Conv2d))
    return {
        "width": tap.backbone.to_features.in_channels,
        "depth": len(tap.backbone.up),
        "features": tap.channels,
        "padding_mode": first.padding_mode,
    }


def events_header(
    classifier: EventClassifier,
    settings: Mapping[str, Any],
    provenance: Mapping[str, Any],
    movie: Movie | None = None,
) -> ModelHeader:
    """Header of a classifier's model file, with the scale of the movie that it was trained on."""
    return ModelHeader(
        kind=KIND,
        architecture=ARCHITECTURE,
        arguments=classifier.arguments,
        classes=classifier.classes,
        normalisation={"kind": "percentile", "low": LOW_PERCENTILE, "high": HIGH_PERCENTILE},
        settings=settings,
        pixel_size_um=movie.pixel_size_um if movie else None,
        frame_interval_s=movie.frame_interval_s if movie else None,
        provenance=provenance,
    )


def load_classifier(
    path: str | Path, device: torch.device | str = "cpu"
) -> tuple[EventClassifier, ModelHeader]:
    """Read an event classifier and its header.

    Raises
    ------
    ModelFileError
        If the file is no model, or one of another kind.
    """
    network, header = load_model(path, device)
    if not isinstance(network, EventClassifier):
        raise ModelFileError(
            f"{path} is a model of kind '{header.kind}'; expected an event classifier, which train "
            "writes."
        )
    return network, header
