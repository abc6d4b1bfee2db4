"""The review of the dock 'Dry mass': one selected cell for viewer, curve and pictures."""

from __future__ import annotations

from qtpy.QtCore import QObject

from cell_events.dry_mass.cell_picture import CellPictures
from cell_events.dry_mass.flags import NOT_ASSESSED
from cell_events.event import Event
from cell_events.gui.docks.dry_mass_flags import DryMassFlags
from cell_events.gui.forms.dry_mass_form import DryMassForm
from cell_events.gui.layers.cell_clicks import CanvasClicks
from cell_events.gui.layers.heat_layer import shown_frame
from cell_events.gui.layers.movie_layer import movie_of_layer
from cell_events.gui.layers.navigator import Navigator
from cell_events.gui.review import key_map
from cell_events.gui.running.dry_mass_state import REVIEW


class DryMassReview(QObject):
    """Follows viewer and flags, and keeps answers in the project."""

    def __init__(self, flags: DryMassFlags, form: DryMassForm) -> None:
        super().__init__(form)
        self.flags, self.cells, self.form = flags, flags.cells, form
        self.state, self.bench, self.review = flags.state, flags.state.bench, form.review
        self.navigator = Navigator(self.bench.viewer)
        self.clicks = CanvasClicks(self.bench.viewer, self)
        self._of: object = None  # the cells that are under review
        self._flags: object = None  # which of them are flagged
        self._bound: object = None  # the layer with our keys
        self._stays = False  # the viewer shows the selected cell already
        self._connect()

    def shut_down(self) -> None:
        """Stop to follow the viewer, and end the thread. Safe to call twice."""
        self.clicks.leave()
        events = self.bench.viewer.dims.events.current_step
        if self._on_frame in events.callbacks:
            events.disconnect(self._on_frame)
        self.review.shut_down()

    def _connect(self) -> None:
        review = self.review
        self.flags.changed.connect(self.show)
        review.answer_wanted.connect(self._answer)
        review.undo_wanted.connect(self.bench.edits.undo)
        review.redo_wanted.connect(self.bench.edits.redo)
        review.cell_shown.connect(self._go_to)
        review.frame_wanted.connect(self._go_to_frame)
        review.state_changed.connect(self._keep)
        self.clicks.clicked.connect(self._on_click)
        self.bench.viewer.dims.events.current_step.connect(self._on_frame)

    def show(self) -> None:
        """Review the flags as they are now."""
        found = self.cells.loaded
        if found is not self._of:
            self._of, self._stays = found, True  # opening a project moves nothing
            self._begin()
            self._stays = False
        else:
            if self.flags.now is not self._flags:
                self.review.set_flags(self.flags.now)
            self.review.set_answers(self.flags.answers)
        self._flags = self.flags.now
        self._bind_keys()

    def _begin(self) -> None:
        """Take other cells, and go on where their review was left."""
        found, review = self.cells.loaded, self.review
        kept = dict(self.state.value(REVIEW) or {})
        if found is None:
            review.set_cells(CellPictures(()), ())
            review.set_movie(None)
            return
        pictures = CellPictures(found.table.curves, found.flags, found.forecasts)
        review.set_population(found.table.band)
        self._set_movie()
        review.set_cells(pictures, self.flags.now, found.table.places)
        review.set_answers(self.flags.answers)
        review.restore(kept)
        self._on_frame()

    def _set_movie(self) -> None:
        """Take pictures from the movie looked at."""
        looked_at, found = self.bench.looked_at, self.cells.loaded
        interval = found.table.interval_s if found is not None else None
        self.review.form.strip.setVisible(looked_at is not None)
        if looked_at is None or found is None:
            self.review.set_movie(None, frame_interval_s=interval)
            return
        layer, where = looked_at.layer, looked_at.placement
        movie, (low, high) = movie_of_layer(layer, where), layer.contrast_limits
        interval = interval or where.frame_interval_s
        self.review.set_movie(movie, (float(low), float(high)), interval, found.cells)

    def _bind_keys(self) -> None:
        """Let the keys work while the layer of flags is active."""
        layer = self.cells.points.layer
        if layer is not None and layer is not self._bound:
            key_map.bind(layer, self.review.handlers)
            self._bound = layer

    def _on_click(self, position: tuple[float, ...]) -> None:
        """Show the curve of a cell that was clicked on, without moving the viewer."""
        cell = self.cells.cell_at(position)
        if cell is None:
            return
        self._stays = True
        self.review.show_cell(cell)
        self._stays = False
        self.form.reveal(self.review)

    def _go_to(self, cell: int | None) -> None:
        """Show a cell in the frame on screen if it was unusual then, else where it was most so."""
        found = self.cells.loaded
        if cell is None or found is None or self._stays:
            return
        flag = self.review.session.flags.get(cell)
        frames = found.table.places.frames(cell)
        if not len(frames):
            return
        is_judged = flag is not None and flag.flag != NOT_ASSESSED
        first, last = (flag.first, flag.last) if flag and is_judged else (frames[0], frames[-1])
        frame = shown_frame(self.bench.viewer, self.cells.where)
        self._show(cell, frame if first <= frame <= last else (first + last) // 2)

    def _go_to_frame(self, t: int) -> None:
        """Show the selected cell in a frame that was clicked on in its curve."""
        if self.review.session.current is not None and self.cells.loaded is not None:
            self._show(self.review.session.current, t)

    def _show(self, cell: int, t: int) -> None:
        found = self.cells.loaded
        if found is not None and cell in found.table.places:
            y, x = found.table.places.place(cell, t)
            self.navigator.go_to(Event(int(t), y, x), self.cells.where)

    def _on_frame(self, event: object = None) -> None:
        del event
        if self.cells.loaded is not None:
            self.review.set_frame(shown_frame(self.bench.viewer, self.cells.where))

    def _answer(self, cell: int, category: str) -> None:
        """Keep an answer; what it changes comes back with `edited`."""
        try:
            self.state.answer(cell, category)
        except (ValueError, OSError) as error:
            self.bench.say(str(error), is_error=True)
            return
        self.bench.edited.emit()

    def _keep(self) -> None:
        if self.cells.loaded is not None:
            self.state.keep(REVIEW, self.review.state())
