"""Abnormal stretches in the dock 'Dry mass': painted, learned, found, shown and saved."""

from __future__ import annotations

from collections import Counter
from functools import partial

from qtpy.QtCore import QObject

from cell_events.gui.docks.dry_mass_flags import DryMassFlags
from cell_events.gui.docks.dry_mass_found import FoundStretches, found_stretches, measured_columns
from cell_events.gui.docks.dry_mass_painting import DryMassPainting
from cell_events.gui.docks.dry_mass_saved import DryMassSaved
from cell_events.gui.docks.dry_mass_stretch_files import NOTHING_FOUND, StretchFiles
from cell_events.gui.forms.dry_mass_form import DryMassForm
from cell_events.gui.forms.spoken_errors import says_errors
from cell_events.gui.layers.layer_axes import LayerError
from cell_events.gui.layers.stretch_layers import StretchPoints, colour_tracks, tell_labels
from cell_events.gui.review.latest_reader import LatestReader
from cell_events.gui.running.dry_mass_tasks import DryMassTasks
from cell_events.gui.running.stretch_actions import StretchActions
from cell_events.gui.running.stretch_state import StretchState
from cell_events.gui.running.stretch_tasks import StretchAsked
from cell_events.project import Project


class DryMassStretches(QObject):
    """Follows the cells of the dock; found stretches are read in the background."""

    def __init__(
        self, flags: DryMassFlags, tasks: DryMassTasks, saved: DryMassSaved, form: DryMassForm
    ) -> None:
        super().__init__(form)
        cells = flags.cells
        self.flags, self.cells, self.form = flags, cells, form
        self.state, self.tasks, self.bench = StretchState(cells.state), tasks, cells.bench
        self.jobs = StretchActions(self.state, tasks, self._asked, self)
        self.painting = DryMassPainting(self.state, cells, form)
        self.files = StretchFiles(
            saved,
            found=lambda: self.found.segments if self.found is not None else (),
            painted=lambda: self.painting.segments,
        )
        self.points = StretchPoints(self.bench.viewer)
        self.found: FoundStretches | None = None
        self._project: Project | None = None
        self._table: object = None  # the cells whose columns are offered
        self._reader = LatestReader(self)
        self._connect()
        self.show()

    def show(self) -> None:
        """Show what the project holds of the cells on screen."""
        self._show_model()
        self.painting.show()
        self._offer_columns()
        found, csv = self.cells.loaded, self.state.found
        if found is None or csv is None:
            self._reader.forget()
            self._forget()
        elif self.found is None or self.found.key != (csv, found.table):
            key = (csv, found.table)
            self._reader.read(key, partial(found_stretches, *key))
        else:
            self._show_layers()  # those of the cells may be new

    @says_errors
    def go_to_next(self) -> None:
        """Show the next cell in which a stretch was found, from the surest one on."""
        cells = self.found.surest_first if self.found is not None else ()
        if self.found is None or not cells:
            raise LayerError(NOTHING_FOUND)
        current = self.form.review.session.current
        place = cells.index(current) + 1 if current in cells else 0
        cell = cells[place % len(cells)]
        surest = max(self.found.by_cell[cell], key=lambda one: one.score)
        self.form.review.session.select(cell)
        self.form.review.frame_wanted.emit(int(surest.start + surest.end) // 2)
        self.form.reveal(self.form.review)

    def say(self, sentence: str, is_error: bool = False) -> None:
        """Show one sentence in the status line."""
        self.bench.say(sentence, is_error)

    def shut_down(self) -> None:
        """Take up nothing any more, and end the thread. Safe to call twice."""
        self.jobs.leave()
        self._reader.shut_down()

    def _connect(self) -> None:
        group, review = self.form.stretches, self.form.review
        group.train.clicked.connect(self.jobs.train)
        group.detect.clicked.connect(self.jobs.find)
        group.save_found.clicked.connect(self.files.ask_for_found)
        group.save_painted.clicked.connect(self.files.ask_for_painted)
        group.next_found.clicked.connect(self.go_to_next)
        group.channels.changed.connect(self._keep_channels)
        group.model.changed.connect(self._keep_model)
        self.jobs.learned.connect(self.show)
        self.jobs.found.connect(self.show)
        self.cells.shown.connect(self.show)
        self.flags.changed.connect(self._show_layers)  # flags tell other features
        self.painting.changed.connect(self._show_on_curve)
        review.cell_shown.connect(self._show_on_curve)
        self._reader.done.connect(self._take)
        self._reader.failed.connect(lambda _, sentence: self.say(sentence, is_error=True))

    def _asked(self) -> StretchAsked:
        group = self.form.stretches
        return StretchAsked(
            self.painting.segments,
            group.channels.chosen,
            group.model.path,
            group.threshold_value,
            self.form.expert.values,
        )

    def _offer_columns(self) -> None:
        """Offer the columns of other cells, of which the masses are chosen at first."""
        table = self.cells.loaded.table if self.cells.loaded is not None else None
        if table is self._table:
            return
        self._table = table
        columns = measured_columns(table.tracks) if table is not None else ()
        chosen = [name for name in self.state.channels if name in columns]
        self.form.stretches.channels.offer(columns, chosen or (self.tasks.column,))

    def _take(self, key: object, found: FoundStretches) -> None:
        del key
        loaded = self.cells.loaded
        if loaded is None or found.key != (self.state.found, loaded.table):
            return  # other cells are looked at since
        self.found = found
        self.form.stretches.tell_found(told_found(found), found.kinds)
        self.form.review.form.curve.tools.offer(found.kinds)
        self._show_layers()
        where, name = self.cells.where, f"abnormal stretches in {self.cells.name}"
        self.points.show(loaded.table, found.rows, where, name)
        self._show_on_curve()

    def _show_layers(self) -> None:
        """Colour tracks, and tell of labels what was found; not again what is there already."""
        found, loaded = self.found, self.cells.loaded
        if found is None or loaded is None:
            return
        tracks, labels = self.cells.tracks.layer, self.cells.colours.layer
        if tracks is not None and tracks is not found.shown_in:
            colour_tracks(tracks, loaded.table, found.rows, found.kinds)
            found.shown_in = tracks
        if labels is not None:
            tell_labels(labels, loaded.table, found.told)

    def _show_on_curve(self, _: object = None) -> None:
        cell = self.form.review.session.current
        painted = self.painting.painted.get(cell, ()) if cell is not None else ()
        by_cell = self.found.by_cell if self.found is not None else {}
        found = by_cell.get(cell, ()) if cell is not None else ()
        self.form.review.form.curve.set_stretches(painted, found)

    def _forget(self) -> None:
        if self.found is not None:
            self.found = None
            self._show_on_curve()
        self.points.forget()
        self.form.stretches.tell_found("", ())

    def _keep_channels(self) -> None:
        self.state.channels = self.form.stretches.channels.chosen

    def _show_model(self) -> None:
        """Show the model of the project; a loaded one becomes that of the first project."""
        was, self._project = self._project, self.bench.project
        if was is None and self.state.model is None:
            self._keep_model()
        elif self.form.stretches.model.path != self.state.model:
            self.form.stretches.model.path = self.state.model

    def _keep_model(self) -> None:
        if self.form.stretches.model.path != self.state.model:
            self.state.model = self.form.stretches.model.path


def told_found(found: FoundStretches) -> str:
    """Say how many stretches of which kinds were found, in how many cells."""
    if not found.segments:
        return "No abnormal stretch was found."
    counts = Counter(one.kind for one in found.segments)
    listed = ", ".join(f"{number:,} {kind}" for kind, number in counts.most_common())
    cells = len(found.by_cell)
    several = "" if cells == 1 else "s"
    return f"<b>{len(found.segments):,}</b> found in {cells:,} cell{several}: {listed}."
