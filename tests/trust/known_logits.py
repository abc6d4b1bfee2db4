"""Logits of which it is known how far they are from calibrated."""

from __future__ import annotations

import numpy as np
from scipy.special import softmax

from cell_events.trust.labelled_logits import LabelledLogits


def known_logits(
    count: int = 20_000,
    temperature: float = 1.0,
    classes: tuple[str, ...] = ("division",),
    prior: tuple[float, ...] | None = None,
    seed: int = 0,
    blocks: int = 40,
) -> LabelledLogits:
    """Logits that are right once they are divided by `temperature`.

    Truth is drawn from the probabilities themselves: log-odds are normal, and `prior` moves them.
    """
    random = np.random.default_rng(seed)
    right = random.normal(scale=2.0, size=(count, len(classes) + 1))
    right += 0.0 if prior is None else np.log(prior)
    probabilities = softmax(right, axis=1)
    label = (random.random((count, 1)) > probabilities.cumsum(1)).sum(1)
    return LabelledLogits(classes, right * temperature, label, random.integers(blocks, size=count))


def gaussian_classes(
    counts: tuple[int, int], separation: float = 3.0, seed: int = 0, blocks: int = 40
) -> LabelledLogits:
    """Two normal classes with the log-odds that are right where both are equally frequent."""
    random = np.random.default_rng(seed)
    label = np.repeat([0, 1], counts)
    shown = random.normal(loc=separation * (label - 0.5))
    logits = np.stack([np.zeros(len(label)), separation * shown], axis=1)
    return LabelledLogits(("division",), logits, label, random.integers(blocks, size=len(label)))
