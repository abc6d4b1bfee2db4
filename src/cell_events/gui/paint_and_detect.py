"""The dock 'Paint & detect': from a movie, through a few painted events, to all of its events."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from napari.layers import Image
from qtpy.QtCore import QEvent
from qtpy.QtWidgets import QApplication, QFileDialog, QSizePolicy, QVBoxLayout, QWidget

from cell_events.events import read_events, write_events
from cell_events.gui.brush import pick_up_brush
from cell_events.gui.command_text import command_text
from cell_events.gui.dock_tasks import EVENTS, MODEL, TAP, DockTasks
from cell_events.gui.job_runner import JobRunner, Step, Task
from cell_events.gui.layer_axes import LayerError, Placement
from cell_events.gui.main_window import main_window_of
from cell_events.gui.model_picker import MODEL_SUFFIX
from cell_events.gui.outcomes import detect_outcome, pretrain_outcome, train_outcome
from cell_events.gui.paint_form import PaintForm
from cell_events.gui.paint_layer import new_paint_layer
from cell_events.gui.results_folder import default_folder, latest_path, next_free_path
from cell_events.gui.shown_events import ShownEvents
from cell_events.gui.spoken_errors import says_errors
from cell_events.jobs import Detect, Pretrain, Train
from cell_events.jobs.time_arrow_model import SHIPPED, model_at

if TYPE_CHECKING:
    import napari.viewer

Values = dict[str, Any]


class PaintAndDetect(QWidget):
    """Reads the form, runs jobs in the worker process, shows what they found.

    Parameters
    ----------
    napari_viewer
        The viewer whose layers are offered; napari passes it by this name.
    runner
        What runs the jobs; a worker process of its own by default.
    """

    def __init__(
        self, napari_viewer: napari.viewer.Viewer, runner: JobRunner | None = None
    ) -> None:
        super().__init__()
        self.viewer = napari_viewer
        self.form = PaintForm(napari_viewer)
        self.runner = runner or JobRunner(self)
        self.tasks = DockTasks()
        self.shown = ShownEvents(napari_viewer)
        self._follows_window = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.form)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._connect()
        self._look_at_movie()

    @says_errors
    def make_paint_layer(self) -> None:
        """Add an empty events layer that fits the movie, and pick up the brush."""
        movie, placement = self._movie()
        layer = self.viewer.add_layer(new_paint_layer(placement, f"paint on {movie.name}"))
        self.form.paint.layer = layer
        self._pick_up_brush()
        self.say(
            "Paint a few events: the cell in the frame before it divides, and both daughters in "
            "the first frame in which they are apart."
        )

    @says_errors
    def learn_time_arrow(self) -> None:
        """Pretrain on the movie; its model is used from then on."""
        movie, placement = self._movie()
        inputs = movie, placement, self._folder(movie), self.form.expert.values
        self._start("Learning", self.tasks.pretrain(*inputs), self._after_pretrain)

    @says_errors
    def train(self) -> None:
        """Train on the painted events."""
        movie, placement = self._movie()
        labels = self.form.paint.layer
        if labels is None:
            raise LayerError("There is no events layer yet; press 'New', then paint a few events.")
        if self.form.arrow.path is None and model_at(SHIPPED) is None:
            raise LayerError(
                "There is no time-arrow model; press 'Learn the time arrow' or 'Load…'."
            )
        steps = self.tasks.train(
            (movie, labels),
            placement,
            self._folder(movie),
            self.form.arrow.path,
            self.form.done_frames.text().strip(),
            self.form.expert.values,
        )
        self._start("Training", steps, self._after_train)

    @says_errors
    def detect(self) -> None:
        """Find the events; the earlier ones stay until the new ones are there."""
        movie, placement = self._movie()
        model = self.form.model.path
        if model is None:
            raise LayerError("There is no event model yet; press 'Train on the paint' or 'Load…'.")
        expert = self.form.expert.values
        steps = self.tasks.detect(movie, placement, self._folder(movie), model, expert)

        def show(job: Detect, values: Values) -> str:
            del values
            events = read_events(job.csv)
            self.shown.show(movie, events, placement, expert.kinds)
            return detect_outcome(job, len(events))

        self._start("Detecting", steps, show)

    @says_errors
    def save_csv(self) -> None:
        """Ask for a file and write the events, as they are on screen, to it."""
        movie = self.form.movie.layer
        self.shown.read(movie)
        suggestion = next_free_path(self._folder(movie), EVENTS, ".csv") if movie else ""
        name, _ = QFileDialog.getSaveFileName(self, "Save events", str(suggestion), "CSV (*.csv)")
        if name:
            self.write_csv(Path(name))

    def write_csv(self, path: Path) -> None:
        """Write the events as they are on screen, with the user's changes."""
        events, placement = self.shown.read(self.form.movie.layer)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_events(path, events, placement.pixel_size_um, placement.frame_interval_s)
        self.say(f"{len(events)} events saved to {path}.")

    @says_errors
    def copy_command(self) -> None:
        """Put the command line of the last run on the clipboard."""
        if self.runner.last_job is None:
            raise LayerError("Nothing was run yet; the command of the last run is what is copied.")
        command, note = command_text(self.runner.last_job, self.tasks.files)
        clipboard = QApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(command)
        self.say(f"Copied: {command}{note}")

    def stop(self) -> None:
        """Stop what runs."""
        self.say("Stopping…")
        self.runner.stop()

    def say(self, sentence: str, is_error: bool = False) -> None:
        """Show one sentence in the status line."""
        self.form.run_bar.say(sentence, is_error)

    def shut_down(self) -> None:
        """End the worker, stop to follow the viewer, delete temporary copies. Safe to repeat."""
        self.runner.shut_down()
        self.form.movie.release()
        self.form.paint.release()
        self.tasks.files.close()

    def event(self, event: QEvent | None) -> bool:
        """Shut down when napari takes the widget out of its dock."""
        taken_out = event is not None and event.type() == QEvent.Type.ParentChange
        if taken_out and self.parent() is None:
            self.shut_down()
        return super().event(event)

    def _connect(self) -> None:
        form = self.form
        for button, slot in (
            (form.new_paint, self.make_paint_layer),
            (form.learn_arrow, self.learn_time_arrow),
            (form.train, self.train),
            (form.detect, self.detect),
            (form.save_csv, self.save_csv),
            (form.copy_command, self.copy_command),
            (form.run_bar.stop_button, self.stop),
        ):
            button.clicked.connect(slot)
        form.brush.activated.connect(self._pick_up_brush)
        form.movie.layer_changed.connect(self._look_at_movie)
        self.runner.progressed.connect(self._on_progress)
        self.runner.ended.connect(self._on_ended)

    def _movie(self) -> tuple[Image, Placement]:
        movie = self.form.movie.layer
        if movie is None:
            raise LayerError("There is no movie yet; open one, or drag its file into the window.")
        return movie, self.form.axes.placement(movie)

    def _folder(self, movie: Image) -> Path:
        """Folder of the movie's results; nothing is made yet."""
        path = Path(movie.source.path) if movie.source.path else None
        return self.form.expert.values.folder or default_folder(movie.name, path)

    def _start(
        self, title: str, steps: Generator[Step, None, Any], then: Callable[[Any, Values], str]
    ) -> None:
        self._end_with_the_window()
        self._set_running(True)
        self.say(f"{title}: the worker gets ready…")
        self.runner.start(Task(steps, then))

    def _end_with_the_window(self) -> None:
        """See to it that no worker outlives the viewer's window."""
        if not self._follows_window:
            main_window_of(self).destroyed.connect(self.shut_down)
            self._follows_window = True

    def _after_pretrain(self, job: Pretrain, values: Values) -> str:
        self.form.arrow.path = job.model
        return pretrain_outcome(job, values)

    def _after_train(self, job: Train, values: Values) -> str:
        self.form.model.path = job.model
        return train_outcome(job, values)

    def _on_progress(self, report: Values) -> None:
        if not self.runner.stopping:
            self.form.run_bar.show_report(report)

    def _on_ended(self, sentence: str, is_error: bool) -> None:
        self._set_running(False)
        self.say(sentence, is_error)

    @says_errors
    def _look_at_movie(self) -> None:
        """Ask what the axes are, and take up the models that were made for this movie."""
        movie = self.form.movie.layer
        self.form.axes.ask_for(movie)
        if movie is None or self.runner.busy:
            return
        for picker, name in ((self.form.arrow, TAP), (self.form.model, MODEL)):
            if picker.path is None:
                picker.path = latest_path(self._folder(movie), name, MODEL_SUFFIX)

    def _pick_up_brush(self) -> None:
        layer = self.form.paint.layer
        if layer is not None:
            pick_up_brush(self.viewer, layer, self.form.brush.currentData())

    def _set_running(self, running: bool) -> None:
        for button in (self.form.learn_arrow, self.form.train, self.form.detect):
            button.setEnabled(not running)
        self.form.run_bar.set_running(running)
