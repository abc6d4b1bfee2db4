"""What a calibration has found, as files that people and programs read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from cell_events.engine import atomic
from cell_events.trust.calibration import Calibration
from cell_events.trust.calibration_page import POPULATIONS, page_html
from cell_events.trust.calibration_scores import StepScores
from cell_events.trust.calibration_steps import MEANING, Step
from cell_events.trust.evidence import Evidence
from cell_events.trust.reliability import reliability
from cell_events.trust.reliability_figure import reliability_png

TOLD = ("ECE", "NLL", "Brier")
"""Figures that the summary tells."""


@dataclass(frozen=True, eq=False)
class CalibrationReport:
    """A calibration and how good its probabilities are.

    Attributes
    ----------
    model
        Name of the model file.
    step
        The step that gives the probabilities.
    scores
        Each step in each population, in order; the last one is what counts.
    note
        What else people should know of how the model was asked; may be empty.
    """

    model: str
    step: Step
    calibration: Calibration
    evidence: Evidence
    scores: tuple[StepScores, ...]
    note: str = ""

    @property
    def counts(self) -> dict[str, int]:
        """Number of crops by class."""
        crops = self.evidence.crops
        return {name: int((crops.label == k).sum()) for k, name in enumerate(crops.names)}

    @property
    def blocks(self) -> int:
        """Number of blocks that the crops lie in."""
        return len(set(self.evidence.crops.group.tolist()))

    @property
    def before_and_after(self) -> tuple[StepScores, StepScores]:
        """Scores as they are, and the last step, where classes come as they will in use."""
        after = self.scores[-1]
        same = (s for s in self.scores if s.population == after.population)
        return next(same), after

    def summary(self) -> dict[str, Any]:
        """What a command line or a dock tells."""
        before, after = self.before_and_after
        return {
            "temperature": self.calibration.temperature,
            "shift": list(self.calibration.shift),
            "step": MEANING[self.step],
            "counts": self.counts,
            "blocks": self.blocks,
            "population": after.population,
            **({"note": self.note} if self.note else {}),
            "before": {name: before.figures[name].value for name in TOLD},
            "after": {name: after.figures[name].value for name in TOLD},
        }

    def to_json(self) -> dict[str, Any]:
        """All of it as plain JSON values."""
        steps = [score.to_json() for score in self.scores]
        return {"model": self.model, **self.summary(), "steps": steps}


def write_calibration_report(folder: str | Path, report: CalibrationReport, seed: int = 0) -> Path:
    """Write calibration.json, reliability.csv, reliability.png and index.html; return the page."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    before, after = report.before_and_after
    tables = {
        title: reliability(score.crops, score.probabilities, seed)
        for title, score in (("before", before), ("after", after))
    }
    named = [table.assign(when=title) for title, table in tables.items()]
    csv = pd.concat(named).to_csv(index=False)
    atomic.write_text(folder / "calibration.json", json.dumps(report.to_json(), indent=1))
    atomic.write_text(folder / "reliability.csv", csv)
    atomic.write_bytes(folder / "reliability.png", reliability_png(_titled(tables), _told(report)))
    return atomic.write_text(folder / "index.html", page_html(report.to_json()))


def _titled(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    titles = {"before": "before: scores", "after": "after: probabilities"}
    return {titles[name]: table for name, table in tables.items()}


def _told(report: CalibrationReport) -> str:
    """What the crops of the diagrams are."""
    title = POPULATIONS[report.scores[-1].population]
    return f"{title}; each judged by a fit without its block"
