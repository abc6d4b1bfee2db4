"""Save the events of the movie looked at as a CSV."""

from __future__ import annotations

from pathlib import Path

from qtpy.QtCore import QObject
from qtpy.QtWidgets import QFileDialog, QWidget

from cell_events.events import Event, write_events
from cell_events.gui.files.results_folder import next_free_path
from cell_events.gui.forms.spoken_errors import says_errors
from cell_events.gui.layers.layer_axes import LayerError
from cell_events.gui.project_desk import LookedAt
from cell_events.gui.workbench import Workbench


class SavedEvents(QObject):
    """Asks for a file, over the window of `parent`, and writes what is on screen."""

    def __init__(self, bench: Workbench, parent: QWidget) -> None:
        super().__init__(parent)
        self.bench, self._parent = bench, parent

    @says_errors
    def ask(self) -> None:
        """Ask for a file, and write the events to it."""
        looked_at, _ = self._events()
        folder = self.bench.project.path.parent if self.bench.project else Path.home()
        suggestion = next_free_path(folder, f"events in {looked_at.layer.name}", ".csv")
        name, _ = QFileDialog.getSaveFileName(
            self._parent, "Save events", str(suggestion), "CSV (*.csv)"
        )
        if name:
            self.write(Path(name))

    def write(self, path: Path) -> None:
        """Write the events as they are on screen, without those that were rejected.

        Raises
        ------
        LayerError
            If there are none.
        """
        looked_at, events = self._events()
        where = looked_at.placement
        path.parent.mkdir(parents=True, exist_ok=True)
        write_events(path, events, where.pixel_size_um, where.frame_interval_s)
        rejected = len(self.bench.events) - len(events)
        left_out = f", without the {rejected} rejected" if rejected else ""
        self.say(f"{len(events)} events saved to {path}{left_out}.")

    def say(self, sentence: str, is_error: bool = False) -> None:
        """Show one sentence in the status line."""
        self.bench.say(sentence, is_error)

    def _events(self) -> tuple[LookedAt, list[Event]]:
        events = [e for e in self.bench.events.events.values() if e.status != "rejected"]
        if not events or self.bench.looked_at is None:
            raise LayerError("There are no events to save yet; press 'Update once'.")
        return self.bench.looked_at, events
