"""What a network for series learns: to tell where the stretches of each kind lie."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cell_events.series.example_sources import ExampleSource
from cell_events.series.examples import SeriesExamples
from cell_events.series.losses import segmentation_loss
from cell_events.series.segment_quality import intersection_over_union
from cell_events.series.train_settings import SeriesTrainSettings
from cell_events.series.transfer import SeriesNetwork, freeze, frozen_sections

AT_ONCE = 64
"""Snapshots that are judged at once."""


class SeriesTask:
    """A network, and the snapshots that it learns from and is validated on."""

    def __init__(
        self,
        network: SeriesNetwork,
        source: ExampleSource,
        held: SeriesExamples | None,
        settings: SeriesTrainSettings,
    ) -> None:
        self.network, self.source, self.held, self.settings = network, source, held, settings

    def losses(self, step: int) -> dict[str, Tensor]:
        """Dice loss of the batch of this step."""
        if self.settings.transfer == "freeze":
            progress = step / self.settings.steps
            freeze(self.network, frozen_sections(self.network, progress, self.settings.stages))
        batch = self.source.batch(step)
        logits = self.network(self._on_device(batch.values).float())
        return {
            "total": segmentation_loss(
                logits,
                self._on_device(batch.labels),
                self._on_device(batch.masks),
                self.settings.exclusive,
            )
        }

    def validate(self) -> dict[str, float]:
        """Overlap on snapshots that are not learned from."""
        return {} if self.held is None else judged(self.network, self.held)

    def _on_device(self, values: NDArray[np.generic]) -> Tensor:
        return torch.from_numpy(values).to(next(self.network.parameters()).device)


@torch.no_grad()
def snapshot_probabilities(
    network: SeriesNetwork, values: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Probabilities (N, M, T) of each kind in snapshots (N, C, T); the network must be in eval."""
    device = next(network.parameters()).device
    parts = [
        network.probabilities(network(torch.from_numpy(part).float().to(device)))
        .float()
        .cpu()
        .numpy()
        for part in np.array_split(values, max(1, len(values) // AT_ONCE))
    ]
    return np.concatenate(parts)


def judged(
    network: SeriesNetwork, examples: SeriesExamples, threshold: float = 0.5
) -> dict[str, float]:
    """Intersection over union of each kind and their mean, ``iou``, over all snapshots together.

    A kind that is neither there nor found is left out of the mean.
    """
    found = snapshot_probabilities(network, examples.values) >= threshold
    shares = intersection_over_union(examples.labels, found, examples.masks)
    names = examples.kinds or tuple(str(number) for number in range(1, examples.classes + 1))
    told = {f"iou {name}": float(share) for name, share in zip(names, shares, strict=True)}
    told = {name: share for name, share in told.items() if np.isfinite(share)}
    return {"iou": float(np.mean(list(told.values()))) if told else 1.0, **told}
