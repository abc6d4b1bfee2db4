"""What the button of the dock 'Calibrate' runs: a generator that returns a job."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cell_events.gui.forms.frame_range import told_range
from cell_events.gui.project_desk import LookedAt
from cell_events.gui.running.dock_tasks import RESULTS, device_of
from cell_events.gui.running.job_runner import Step
from cell_events.gui.running.mitosis_state import MitosisState
from cell_events.gui.running.mitosis_tasks import MitosisTasks, written
from cell_events.gui.running.model_headers import MITOSIS, header_of
from cell_events.gui.workbench import Workbench
from cell_events.jobs import Calibrate, Detect

Given = dict[str, Any]
"""Movies, paints, events and done frames of a job."""


@dataclass(frozen=True)
class CalibrateAsked:
    """What the form says.

    Attributes
    ----------
    crops, by, prior
        As `Calibrate` has them.
    """

    model: Path | None
    crops: str = "all"
    by: str = "likelihood"
    prior: str = ""


class CalibrateTasks:
    """Makes jobs from the project and from what the form says."""

    def __init__(self, bench: Workbench) -> None:
        self.bench, self.tasks = bench, bench.tasks

    def calibrate(
        self, looked_at: LookedAt, model: Path, asked: CalibrateAsked
    ) -> Generator[Step, None, Calibrate]:
        """Compare a model with the annotation of all movies of the project.

        Raises
        ------
        LayerError, ProjectError
            If nothing is annotated, or a movie cannot be found.
        """
        report = self._new_path("calibration", "")
        if header_of(model)["kind"] == MITOSIS:
            given = yield from self._points(looked_at, report)
        else:
            given = yield from self._crops(looked_at)
        return Calibrate(
            **given,
            model=model,
            report=report,
            crops=asked.crops,
            by=asked.by,
            prior=asked.prior,
            device=device_of("auto"),
        )

    def _crops(self, looked_at: LookedAt) -> Generator[Step, None, Given]:
        """What was painted and decided."""
        examples = yield from self.tasks.annotated(looked_at)
        return {
            "movies": tuple(each.source for each in examples),
            "paints": tuple(each.paint for each in examples),
            "events": tuple(each.decisions for each in examples),
            "done": tuple(each.done for each in examples),
        }

    def _points(self, looked_at: LookedAt, report: Path) -> Generator[Step, None, Given]:
        """Mitoses in the annotated frames of the dock 'Mitosis'."""
        marked = MitosisTasks(MitosisState(self.bench)).annotated(looked_at)
        sources, points, frames = [], [], []
        for movie_id, found in marked.items():
            source = yield from self.tasks.sources.source_of(movie_id, looked_at)
            sources.append(source)
            points.append(written(report, movie_id, found, source))
            frames.append(told_range(found.frames))
        return {
            "movies": tuple(sources),
            "paints": (),
            "events": tuple(points),
            "done": tuple(frames),
        }

    def detect(self, looked_at: LookedAt, model: Path) -> Generator[Step, None, Detect]:
        """Find the events of one movie anew, with their probabilities."""
        source = yield from self.tasks.sources.source(looked_at)
        csv = self._new_path("events", ".csv")
        return Detect(movies=(source,), model=model, csv=csv, device=device_of("auto"))

    def _new_path(self, name: str, suffix: str) -> Path:
        project = self.bench.project
        assert project is not None  # noqa: S101 - the movie looked at is part of one
        return project.new_path(RESULTS, name, suffix)
