"""Features with known answers, in place of those of a trained network."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from cell_events.recognition.classifier import EventClassifier, HeadSettings, new_classifier
from cell_events.recognition.crops import CropSettings
from cell_events.recognition.network import ResNetHead
from cell_events.time_arrow.network import TimeArrowNetwork
from cell_events.time_arrow.pretrain import initial_network


class ArrayFeatures:
    """Dense features (T, C, Y, X) kept in an array; refuses windows beyond the image."""

    def __init__(self, features: NDArray[np.float32]) -> None:
        self.features = features.astype(np.float16)
        self.shape = self.features.shape
        self.reads: list[int] = []

    def read(self, t: int, rows: slice, columns: slice) -> NDArray[np.float16]:
        assert 0 <= rows.start < rows.stop <= self.shape[2]
        assert 0 <= columns.start < columns.stop <= self.shape[3]
        self.reads.append(t)
        return self.features[t, :, rows, columns]


def small_tap(features: int = 4) -> TimeArrowNetwork:
    return initial_network(0, width=4, depth=1, features=features)


def small_classifier(
    head: HeadSettings | None = None,
    classes: tuple[str, ...] = ("division",),
    size: int = 8,
    delta: int = 1,
    features: int = 4,
) -> EventClassifier:
    crops = CropSettings(size=size, delta=delta, reach_px=2)
    classifier = new_classifier(small_tap(features), classes, crops, head)
    if isinstance(classifier.head, ResNetHead):
        settle_statistics(classifier.head, features)
    return classifier.eval()


def settle_statistics(head: ResNetHead, features: int) -> None:
    """Give batch normalisation statistics that are not those of a fresh network."""
    head.train()
    z = torch.randn(8, features, 20, 20, generator=torch.Generator().manual_seed(3))
    with torch.no_grad():
        head(z, z.flip(0))
    head.eval()


def bright_pixel_classifier(classes: tuple[str, ...] = ("division",), delta: int = 1):
    """Classifier whose log-odds of class k are high where feature k - 1 is high in both frames.

    Features of 0 mean -4, of 1 in the middle of a crop in both frames up to about +4.
    """
    head = HeadSettings("linear", "centre", time_invariant=True)
    classifier = small_classifier(head, classes, size=8, delta=delta, features=len(classes))
    with torch.no_grad():
        weight = classifier.head.readout.linear.weight
        weight.zero_()
        for label in range(1, len(classes) + 1):
            weight[label, label - 1] = 8.0
        classifier.head.bias.fill_(-4.0)
        classifier.head.bias[0] = 0.0
    return classifier
