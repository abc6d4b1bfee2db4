"""What the training loop asks for when a head learns from means that are in memory already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from cell_events.engine.seeds import seeded, torch_generator
from cell_events.recognition.classifier import EventClassifier
from cell_events.recognition.crops import NOTHING
from cell_events.recognition.network import PyramidHead

STANDARDISED_ON = 512
"""Examples, evenly spread, from which the scale of the features is taken."""


@dataclass(frozen=True)
class MeansTable:
    """Labelled examples as columns of equal length.

    Attributes
    ----------
    means
        Means (N, 2, D) of both frames.
    label
        Their labels (N,).
    told
        Whether a person spoke of the place, or it was mistaken for an event (N,).
    """

    means: NDArray[np.float16]
    label: NDArray[np.int64]
    told: NDArray[np.bool_]

    @classmethod
    def joined(cls, tables: Sequence[MeansTable]) -> MeansTable:
        """All rows of some tables, in order."""
        return cls(
            np.concatenate([table.means for table in tables]),
            np.concatenate([table.label for table in tables]),
            np.concatenate([table.told for table in tables]),
        )


class QuickTask:
    """Tell labelled means apart.

    Classes are equally frequent in a batch; among examples of "nothing", so are those that a
    person spoke of and the many others, so that a single rejection is heard.
    """

    def __init__(
        self, classifier: EventClassifier, table: MeansTable, batch_size: int, seed: int
    ) -> None:
        self.network = self.head = cast("PyramidHead", classifier.head)
        self.batch_size, self.seed = batch_size, seed
        self.device = device = next(classifier.parameters()).device
        self.means = torch.from_numpy(table.means).float().to(device)[..., None, None]
        self.label = torch.from_numpy(table.label).to(device)
        self.groups = [
            [torch.from_numpy(rows).to(device) for rows in _groups(table, label) if len(rows)]
            for label in np.unique(table.label).tolist()
        ]

    def losses(self, step: int) -> dict[str, Tensor]:
        """Cross entropy of the balanced batch of this step, and how much of it is right."""
        rows = self.balanced_rows(torch_generator(self.seed, step, "batch"))
        means, label = self.means[rows], self.label[rows]
        with seeded(self.seed, step, "dropout", self.device):
            logits = self.head(means[:, 0], means[:, 1])[..., 0, 0].float()
        accuracy = (logits.detach().argmax(1) == label).float().mean()
        return {"total": functional.cross_entropy(logits, label), "accuracy": accuracy}

    def balanced_rows(self, random: torch.Generator) -> Tensor:
        """Rows of the table, drawn so that every label is as frequent as any other."""
        drawn = []
        for groups in self.groups:
            each = max(1, self.batch_size // (len(self.groups) * len(groups)))
            for rows in groups:
                chosen = torch.randint(len(rows), (each,), generator=random)
                drawn.append(rows[chosen.to(rows.device)])
        return torch.cat(drawn)

    def fit_standardisation(self) -> None:
        """Let the head take the scale of the means from a part of the examples."""
        count = len(self.means)
        rows = np.linspace(0, count - 1, min(STANDARDISED_ON, count), dtype=int)
        self.head.standardise.fit(self.means[rows].flatten(0, 1))

    def validate(self) -> dict[str, float]:
        """Nothing is held out: what counts is shown on the movie at once."""
        return {}


def _groups(table: MeansTable, label: int) -> list[NDArray[np.int64]]:
    """Rows of a label; those of "nothing" in two groups."""
    rows = table.label == label
    parts = (rows & table.told, rows & ~table.told) if label == NOTHING else (rows,)
    return [np.flatnonzero(part) for part in parts]
