"""What a calibration is learned from, and whether it is enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cell_events.trust.labelled_logits import CalibrationError, LabelledLogits
from cell_events.trust.prior import prior_of_counts

LEAST_CROPS, LEAST_BLOCKS = 10, 3
"""Of each class. Cross-fitting learns from all blocks but one and needs two there; and from fewer
than three blocks nobody can tell how much the figures depend on the block."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """Labelled logits of a model, drawn in up to two ways from what it has not learned from.

    Attributes
    ----------
    crops
        Crops drawn as in training, or detections as they come.
    places
        Crops of events, and places of nothing that were drawn evenly from the movie; None where
        nobody has said where nothing happens.
    frequency
        Places of each block and class, (blocks, K + 1), that belong to `places`; row numbers are
        the groups.
    """

    crops: LabelledLogits
    places: LabelledLogits | None = None
    frequency: NDArray[np.int64] | None = None

    @property
    def prior(self) -> NDArray[np.float64] | None:
        """How frequent the classes are in the movie, (K + 1,); None if nobody knows."""
        return None if self.frequency is None else prior_of_counts(self.frequency.sum(axis=0))

    @property
    def even(self) -> LabelledLogits:
        """The crops with every class as frequent as any other, as training draws them."""
        return self.crops.balanced()

    @property
    def natural(self) -> LabelledLogits | None:
        """The places with every class as frequent as in the movie."""
        prior = self.prior
        return None if self.places is None or prior is None else self.places.as_frequent_as(prior)

    def of_groups(self, groups: NDArray[np.int64]) -> Evidence:
        """What comes from some blocks alone."""
        places, frequency = self.places, self.frequency
        if places is not None and frequency is not None:
            places, kept = _rows_of(places, groups), np.isin(np.arange(len(frequency)), groups)
            frequency = np.where(kept[:, None], frequency, 0)
        return Evidence(_rows_of(self.crops, groups), places, frequency)


def check_evidence(evidence: Evidence, what: str = "crops") -> None:
    """Refuse to calibrate on too little.

    Raises
    ------
    CalibrationError
        If there are fewer than 10 crops of a class, or they lie in fewer than 3 blocks.
    """
    crops = evidence.crops
    check_counts(crops.label, crops.group, crops.names, what)


def check_counts(
    label: NDArray[np.int64],
    group: NDArray[np.int64],
    names: Sequence[str],
    what: str = "crops",
    instead: str = "",
) -> None:
    """Do the same for labels (N,) and groups (N,); `instead` says what else may help."""
    for number, name in enumerate(names):
        rows = label == number
        count, blocks = int(rows.sum()), len(np.unique(group[rows]))
        if count < LEAST_CROPS or blocks < LEAST_BLOCKS:
            raise CalibrationError(
                f"Only {count} {what} in {blocks} blocks that the model has not learned from show "
                f"'{name}', but at least {LEAST_CROPS} in {LEAST_BLOCKS} blocks are needed; hold "
                "out more when training, annotate more, or give an annotated movie "
                f"that the model has never seen{instead}."
            )


def _rows_of(labelled: LabelledLogits, groups: NDArray[np.int64]) -> LabelledLogits:
    """The crops of some blocks."""
    rows = np.isin(labelled.group, groups)
    return replace(
        labelled,
        logits=labelled.logits[rows],
        label=labelled.label[rows],
        group=labelled.group[rows],
        weight=None if labelled.weight is None else labelled.weight[rows],
    )
