"""Read in one background thread, of which only the latest request is answered."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from qtpy.QtCore import QObject, Signal

JOIN_S = 2.0
LOG = logging.getLogger(__name__)


class LatestReader(QObject):
    """Signals `done(key, result)` or `failed(key, sentence)` for the latest request.

    Requests that are overtaken by a later one before they begin are dropped; results that are
    overtaken are not told. The thread starts with the first request and ends with `shut_down`.
    """

    done = Signal(object, object)
    failed = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._news = threading.Condition()
        self._request: tuple[Any, Callable[[], Any]] | None = None
        self._latest_key: Any = None
        self._is_closed = False
        self._thread: threading.Thread | None = None

    def read(self, key: Any, function: Callable[[], Any]) -> None:
        """Call the function in the thread; `key` names the request in signals."""
        with self._news:
            if self._is_closed:
                return
            self._request, self._latest_key = (key, function), key
            self._news.notify()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="thumbnails", daemon=True)
            self._thread.start()

    def forget(self) -> None:
        """Answer no earlier request."""
        with self._news:
            self._request = self._latest_key = None

    def shut_down(self) -> None:
        """End the thread; it may finish what it reads. Safe to call twice."""
        with self._news:
            self._is_closed, self._request = True, None
            self._news.notify()
        if self._thread is not None:
            self._thread.join(JOIN_S)

    def _run(self) -> None:
        while (request := self._awaited()) is not None:
            key, function = request
            try:
                signal, answer = self.done, function()
            except Exception as error:
                LOG.debug("reading failed", exc_info=error)
                signal, answer = self.failed, str(error)
            with self._news:  # no signal once `shut_down` has returned
                if self._is_latest(key):
                    signal.emit(key, answer)

    def _awaited(self) -> tuple[Any, Callable[[], Any]] | None:
        """Wait for a request and take it; None once the reader is closed."""
        with self._news:
            self._news.wait_for(lambda: self._is_closed or self._request is not None)
            request, self._request = self._request, None
            return request

    def _is_latest(self, key: Any) -> bool:
        return not self._is_closed and key == self._latest_key
