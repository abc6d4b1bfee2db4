"""The jobs of the dock 'Why here?': how they begin, and what becomes of their results."""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtCore import QObject, Signal

from cell_events.events import Event
from cell_events.gui.forms.spoken_errors import says_errors
from cell_events.gui.layers.heat_layer import shown_frame
from cell_events.gui.layers.layer_axes import LayerError
from cell_events.gui.project_desk import LookedAt
from cell_events.gui.running.explain_outcomes import checked_outcome, event_outcome, frames_outcome
from cell_events.gui.running.explain_state import ExplainState, FramesExplained
from cell_events.gui.running.explain_tasks import ExplainAsked, ExplainTasks
from cell_events.gui.running.job_actions import JobActions
from cell_events.gui.running.run_desk import Steps, Values
from cell_events.gui.workbench import Workbench
from cell_events.jobs import Explain

EXPLAIN_EVENT, CHECK, EXPLAIN_FRAMES = "Explain the event", "Check the sanity", "Explain frames"
"""Titles of the jobs."""


class ExplainActions(JobActions):
    """Starts jobs, and tells what they give.

    Signals: `event_explained(job, values)`; `frames_explained()` when the project holds other maps
    of the movie looked at.
    """

    event_explained = Signal(object, object)
    frames_explained = Signal()

    def __init__(
        self,
        bench: Workbench,
        look: Callable[[], LookedAt],
        ask: Callable[[], ExplainAsked],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(bench, look, ask, parent)
        self.state, self.tasks = ExplainState(bench), ExplainTasks(bench)
        bench.runs.add(self, EXPLAIN_EVENT, self._take_up_event)
        bench.runs.add(self, CHECK, self._take_up_event)
        bench.runs.add(self, EXPLAIN_FRAMES, self._take_up_frames)

    @says_errors
    def explain(self) -> None:
        """Show what spoke for the selected event."""
        self.bench.runs.start(EXPLAIN_EVENT, self.event_steps())

    @says_errors
    def check(self) -> None:
        """The same, and beside it the map of a network with random weights."""
        self.bench.runs.start(CHECK, self.check_steps())

    @says_errors
    def explain_frames(self) -> None:
        """Show what speaks for the class in whole frames."""
        self.bench.runs.start(EXPLAIN_FRAMES, self.frames_steps())

    def event_steps(self) -> Steps:
        """What leads to the job behind 'Why here?'."""
        return self._event_steps(sanity=False)

    def check_steps(self) -> Steps:
        """What leads to the job behind 'Sanity check'."""
        return self._event_steps(sanity=True)

    def frames_steps(self) -> Steps:
        """What leads to the job behind 'Explain frames'."""
        asked, looked_at = self._ask(), self._look()
        shown = shown_frame(self.bench.viewer, looked_at.placement)
        return self.tasks.frames(looked_at, shown, asked)

    def _event_steps(self, sanity: bool) -> Steps:
        asked, looked_at = self._ask(), self._look()
        return self.tasks.event(looked_at, self._selected(), asked, sanity)

    def _selected(self) -> Event:
        """The event that is selected in inbox, table or viewer.

        Raises
        ------
        LayerError
            If none is.
        """
        event = self.bench.events.get(self.bench.events.selected_id)
        if event is None:
            raise LayerError(
                "No event is selected; click on its point, on its row in the table, or press N in "
                "the inbox."
            )
        return event

    def _take_up_event(self, job: Explain, values: Values) -> str:
        """Show what spoke for an event."""
        self.event_explained.emit(job, values)
        return checked_outcome(values) if job.sanity else event_outcome(values)

    def _take_up_frames(self, job: Explain, values: Values) -> str:
        """Show these maps of whole frames from now on."""
        state = self.state
        explained = FramesExplained(
            maps=state.name_of(job.out),
            table=state.name_of(job.table),
            kind=str(values["kind"]),
            layer=str(values["layer"]),
            delta=int(values["delta"]),
            size=int(values["size"]),
        )
        state.keep(explained, self.bench.runs.movie_of(job))
        self.frames_explained.emit()
        return frames_outcome(job, values)
