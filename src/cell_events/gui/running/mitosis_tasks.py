"""What the buttons of the dock 'Mitosis' run: generators that return a job."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cell_events.events import Event, write_events
from cell_events.gui.forms.frame_range import frame_range, told_range
from cell_events.gui.forms.mitosis_expert import MitosisValues
from cell_events.gui.forms.model_picker import MODEL_SUFFIX
from cell_events.gui.layers.layer_axes import LayerError
from cell_events.gui.project_desk import LookedAt
from cell_events.gui.running.dock_tasks import MODELS, RESULTS, device_of
from cell_events.gui.running.job_runner import Step
from cell_events.gui.running.mitosis_state import FRAMES, MitosisState
from cell_events.jobs import Detect, MitosisMap, MitosisPlan, MitosisTrain, MovieSource
from cell_events.jobs.mitosis_train import AUTO
from cell_events.jobs.mitosis_ways import steps_of
from cell_events.project import Project, ProjectError

HAPPENED = "accepted", "added"
DIVISION = "division"


@dataclass(frozen=True)
class Annotation:
    """What is known of the annotated frames of a movie.

    Attributes
    ----------
    inside, outside
        Events of the kind to learn that a person accepted or added, within the frames and beyond.
    """

    frames: range
    inside: tuple[Event, ...]
    outside: tuple[Event, ...]


class MitosisTasks:
    """Makes jobs from the project and from what the form says."""

    def __init__(self, state: MitosisState) -> None:
        self.state, self.tasks = state, state.bench.tasks

    @property
    def kind(self) -> str:
        """Kind of event that is learned: divisions, or what the project has in their place."""
        kinds = self.state.bench.kinds
        return DIVISION if DIVISION in kinds else kinds[0]

    def map(self, looked_at: LookedAt, values: MitosisValues) -> Generator[Step, None, MitosisMap]:
        """Learn the maps of one movie."""
        source = yield from self.tasks.sources.source(looked_at)
        return MitosisMap(
            movies=(source,),
            out=self._project.new_path(RESULTS, "cell-maps", ""),
            steps=values.map_steps,
            shrink=values.shrink,
            resolution_um=values.resolution_um,
            device=device_of(values.device),
        )

    def plan(
        self, looked_at: LookedAt, values: MitosisValues
    ) -> Generator[Step, None, MitosisPlan]:
        """Estimate how long divisions last; with the maps that are there, or with new ones."""
        source = yield from self.tasks.sources.source(looked_at)
        maps = self.state.map_folder
        return MitosisPlan(
            movies=(source,),
            report=self._project.new_path(RESULTS, "plan", ""),
            map=maps,
            choose=self.state.chosen_map,
            map_steps=values.map_steps,
            steps=values.plan_steps,
            shrink=None if maps else values.shrink,
            resolution_um=None if maps else values.resolution_um,
            device=device_of(values.device),
        )

    def train(
        self, looked_at: LookedAt, length: int | None, values: MitosisValues
    ) -> Generator[Step, None, MitosisTrain]:
        """Learn from the annotated frames of all movies of the project.

        Raises
        ------
        LayerError, ProjectError
            If no division is marked in the frames, or a movie cannot be found.
        """
        annotated = self.annotated(looked_at)
        model = self._project.new_path(MODELS, "mitosis", MODEL_SUFFIX)
        sources, points, frames = [], [], []
        for movie_id, found in annotated.items():
            source = yield from self.tasks.sources.source_of(movie_id, looked_at)
            sources.append(source)
            points.append(written(model, movie_id, found, source))
            frames.append(told_range(found.frames))
        return MitosisTrain(
            movies=tuple(sources),
            points=tuple(points),
            frames=tuple(frames),
            model=model,
            length=AUTO if length is None else str(length),
            plan=None if values.has_grid else self.state.plan_folder,
            kind=self.kind,
            way=values.way,
            steps=None if values.train_steps == steps_of(values.way) else values.train_steps,
            shrink=values.shrink,
            resolution_um=values.resolution_um,
            device=device_of(values.device),
        )

    def detect(
        self, looked_at: LookedAt, model: Path, values: MitosisValues
    ) -> Generator[Step, None, Detect]:
        """Find the divisions of one movie."""
        source = yield from self.tasks.sources.source(looked_at)
        csv = self._project.new_path(RESULTS, "mitoses", ".csv")
        return Detect(
            movies=(source,),
            model=model,
            csv=csv,
            heatmap=csv.with_suffix(".zarr"),
            device=device_of(values.device),
        )

    def annotation(self, movie_id: str, text: str) -> Annotation:
        """Divisions of a movie that a person marked, within these frames and beyond.

        Raises
        ------
        ValueError
            If the text names no frames of the movie.
        """
        frames = frame_range(text, self._project.movies[movie_id].shape[0])
        marked = [
            event
            for event in self._project.events(movie_id).values()
            if event.status in HAPPENED and event.kind == self.kind
        ]
        marked.sort(key=lambda event: (event.t, event.y, event.x))
        inside = tuple(event for event in marked if event.t in frames)
        return Annotation(frames, inside, tuple(event for event in marked if event.t not in frames))

    def annotated(self, looked_at: LookedAt) -> Mapping[str, Annotation]:
        """Annotated movies of the project by their ids; that looked at is among them.

        Raises
        ------
        LayerError
            If nothing is marked in the frames of the movie looked at.
        """
        found = {}
        for movie_id in self._project.movies:
            text = str(self.state.value(FRAMES, movie_id) or "")
            is_shown = movie_id == looked_at.movie_id
            if not text and not is_shown:
                continue
            annotation = self.annotation(movie_id, text)
            if annotation.inside:
                found[movie_id] = annotation
            elif is_shown:
                raise LayerError(
                    f"No {self.kind} is marked in the frames {text} yet; press 'Add divisions', "
                    "and click where daughters begin to part."
                )
        return found

    @property
    def _project(self) -> Project:
        if self.state.bench.project is None:
            raise ProjectError("No project is open; choose a movie, and it begins one.")
        return self.state.bench.project


def written(beside: Path, movie_id: str, found: Annotation, source: MovieSource) -> Path:
    """CSV of the annotated events of a movie, beside a file or folder that belongs to them."""
    path = beside.with_name(f"{beside.stem}-{movie_id}.csv")
    write_events(path, found.inside, source.pixel_size_um, source.frame_interval_s)
    return path
