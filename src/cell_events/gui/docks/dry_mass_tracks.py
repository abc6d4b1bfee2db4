"""Takes tracks that were measured elsewhere: a file, or a Tracks layer."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from napari.layers import Points, Tracks
from qtpy.QtCore import QObject

from cell_events.dry_mass.curve_checks import check_columns
from cell_events.gui.docks.dry_mass_cells import DryMassCells
from cell_events.gui.docks.movie_choice import MovieChoice
from cell_events.gui.files.results_folder import default_folder
from cell_events.gui.forms.dry_mass_form import DryMassForm
from cell_events.gui.forms.mass_values import FILE
from cell_events.gui.forms.spoken_errors import says_errors
from cell_events.gui.layers.layer_axes import LayerError, Placement
from cell_events.gui.layers.track_layer import tracks_of_layer
from cell_events.gui.preferences import preferences
from cell_events.gui.review.latest_reader import LatestReader
from cell_events.gui.running.dock_tasks import RESULTS
from cell_events.gui.running.dry_mass_actions import DryMassActions
from cell_events.gui.running.dry_mass_state import INPUTS
from cell_events.project import Project, ProjectError
from cell_events.tracks import write_tracks

NO_FILE = "No track file is chosen yet; press 'Open…' and choose a CSV with the mass of each cell."
NO_TRACKS = "There is no Tracks layer yet; open one, or take a track file."


class DryMassTracks(QObject):
    """Makes tracks part of the project; with a movie they lie on it, else on nothing."""

    def __init__(
        self, jobs: DryMassActions, cells: DryMassCells, choice: MovieChoice, form: DryMassForm
    ) -> None:
        super().__init__(form)
        self.jobs, self.cells, self.choice, self.form = jobs, cells, choice, form
        self.bench = jobs.bench
        self._writer = LatestReader(self)
        self._writer.done.connect(self._take)
        self._writer.failed.connect(lambda _, sentence: self.say(sentence, is_error=True))

    @says_errors
    def use(self) -> None:
        """Take the tracks that the form says."""
        values = self.form.inputs.values
        if values.cells == FILE:
            path = self.form.inputs.file.path
            if path is None:
                raise LayerError(NO_FILE)
            self._begin(path)
            self._take(values.column, path)
            self.say(f"Looking at the cells of {path.name}…")
            return
        layer = self.form.inputs.tracks.layer
        if layer is None:
            raise LayerError(NO_TRACKS)
        check_columns([*"yxt", "track_id", *map(str, layer.features)], values.column)
        project = self._begin(Path(layer.name))
        path = project.new_path(RESULTS, "tracks", ".csv")
        self._writer.read(values.column, partial(written, layer, self.cells.where, path))
        self.say(f"Writing the cells of '{layer.name}' into the project…")

    def shut_down(self) -> None:
        """End the thread. Safe to call twice."""
        self._writer.shut_down()

    def say(self, sentence: str, is_error: bool = False) -> None:
        """Show one sentence in the status line."""
        self.bench.say(sentence, is_error)

    def _begin(self, beside: Path) -> Project:
        """The project of the movie looked at; without one, a project beside the tracks."""
        values = self.form.inputs.values
        if self.bench.looked_at is not None or self.form.movie.layer is not None:
            self.choice.look_again()
        else:
            folder = default_folder(beside.stem, beside if beside.exists() else None)
            new = preferences().results or self.bench.desk.new_projects
            self.bench.desk.begin(new / folder.name if new else folder)
        if self.bench.project is None:
            raise ProjectError("There is no project; choose a movie, and it begins one.")
        self.jobs.state.keep(INPUTS, values.as_json())
        return self.bench.project

    def _take(self, column: str, path: Path) -> None:
        self.jobs.take_tracks(path, column)


def written(layer: Tracks, where: Placement, path: Path) -> Path:
    """Write the tracks of a layer, in the frames and pixels of a movie; returns the file."""
    places = Points(np.empty((0, len(where.axes))), ndim=len(where.axes), **where.transform)
    write_tracks(path, tracks_of_layer(layer, places, where))
    return path
