"""The flags in use: those of the last job, under the threshold that somebody has set."""

from __future__ import annotations

import numpy as np
from qtpy.QtCore import QObject, Signal

from cell_events.dry_mass.flags import FLAGGED, NOT_ASSESSED, CellFlag
from cell_events.dry_mass.moved_threshold import with_threshold
from cell_events.gui.docks.dry_mass_cells import DryMassCells
from cell_events.gui.docks.dry_mass_reading import Loaded
from cell_events.gui.forms.dry_mass_form import DryMassForm
from cell_events.gui.running.dry_mass_state import THRESHOLD
from cell_events.jobs.anomalies_detect import PAPER

NOT_FLAGGED_YET = "the cells were not compared with each other yet"


class DryMassFlags(QObject):
    """Shows histogram and flags; `changed()` tells that cells are flagged in another way now."""

    changed = Signal()

    def __init__(self, cells: DryMassCells, form: DryMassForm) -> None:
        super().__init__(form)
        self.cells, self.state, self.form = cells, cells.state, form
        self.now: list[CellFlag] = []
        self.answers: dict[int, str] = {}
        form.histogram.threshold_changed.connect(self._move)
        cells.shown.connect(self.show)
        self.state.bench.edited.connect(self._take_answers)

    @property
    def are_there(self) -> bool:
        """Whether cells were flagged."""
        return self.cells.loaded is not None and bool(self.cells.loaded.flags)

    def show(self) -> None:
        """Show the flags that were read; before there are any, all cells are not assessed."""
        found = self.cells.loaded
        self.now = self._flags(found)
        self.answers = self.state.answers(flag.track_id for flag in self.now)
        self._tell(found)
        self._show_histogram(found)
        self._show_layers()
        self.changed.emit()

    def _flags(self, found: Loaded | None) -> list[CellFlag]:
        if found is None:
            return []
        if not found.flags:
            cells = (curve.track_id for curve in found.table.curves)
            return [CellFlag(cell, NOT_ASSESSED, reason=NOT_FLAGGED_YET) for cell in cells]
        threshold = self.state.value(THRESHOLD)
        return list(found.flags if threshold is None else with_threshold(found.flags, threshold))

    def _show_histogram(self, found: Loaded | None) -> None:
        histogram = self.form.histogram
        scores = np.array([flag.score for flag in found.flags] if found else [], float)
        report = found.report if found is not None else {}
        threshold = _threshold(found)
        words = "forecast error (pg)" if report.get("score") == PAPER else "score"
        histogram.show_scores(scores, threshold, words, _told_rule(report))
        kept = self.state.value(THRESHOLD)
        if kept is not None and len(histogram.scores):
            histogram.threshold = float(kept)

    def _tell(self, found: Loaded | None) -> None:
        form = self.form
        form.tell_cells(told_cells(found) if found is not None else "")
        form.tell_flags(told_flags(self.now) if self.are_there else "")

    def _move(self, threshold: float) -> None:
        """Flag more or fewer cells; that of the rule is not kept, since it is known."""
        found = self.cells.loaded
        if found is None:
            return
        self.state.keep(THRESHOLD, None if threshold == _threshold(found) else threshold)
        self.now = self._flags(found)
        self._tell(found)
        self._show_layers()
        self.changed.emit()
        flagged = sum(flag.flag == FLAGGED for flag in self.now)
        self.state.bench.say(f"{flagged:,} cells are flagged with a threshold of {threshold:.4g}.")

    def _take_answers(self) -> None:
        """Show answers that were given or taken back."""
        answers = self.state.answers(flag.track_id for flag in self.now)
        if answers != self.answers:
            self.answers = answers
            if self.are_there:
                self.cells.show_answers(self.now, answers)
            self.changed.emit()

    def _show_layers(self) -> None:
        self.cells.show_flags(self.now if self.are_there else [], self.answers)


def told_cells(found: Loaded) -> str:
    """Say "410 cells in 40 frames, 12 of them divide; 31 measurements are doubtful."."""
    table = found.table
    cells, frames = len(table.curves), table.n_frames
    said = f"<b>{cells:,}</b> cell{'' if cells == 1 else 's'} in {frames:,} frames"
    if table.divisions:
        said += f", {table.divisions:,} of them divide"
    if table.doubtful:
        said += f"; {table.doubtful:,} of {len(table.tracks):,} measurements are doubtful"
    return f"{said}."


def told_flags(flags: list[CellFlag]) -> str:
    """Say how many cells are flagged for what, and how many could not be judged."""
    reasons: dict[str, int] = {}
    for flag in flags:
        if flag.flag == FLAGGED:
            reason = flag.reason or "unexpected mass"
            reasons[reason] = reasons.get(reason, 0) + 1
    ordered = sorted(reasons, key=lambda name: (-reasons[name], name))
    listed = ", ".join(f"{reasons[name]:,} {name}" for name in ordered)
    unjudged = sum(flag.flag == NOT_ASSESSED for flag in flags)
    said = f"<b>{sum(reasons.values()):,}</b> flagged{f': {listed}' if listed else ''}."
    return said + (f" {unjudged:,} not assessed: too short or too doubtful." if unjudged else "")


def _threshold(found: Loaded | None) -> float:
    """Threshold of the rule."""
    known = (flag.threshold for flag in found.flags if flag.flag != NOT_ASSESSED) if found else ()
    return next(iter(known), float("nan"))


def _told_rule(report: object) -> str:
    if not isinstance(report, dict) or not report.get("rule"):
        return ""
    value = report.get("value")
    return f"{report['rule']} {value:g}" if isinstance(value, float) else str(report["rule"])
