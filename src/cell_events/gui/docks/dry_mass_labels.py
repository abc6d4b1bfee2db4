"""Brings back the labels that a movie was measured with, when its project is opened again."""

from __future__ import annotations

from cell_events.gui.forms.dry_mass_form import DryMassForm
from cell_events.gui.layers.label_files import LabelFiles
from cell_events.gui.running.dry_mass_state import LABELS, DryMassState


class DryMassLabels:
    """Adds their layer once for each movie, if there are no labels; a deleted one stays away."""

    def __init__(self, state: DryMassState, files: LabelFiles, form: DryMassForm) -> None:
        self.state, self.files, self.form = state, files, form
        self._offered: set[tuple[object, str | None]] = set()

    def show(self) -> None:
        """Add the layer, hidden, if it is missed.

        Raises
        ------
        MovieError
            If its file cannot be read.
        """
        bench, path = self.state.bench, self.state.path(LABELS)
        looked_at = bench.looked_at
        if looked_at is None or path is None or looked_at.layer not in bench.viewer.layers:
            return
        movie = bench.project, looked_at.movie_id
        is_first = movie not in self._offered
        self._offered.add(movie)
        if is_first and self.form.inputs.labels.layer is None:
            active = bench.viewer.layers.selection.active
            layer = self.files.reopened(path, looked_at.placement)
            layer.visible = False
            place = bench.viewer.layers.index(looked_at.layer) + 1
            bench.viewer.layers.insert(place, layer)
            bench.viewer.layers.selection.active = active
