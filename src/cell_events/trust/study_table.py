"""A table of a study: one row for each way, every seed, and how much the seeds differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cell_events.trust.study_folder import StudyError, StudyFolder, StudyPlace


@dataclass(frozen=True, slots=True)
class StudyRow:
    """One way of doing things.

    Attributes
    ----------
    name
        What it is called; unique in its table.
    line, x
        Where it lies in a picture of lines, such as ("random", 4.0) for 4 painted events.
    """

    name: str
    line: str = ""
    x: float | None = None


@dataclass(frozen=True)
class StudyTable:
    """What was measured of each row with each seed.

    Attributes
    ----------
    name, title, about
        Short name (also of files), heading, and sentences that say what is compared.
    metrics
        Names of the columns, in order.
    measured
        Values by row name and seed; rows that are not finished are absent.
    x_name
        What the rows are ordered by, in a table of lines.
    asked_seeds
        With how many seeds each row is to be measured, where that is known.
    """

    name: str
    title: str
    about: str
    rows: tuple[StudyRow, ...]
    metrics: tuple[str, ...]
    measured: Mapping[tuple[str, int], Mapping[str, float]]
    x_name: str = ""
    asked_seeds: int = 0

    def values(self, row: str, metric: str) -> NDArray[np.float64]:
        """Measurements of one row in the order of the seeds; NaN are left out."""
        of_row = sorted((seed, m) for (name, seed), m in self.measured.items() if name == row)
        values = np.array([m.get(metric, np.nan) for _, m in of_row], np.float64)
        return values[np.isfinite(values)]

    @property
    def seeds(self) -> list[int]:
        """Seeds with which anything was measured."""
        return sorted({seed for _, seed in self.measured})

    def frame(self) -> pd.DataFrame:
        """One line for each row and metric: mean, standard deviation, number and every seed.

        The standard deviation is that of the sample (N - 1); empty for a single seed.
        """
        lines = []
        for row in self.rows:
            for metric in self.metrics:
                values = self.values(row.name, metric)
                line = {"row": row.name, "metric": metric, "n": len(values)}
                line |= {"mean": values.mean() if len(values) else np.nan, "sd": spread(values)}
                for seed in self.seeds:
                    line[f"seed {seed}"] = self.measured.get((row.name, seed), {}).get(
                        metric, np.nan
                    )
                lines.append(line)
        return pd.DataFrame(lines)


def spread(values: NDArray[np.float64]) -> float:
    """Standard deviation of a sample; NaN of fewer than two values."""
    return float(values.std(ddof=1)) if len(values) > 1 else float("nan")


def told_resolution(events: int) -> str:
    """Say which differences so many events to find can tell."""
    return (
        f"One event more or less changes recall by {1 / events:.2f}: differences of that size mean "
        "nothing."
    )


def collected(
    folder: StudyFolder, name: str, rows: Sequence[StudyRow], seeds: Sequence[int]
) -> dict[tuple[str, int], dict[str, float]]:
    """Read the finished rows of a table."""
    found = {}
    for row in rows:
        for seed in seeds:
            values = folder.known(StudyPlace(name, row.name, seed))
            if values is not None:
                found[row.name, seed] = values
    return found


def read_study_csv(path: Path) -> pd.DataFrame:
    """Read a table that a study has written.

    Raises
    ------
    StudyError
        If the file cannot be read or is no such table.
    """
    try:
        table = pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise StudyError(f"{path} cannot be read as the CSV of a study.") from error
    missing = {"row", "metric", "n", "mean", "sd"} - set(table.columns)
    if missing:
        raise StudyError(f"{path} lacks the column {min(missing)}; give a CSV of a study.")
    return table
