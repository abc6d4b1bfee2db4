"""What the training loop asks of a classifier: the loss of a batch, and metrics."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from cell_events.engine.seeds import seeded, torch_generator
from cell_events.recognition.classifier import EventClassifier
from cell_events.recognition.examples import Examples
from cell_events.recognition.report import RecognitionReport
from cell_events.recognition.train_settings import TrainHeadSettings

STANDARDISED_ON = 256
"""Training pairs, evenly spread, from which the scale of the features is taken."""

TURNS = 8
"""Symmetries of a square: quarter turns, plain and mirrored."""


class RecognitionTask:
    """Tell labelled crop pairs apart, with the head alone or with the whole network."""

    network: nn.Module

    def __init__(
        self, classifier: EventClassifier, examples: Examples, settings: TrainHeadSettings
    ) -> None:
        self.classifier, self.examples, self.settings = classifier, examples, settings
        self.network = classifier.head if examples.images is None else classifier
        self.device = next(classifier.parameters()).device
        self.labels = torch.from_numpy(examples.table.label)
        train = torch.from_numpy(examples.split.train)
        self.rows_of_labels = [
            train[self.labels[train] == label] for label in self.labels[train].unique()
        ]

    def losses(self, step: int) -> dict[str, Tensor]:
        """Cross entropy and accuracy of the balanced batch of this step."""
        random = torch_generator(self.settings.seed, step, "batch")
        rows = self.balanced_rows(random)
        z = self.features(rows)
        if self.settings.flips:
            z = turned(z, torch.randint(TURNS, (len(rows),), generator=random))
        with seeded(self.settings.seed, step, "dropout", self.device):
            logits = self.classifier.head(z[:, 0], z[:, 1])[..., 0, 0].float()
        labels = self.labels[rows].to(self.device)
        right = logits.detach().argmax(1) == labels
        return {"total": functional.cross_entropy(logits, labels), "accuracy": right.float().mean()}

    def balanced_rows(self, random: torch.Generator) -> Tensor:
        """Rows of the table, drawn so that every label is as frequent as any other."""
        each = max(1, self.settings.batch_size // len(self.rows_of_labels))
        drawn = [
            rows[torch.randint(len(rows), (each,), generator=random)]
            for rows in self.rows_of_labels
        ]
        return torch.cat(drawn)

    def features(self, rows: Tensor) -> Tensor:
        """Features (B, 2, C, S, S) of some pairs, computed if they are being learned."""
        shown = self.examples.crops[rows].to(self.device).float()
        if self.examples.images is None:
            return shown
        z, side = self.classifier.tap.pair_features(shown), self.classifier.window
        offsets = self.examples.offsets(rows)
        return torch.stack(
            [pair[..., y : y + side, x : x + side] for pair, (y, x) in zip(z, offsets, strict=True)]
        )

    def fit_standardisation(self) -> None:
        """Let the head take the scale of the features from a part of the training pairs."""
        train = self.examples.split.train
        chosen = train[np.linspace(0, len(train) - 1, min(STANDARDISED_ON, len(train)), dtype=int)]
        with torch.no_grad():
            z = torch.cat([self.features(rows) for rows in self._batches(chosen)])
        head = self.classifier.head
        head.standardise.fit(head.reduced(z.flatten(0, 1)))

    def validate(self) -> dict[str, float]:
        """Metrics on the pairs that were held out."""
        report = self.report()
        return {} if report is None else report.metrics()

    @torch.no_grad()
    def report(self) -> RecognitionReport | None:
        """How the pairs that were held out are told apart; None if none were."""
        rows = self.examples.split.validation
        if not len(rows):
            return None
        parts = []
        for batch in self._batches(rows):
            z = self.features(batch)
            logits = self.classifier.head(z[:, 0], z[:, 1])[..., 0, 0]
            parts.append(logits.float().softmax(1).cpu().numpy())
        table = self.examples.table.select(rows)
        frames = table.t + self.classifier.delta
        scores: NDArray[np.float32] = np.concatenate(parts)
        return RecognitionReport(self.classifier.classes, table.movie, frames, table.label, scores)

    def _batches(self, rows: NDArray[np.int64]) -> Iterator[Tensor]:
        """Rows in pieces of one batch."""
        yield from torch.from_numpy(rows).split(self.settings.batch_size)


def turned(z: Tensor, turns: Tensor) -> Tensor:
    """Turn each of (B, 2, C, S, S) by its number of quarters; from 4 on mirrored, too."""
    out = torch.empty_like(z)
    for turn in turns.unique().tolist():
        rows = torch.nonzero(turns == turn)[:, 0].to(z.device)
        some = torch.rot90(z[rows], turn % 4, (-2, -1))
        out[rows] = some.flip(-1) if turn >= 4 else some
    return out
