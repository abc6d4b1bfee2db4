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

NEAR = 0.8
"""Probability that sentences tell of, or the nearest with enough crops."""


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

    def example(self, name: str, when: str) -> tuple[float, float] | None:
        """A probability, and the share of crops given it that are real; None with few crops."""
        rows = self._rows(name, when)
        rows = rows[(rows["crops"] >= WORTH_TELLING) & (rows["probability"] >= 0.5)]
        if rows.empty:
            return None
        given, real = rows["probability"].to_numpy(float), rows["share"].to_numpy(float)
        nearest = int(np.argmin(abs(given - NEAR)))
        return float(given[nearest]), float(real[nearest])

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
