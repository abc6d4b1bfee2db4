"""Painting abnormal stretches on the curve of the selected cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from qtpy.QtCore import QObject, Signal

from cell_events.gui.docks.dry_mass_cells import DryMassCells
from cell_events.gui.forms.dry_mass_form import DryMassForm
from cell_events.gui.forms.stretch_tools import ERASE, PAINT
from cell_events.gui.running.stretch_state import Painted, StretchState
from cell_events.series.labelled_series import NORMAL, Segment
from cell_events.series.painting import with_stretch, without_frames, without_stretch_at

Segments = tuple[Segment, ...]
NO_NORMAL = f"Paint '{NORMAL}' on some cells, too, so that they are told apart."
NO_KIND = "The kind has no name; choose one, or type what is abnormal."


class DryMassPainting(QObject):
    """Keeps what is painted in the project at once; `changed()` tells that it is otherwise now."""

    changed = Signal()

    def __init__(self, state: StretchState, cells: DryMassCells, form: DryMassForm) -> None:
        super().__init__(form)
        self.state, self.bench, self.cells, self.form = state, state.bench, cells, form
        self.painted: Painted = {}
        self._of: object = None  # the cells that these are of
        curve = form.review.form.curve
        curve.stretch_painted.connect(self._paint)
        curve.stretch_erased.connect(self._erase)
        curve.stretch_removed.connect(self._remove)
        self.bench.edited.connect(self.show)

    @property
    def segments(self) -> Segments:
        """All that is painted, cell by cell."""
        return tuple(one for cell in sorted(self.painted) for one in self.painted[cell])

    def show(self) -> None:
        """Take what the project holds of these cells."""
        found = self.cells.loaded
        curves = found.table.curves if found is not None else ()
        before, painted = self.painted, self.state.painted(curve.track_id for curve in curves)
        was, self._of = self._of, found
        if painted != before:
            self.painted = painted
            self.form.review.form.curve.tools.offer(_kinds(self.segments))
            self.form.stretches.tell_painted(told_painted(self.segments))
            self.changed.emit()
            if was is found:
                self._go_to_changed(before)

    def _go_to_changed(self, before: Painted) -> None:
        """Show the cell whose painting was taken back."""
        cells = before.keys() | self.painted.keys()
        changed = [cell for cell in cells if before.get(cell) != self.painted.get(cell)]
        if len(changed) == 1:
            self.form.review.show_cell(changed[0])

    def _paint(self, kind: str, first: int, last: int) -> None:
        if not kind:
            self.bench.say(NO_KIND, is_error=True)
            return
        self._change(
            f"{PAINT} {kind}",
            lambda cell, segments: with_stretch(segments, Segment(str(cell), kind, first, last)),
        )

    def _erase(self, first: int, last: int) -> None:
        self._change(
            f"{ERASE} stretches", lambda _, segments: without_frames(segments, first, last)
        )

    def _remove(self, frame: int) -> None:
        self._change(f"{ERASE} stretches", lambda _, segments: without_stretch_at(segments, frame))

    def _change(self, title: str, change: Callable[[int, Segments], Segments]) -> None:
        """Keep another painting of the selected cell; what it changes comes back with `edited`."""
        cell = self.form.review.session.current
        if cell is None:
            return
        try:
            segments = change(cell, self.painted.get(cell, ()))
            self.state.paint(cell, segments, f"{title} in cell {cell}")
        except (ValueError, OSError) as error:
            self.bench.say(str(error), is_error=True)
            return
        self.bench.edited.emit()


def told_painted(segments: Segments) -> str:
    """Say "3 stretches painted on 2 cells: 2 arrest, 1 loss."; nothing if there are none."""
    if not segments:
        return ""
    counts = Counter(one.kind for one in segments)
    listed = ", ".join(f"{number} {kind}" for kind, number in counts.most_common())
    cells = len({one.series for one in segments})
    many, several = "" if len(segments) == 1 else "es", "" if cells == 1 else "s"
    said = f"<b>{len(segments)}</b> stretch{many} painted on {cells} cell{several}: {listed}."
    return said if counts[NORMAL] else f"{said} {NO_NORMAL}"


def _kinds(segments: Iterable[Segment]) -> list[str]:
    return list(dict.fromkeys(one.kind for one in segments))
