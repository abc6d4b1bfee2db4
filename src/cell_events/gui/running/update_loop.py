"""Paint, look, correct: an update after every change, or when asked for."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qtpy.QtCore import QObject, QTimer, Signal

from cell_events.gui.forms.expert_settings import ExpertValues
from cell_events.gui.layers.heat_layer import shown_frame
from cell_events.gui.running.job_runner import STOPPED, Step, Task
from cell_events.gui.running.task_queue import Urgency
from cell_events.gui.workbench import Workbench
from cell_events.jobs import Update
from cell_events.project import Project

UPDATING, PREPARING = "Updating", "Getting ready"
PAUSE_MS = 250
"""After the last change before a live update begins, so that a stroke is not half learned."""

KEPT = 10
"""Updates that one can go back to."""


@dataclass(frozen=True)
class Asked:
    """What an update needs from the form."""

    expert: ExpertValues
    tap: Path | None


class UpdateLoop(QObject):
    """Starts updates, shows what they find frame by frame, and goes back to earlier ones.

    `changed` tells that `can_revert` or `live` may have changed.
    """

    changed = Signal()

    def __init__(
        self, bench: Workbench, ask: Callable[[], Asked], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.bench, self._ask = bench, ask
        self._live = False
        self._is_due = False
        self._ready: set[tuple[str, Path | None, int]] = set()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._update_if_due)
        bench.edited.connect(self._on_edited)
        bench.queue.progressed.connect(self._on_progress)
        bench.queue.ended.connect(self._on_ended)
        bench.desk.changed.connect(self._forget_project)

    @property
    def live(self) -> bool:
        """Whether every change is followed by an update."""
        return self._live

    @live.setter
    def live(self, live: bool) -> None:
        self._live = live
        if live:
            self._on_edited()
        self.changed.emit()

    @property
    def can_revert(self) -> bool:
        """Whether there is an update before the last one."""
        return self.bench.desk.is_writable and len(_updates(self.bench.project)) > 1

    def update_once(self) -> None:
        """Learn from everything painted and decided, and look again.

        Raises
        ------
        LayerError, ProjectError
            If there is nothing to learn from, or something else runs.
        """
        steps = self.update_steps()
        self._is_due = False
        self.bench.heat.expect()
        self.bench.queue.start(UPDATING, Task(steps, self._finished), Urgency.UPDATE)

    def update_steps(self) -> Generator[Step, None, Any]:
        """What leads to the job behind 'Update once'."""
        looked_at, asked = self.bench.take_in(), self._ask()
        frame = shown_frame(self.bench.viewer, looked_at.placement)
        steps = self.bench.tasks.update(looked_at, frame, asked.tap, asked.expert)
        return self.bench.paint.taken_over(steps)

    def prepare(self) -> None:
        """Compute ahead what updates of the movie looked at need, while nothing else runs."""
        looked_at = self.bench.looked_at
        if looked_at is None or looked_at.movie_id is None or self.bench.queue.running:
            return
        asked = self._ask()
        wanted = (looked_at.movie_id, asked.tap, asked.expert.window_px)
        if wanted in self._ready:
            return
        frame = shown_frame(self.bench.viewer, looked_at.placement)
        steps = self.bench.tasks.prepare(looked_at, frame, asked.tap, asked.expert)

        def remember(*_: object) -> str:
            self._ready.add(wanted)
            return "Ready: updates of this movie are quick now."

        self.bench.queue.start(PREPARING, Task(steps, remember), Urgency.AHEAD)

    def revert(self) -> None:
        """Go back to the model, the events and the scores of the update before."""
        project, updates = self.bench.project, _updates(self.bench.project)
        if project is None or len(updates) < 2:
            self.bench.say("There is no earlier update to go back to.")
            return
        undone, last = updates[-1], updates[-2]
        project.remember("updates", updates[:-1])
        self._take_up(project, last)
        self.show_last()
        _delete(project, undone)
        self.bench.say(f"Back to {Path(last['model']).stem}; the update after it is forgotten.")
        self.changed.emit()

    def show_last(self) -> None:
        """Show the scores of the last update on the movie looked at, as after reopening.

        Nothing changes if the events that are proposed come from elsewhere.
        """
        looked_at, updates = self.bench.looked_at, _updates(self.bench.project)
        project = self.bench.project
        if project is None or looked_at is None or looked_at.movie_id is None or not updates:
            return
        name, proposed = (
            updates[-1][what].get(looked_at.movie_id) for what in ("scores", "proposals")
        )
        is_shown = project.value(f"proposals/{looked_at.movie_id}") == proposed
        if is_shown and name and (project.path / name).exists():
            self.bench.heat.show_all(project.path / name, looked_at.layer, looked_at.placement)

    def _forget_project(self) -> None:
        """Another project lies open: nothing was changed there yet."""
        self._ready.clear()
        self._is_due = False
        self._pause.stop()
        self.changed.emit()

    def _on_edited(self) -> None:
        if self._live:
            self._is_due = True
            self._pause.start()

    def _update_if_due(self) -> None:
        """Begin the live update, or wait for what runs and gives way to nothing."""
        looked_at = self.bench.looked_at
        if not self._is_due or self.bench.queue.busy:
            return
        if looked_at is None or looked_at.movie_id is None:
            return  # nobody asked that this movie joins the project
        try:
            self.update_once()
        except (ValueError, OSError) as error:
            self.bench.say(str(error), is_error=True)

    def _on_progress(self, report: dict[str, Any]) -> None:
        """Show a frame as soon as its scores are known."""
        values = report.get("values") or {}
        job, looked_at = self.bench.queue.runner.last_job, self.bench.looked_at
        if "frame" not in values or not isinstance(job, Update) or looked_at is None:
            return
        path = job.heatmaps[int(values.get("movie", 0))]
        if looked_at.movie_id == _movie_of(job, path):  # another one may be looked at by now
            frame = int(values["frame"])
            self.bench.heat.show_frame(path, frame, looked_at.layer, looked_at.placement)

    def _finished(self, job: Update, values: dict[str, Any]) -> str:
        """Take up what an update has found."""
        project = self.bench.project
        if project is None:
            return "The project was closed."
        ids = [_movie_of(job, path) for path in job.csvs]
        update = {
            "model": _name(project, job.model),
            "proposals": {i: _name(project, p) for i, p in zip(ids, job.csvs, strict=True)},
            "scores": {i: _name(project, p) for i, p in zip(ids, job.heatmaps, strict=True)},
        }
        updates = [*_updates(project), update]
        for old in updates[:-KEPT]:
            _delete(project, old)
        project.remember("updates", updates[-KEPT:])
        self._take_up(project, update)
        self._show_rest(job)
        self.changed.emit()
        del values
        found = sum(e.status == "proposed" for e in self.bench.events.events.values())
        return f"{found} event{'' if found == 1 else 's'} to review, from {job.model.stem}."

    def _show_rest(self, job: Update) -> None:
        """Show frames whose report was left out because others followed too quickly."""
        looked_at = self.bench.looked_at
        for path in job.heatmaps:
            if looked_at is not None and looked_at.movie_id == _movie_of(job, path):
                self.bench.heat.show_rest(path, looked_at.layer, looked_at.placement)

    def _take_up(self, project: Project, update: dict[str, Any]) -> None:
        """Use the model of an update, and show the events that it found."""
        project.remember("model", update["model"])
        for movie_id, name in update["proposals"].items():
            project.remember(f"proposals/{movie_id}", name)
        self.bench.show_events()

    def _on_ended(self, title: str, sentence: str, is_error: bool) -> None:
        if title == UPDATING and (is_error or sentence == STOPPED):
            self.show_last()  # its events are still on screen
        if self._live and self._is_due and not is_error:
            self._pause.start()
        elif not is_error and isinstance(self.bench.queue.runner.last_job, Update):
            self.prepare()


def _movie_of(job: Update, result: Path) -> str:
    """Id of the movie that a CSV or a heat map is about."""
    return result.stem.removeprefix(f"{job.model.stem}-")


def _updates(project: Project | None) -> list[dict[str, Any]]:
    return list(project.value("updates") or []) if project else []


def _name(project: Project, path: Path) -> str:
    """Path as seen from the project folder, which may move."""
    return path.relative_to(project.path).as_posix()


def _delete(project: Project, update: dict[str, Any]) -> None:
    """Delete the files of an update that nobody can go back to."""
    (project.path / update["model"]).unlink(missing_ok=True)
    for name in update["proposals"].values():
        (project.path / name).unlink(missing_ok=True)
    for name in update["scores"].values():
        shutil.rmtree(project.path / name, ignore_errors=True)
