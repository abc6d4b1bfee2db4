"""How event lengths are learned and found (M2)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EventLengthSettings:
    """How event lengths are learned and found.

    Attributes
    ----------
    steps, learning_rate
        Number of batches, and the highest rate (Adam, falling to zero along a cosine).
    hidden
        Hidden maps of the ConvLSTM in each direction.
    percentile
        Share of the events, in per cent, that the sequence length is to hold.
    threshold
        Least probability of an event.
    longest
        Longest part, in frames, that is removed from a cell in training. Real events should be
        shorter.
    share
        Share of the cells of a crop that lose a part.
    crop
        Side of the crops in places of the grid.
    n_crops
        How many crops are cut from the movie.
    batch
        Crops in a batch.
    """

    steps: int = 300
    learning_rate: float = 5e-3
    hidden: int = 16
    percentile: float = 75.0
    threshold: float = 0.5
    longest: int = 16
    share: float = 0.4
    crop: int = 32
    n_crops: int = 200
    batch: int = 1
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("steps", "hidden", "longest", "crop", "n_crops", "batch"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}.")
        if not 0 <= self.percentile <= 100:
            raise ValueError(f"percentile must lie between 0 and 100, got {self.percentile}.")
        for name in ("threshold", "share"):
            if not 0 < getattr(self, name) < 1:
                raise ValueError(f"{name} must lie between 0 and 1, got {getattr(self, name)}.")
