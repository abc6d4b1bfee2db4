"""Run a generator in the viewer's event loop, one step a turn, so that nothing freezes."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from qtpy.QtCore import QObject, QTimer, Signal


class Stepper(QObject):
    """Signals `stepped(value)` for each value, then `finished(returned)` or `failed(exception)`."""

    stepped = Signal(object)
    finished = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps: Generator[Any, None, Any] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._step)

    @property
    def busy(self) -> bool:
        """Whether a generator is under way."""
        return self._steps is not None

    def start(self, steps: Generator[Any, None, Any]) -> None:
        """Begin to run `steps`; an earlier generator is dropped."""
        self.stop()
        self._steps = steps
        self._timer.start()

    def stop(self) -> None:
        """Drop the generator; no signal follows."""
        self._timer.stop()
        steps, self._steps = self._steps, None
        if steps is not None:
            steps.close()

    def pause(self) -> None:
        """Hold still until `resume`."""
        self._timer.stop()

    def resume(self) -> None:
        """Go on, if a generator is under way."""
        if self.busy:
            self._timer.start()

    def _step(self) -> None:
        if self._steps is None:
            return
        try:
            value = next(self._steps)
        except StopIteration as end:
            self.stop()
            self.finished.emit(end.value)
        except Exception as error:  # noqa: BLE001 - told by `failed`, whose listener reports it
            self.stop()
            self.failed.emit(error)
        else:
            self.stepped.emit(value)
