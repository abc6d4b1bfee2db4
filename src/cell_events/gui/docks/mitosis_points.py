"""The annotated frames of the movie looked at, and the divisions that are marked in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qtpy.QtCore import QObject, QTimer

from cell_events.events import Event
from cell_events.gui.edit_desk import go_to_frame
from cell_events.gui.forms.frame_range import frame_range
from cell_events.gui.forms.mitosis_form import MitosisForm
from cell_events.gui.forms.spoken_errors import says_errors
from cell_events.gui.layers.heat_layer import shown_frame
from cell_events.gui.project_desk import LookedAt
from cell_events.gui.running.mitosis_state import FRAMES
from cell_events.gui.running.mitosis_tasks import Annotation, MitosisTasks

MOST_NAMED = 5
"""Frames of points outside that are named."""


class MitosisPoints(QObject):
    """Keeps the range of frames, hands out the tool that adds points, and counts them.

    Parameters
    ----------
    look
        Gives the movie looked at, as part of the project.
    """

    def __init__(
        self, tasks: MitosisTasks, form: MitosisForm, look: Callable[[], LookedAt]
    ) -> None:
        super().__init__(form)
        self.tasks, self.state, self.form = tasks, tasks.state, form
        self.bench, self._look = tasks.state.bench, look
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.count)
        form.frames.editingFinished.connect(self.keep_frames)
        form.add_divisions.clicked.connect(self.add_divisions)
        self.bench.edited.connect(self._later.start)
        self.bench.events.reset.connect(self._later.start)

    def show(self) -> None:
        """Show the range that the project holds, and how many points lie in it."""
        self.form.frames.setText(str(self.state.value(FRAMES) or ""))
        self.count()

    @says_errors
    def keep_frames(self) -> None:
        """Keep the range that somebody typed."""
        text = self.form.frames.text().strip()
        if text == str(self.state.value(FRAMES) or ""):
            return
        looked_at = self._look()
        if text:
            frame_range(text, looked_at.placement.movie_shape[0])  # or says how to write it
        self.state.keep(FRAMES, text)
        self.form.frames.setText(text)
        self.count()

    @says_errors
    def add_divisions(self) -> None:
        """Pick up the tool that adds points, in the first of the frames."""
        looked_at = self._look()
        text = self.form.frames.text()
        frames = frame_range(text, looked_at.placement.movie_shape[0])
        if shown_frame(self.bench.viewer, looked_at.placement) not in frames:
            go_to_frame(self.bench.viewer, looked_at.placement, frames[0])
        self.bench.show_points()
        self.bench.points.pick_up(self.tasks.kind)
        self.say(
            f"Click midway between daughters, in the first frame in which they are apart; mark "
            f"every {self.tasks.kind} of the frames {text.strip()}."
        )

    def count(self) -> None:
        """Say how many divisions are marked in the frames, and name those outside."""
        movie_id, text = self.state.movie_id, self.form.frames.text()
        sentence = ""
        if movie_id is not None and self.bench.project is not None and text.strip():
            try:
                sentence = told_annotation(self.tasks.annotation(movie_id, text), self.tasks.kind)
            except ValueError as error:
                sentence = str(error)
        self.form.marked.setText(sentence)
        self.form.marked.setVisible(bool(sentence))

    def say(self, sentence: str, is_error: bool = False) -> None:
        """Show one sentence in the status line."""
        self.bench.say(sentence, is_error)


def told_annotation(found: Annotation, kind: str) -> str:
    """Say "12 divisions marked in 40-53. 2 outside (frames 12, 60) are not learned."."""
    inside, outside = len(found.inside), len(found.outside)
    frames = f"{found.frames[0]}-{found.frames[-1]}"
    said = f"{_counted(inside, kind)} marked in the frames {frames}."
    if outside:
        verb = "is" if outside == 1 else "are"
        said += f" {outside} outside ({_frames_of(found.outside)}) {verb} not learned."
    return said


def _counted(number: int, kind: str) -> str:
    return f"{number or 'No'} {kind}{'' if number == 1 else 's'}"


def _frames_of(events: Sequence[Event]) -> str:
    """Name the frames of events, at most a few."""
    frames = sorted({event.t for event in events})
    named = ", ".join(str(t) for t in frames[:MOST_NAMED])
    return (
        f"frame{'s' if len(frames) > 1 else ''} {named}{', …' if len(frames) > MOST_NAMED else ''}"
    )
