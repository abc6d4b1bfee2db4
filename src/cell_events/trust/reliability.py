"""Reliability: of all crops with a probability of 70 %, do 70 % show the event?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cell_events.trust.calibration_error import BINS, bin_of
from cell_events.trust.intervals import block_bootstrap
from cell_events.trust.labelled_logits import LabelledLogits

REPEATS = 400


def reliability(
    crops: LabelledLogits,
    probabilities: NDArray[np.float64],
    seed: int = 0,
    bins: int = BINS,
) -> pd.DataFrame:
    """One row for each event class and bin of equal width (figure 5 of Chen et al. 2024).

    Columns: ``class``; ``low`` and ``high``, the ends of the bin (the upper one belongs to it);
    ``crops`` in it; their mean ``probability``; the ``share`` of them that shows the class, and
    ``share_low`` and ``share_high``, the ends of its interval by drawing whole blocks. Means and
    shares count crops by their weight, and are NaN in empty bins.

    Parameters
    ----------
    probabilities
        Of `crops`, (N, K + 1).
    """
    edges, tables = np.linspace(0, 1, bins + 1), []
    for label, name in enumerate(crops.classes, 1):
        said, place = probabilities[:, label], bin_of(probabilities[:, label], edges)
        mass = np.bincount(place, crops.weights, bins)
        share = _shares(crops, place, label, seed, bins)
        columns = {
            "class": name,
            "low": edges[:-1],
            "high": edges[1:],
            "crops": np.bincount(place, minlength=bins),
            "probability": _ratio(np.bincount(place, crops.weights * said, bins), mass),
            **share,
        }
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)


def _shares(
    crops: LabelledLogits, place: NDArray[np.int64], label: int, seed: int, bins: int
) -> dict[str, NDArray[np.float64]]:
    """Share of each bin that shows a class, and the ends of its interval."""
    happened = crops.weights * (crops.label == label)

    def of_rows(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        true = np.bincount(place[rows], happened[rows], bins)
        return _ratio(true, np.bincount(place[rows], crops.weights[rows], bins))

    ends = block_bootstrap(crops.group, of_rows, REPEATS, seed)
    names = ("share", "share_low", "share_high")
    return {name: np.asarray(end) for name, end in zip(names, ends, strict=True)}


def _ratio(part: NDArray[Any], whole: NDArray[Any]) -> NDArray[np.float64]:
    return np.asarray(np.where(whole > 0, part / np.where(whole > 0, whole, 1), np.nan))
