"""What the project holds of the mitosis pipeline; reopening it brings the dock back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cell_events.gui.workbench import Workbench
from cell_events.jobs.cell_map_folder import MAPS_JSON
from cell_events.jobs.plan_folder import PLAN_JSON

MAP, CHOICE, PLAN, LENGTH, FRAMES, FOUND = "map", "choice", "plan", "length", "frames", "found"
"""What is known of each movie: see `MitosisState`."""

MODEL = "mitosis/model"


class MitosisState:
    """Reads and keeps values of the project, those of a movie under `mitosis/NAME/MOVIE`.

    `MAP` and `PLAN` are folders, `CHOICE` is the map that somebody clicked on, `LENGTH` the k that
    somebody typed, `FRAMES` the annotated range, `FOUND` CSV and heat map of a detection. Nothing
    is kept of a project that is read-only.
    """

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench

    def value(self, name: str, movie_id: str | None = None) -> Any:
        """A value about a movie, by default the one looked at; None if there is none."""
        movie_id, project = movie_id or self.movie_id, self.bench.project
        return project.value(f"mitosis/{name}/{movie_id}") if project and movie_id else None

    def keep(self, name: str, value: Any, movie_id: str | None = None) -> None:
        """Keep a value about a movie, by default the one looked at."""
        movie_id = movie_id or self.movie_id
        if movie_id is not None and self.value(name, movie_id) != value:
            self._remember(f"mitosis/{name}/{movie_id}", value)

    @property
    def movie_id(self) -> str | None:
        """Name of the movie looked at in the project."""
        return self.bench.looked_at.movie_id if self.bench.looked_at else None

    @property
    def model(self) -> Path | None:
        """Model that was trained last in this project."""
        return self._existing(self.bench.project.value(MODEL)) if self.bench.project else None

    @model.setter
    def model(self, path: Path) -> None:
        self._remember(MODEL, self.name_of(path))

    @property
    def map_folder(self) -> Path | None:
        """Folder of the cell maps of the movie looked at."""
        return self._existing(self.value(MAP), MAPS_JSON)

    @property
    def plan_folder(self) -> Path | None:
        """Folder of the plan for the movie looked at."""
        return self._existing(self.value(PLAN), PLAN_JSON)

    @property
    def maps(self) -> Mapping[str, Any]:
        """What maps.json says; empty without maps."""
        return _read(self.map_folder, MAPS_JSON)

    @property
    def plan(self) -> Mapping[str, Any]:
        """What plan.json says; empty without a plan."""
        return _read(self.plan_folder, PLAN_JSON)

    def planned_frames(self, movie_id: str) -> str | None:
        """Frames that the plan for a movie suggests; None without a plan."""
        folder = self._existing(self.value(PLAN, movie_id), PLAN_JSON)
        return _read(folder, PLAN_JSON).get("frames")

    @property
    def chosen_map(self) -> int | None:
        """Number of the map that is used; None without maps."""
        maps, choice = self.maps, self.value(CHOICE)
        if not maps:
            return None
        return int(maps["chosen"] if choice is None else choice)

    def name_of(self, path: Path) -> str:
        """Path as seen from the project's folder, which may move."""
        project = self.bench.project
        is_inside = project is not None and path.is_relative_to(project.path)
        return path.relative_to(project.path).as_posix() if project and is_inside else str(path)

    def _remember(self, key: str, value: Any) -> None:
        project = self.bench.project
        if project is not None and not project.read_only:
            project.remember(key, value)

    def _existing(self, name: Any, inside: str = "") -> Path | None:
        """File or folder of the project by its name, if it is still there, and whole."""
        project = self.bench.project
        path = project.path / str(name) if project and name else None
        return path if path is not None and (path / inside).exists() else None


def _read(folder: Path | None, name: str) -> Mapping[str, Any]:
    """Values of a JSON file; none if it is not there, or damaged."""
    if folder is None:
        return {}
    try:
        values = json.loads((folder / name).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}
