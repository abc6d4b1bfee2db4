"""The plan for the movie looked at: how long divisions last, and which frames to annotate."""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtCore import QObject

from cell_events.gui.edit_desk import go_to_frame
from cell_events.gui.forms.frame_range import frame_range, told_range
from cell_events.gui.forms.mitosis_form import MitosisForm
from cell_events.gui.forms.spoken_errors import says_errors
from cell_events.gui.project_desk import LookedAt
from cell_events.gui.running.mitosis_state import FRAMES, LENGTH, MitosisState
from cell_events.jobs.frames_to_annotate import frames_to_annotate
from cell_events.jobs.plan_folder import LENGTHS_CSV

NO_PLAN = "No plan yet."


class MitosisPlanned(QObject):
    """Shows the plan; another k gives another range of frames, without any network.

    Parameters
    ----------
    look
        Gives the movie looked at, as part of the project.
    """

    def __init__(
        self, state: MitosisState, form: MitosisForm, look: Callable[[], LookedAt]
    ) -> None:
        super().__init__(form)
        self._look = look
        self.state, self.bench, self.form = state, state.bench, form
        self._frames: range | None = None
        form.k.valueChanged.connect(self.keep_length)
        form.go_there.clicked.connect(self.go_there)

    def show(self) -> None:
        """Show the plan, or that there is none, and k."""
        plan, form = self.state.plan, self.form
        form.histogram.show_lengths(plan.get("lengths", ()), plan.get("statistics", {}))
        self._show_length()

    @says_errors
    def keep_length(self) -> None:
        """Keep the k that somebody typed, and plan anew with it."""
        before, length = self._frames, self.form.length
        if self.state.movie_id is None:
            self._look()
        self.state.keep(LENGTH, length)
        self._show_length()
        if before is not None and self._frames is not None:
            self._suggest(before, self._frames)

    @says_errors
    def go_there(self) -> None:
        """Show the first of the frames to annotate."""
        looked_at = self.bench.looked_at
        if looked_at is not None and self._frames is not None:
            go_to_frame(self.bench.viewer, looked_at.placement, self._frames[0])

    def say(self, sentence: str, is_error: bool = False) -> None:
        """Show one sentence in the status line."""
        self.bench.say(sentence, is_error)

    def _suggest(self, before: range, now: range) -> None:
        """Fill in the frames, unless somebody has chosen others."""
        if self.state.value(FRAMES) in (None, "", told_range(before)):
            self.state.keep(FRAMES, told_range(now))
            self.form.frames.setText(told_range(now))
            self.form.frames.editingFinished.emit()

    def _show_length(self) -> None:
        """Show k, as somebody typed it or else as planned, and the frames that follow."""
        typed, k = self.state.value(LENGTH), self.form.k
        length = int(typed if typed is not None else self.state.plan.get("length", 0))
        k.blockSignals(True)
        k.setValue(max(length, k.minimum()))
        k.blockSignals(False)
        self._show_frames()

    def _show_frames(self) -> None:
        """Say which frames to annotate for k."""
        self._frames = self._planned()
        if self._frames is not None:
            count = len(self._frames)
            words = f"Annotate <b>{count} frames: {told_range(self._frames)}</b>"
        self.form.advice.setText(words if self._frames is not None else NO_PLAN)
        self.form.go_there.setEnabled(self._frames is not None)
        self.form.histogram.show_k(self.form.length)

    def _planned(self) -> range | None:
        """Frames to annotate for k; None without a plan."""
        plan, folder, length = self.state.plan, self.state.plan_folder, self.form.length
        looked_at = self.bench.looked_at
        if not plan or folder is None or looked_at is None:
            return None
        n_frames = looked_at.placement.movie_shape[0]
        if length is None or length == plan["length"]:
            return frame_range(str(plan["frames"]), n_frames)
        found = frames_to_annotate(folder / LENGTHS_CSV, length, n_frames)
        return range(found.first, found.last + 1)
