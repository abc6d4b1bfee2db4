"""Snapshots with their labels, from which a network learns."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]
Labels = NDArray[np.bool_]


@dataclass(frozen=True)
class SeriesExamples:
    """N snapshots of C channels and T points, with labels of M kinds.

    Attributes
    ----------
    values
        (N, C, T), scaled as the network will see them later, nothing missing.
    masks
        (N, T), True where a point was measured and labelled, hence learned from.
    labels
        (N, M, T), True where a point belongs to a stretch of that kind.
    kinds
        Names of the M kinds; may be empty where nobody asks.
    """

    values: Values
    masks: NDArray[np.bool_]
    labels: Labels
    kinds: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        (n, _, points), kinds = self.values.shape, self.labels.shape[1]
        if self.masks.shape != (n, points) or self.labels.shape != (n, kinds, points):
            raise ValueError(
                f"Values {self.values.shape}, masks {self.masks.shape} and labels "
                f"{self.labels.shape} do not fit; expected (N, C, T), (N, T) and (N, M, T)."
            )
        if self.kinds and len(self.kinds) != kinds:
            raise ValueError(f"There are labels of {kinds} kinds, but {len(self.kinds)} names.")
        if not np.isfinite(self.values).all():
            raise ValueError("Values hold NaN or infinite ones; fill them and mask them first.")

    def __len__(self) -> int:
        return len(self.values)

    @property
    def channels(self) -> int:
        """Curves of each snapshot, C."""
        return int(self.values.shape[1])

    @property
    def classes(self) -> int:
        """Kinds of abnormal stretches, M."""
        return int(self.labels.shape[1])

    def only(self, chosen: NDArray[np.intp]) -> SeriesExamples:
        """Give the chosen snapshots alone, in that order."""
        return SeriesExamples(
            self.values[chosen], self.masks[chosen], self.labels[chosen], self.kinds
        )

    def digest(self) -> str:
        """What is learned from, by which a checkpoint knows its run."""
        digest = hashlib.blake2b(f"{self.labels.shape}|{self.kinds}".encode(), digest_size=16)
        for part in (self.values, self.masks, self.labels):
            digest.update(np.ascontiguousarray(part).tobytes())
        return digest.hexdigest()
