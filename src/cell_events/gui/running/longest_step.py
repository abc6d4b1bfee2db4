"""How long a job may leave one without a word: the longest gap between its reports."""

from __future__ import annotations

import time
from collections.abc import Callable


class LongestStep:
    """Measures the gaps between the reports of one job at a time; pauses do not count."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._job_id: int | None = None
        self._last: float | None = None
        self._longest_s = 0.0

    @property
    def milliseconds(self) -> int:
        """The longest gap so far; 0 before the second report."""
        return round(1000 * self._longest_s)

    def tick(self, job_id: int) -> None:
        """Note a report; the first one of another job starts anew."""
        if job_id != self._job_id:
            self._job_id, self._last, self._longest_s = job_id, None, 0.0
        now = self._clock()
        if self._last is not None:
            self._longest_s = max(self._longest_s, now - self._last)
        self._last = now

    def begin(self) -> None:
        """Begin a new gap with the next report, as after a pause."""
        self._last = None
