"""Simulated dry mass of single cells over time, of which it is known what is wrong with whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cell_events.simulation.mass_family import FirstFamily
from cell_events.simulation.mass_fates import SHORTEST_WITH_ANOMALY, DrawnFates
from cell_events.simulation.mass_lives import (
    ABNORMAL_GROWTH,
    KIND_NAMES,
    NORMAL,
    Cells,
    MassFamily,
    lived_masses,
)
from cell_events.simulation.mass_measurement import measured_masses
from cell_events.simulation.second_mass_family import SecondFamily
from cell_events.simulation.third_mass_family import ThirdFamily

MASS_ANOMALIES = KIND_NAMES[1:]
"""Kinds of anomalies; the first three are the cell's own, the others come from measurement."""


SPACING, CONTACT = 40.0, 15.0
"""Pixels between cells on average, and between cells that are taken for each other."""


@dataclass(frozen=True, slots=True)
class MassCurveSettings:
    """A population, its growth, and what goes wrong in it.

    Attributes
    ----------
    cells
        Cells of the first frame, each of which makes one curve; more where divisions are tracked.
    abnormal
        Share of cells with an anomaly.
    divisions
        "none": nobody divides; "inside": a curve goes on as one daughter, so its mass halves;
        "tracked": a curve ends and those of two daughters begin.
    growth
        Law of the first family; the others have their own.
    cycle_frames
        Mean time from division to division; by default 120 frames, and 1.3 times the movie where
        nobody divides.
    noise
        Relative error of a mass.
    kinds
        What can go wrong, each as often as the others.
    missing
        Share of rows that are missing here and there.
    short
        Whether cells are tracked only for a while, half of them for less than 36 frames.
    family
        Which equations: the others are for judging what was tuned on the first.
    """

    cells: int = 9100
    frames: int = 180
    abnormal: float = 0.15
    divisions: Literal["none", "inside", "tracked"] = "none"
    growth: Literal["exponential", "linear", "mixed"] = "mixed"
    cycle_frames: float | None = None
    noise: float = 0.03
    kinds: tuple[str, ...] = MASS_ANOMALIES
    missing: float = 0.0
    short: bool = False
    family: Literal["first", "second", "third"] = "first"
    seed: int = 0

    def __post_init__(self) -> None:
        if self.cells < 2 or self.frames < SHORTEST_WITH_ANOMALY:
            raise ValueError(
                f"There are {self.cells} cells and {self.frames} frames; expected at least 2 cells "
                f"and {SHORTEST_WITH_ANOMALY} frames."
            )
        for name in ("abnormal", "missing"):
            if not 0 <= getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}; expected a share below 1.")
        unknown = [kind for kind in self.kinds if kind not in MASS_ANOMALIES]
        if unknown or not self.kinds:
            raise ValueError(f"kinds are {self.kinds}; expected some of {MASS_ANOMALIES}.")


@dataclass(frozen=True, slots=True, eq=False)
class MassSimulation:
    """Measured masses, and the truth about each cell.

    Attributes
    ----------
    tracks
        A track table: track_id, t, y, x, parent_id, dry_mass_pg.
    truth
        One row for each track: track_id, kind ("" if normal), cause ("cellular", "measurement" or
        ""), first and last frame of the anomaly (-1 if normal).
    """

    tracks: pd.DataFrame
    truth: pd.DataFrame


def simulated_mass_curves(settings: MassCurveSettings) -> MassSimulation:
    """Simulate a population; the same settings give the same curves."""
    random = np.random.default_rng(settings.seed)
    family = _family(settings)
    fates = DrawnFates(
        settings.frames,
        settings.abnormal,
        settings.kinds,
        until_division=settings.divisions == "tracked",
        short=settings.short,
    )
    cells, masses = lived_masses(family, fates, settings.frames, settings.divisions, random)
    errors = family.noise(len(cells), settings.frames, random)
    measured = measured_masses(cells, masses, errors, random)
    if settings.missing:
        measured[random.random(measured.shape) < settings.missing] = np.nan
    return MassSimulation(_tracks(cells, measured, random), _truth(cells, measured))


def _family(settings: MassCurveSettings) -> MassFamily:
    alone = settings.divisions == "none"
    cycle = settings.cycle_frames or (1.3 * settings.frames if alone else 120.0)
    if settings.family == "second":
        return SecondFamily(settings.cells, cycle, settings.noise, mature=not alone)
    if settings.family == "third":
        return ThirdFamily(settings.cells, cycle, settings.noise, mature=not alone)
    return FirstFamily(settings.cells, cycle, settings.growth, settings.noise, mature=not alone)


def _tracks(
    cells: Cells, measured: NDArray[np.float64], random: np.random.Generator
) -> pd.DataFrame:
    """Rows of all cells where they have a mass; cells wander about a field.

    Cells that are exchanged are near each other when that begins.
    """
    rows, times = np.nonzero(np.isfinite(measured))
    side = SPACING * np.sqrt(len(cells))
    places = random.uniform(0, side, (len(cells), 2))
    steps = random.normal(0, 0.7, (*measured.shape, 2)).cumsum(1)
    _bring_together(cells, places, steps, random)
    y, x = (places[rows, axis] + steps[rows, times, axis] for axis in (0, 1))
    parents = pd.array(cells["parent"] + 1, dtype="Int64")
    was_seen = np.append(np.isfinite(measured).any(axis=1), False)
    parents[~was_seen[cells["parent"]]] = pd.NA
    return pd.DataFrame(
        {
            "track_id": rows + 1,
            "t": times,
            "y": y,
            "x": x,
            "parent_id": parents[rows],
            "dry_mass_pg": measured[rows, times],
        }
    )


def _bring_together(
    cells: Cells,
    places: NDArray[np.float64],
    steps: NDArray[np.float64],
    random: np.random.Generator,
) -> None:
    """Move one of each two cells that are exchanged beside the other one."""
    ones = np.flatnonzero(cells["partner"] > np.arange(len(cells)))
    partners, times = cells["partner"][ones], cells["first"][ones]
    apart = random.normal(0, CONTACT, (len(ones), 2))
    places[partners] = places[ones] + steps[ones, times] - steps[partners, times] + apart


def _truth(cells: Cells, measured: NDArray[np.float64]) -> pd.DataFrame:
    """One row for each cell that was measured; what began after its end did not happen."""
    seen = np.isfinite(measured)
    last_seen = measured.shape[1] - 1 - seen[:, ::-1].argmax(1)
    happened = (cells["kind"] != NORMAL) & (cells["first"] <= last_seen)
    kind = np.where(happened, cells["kind"], NORMAL)
    cause = np.where(kind <= ABNORMAL_GROWTH, "cellular", "measurement")
    truth = pd.DataFrame(
        {
            "track_id": np.arange(len(cells)) + 1,
            "kind": np.array(KIND_NAMES)[kind],
            "cause": np.where(kind == NORMAL, "", cause),
            "first": np.where(happened, cells["first"], -1),
            "last": np.where(happened, np.minimum(cells["last"], last_seen), -1),
        }
    )
    return truth.iloc[np.flatnonzero(seen.any(axis=1))].reset_index(drop=True)
