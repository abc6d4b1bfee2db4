"""Disagreements in the place of the proposals, so that the inbox asks about them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cell_events.events import Event, write_events
from cell_events.gui.running.dock_tasks import RESULTS
from cell_events.gui.workbench import Workbench
from cell_events.project import ProjectError

NAME = "disagreements"


def show_disagreements(bench: Workbench, events: Sequence[Event]) -> int:
    """Propose these events in place of the proposals, which are kept; returns how many wait.

    Others lie where something is decided already, and decisions stay.

    Raises
    ------
    ProjectError
        If there is no project, or it is read-only.
    """
    project, movie_id = bench.project, _movie_id(bench)
    if project is None or movie_id is None:
        raise ProjectError("No project is open; choose a movie first.")
    path = project.new_path(RESULTS, NAME, ".csv")
    write_events(path, events)
    if not are_shown(bench):
        project.remember(_before_key(movie_id), project.value(f"proposals/{movie_id}"))
    project.remember(f"proposals/{movie_id}", path.relative_to(project.path).as_posix())
    bench.show_events()
    return sum(event_id in bench.events for event_id in bench.proposals)


def show_proposals_again(bench: Workbench) -> None:
    """Put the proposals back that the disagreements have taken the place of."""
    project, movie_id = bench.project, _movie_id(bench)
    if project is not None and movie_id is not None and are_shown(bench):
        project.remember(f"proposals/{movie_id}", project.value(_before_key(movie_id)))
        bench.show_events()


def are_shown(bench: Workbench) -> bool:
    """Whether disagreements stand in the place of the proposals."""
    movie_id = _movie_id(bench)
    path = bench.proposals_path(movie_id) if movie_id is not None else None
    return path is not None and path.stem.rpartition("-")[0] == NAME


def proposals_before(bench: Workbench, movie_id: str) -> Path | None:
    """CSV of the proposals for a movie, whether or not disagreements stand in their place."""
    project = bench.project
    if project is None or not are_shown(bench):
        return bench.proposals_path(movie_id)
    name = project.value(_before_key(movie_id))
    path = project.path / str(name) if name else None
    return path if path is not None and path.exists() else None


def _before_key(movie_id: str) -> str:
    return f"proposals before disagreements/{movie_id}"


def _movie_id(bench: Workbench) -> str | None:
    return bench.looked_at.movie_id if bench.looked_at else None
