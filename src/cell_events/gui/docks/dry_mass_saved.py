"""Save flags and tracks of the cells looked at, where the user wants them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from qtpy.QtCore import QObject
from qtpy.QtWidgets import QFileDialog, QWidget

from cell_events.dry_mass.audit_draw import AuditSettings
from cell_events.dry_mass.review_file import write_review
from cell_events.gui.docks.dry_mass_flags import DryMassFlags
from cell_events.gui.files.results_folder import next_free_path
from cell_events.gui.forms.spoken_errors import says_errors
from cell_events.gui.layers.layer_axes import LayerError
from cell_events.gui.running.dry_mass_tasks import NO_TRACKS
from cell_events.tracks import write_tracks

NO_FLAGS = "No cells are flagged yet; press 'Flag cells' first."


class DryMassSaved(QObject):
    """Asks for a file, over the window of `parent`, and writes what is on screen."""

    def __init__(self, flags: DryMassFlags, parent: QWidget) -> None:
        super().__init__(parent)
        self.flags, self.bench, self._parent = flags, flags.state.bench, parent

    @says_errors
    def ask_for_flags(self) -> None:
        """Ask for a file, and write the flags to it."""
        if not self.flags.are_there:
            raise LayerError(NO_FLAGS)
        self.ask("Save flags", "flags", self.write_flags)

    @says_errors
    def ask_for_tracks(self) -> None:
        """Ask for a file, and write the tracks to it."""
        if self.flags.cells.loaded is None:
            raise LayerError(NO_TRACKS)
        self.ask("Save tracks", "tracks", self.write_tracks)

    def write_flags(self, path: Path) -> None:
        """Write flags with threshold and answers as they are, and the review beside them."""
        if not self.flags.are_there:
            raise LayerError(NO_FLAGS)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = write_review(path, self.flags.now, self.flags.answers, AuditSettings())
        flagged = sum(flag.flag == "flagged" for flag in self.flags.now)
        self.say(
            f"{len(self.flags.now):,} cells, {flagged:,} of them flagged, saved to {path}; what "
            f"the review says is in {beside.name} beside it."
        )

    def write_tracks(self, path: Path) -> None:
        """Write the track table; one that is a CSV already is copied as it is."""
        found = self.flags.cells.loaded
        if found is None:
            raise LayerError(NO_TRACKS)
        path.parent.mkdir(parents=True, exist_ok=True)
        source = found.wanted.tracks
        if source.suffix.lower() != ".csv":
            write_tracks(path, found.table.tracks)
        elif source.resolve() != path.resolve():
            shutil.copyfile(source, path)
        self.say(f"{len(found.table.curves):,} tracks saved to {path}.")

    def say(self, sentence: str, is_error: bool = False) -> None:
        """Show one sentence in the status line."""
        self.bench.say(sentence, is_error)

    def ask(self, title: str, name: str, write: Callable[[Path], None]) -> None:
        """Ask for a file, and let it be written."""
        looked_at, project = self.bench.looked_at, self.bench.project
        folder = project.path.parent if project else Path.home()
        of = f" of {looked_at.layer.name}" if looked_at is not None else ""
        suggestion = next_free_path(folder, f"{name}{of}", ".csv")
        chosen, _ = QFileDialog.getSaveFileName(self._parent, title, str(suggestion), "CSV (*.csv)")
        if chosen:
            write(Path(chosen))
