"""What a calibration has found, read from its report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cell_events.gui.forms.reliability_plot import ReliabilityBins

FIGURES = ("ECE", "NLL", "Brier")
BEFORE, AFTER = "before", "after"
WORTH_TELLING = 10
"""Crops that a bin needs for a sentence about it."""

LEAST, MOST = 0.2, 0.8
"""Probabilities between which a sentence tells of a bin; beyond them, all bins look alike."""


@dataclass(frozen=True)
class Example:
    """What one bin of probabilities means: the share of it that is real, now and before.

    Attributes
    ----------
    before
        None if too few crops were in the bin before.
    """

    probability: float
    share: float
    before: float | None


@dataclass(frozen=True, eq=False)
class CalibrationFound:
    """A report of `calibrate`.

    Attributes
    ----------
    page
        The report for people.
    values
        What calibration.json says.
    table
        What reliability.csv says.
    """

    page: Path
    values: Mapping[str, Any]
    table: pd.DataFrame

    @property
    def classes(self) -> tuple[str, ...]:
        """Event classes of the model."""
        return tuple(dict.fromkeys(self.table["class"]))

    def bins(self, name: str) -> tuple[ReliabilityBins, ReliabilityBins]:
        """Bins of a class before and after."""
        before, after = (self._rows(name, when) for when in (BEFORE, AFTER))
        return _bins(before), _bins(after)

    def figures(self, when: str) -> Mapping[str, Mapping[str, float | None]]:
        """Value and interval (value, low, high) of each of `FIGURES`, before or after."""
        steps = [s for s in self.values["steps"] if s["population"] == self.values["population"]]
        return dict(steps[0 if when == BEFORE else -1]["figures"])

    @property
    def helped(self) -> bool:
        """Whether both likelihood and calibration error are better than before."""
        before, after = self.figures(BEFORE), self.figures(AFTER)
        return all(
            (after[name]["value"] or 0) < (before[name]["value"] or 0) for name in FIGURES[:2]
        )

    @property
    def is_sure(self) -> bool:
        """Whether the calibration error before lies beyond the interval of that after."""
        before, after = self.figures(BEFORE)["ECE"], self.figures(AFTER)["ECE"]
        was, high = before["value"], after["high"]
        return was is not None and high is not None and was > high

    def promised(self, name: str, when: str) -> float | None:
        """How many events of a class the probabilities promise for each one that is there."""
        return self.figures(when).get(f"promised per event {name}", {}).get("value")

    def example(self, name: str) -> Example | None:
        """Give the fullest bin from 20 % to 80 %, if possible one that was full before, too.

        Higher bins serve where no such bin holds enough crops; None if these do not, either.
        """
        now, before = (self._rows(name, when) for when in (AFTER, BEFORE))
        bins = now.merge(before[["low", "crops", "share"]], "left", "low", suffixes=("", "_before"))
        bins = bins[(bins["crops"] >= WORTH_TELLING) & (bins["probability"] >= LEAST)]
        if bins.empty:
            return None
        middle = bins[bins["probability"] <= MOST]
        bins = bins if middle.empty else middle
        compared = bins[bins["crops_before"] >= WORTH_TELLING]
        chosen = bins if compared.empty else compared
        least = chosen["crops"] if compared.empty else chosen[["crops", "crops_before"]].min(axis=1)
        row = int(np.argmax(least.to_numpy()))
        given, share, was = (
            float(chosen[column].to_numpy(float)[row])
            for column in ("probability", "share", "share_before")
        )
        return Example(given, share, None if compared.empty else was)

    def _rows(self, name: str, when: str) -> pd.DataFrame:
        return self.table[(self.table["class"] == name) & (self.table["when"] == when)]


def read_found(folder: Path) -> CalibrationFound | None:
    """Read a report; None if there is none, or it is damaged."""
    try:
        values = json.loads((folder / "calibration.json").read_text("utf8"))
        table = pd.read_csv(folder / "reliability.csv")
        found = CalibrationFound(folder / "index.html", values, table)
        return found if found.figures(AFTER) and found.classes else None
    except (OSError, ValueError, KeyError, IndexError):
        return None


def _bins(rows: pd.DataFrame) -> ReliabilityBins:
    edges = np.append(rows["low"].to_numpy(float), rows["high"].to_numpy(float)[-1:])
    return ReliabilityBins(edges, rows["crops"].to_numpy(np.int64), rows["share"].to_numpy(float))
