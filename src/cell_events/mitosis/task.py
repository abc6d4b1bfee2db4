"""What the training loop asks of the detector: the loss of a batch, and metrics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cell_events.engine.seeds import seeded, torch_generator
from cell_events.mitosis.annotated_movie import AnnotatedMovie
from cell_events.mitosis.best_weights import BestWeights
from cell_events.mitosis.fitted_threshold import judged
from cell_events.mitosis.losses import event_loss
from cell_events.mitosis.network import MitosisDetector
from cell_events.mitosis.sequences import drawn_sequences
from cell_events.mitosis.train_settings import MitosisTrainSettings

TURNS = 8
"""Symmetries of a square: quarter turns, plain and mirrored."""


class DetectorTask:
    """Learn event maps from sequences of frames, all of them within the annotated ones.

    Parameters
    ----------
    learned, held
        What is learned from, and validated on (see `held_out_parts`).
    """

    def __init__(
        self,
        detector: MitosisDetector,
        learned: Sequence[AnnotatedMovie],
        held: Sequence[AnnotatedMovie],
        settings: MitosisTrainSettings,
    ) -> None:
        self.network = BestWeights(detector)
        self.detector, self.learned, self.held, self.settings = detector, learned, held, settings
        self.device = next(detector.parameters()).device

    @property
    def is_over(self) -> bool:
        """Whether validations have not improved for as long as the settings allow."""
        patience = self.settings.patience
        return patience is not None and self.network.waited >= patience

    def losses(self, step: int) -> dict[str, Tensor]:
        """Loss of the sequences of this step, mirrored and turned at random."""
        settings = self.settings
        random = torch_generator(settings.seed, step, "batch")
        shown = drawn_sequences(self.learned, settings, random)
        turn = int(torch.randint(TURNS, (), generator=random))
        events = np.stack([sequence.events(settings) for sequence in shown])
        weights = np.stack([sequence.weights() for sequence in shown])
        x = self._turned(np.stack([sequence.maps() for sequence in shown]), turn)
        truth, counts = self._turned(events, turn), self._turned(weights, turn)
        with seeded(settings.seed, step, "dropout", self.device):
            log_odds = self.detector(x).float()
        return {"total": event_loss(settings.loss, log_odds, truth, counts)}

    def _turned(self, maps: NDArray[Any], turn: int) -> Tensor:
        """Maps on the device, mirrored and turned."""
        return turned(torch.from_numpy(maps).to(self.device), turn)

    def validate(self) -> dict[str, float]:
        """Loss and F1 on the parts that were held out; empty if there are none."""
        if not self.held:
            return {}
        metrics = judged(self.held, self.detector, self.settings)
        self.network.note(metrics["loss"])
        return metrics

    def take_best(self) -> int:
        """Give the detector its best weights so far; return the steps behind them."""
        self.detector.load_state_dict(self.network.best.state_dict())
        steps = int(self.network.best_validation) * self.settings.validate_every
        return min(steps, self.settings.steps)


def turned(maps: Tensor, turn: int) -> Tensor:
    """Turn maps by a number of quarters; from 4 on mirrored, too."""
    maps = torch.rot90(maps, turn % 4, (-2, -1))
    return maps.flip(-1) if turn >= TURNS // 2 else maps
