"""How alike two maps are: does an explanation survive that the network forgets what it learned?

A saliency map that looks the same with random weights explains nothing about the network
(Adebayo et al. 2018, "Sanity checks for saliency maps", section 3).
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr
from skimage.metrics import structural_similarity

from cell_events.engine import atomic

SSIM_WINDOW_PX = 7
"""Side of the windows that SSIM compares; at least 3 in smaller maps, such as at a corner."""


@dataclass(frozen=True, slots=True)
class Similarity:
    """How alike two maps are.

    Attributes
    ----------
    rank_correlation
        Spearman's, over all pixels: 1 for the same order, 0 for none in common. NaN if one of
        the maps is the same everywhere.
    structural
        SSIM of the maps, each divided by its maximum: 1 for equal maps.
    """

    rank_correlation: float
    structural: float


@dataclass(frozen=True, slots=True)
class SanityStage:
    """A map after the weights of one more part of the network were drawn anew.

    Attributes
    ----------
    part
        What was drawn anew last; everything above it is random already.
    similarity
        To the map of the trained network.
    attention
        The map (Y, X).
    """

    part: str
    similarity: Similarity
    attention: NDArray[np.float32]


def map_similarity(first: NDArray[np.float32], second: NDArray[np.float32]) -> Similarity:
    """Compare two maps (Y, X), neither of them negative, of equal shape.

    Raises
    ------
    ValueError
        If the shapes differ, or a side is shorter than 3 pixels.
    """
    window = min(SSIM_WINDOW_PX, (min(first.shape) - 1) // 2 * 2 + 1)
    if first.shape != second.shape or window < 3:
        raise ValueError(
            f"Maps of shapes {first.shape} and {second.shape} cannot be compared; both need the "
            "same shape and sides of at least 3 pixels."
        )
    constant = np.ptp(first) == 0 or np.ptp(second) == 0
    correlation = math.nan if constant else float(spearmanr(first, second, axis=None).statistic)
    tiny = float(np.finfo(np.float32).tiny)
    highest = [max(float(values.max()), tiny) for values in (first, second)]
    structural = structural_similarity(
        first / highest[0], second / highest[1], win_size=window, data_range=1.0
    )
    return Similarity(correlation, float(structural))


def rounded(value: float) -> float | None:
    """Value for JSON, which knows no NaN."""
    return None if math.isnan(value) else round(value, 4)


def write_sanity(path: Path, about: str, stages: Sequence[SanityStage]) -> None:
    """Write the similarities as JSON; those that are undefined become null."""
    rows = [
        {
            "part": stage.part,
            **{name: rounded(value) for name, value in asdict(stage.similarity).items()},
        }
        for stage in stages
    ]
    atomic.write_text(path, json.dumps({"explained": about, "randomised": rows}, indent=1))
