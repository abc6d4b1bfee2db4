"""Decisions, undo and redo: first into the project, then on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from napari.layers import Points
from qtpy.QtCore import QObject

from cell_events.events import Event
from cell_events.gui.layers.layer_axes import Placement
from cell_events.gui.review import key_map
from cell_events.project import Edit, EventChange, ValueChange
from cell_events.review.merged import merged

if TYPE_CHECKING:
    from cell_events.gui.workbench import Workbench


class EditDesk(QObject):
    """Grants what the list of events is asked for, and turns edits back."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.bench = bench
        bench.events.edit_wanted.connect(self.decide)
        bench.points.adopted.connect(self.bind)

    def bind(self, layer: Points) -> None:
        """Let the keys that take back and do again work on the events, as they do on paint."""
        key_map.bind(layer, {"undo": self.undo, "redo": self.redo})

    def decide(self, title: str, changes: dict[str, Event | None]) -> None:
        """Keep what somebody wants events to become, then show it; or say why not."""
        bench = self.bench
        bench.paint.flush()  # a stroke before it is undone after it
        try:
            movie_id, project = bench.take_in().movie_id, bench.project
            if project is None or movie_id is None:
                return
            before = project.events(movie_id)
            edits = [EventChange(movie_id, i, before.get(i), e) for i, e in changes.items()]
            project.apply(Edit(title, tuple(edits)))
        except (ValueError, OSError) as error:
            bench.say(str(error), is_error=True)
            return
        bench.events.put(changes)
        bench.show_points()
        bench.edited.emit()

    def undo(self) -> None:
        """Take back the last change of paint, events or settings, wherever it was."""
        self._turn_back("undo")

    def redo(self) -> None:
        """Do again what was taken back."""
        self._turn_back("redo")

    def _turn_back(self, which: str) -> None:
        bench = self.bench
        bench.paint.flush()
        if bench.project is None:
            return
        try:
            edit = bench.project.undo() if which == "undo" else bench.project.redo()
        except (ValueError, OSError) as error:
            bench.say(str(error), is_error=True)
            return
        if edit is None:
            bench.say(f"There is nothing to {which}.")
            return
        self._show(edit)
        done = "Undone" if which == "undo" else "Done again"
        bench.say(f"{done}: {edit.title}{self._elsewhere(edit)}.")
        bench.edited.emit()

    def _show(self, edit: Edit) -> None:
        """Show what an edit of the project did, and where."""
        bench, movie_id = self.bench, self._movie_id
        frames = {name: recorder.show(edit) for name, recorder in bench.paint.recorders.items()}
        changes = [c for c in edit.changes if isinstance(c, EventChange) and c.movie == movie_id]
        self._show_events({c.event_id: c.after for c in changes})
        frame = frames.get(movie_id) if movie_id else None
        if frame is not None and bench.looked_at is not None:
            go_to_frame(bench.viewer, bench.looked_at.placement, frame)

    def _show_events(self, decisions: dict[str, Event | None]) -> None:
        """Show decisions; what is no decision any more may be a proposal again, or uncover one."""
        bench = self.bench
        shown = {i: event or bench.proposals.get(i) for i, event in decisions.items()}
        if None in shown.values() and bench.project and self._movie_id:
            now = merged(bench.project.events(self._movie_id), bench.proposals)
            shown |= {i: event for i, event in now.items() if i not in bench.events}
        bench.events.put(shown)

    def _elsewhere(self, edit: Edit) -> str:
        """In which movies an edit was, if not in the one looked at."""
        found = {c.movie for c in edit.changes if not isinstance(c, ValueChange)}
        if not found or self._movie_id in found or self.bench.project is None:
            return ""
        return f" in {', '.join(self.bench.project.movies[name].name for name in sorted(found))}"

    @property
    def _movie_id(self) -> str | None:
        return self.bench.looked_at.movie_id if self.bench.looked_at else None


def go_to_frame(viewer: Any, placement: Placement, t: int) -> None:
    """Show a frame of a movie, whatever its scale and its place in time."""
    axis = placement.axes.index("T")
    dimension = viewer.dims.ndim - len(placement.axes) + axis
    step, start = placement.transform["scale"][axis], placement.transform["translate"][axis]
    viewer.dims.set_point(dimension, start + t * step)
