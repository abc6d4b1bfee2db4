"""The painted layers of the movies, each kept in the project as it is painted."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from napari.layers import Labels
from qtpy.QtCore import QObject

from cell_events.gui.layers.layer_axes import LayerError
from cell_events.gui.layers.our_layers import PAINT, mark, paint_there, role_of
from cell_events.gui.layers.paint_layer import new_paint_layer
from cell_events.gui.layers.paint_recorder import PaintRecorder
from cell_events.gui.project_desk import LookedAt
from cell_events.gui.review import key_map
from cell_events.gui.running.job_runner import Step
from cell_events.project import ProjectError

if TYPE_CHECKING:
    from cell_events.gui.workbench import Workbench


class PaintDesk(QObject):
    """Makes events layers, follows them, and brings them back.

    Attributes
    ----------
    recorders
        What keeps the paint on each movie of the project, by the movie's id.
    """

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.bench = bench
        self.recorders: dict[str, PaintRecorder] = {}

    @property
    def recorder(self) -> PaintRecorder | None:
        """What keeps the paint on the movie looked at."""
        looked_at = self.bench.looked_at
        movie_id = looked_at.movie_id if looked_at else None
        recorder = self.recorders.get(movie_id) if movie_id else None
        return recorder if recorder and recorder.layer in self.bench.viewer.layers else None

    def new_layer(self) -> Labels:
        """Add an empty events layer that fits the movie; the project keeps what is painted."""
        looked_at, project = self.bench.take_in(), self.bench.project
        if self.recorder is not None:
            return self.recorder.layer
        layer = self._layer_there(looked_at)
        if layer is None:
            layer = new_paint_layer(looked_at.placement, f"paint on {looked_at.layer.name}")
            self.bench.viewer.add_layer(layer)
            self._record(layer, looked_at).fill_layer()
        if project is not None and looked_at.movie_id is not None:
            mark(layer, PAINT, project.path, looked_at.movie_id)
            layer.editable = not project.read_only
        return layer

    def record(self, layer: Labels) -> PaintRecorder:
        """Keep what is on a Labels layer of the user's; the caller runs its `take_over`.

        Raises
        ------
        LayerError
            If the layer does not fit the movie, or is the paint on another one.
        """
        if self.recorder is not None and self.recorder.layer is layer:
            self.flush()
            return self.recorder
        if self.is_of_another_movie(layer):
            raise LayerError(
                f"'{layer.name}' belongs to another movie; press 'New' to paint on this one."
            )
        return self._record(layer, self.bench.take_in())

    def is_of_another_movie(self, layer: Labels | None) -> bool:
        """Whether a layer holds the paint on a movie that is not looked at."""
        here = self.bench.looked_at.movie_id if self.bench.looked_at else None
        return any(r.layer is layer for name, r in self.recorders.items() if name != here)

    def show(self) -> None:
        """Bring back the paint that the project holds, unless it is followed already."""
        looked_at, project = self.bench.looked_at, self.bench.project
        movie_id = looked_at.movie_id if looked_at else None
        if project is None or movie_id is None or self.recorder is not None:
            return
        has_paint = project.paint(movie_id).painted_frames()
        if has_paint or paint_there(self.bench.viewer, project.path, movie_id):
            self.new_layer()

    def taken_over(
        self, steps: Generator[Step, None, Any], thorough: bool = False
    ) -> Generator[Step, None, Any]:
        """Do these steps once the project holds all paint, also what no stroke has told of."""
        recorder = self.recorder
        if recorder is not None and (thorough or recorder.is_quick_to_compare):
            yield from recorder.take_over()
        job = yield from steps
        return job

    def flush(self) -> None:
        """Bring into the project what was painted a moment ago."""
        for recorder in self.recorders.values():
            recorder.flush()

    def release(self) -> None:
        """Follow no layer any more; they stay in the viewer."""
        for recorder in self.recorders.values():
            recorder.release()
        self.recorders.clear()

    def put_away(self) -> None:
        """Follow no layer any more, and take away those that we made."""
        layers = [recorder.layer for recorder in self.recorders.values()]
        self.release()
        for layer in layers:
            if role_of(layer) == PAINT and layer in self.bench.viewer.layers:
                self.bench.viewer.layers.remove(layer)

    def _record(self, layer: Labels, looked_at: LookedAt) -> PaintRecorder:
        bench, movie_id = self.bench, looked_at.movie_id
        project, placement = bench.project, looked_at.placement
        if project is None or movie_id is None:
            raise ProjectError("The movie belongs to no project yet; press 'New' to begin one.")
        recorder = PaintRecorder(layer, placement, project, movie_id, bench.kinds, self)
        if movie_id in self.recorders:
            self.recorders.pop(movie_id).release()
        self.recorders[movie_id] = recorder
        recorder.recorded.connect(bench.edited)
        recorder.failed.connect(lambda sentence: bench.say(sentence, is_error=True))
        key_map.bind(layer, {"undo": bench.edits.undo, "redo": bench.edits.redo})
        return recorder

    def _layer_there(self, looked_at: LookedAt) -> Labels | None:
        """Follow the paint layer again that the docks left in the viewer when they were closed."""
        project = self.bench.project
        if project is None or looked_at.movie_id is None:
            return None
        layer = paint_there(self.bench.viewer, project.path, looked_at.movie_id)
        if layer is not None:
            self._record(layer, looked_at)
        return layer
