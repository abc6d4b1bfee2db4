"""What a classifier said of crops whose true class is known."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax

SMALLEST_SPREAD = 1e-9
"""Logits that differ by less, from class to class and crop to crop, say nothing."""


class CalibrationError(ValueError):
    """Crops that no calibration can be learned from; the message is one sentence for the user."""


@dataclass(frozen=True, eq=False)
class LabelledLogits:
    """Logits of crops (or of detections), their true labels, and where they come from.

    Attributes
    ----------
    classes
        Names of the event classes 1..K; 0 is "nothing".
    logits
        What the network gave before the softmax, (N, K + 1).
    label
        True label 0..K of each crop, (N,).
    group
        Block of the movie that each crop lies in, (N,); crops of one block are alike.
    weight
        How many crops of the movie each one stands for, (N,); None: one.

    Raises
    ------
    CalibrationError
        If the columns do not fit each other, logits are not finite or all the same, or all crops
        are of one class.
    """

    classes: tuple[str, ...]
    logits: NDArray[np.float64]
    label: NDArray[np.int64]
    group: NDArray[np.int64]
    weight: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        _check_shapes(self)
        _check_values(self)

    def __len__(self) -> int:
        return len(self.label)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the labels 0..K."""
        return ("nothing", *self.classes)

    @property
    def weights(self) -> NDArray[np.float64]:
        """The weight of each crop, 1 where none is given."""
        return np.ones(len(self)) if self.weight is None else self.weight

    def log_probabilities(
        self, temperature: float = 1.0, shift: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Logarithms of softmax(logits / temperature + shift), (N, K + 1)."""
        moved = self.logits / temperature + (0.0 if shift is None else shift)
        return np.asarray(log_softmax(moved, axis=1))

    def moved(self, by: NDArray[np.float64]) -> LabelledLogits:
        """The same crops with something added to their K + 1 logits."""
        return replace(self, logits=self.logits + by)

    def balanced(self) -> LabelledLogits:
        """The same crops, weighted so that every label that occurs is as frequent as any other."""
        present = np.unique(self.label)
        share = dict.fromkeys(present.tolist(), 1 / len(present))
        return self.as_frequent_as(np.array([share.get(k, 0.0) for k in range(len(self.names))]))

    def as_frequent_as(self, prior: NDArray[np.float64]) -> LabelledLogits:
        """The same crops, weighted so that labels are as frequent as `prior` (K + 1,) says."""
        counts = np.bincount(self.label, minlength=len(self.names))
        each = len(self) * np.asarray(prior) / np.maximum(counts, 1)
        return replace(self, weight=each[self.label])


def _check_shapes(labelled: LabelledLogits) -> None:
    count, outputs = len(labelled.label), len(labelled.classes) + 1
    columns = [labelled.group] if labelled.weight is None else [labelled.group, labelled.weight]
    if labelled.logits.shape != (count, outputs) or any(len(c) != count for c in columns):
        raise CalibrationError(
            f"{count} labels of {outputs} classes need logits of the shape {(count, outputs)} and "
            f"as many groups and weights; got {labelled.logits.shape}, {[len(c) for c in columns]}."
        )
    if count and not (labelled.label.min() >= 0 and labelled.label.max() < outputs):
        raise CalibrationError(
            f"Labels must lie between 0 and {outputs - 1}; got {labelled.label.min()} to "
            f"{labelled.label.max()}."
        )


def _check_values(labelled: LabelledLogits) -> None:
    wrong = int((~np.isfinite(labelled.logits)).any(axis=1).sum())
    if wrong:
        raise CalibrationError(
            f"The model gave NaN or infinite logits for {wrong} of {len(labelled)} crops; check "
            "the movie for NaN and train the model anew."
        )
    present = np.unique(labelled.label)
    if len(present) < 2:
        names = ", ".join(f"'{labelled.names[label]}'" for label in present) or "no class at all"
        raise CalibrationError(
            f"All {len(labelled)} crops to calibrate on show {names}, but at least two classes "
            "are needed; annotate events, and places where nothing happens."
        )
    relative = labelled.logits - labelled.logits[:, :1]
    if np.ptp(relative, axis=0).max() < SMALLEST_SPREAD:
        raise CalibrationError(
            f"The model gave the same logits for all {len(labelled)} crops, so that no "
            "temperature is better than another; train it longer or on more examples."
        )
