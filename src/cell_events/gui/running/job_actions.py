"""What the actions of every dock have: where they ask, and how they begin and leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qtpy.QtCore import QObject

from cell_events.gui.project_desk import LookedAt
from cell_events.gui.workbench import Workbench


class JobActions(QObject):
    """Starts jobs, and keeps what they make in the project.

    Parameters
    ----------
    look
        Gives the movie looked at, as part of the project, with its paint.
    ask
        Gives what the form says.
    """

    def __init__(
        self,
        bench: Workbench,
        look: Callable[[], LookedAt],
        ask: Callable[[], Any],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.bench = bench
        self._look, self._ask = look, ask

    def leave(self) -> None:
        """Take up nothing any more."""
        self.bench.runs.remove(self)

    def say(self, sentence: str, is_error: bool = False) -> None:
        """Show one sentence in the status line."""
        self.bench.say(sentence, is_error)
