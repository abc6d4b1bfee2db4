"""What the button of the dock 'Evaluate' runs: a generator that returns a job."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from cell_events.events import read_events, write_events
from cell_events.gui.forms.evaluate_form import DECIDED, NOTHING
from cell_events.gui.forms.events_chooser import EventsChoice
from cell_events.gui.forms.model_picker import MODEL_SUFFIX
from cell_events.gui.layers.events_layer import events_of_layer
from cell_events.gui.layers.layer_axes import LayerError
from cell_events.gui.layers.stored_layers import placement_of_points
from cell_events.gui.project_desk import LookedAt
from cell_events.gui.running.dock_tasks import MODELS, RESULTS
from cell_events.gui.running.job_runner import Step
from cell_events.gui.running.shown_disagreements import proposals_before
from cell_events.gui.workbench import Workbench
from cell_events.jobs import Evaluate
from cell_events.project import Project, ProjectError

HAPPENED = "accepted", "added"


@dataclass(frozen=True)
class EvaluateAsked:
    """What the form says.

    Attributes
    ----------
    threshold
        Least score that counts; None for all.
    everywhere
        Whether places count, too, that the model has learned from.
    """

    found: EventsChoice
    truth: EventsChoice
    against: EventsChoice
    radius_px: float
    frames: int
    threshold: float | None
    everywhere: bool


class EvaluateTasks:
    """Makes jobs from the project and from what the form says."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench

    def evaluate(
        self, looked_at: LookedAt, asked: EvaluateAsked
    ) -> Generator[Step, None, Evaluate]:
        """Write the lists that are in no file, and compare all of them.

        Raises
        ------
        LayerError
            If a list is empty that must not be, or both lists are the same.
        """
        if asked.found == asked.truth:
            raise LayerError("'Found' and 'Truth' are the same list; choose another one of them.")
        yield "write the lists", 0, 1
        found, truth = (self._file(looked_at, one) for one in (asked.found, asked.truth))
        against = None
        if asked.against.own != NOTHING:
            against = self._file(looked_at, asked.against)
        models = self._model_of(found), self._model_of(against)
        return Evaluate(
            found=found,
            truth=truth,
            against=against,
            radius_px=asked.radius_px,
            frames=asked.frames,
            threshold=asked.threshold,
            model=models[0],
            against_model=models[1],
            of_movie=self._movie(looked_at, models),
            where="everywhere" if asked.everywhere else "auto",
            pixel_size_um=looked_at.placement.pixel_size_um,
            frame_interval_s=looked_at.placement.frame_interval_s,
            page=self._project.new_path(RESULTS, "evaluation", ""),
        )

    def _file(self, looked_at: LookedAt, choice: EventsChoice) -> Path:
        """CSV of a list of events."""
        if choice.path is not None:
            return choice.path
        if choice.layer is not None:
            return self._written(looked_at, choice)
        return self._decided(looked_at) if choice.own == DECIDED else self._proposed(looked_at)

    def _written(self, looked_at: LookedAt, choice: EventsChoice) -> Path:
        if choice.layer is None:
            raise LayerError("The layer is gone; choose another one.")
        where = placement_of_points(choice.layer)
        name = re.sub(r"[^\w-]+", "-", choice.layer.name).strip("-") or "points"
        path = self._project.new_path(RESULTS, name, ".csv")
        scale = looked_at.placement
        events = events_of_layer(choice.layer, where)
        write_events(path, events, scale.pixel_size_um, scale.frame_interval_s)
        return path

    def _decided(self, looked_at: LookedAt) -> Path:
        movie_id = str(looked_at.movie_id)
        decided = self._project.events(movie_id).values()
        if not any(event.status in HAPPENED for event in decided):
            raise LayerError(
                "Nothing was accepted or added in this movie yet; review some events first, or "
                "choose a layer or a CSV with the true events."
            )
        return self._project.decisions_file(movie_id)

    def _proposed(self, looked_at: LookedAt) -> Path:
        path = proposals_before(self.bench, str(looked_at.movie_id))
        if path is None:
            raise LayerError(
                "There are no proposals for this movie yet; detect events first, or choose a layer "
                "or a CSV."
            )
        return path

    def _model_of(self, found: Path | None) -> Path | None:
        """Model of the project that all of these events name; None if there is none."""
        names = {event.source for event in read_events(found)} if found else set()
        (name,) = names if len(names) == 1 else ("",)
        path = self._project.path / MODELS / name
        return path if name.endswith(MODEL_SUFFIX) and path.exists() else None

    def _movie(self, looked_at: LookedAt, models: tuple[Path | None, ...]) -> str:
        """File of the movie, by which a model knows it; empty where it lies in memory only."""
        reference = self._project.movies[str(looked_at.movie_id)]
        return str(reference.path) if reference.path and any(models) else ""

    @property
    def _project(self) -> Project:
        if self.bench.project is None:
            raise ProjectError("No project is open; choose a movie first.")
        return self.bench.project
