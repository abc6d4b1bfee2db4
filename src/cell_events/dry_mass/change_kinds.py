"""What may be wrong with a curve: shapes of its unusual change, and how large it may be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

SPREAD_STARTS = 6
"""Long stretches begin this often within their length; short ones anywhere."""

SHORTEST_LASTING = 8
"""Changes from frame to frame that a lasting change of growth must hold."""


@dataclass(frozen=True)
class ChangeKind:
    """One way in which a cell may differ from normal ones.

    Attributes
    ----------
    share
        Share of the anomalies that are taken to be such, before any curve is seen.
    shape
        "stretch": log mass changes more or less than usual from each frame to the next of a
        stretch; "there and back": it jumps, and jumps back at the end of the stretch.
    lengths
        Changes in a stretch; none means that it lasts to the end of the curve.
    growth
        Excess growth in multiples of the usual one, all equally likely; -1 is none at all.
    spread
        Where the size is not told by `growth`: standard deviation of the whole change.
    """

    name: str
    share: float
    shape: Literal["stretch", "there and back"] = "stretch"
    lengths: tuple[int, ...] = ()
    growth: tuple[float, ...] = ()
    spread: float = 0.0


STOP, SURGE, PAUSE, SPURT, STEP, SLOPE, PULSE = range(7)

CHANGE_KINDS = (
    ChangeKind("stop", 0.2, growth=(-1.0, -0.8)),
    ChangeKind("surge", 0.2, growth=(0.8, 1.5)),
    ChangeKind("pause", 0.1, lengths=(8, 12, 18, 27, 40, 60, 90), growth=(-1.0,)),
    ChangeKind("spurt", 0.1, lengths=(8, 12, 18, 27, 40, 60, 90), growth=(1.0,)),
    ChangeKind("step", 0.1, lengths=(1, 2, 3), spread=0.35),
    ChangeKind("slope", 0.1, lengths=(4, 6, 9, 13, 19, 28, 40, 60), spread=0.3),
    ChangeKind(
        "pulse",
        0.2,
        shape="there and back",
        lengths=(1, 2, 3, 4, 6, 8, 11, 15, 20, 28, 40, 55),
        spread=0.4,
    ),
)
"""Ordered as the numbers above; lasting stops and surges are likelier than those that end."""


@dataclass(frozen=True)
class Stretches:
    """Where a change may begin (K,), and where the first change after it is (K,)."""

    starts: NDArray[np.intp]
    stops: NDArray[np.intp]


@cache
def stretches(kind: ChangeKind, changes: int) -> Stretches:
    """All stretches of a kind in a curve with that many changes; perhaps none."""
    if not kind.lengths:
        starts = np.arange(0, changes - SHORTEST_LASTING + 1)
        return Stretches(starts, np.full(len(starts), changes))
    room = changes - (kind.shape == "there and back")
    parts = [
        (np.arange(0, room - length + 1, max(1, length // SPREAD_STARTS)), length)
        for length in kind.lengths
        if length <= room
    ]
    if not parts:
        return Stretches(np.empty(0, np.intp), np.empty(0, np.intp))
    starts = np.concatenate([begins for begins, _ in parts])
    return Stretches(starts, starts + np.repeat([n for _, n in parts], [len(b) for b, _ in parts]))
