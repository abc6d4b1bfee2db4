"""Lives of cells as dry mass: they grow, divide, and some of them stop, shrink or swell.

What a cell is stands in one row of a structured array; a `MassFamily` holds the equations, and
`lived_masses` steps all cells through the frames at once.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

NORMAL, ARREST, LOSS, ABNORMAL_GROWTH, SWAP, MERGE, SPLIT, DROPOUT = range(8)
KIND_NAMES = (
    "",
    "arrest",
    "loss",
    "abnormal growth",
    "swap",
    "merge",
    "split",
    "dropout",
)

CELL = np.dtype(
    [
        ("parent", np.int64),  # row of the mother, -1 without one
        ("partner", np.int64),  # row of the cell it is exchanged with, -1 without one
        ("born", np.int64),  # frame of its first mass
        ("mass", np.float64),  # pg
        ("birth_mass", np.float64),  # pg
        ("age", np.float64),  # frames since birth
        ("cycle", np.float64),  # frames from birth to division
        ("rate", np.float64),  # growth of this cell: what it means is the family's affair
        ("bend", np.float64),  # shape of this cell's growth: likewise
        ("wander", np.float64),  # slow deviation of its rate at this moment
        ("seen_from", np.int64),  # first and last frame in which the tracker has it
        ("seen_to", np.int64),
        ("kind", np.int64),
        ("first", np.int64),  # first and last frame of the anomaly
        ("last", np.int64),
        ("strength", np.float64),  # how much: see the family
        ("pace", np.float64),  # frames in which an arrest or a loss comes about
        ("blocked", np.bool_),  # whether the anomaly keeps it from dividing
        ("alive", np.bool_),
    ]
)
Cells = np.ndarray[Any, np.dtype[np.void]]


class MassFamily(Protocol):
    """Equations of one kind of population."""

    def first_cells(self, random: np.random.Generator) -> Cells:
        """Cells of the first frame, each somewhere in its cycle."""

    def start(self, cells: Cells, random: np.random.Generator) -> None:
        """Begin the cycle of cells that were just born: set all that a cycle needs."""

    def growth_pg(self, cells: Cells, random: np.random.Generator) -> NDArray[np.float64]:
        """Mass that each cell gains until the next frame if nothing is wrong with it."""

    def frames_left(self, cells: Cells) -> NDArray[np.float64]:
        """Frames until each cell divides, about."""

    def are_due(self, cells: Cells) -> NDArray[np.bool_]:
        """Whether each cell divides now."""

    def shares(self, count: int, random: np.random.Generator) -> NDArray[np.float64]:
        """Shares (count, 2) of the mother's mass that her daughters get; 1 is not exceeded."""

    def doom(self, cells: Cells, random: np.random.Generator) -> None:
        """Choose `first`, `last`, `strength`, `pace` and `blocked` where `kind` is not normal."""

    def noise(self, count: int, frames: int, random: np.random.Generator) -> NDArray[np.float64]:
        """Relative errors of measurement, (count, frames)."""


def lived_masses(
    family: MassFamily,
    fates: Fates,
    frames: int,
    divisions: str,
    random: np.random.Generator,
) -> tuple[Cells, NDArray[np.float64]]:
    """All cells, and their true mass (cells, frames), NaN where they are not there."""
    cells = family.first_cells(random)
    fates.choose(cells, family, random)
    masses = np.full((len(cells), frames), np.nan)
    for t in range(frames):
        masses[cells["alive"], t] = cells["mass"][cells["alive"]]
        _grow(cells, t, family, random)
        if divisions == "none" or t == frames - 1:
            continue
        due = np.flatnonzero(family.are_due(cells) & cells["alive"] & ~_are_blocked(cells, t + 1))
        daughters = _daughters(cells, due, t + 1, family, random)
        if divisions == "inside":
            _go_on_as_daughter(cells, due, daughters[: len(due)])
            continue
        cells["alive"][due] = False
        fates.choose(daughters, family, random)
        cells = np.concatenate([cells, daughters])
        masses = np.concatenate([masses, np.full((len(daughters), frames), np.nan)])
    return cells, masses


class Fates(Protocol):
    """Who is seen when, and what goes wrong with whom."""

    def choose(self, cells: Cells, family: MassFamily, random: np.random.Generator) -> None:
        """Set when newborn cells are seen, and the kind and times of their anomalies."""


def growth_factor(cells: Cells, t: int) -> NDArray[np.float64]:
    """What the growth of each cell from frame t to the next is multiplied with.

    An arrest comes about within `pace` frames and leaves the share `strength`; after a loss,
    nothing grows; abnormal growth is `strength` times as fast.
    """
    factor = np.ones(len(cells))
    inside = (cells["first"] <= t) & (t <= cells["last"])
    arrest = inside & (cells["kind"] == ARREST)
    progress = np.clip((t - cells["first"] + 1) / np.maximum(cells["pace"], 1), 0, 1)
    factor[arrest] = (1 - progress * (1 - cells["strength"]))[arrest]
    factor[inside & (cells["kind"] == LOSS)] = 0.0
    swelling = inside & (cells["kind"] == ABNORMAL_GROWTH)
    factor[swelling] = cells["strength"][swelling]
    return factor


def _kept_share(cells: Cells, t: int) -> NDArray[np.float64]:
    """Share of its mass that each cell keeps until the next frame: less than 1 during a loss."""
    losing = (cells["kind"] == LOSS) & (cells["first"] <= t + 1)
    losing &= t + 1 < cells["first"] + np.maximum(cells["pace"], 1)
    lost = np.where(losing, cells["strength"], 0.0)
    share: NDArray[np.float64] = (1 - lost) ** (1 / np.maximum(cells["pace"], 1))
    return share


def _grow(cells: Cells, t: int, family: MassFamily, random: np.random.Generator) -> None:
    gained = family.growth_pg(cells, random) * growth_factor(cells, t)
    cells["mass"] = (cells["mass"] + gained) * _kept_share(cells, t)
    cells["age"] += 1


def _are_blocked(cells: Cells, t: int) -> NDArray[np.bool_]:
    blocked: NDArray[np.bool_] = cells["blocked"] & (cells["first"] <= t)
    return blocked


def _daughters(
    cells: Cells,
    due: NDArray[np.int64],
    t: int,
    family: MassFamily,
    random: np.random.Generator,
) -> Cells:
    """First daughters of all mothers that divide now, then the second ones."""
    mothers = np.concatenate([due, due])
    daughters: Cells = cells[mothers]
    daughters["parent"] = mothers
    daughters["born"] = t
    daughters["mass"] *= family.shares(len(due), random).T.ravel()
    daughters["birth_mass"] = daughters["mass"]
    daughters["age"] = 0
    family.start(daughters, random)
    return daughters


def _go_on_as_daughter(cells: Cells, due: NDArray[np.int64], daughters: Cells) -> None:
    """Let the track of a mother follow one daughter; what goes wrong stays the same."""
    for name in ("mass", "birth_mass", "age", "cycle", "rate", "bend", "wander"):
        cells[name][due] = daughters[name]
