"""The settings of the form that belong to the project: kept there, and shown as it holds them."""

from __future__ import annotations

from qtpy.QtCore import QObject

from cell_events.gui.forms.frame_list import frames_in, with_frame
from cell_events.gui.forms.paint_form import PaintForm
from cell_events.gui.forms.spoken_errors import says_errors
from cell_events.gui.layers.heat_layer import shown_frame
from cell_events.gui.layers.layer_axes import LayerError
from cell_events.gui.workbench import Workbench
from cell_events.project import Project


class ProjectSettings(QObject):
    """Done frames, kinds of event, models, and the name and state of the project."""

    def __init__(self, bench: Workbench, form: PaintForm) -> None:
        super().__init__(form)
        self.bench, self.form = bench, form
        form.done_here.clicked.connect(self.mark_frame_done)
        form.done_frames.editingFinished.connect(self.keep_done_frames)
        form.expert.kinds.editingFinished.connect(self.keep_kinds)
        bench.edited.connect(self.show)
        bench.looked_at_changed.connect(self.show)
        bench.desk.changed.connect(self.show)
        bench.desk.changed.connect(self.say_state)

    @says_errors
    def mark_frame_done(self) -> None:
        """Add the frame on screen to the done frames."""
        looked_at = self.bench.take_in()
        frame = shown_frame(self.bench.viewer, looked_at.placement)
        self.form.done_frames.setText(with_frame(self.form.done_frames.text(), frame))
        self.keep_done_frames()

    @says_errors
    def keep_done_frames(self) -> None:
        """Keep in the project which frames are fully painted."""
        done = self.form.done_frames.text().strip()  # a project that begins empties the field
        frames_in(done)  # or says how to write them
        movie_id = self.bench.take_in().movie_id
        self.bench.desk.set_value("mark frames as done", f"done/{movie_id}", done)
        self.bench.edited.emit()

    @says_errors
    def keep_kinds(self) -> None:
        """Keep in the project what the kinds of event are called."""
        kinds = list(self.form.expert.values.kinds)
        if len(set(kinds)) < len(kinds):
            raise LayerError(
                f"Two kinds of event are called the same in '{', '.join(kinds)}'; "
                "give each a name of its own."
            )
        self.bench.desk.set_value("name the kinds of event", "kinds", kinds)

    def show(self) -> None:
        """Say which project is open, and show the settings that it holds."""
        project, looked_at = self.bench.project, self.bench.looked_at
        if project is None:
            self.form.show_project("", "")
            return
        state = "read-only" if project.read_only else "saved"
        self.form.show_project(f"{project.name} ({state})", project.locked_by or str(project.path))
        self._show_values(project, looked_at.movie_id if looked_at else None)

    def say_state(self) -> None:
        """Say what is wrong with a project that was opened: damaged, or open elsewhere."""
        project = self.bench.project
        for sentence in (*project.warnings, project.locked_by) if project else ():
            if sentence:
                self.say(sentence, is_error=True)

    def say(self, sentence: str, is_error: bool = False) -> None:
        """Show one sentence in the status line."""
        self.bench.say(sentence, is_error)

    def _show_values(self, project: Project, movie_id: str | None) -> None:
        form = self.form
        if not form.done_frames.hasFocus():
            form.done_frames.setText(str(project.value(f"done/{movie_id}") or ""))
        kinds = ", ".join(self.bench.kinds)
        if not form.expert.kinds.hasFocus() and kinds != form.expert.kinds.text():
            form.expert.kinds.setText(kinds)
            form.offer_brushes()
        for picker, key in ((form.thorough.arrow, "tap"), (form.thorough.model, "model")):
            name = project.value(key)
            if name and picker.path is None and (project.path / name).exists():
                picker.path = project.path / name
