"""Augmentation of labelled snapshots, and which of it leaves which labels true (section 3.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from cell_events.series.mass_mishaps import MASS_KINDS
from cell_events.series.synthetic import KINDS
from cell_events.series.time_augmentations import cropping, mutation, reversal, time_warp, zoom
from cell_events.series.value_augmentations import (
    Mask,
    Snapshots,
    Values,
    jitter,
    linear_operation,
    scaling,
    trend,
)

KNOWN_KINDS = frozenset((*KINDS, *MASS_KINDS))
"""Kinds of which it is known what destroys them; of others it is for the user to say."""

SHARE = 0.5
"""Share of the snapshots to which each augmentation is applied."""

Apply = Callable[[Values, Mask, Mask, np.random.Generator], Snapshots]


@dataclass(frozen=True, slots=True)
class Augmentation:
    """A random change of snapshots.

    Attributes
    ----------
    apply
        Takes values (B, C, T), labels (B, M, T), masks (B, T) and a random generator; gives the
        first three, changed together.
    keeps
        Kinds of anomalies that are still what their labels say, among `KNOWN_KINDS`.
    """

    apply: Apply
    keeps: frozenset[str]


GROWTH = {"arrest", "loss", "abnormal growth"}
LEVELS = {"swap", "merge", "split"}

AUGMENTATIONS: Mapping[str, Augmentation] = MappingProxyType(
    {
        "jitter": Augmentation(jitter, KNOWN_KINDS),
        "scaling": Augmentation(scaling, KNOWN_KINDS),
        "cropping": Augmentation(cropping, KNOWN_KINDS),
        "zoom": Augmentation(zoom, KNOWN_KINDS),
        # Where time runs faster, a cycle is shorter and growth is steeper than it was.
        "time warp": Augmentation(time_warp, KNOWN_KINDS - {"cyclic violation", *GROWTH}),
        # A cell that stopped growing would grow.
        "trend": Augmentation(trend, KNOWN_KINDS - GROWTH),
        # What was there at first is taken for normal, and a loss would be a gain.
        "reversal": Augmentation(reversal, KNOWN_KINDS - GROWTH - {"swap"}),
        # A cell that merged with another would have lost mass.
        "linear operation": Augmentation(linear_operation, frozenset(KINDS)),
        # A stretch of another curve breaks the cycle, brings other noise and another growth.
        "mutation": Augmentation(mutation, frozenset({"additive outlier", "dropout"})),
    }
)
"""All augmentations, in the order in which they are applied."""


def refused(kinds: Sequence[str], names: Sequence[str]) -> str | None:
    """Say which augmentation must not be used with labels of these kinds; None if all may be."""
    unknown = [name for name in names if name not in AUGMENTATIONS]
    if unknown:
        known = ", ".join(AUGMENTATIONS)
        return f"There is no augmentation '{unknown[0]}'; expected some of: {known}."
    for name in names:
        lost = KNOWN_KINDS.intersection(kinds) - AUGMENTATIONS[name].keeps
        if lost:
            return (
                f"The augmentation '{name}' would make labels of {_listed(sorted(lost))} wrong; "
                "leave it out, or learn without these kinds."
            )
    return None


def safe_augmentations(kinds: Sequence[str]) -> tuple[str, ...]:
    """Names of the augmentations that leave all of these kinds what they are."""
    return tuple(name for name in AUGMENTATIONS if refused(kinds, (name,)) is None)


def augmented(
    values: Values,
    labels: Mask,
    mask: Mask,
    names: Sequence[str],
    random: np.random.Generator,
) -> Snapshots:
    """Apply each of the named augmentations to a random half of the snapshots."""
    for name in (name for name in AUGMENTATIONS if name in names):
        chosen = random.random(len(values)) < SHARE
        found = AUGMENTATIONS[name].apply(values, labels, mask, random)
        values = np.where(chosen[:, None, None], found[0], values)
        labels = np.where(chosen[:, None, None], found[1], labels)
        mask = np.where(chosen[:, None], found[2], mask)
    return values, labels, mask


def _listed(words: Sequence[str]) -> str:
    quoted = [f"'{word}'" for word in words]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]]) if len(quoted) > 1 else quoted[0]
