"""Save found and painted stretches, where the user wants them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from qtpy.QtCore import QObject

from cell_events.gui.docks.dry_mass_saved import DryMassSaved
from cell_events.gui.forms.spoken_errors import says_errors
from cell_events.gui.layers.layer_axes import LayerError
from cell_events.gui.running.stretch_tasks import NOTHING_PAINTED
from cell_events.series.labelled_series import Segment
from cell_events.series.segment_tables import write_segments

NOTHING_FOUND = "No stretch was found yet; press 'Find stretches' first."

Listed = Callable[[], Sequence[Segment]]


class StretchFiles(QObject):
    """Asks for a file, and writes what is on screen.

    Parameters
    ----------
    found, painted
        Give the stretches as they are now.
    """

    def __init__(self, saved: DryMassSaved, found: Listed, painted: Listed) -> None:
        super().__init__(saved)
        self._saved, self._found, self._painted = saved, found, painted

    @says_errors
    def ask_for_found(self) -> None:
        """Ask for a file, and write what was found to it."""
        if not self._found():
            raise LayerError(NOTHING_FOUND)
        self._saved.ask("Save found stretches", "segments", self.write_found)

    @says_errors
    def ask_for_painted(self) -> None:
        """Ask for a file, and write what is painted to it."""
        if not self._painted():
            raise LayerError(NOTHING_PAINTED)
        self._saved.ask("Save painted stretches", "painted segments", self.write_painted)

    def write_found(self, path: Path) -> None:
        """Write a CSV of the stretches that were found."""
        self._write(path, self._found(), "found")

    def write_painted(self, path: Path) -> None:
        """Write a CSV of the stretches that are painted."""
        self._write(path, self._painted(), "painted")

    def say(self, sentence: str, is_error: bool = False) -> None:
        """Show one sentence in the status line."""
        self._saved.say(sentence, is_error)

    def _write(self, path: Path, segments: Sequence[Segment], what: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_segments(path, segments)
        self.say(f"{len(segments):,} {what} stretches saved to {path}.")
