"""What the buttons run: generators that bring the files up to date and return a job."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cell_events.gui.forms.expert_settings import ExpertValues
from cell_events.gui.forms.model_picker import MODEL_SUFFIX
from cell_events.gui.layers.paint_layer import NOTHING_HAPPENS
from cell_events.gui.preferences import preferences
from cell_events.gui.project_desk import LookedAt, ProjectDesk
from cell_events.gui.running.job_runner import Step
from cell_events.gui.running.movie_sources import MovieSources
from cell_events.jobs import Detect, MovieSource, Prepare, Pretrain, Train, Update
from cell_events.project import Project, ProjectError

MODELS, RESULTS = "models", "results"


@dataclass(frozen=True)
class Annotated:
    """One movie of the project as a job reads it."""

    movie_id: str
    source: MovieSource
    paint: Path
    decisions: Path
    done: str


class DockTasks:
    """Makes jobs from the project."""

    def __init__(self, desk: ProjectDesk) -> None:
        self.desk = desk
        self.sources = MovieSources(desk)

    def pretrain(
        self, looked_at: LookedAt, expert: ExpertValues
    ) -> Generator[Step, None, Pretrain]:
        """Learn the time arrow of one movie."""
        source = yield from self.sources.source(looked_at)
        return Pretrain(
            movies=(source,),
            model=self._project.new_path(MODELS, "time-arrow", MODEL_SUFFIX),
            epochs=expert.tap_epochs,
            pairs_per_epoch=expert.tap_pairs,
            validation=expert.held_out,
            device=device_of(expert.device),
            seed=expert.seed,
        )

    def train(
        self, looked_at: LookedAt, tap: Path | None, expert: ExpertValues
    ) -> Generator[Step, None, Train]:
        """Learn from all movies of the project, thoroughly."""
        examples = yield from self.annotated(looked_at)
        return Train(
            movies=tuple(each.source for each in examples),
            paints=tuple(each.paint for each in examples),
            events=tuple(each.decisions for each in examples),
            done=tuple(each.done for each in examples),
            model=self._project.new_path(MODELS, "events", MODEL_SUFFIX),
            tap=tap,
            classes=self.classes(examples, expert.kinds),
            head=expert.head,
            features=expert.features,
            crop_size=expert.window_px,
            epochs=expert.train_epochs,
            rehearsals=expert.rehearsals,
            validation=expert.held_out,
            cache=self._cache,
            device=device_of(expert.device),
            seed=expert.seed,
        )

    def update(
        self, looked_at: LookedAt, frame: int, tap: Path | None, expert: ExpertValues
    ) -> Generator[Step, None, Update]:
        """Learn from all movies of the project, and look again, within seconds."""
        examples = yield from self.annotated(looked_at)
        project = self._project
        shown = next(i for i, each in enumerate(examples) if each.movie_id == looked_at.movie_id)
        model = project.new_path(MODELS, "update", MODEL_SUFFIX)
        results = [project.path / RESULTS / f"{model.stem}-{each.movie_id}" for each in examples]
        return Update(
            movies=tuple(each.source for each in examples),
            paints=tuple(each.paint for each in examples),
            events=tuple(each.decisions for each in examples),
            done=tuple(each.done for each in examples),
            model=model,
            csvs=tuple(path.with_suffix(".csv") for path in results),
            heatmaps=tuple(path.with_suffix(".zarr") for path in results),
            start=_existing(project, project.value("model")) if expert.go_on else None,
            tap=tap,
            classes=self.classes(examples, expert.kinds),
            crop_size=expert.window_px,
            threshold=expert.threshold,
            frame=frame,
            shown_movie=shown,
            cache=self._cache,
            device=device_of(expert.device),
            seed=expert.seed,
        )

    def prepare(
        self, looked_at: LookedAt, frame: int, tap: Path | None, expert: ExpertValues
    ) -> Generator[Step, None, Prepare]:
        """Compute ahead what updates need of one movie."""
        source = yield from self.sources.source(looked_at)
        return Prepare(
            movies=(source,),
            cache=self._cache,
            tap=tap,
            crop_size=expert.window_px,
            from_frame=frame,
            device=device_of(expert.device),
        )

    def detect(
        self, looked_at: LookedAt, model: Path, expert: ExpertValues
    ) -> Generator[Step, None, Detect]:
        """Find the events of one movie, at every pixel."""
        source = yield from self.sources.source(looked_at)
        return Detect(
            movies=(source,),
            model=model,
            csv=self._project.new_path(RESULTS, "events", ".csv"),
            threshold=expert.threshold,
            cache=self._cache,
            device=device_of(expert.device),
            seed=expert.seed,
        )

    def annotated(self, looked_at: LookedAt) -> Generator[Step, None, list[Annotated]]:
        """The movie looked at, and all others of the project that somebody annotated.

        Raises
        ------
        ProjectError
            If an annotated movie cannot be found.
        """
        project, found = self._project, []
        for movie_id in project.movies:
            shown = movie_id == looked_at.movie_id
            if not shown and not is_annotated(project, movie_id):
                continue
            source = yield from self.sources.source_of(movie_id, looked_at)
            files = project.paint_file(movie_id), project.decisions_file(movie_id)
            done = str(project.value(f"done/{movie_id}") or "")
            found.append(Annotated(movie_id, source, *files, done))
        if not self.any_annotated():
            raise ProjectError(
                "No event is painted yet; paint a few dividing cells with label 1, or add points "
                "where they are."
            )
        return found

    def any_annotated(self) -> bool:
        """Whether there is anything to learn from."""
        return any(is_annotated(self._project, movie_id) for movie_id in self._project.movies)

    def classes(self, examples: Sequence[Annotated], kinds: tuple[str, ...]) -> tuple[str, ...]:
        """Kinds up to the last one that anybody painted or decided on.

        Raises
        ------
        ProjectError
            If a label without a name is painted.
        """
        project = self._project
        painted = {v for each in examples for v in project.paint(each.movie_id).values()}
        highest = max((value for value in painted if value != NOTHING_HAPPENS), default=1)
        decided = {e.kind for each in examples for e in project.events(each.movie_id).values()}
        highest = max([highest, *(kinds.index(kind) + 1 for kind in decided if kind in kinds)])
        if highest > len(kinds):
            raise ProjectError(
                f"Label {highest} is painted but only {len(kinds)} kinds of event have a name; "
                "name all of them under 'Expert settings', or repaint that label."
            )
        return kinds[:highest]

    @property
    def _cache(self) -> Path:
        """Folder of features: the one that the user prefers, or one that ends with the viewer."""
        return preferences().features or self.sources.files.feature_cache

    @property
    def _project(self) -> Project:
        if self.desk.project is None:
            raise ProjectError("No project is open; choose a movie and press 'New' to begin one.")
        return self.desk.project


def device_of(device: str) -> str:
    """Where to compute: as the form says, or else as the preferences do."""
    return preferences().device if device == "auto" else device


def is_annotated(project: Project, movie_id: str) -> bool:
    """Whether anything is painted or decided in a movie."""
    return bool(project.paint(movie_id).painted_frames() or project.events(movie_id))


def _existing(project: Project, name: Any) -> Path | None:
    """File of the project by its name in it, if it is still there."""
    path = project.path / str(name) if name else None
    return path if path is not None and path.exists() else None
