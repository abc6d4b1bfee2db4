"""Probabilities of crops by calibrations that were learned from other blocks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cell_events.trust.calibration_steps import Step, StepSettings, calibration_of
from cell_events.trust.evidence import Evidence
from cell_events.trust.labelled_logits import LabelledLogits

FOLDS = 20
"""Parts of the blocks that are left out in turn, at most."""


def cross_fitted(
    step: Step, evidence: Evidence, asked: LabelledLogits, settings: StepSettings
) -> NDArray[np.float64]:
    """Probabilities (N, K + 1) of the crops `asked`, each by a fit that knows nothing of its block.

    So figures about them are figures about crops that neither training nor calibration has seen.
    Blocks are left out one by one, or if there are more than 20, in 20 parts.
    """
    probabilities = np.zeros(asked.logits.shape)
    everything = _blocks_by_rarity(evidence, asked)
    for fold in range(min(FOLDS, len(everything))):
        left_out = everything[fold::FOLDS]
        rows = np.isin(asked.group, left_out)
        if rows.any():
            kept = evidence.of_groups(np.setdiff1d(everything, left_out))
            calibration = calibration_of(step, kept, settings, refuse_bounds=False)
            probabilities[rows] = calibration.probabilities(asked.logits[rows])
    return probabilities


def _blocks_by_rarity(evidence: Evidence, asked: LabelledLogits) -> NDArray[np.int64]:
    """All blocks, those with the rarest class first, so that it is spread over the folds."""
    groups = [evidence.crops.group, asked.group]
    groups += [] if evidence.places is None else [evidence.places.group]
    counts = np.bincount(evidence.crops.label)
    rarity = {block: len(evidence.crops) for block in np.unique(np.concatenate(groups)).tolist()}
    for block, label in zip(evidence.crops.group, evidence.crops.label, strict=True):
        rarity[int(block)] = min(rarity[int(block)], int(counts[label]))
    return np.array(sorted(rarity, key=lambda block: (rarity[block], block)), np.int64)
