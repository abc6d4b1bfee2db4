"""What the training loop asks of the detector: the loss of a batch, and metrics."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from cell_events.engine.seeds import seeded, torch_generator
from cell_events.mitosis.annotated_movie import AnnotatedMovie
from cell_events.mitosis.best_weights import BestWeights
from cell_events.mitosis.fitted_threshold import judged
from cell_events.mitosis.losses import event_loss
from cell_events.mitosis.network import MitosisDetector
from cell_events.mitosis.train_settings import MitosisTrainSettings

TURNS = 8
"""Symmetries of a square: quarter turns, plain and mirrored."""


class DetectorTask:
    """Learn event maps from sequences of whole frames, all of them within the annotated ones.

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
        movie, starts = self._drawn(random)
        turn = int(torch.randint(TURNS, (), generator=random))
        parts = zip(*(self._sequence(movie, start) for start in starts), strict=True)
        x, events, weights = (turned(torch.stack(part).to(self.device), turn) for part in parts)
        with seeded(settings.seed, step, "dropout", self.device):
            log_odds = self.detector(x).float()
        return {"total": event_loss(settings.loss, log_odds, events, weights)}

    def _drawn(self, random: torch.Generator) -> tuple[AnnotatedMovie, list[int]]:
        """A movie, and first frames of sequences in it; all sequences are equally likely."""
        length = self.settings.length
        counts = torch.tensor([len(movie.annotated) - length + 1 for movie in self.learned])
        movie = int(torch.multinomial(counts.float(), 1, generator=random))
        starts = torch.randint(int(counts[movie]), (self.settings.batch,), generator=random)
        return self.learned[movie], [int(start) for start in starts]

    def _sequence(self, movie: AnnotatedMovie, start: int) -> tuple[Tensor, Tensor, Tensor]:
        """Frames (T, C, Y, X) of a sequence, its event map (T, Y, X), and weights (T, Y, X)."""
        settings = self.settings
        frames = range(start, start + settings.length)
        events = movie.events(frames, settings.dilations)
        weights = np.ones(events.shape, np.float32)
        if movie.hard is not None:
            weights[movie.hard[start : frames.stop] & ~events] = settings.hard_weight
        last = len(movie.annotated) - 1
        for index, t in enumerate(frames):
            if min(t, last - t) < settings.edge_frames:
                weights[index][~events[index]] = 0
        x = np.stack([movie.frames.read(t) for t in frames])
        return torch.from_numpy(x), torch.from_numpy(events), torch.from_numpy(weights)

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
