"""How long a job still takes, from the pace of its reports; pauses do not count."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

SHORTEST_S = 1.0
"""A stage is watched for so long before its pace is believed."""


class TimeLeft:
    """Estimates the time left of one job from its progress reports.

    Stages that come again, as in the rounds of a training, are taken to last as long as before.
    While a stage is to follow that has not been seen yet, the estimate is a lower bound.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lasted: dict[str, float] = {}
        self._stage: str | None = None
        self._stage_began = self._paused_at = 0.0
        self._first_done = 0
        self._paused = False

    def tick(self, report: dict[str, Any]) -> tuple[float | None, bool]:
        """Take in a report; give the seconds left, if known, and whether that is all of them."""
        now = self._clock()
        if report["stage"] != self._stage:
            self._begin(report, now)
        left = self._of_stage(report, now)
        following = report.get("then") or ()
        known = [self._lasted[stage] for stage in following if stage in self._lasted]
        if left is None:
            return None, False
        return left + sum(known), len(known) == len(following)

    def pause(self) -> None:
        """Stop the clock."""
        if not self._paused:
            self._paused, self._paused_at = True, self._clock()

    def resume(self) -> None:
        """Let the clock go on."""
        if self._paused:
            self._paused = False
            self._stage_began += self._clock() - self._paused_at

    def _begin(self, report: dict[str, Any], now: float) -> None:
        """Keep how long the stage before lasted, and begin another."""
        if self._stage is not None:
            self._lasted[self._stage] = now - self._stage_began
        self._stage, self._stage_began = report["stage"], now
        self._first_done = report["done"]

    def _of_stage(self, report: dict[str, Any], now: float) -> float | None:
        """Seconds left of the present stage: by its own pace, or else by what the job says."""
        done, elapsed = report["done"] - self._first_done, now - self._stage_began
        if done < 1 or elapsed < SHORTEST_S or not report["total"]:
            told: float | None = report.get("seconds_left")
            return told
        return elapsed / done * (report["total"] - report["done"])
