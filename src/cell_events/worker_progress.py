"""What the worker tells of a running job: progress at a readable rate, and what it uses."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from typing import Any

import psutil

from cell_events.jobs import Progress, report_to_json

INTERVAL_S = 0.05
MEGABYTE = 1e6


class ProgressThinner:
    """Lets a report through at most every `interval_s`; loses no measurement and no stage's end.

    Measurements of a report that is held back go along with the next one of its stage.
    """

    def __init__(self, interval_s: float = INTERVAL_S) -> None:
        self._interval_s = interval_s
        self._held: Progress | None = None
        self._stage, self._sent_at = "", 0.0

    def add(self, report: Progress) -> list[Progress]:
        """Take in a report; give those to send now, in order."""
        before: list[Progress] = []
        if self._held is not None and self._held.stage != report.stage:
            before = self.flush()
        elif self._held is not None:
            report = replace(report, values={**self._held.values, **report.values})
        self._held = report
        waited = time.monotonic() - self._sent_at >= self._interval_s
        return [*before, *self.flush()] if waited or report.stage != self._stage else before

    def flush(self) -> list[Progress]:
        """Give what was held back, if anything."""
        held, self._held = self._held, None
        if held is None:
            return []
        self._stage, self._sent_at = held.stage, time.monotonic()
        return [held]


class Resources:
    """What one job computes on and how much memory this process holds.

    Parameters
    ----------
    device
        The job's setting; None for a job that computes on none.
    """

    def __init__(self, device: str | None) -> None:
        self._wanted = device
        self._device: str | None = None
        self._process = psutil.Process()

    def progress(self, report: Progress) -> dict[str, Any]:
        """Give the report as it travels, with `device` and memory in megabytes."""
        answer = report_to_json(report)
        answer["progress"] |= {"device": self.device, **self.memory()}
        return answer

    @property
    def device(self) -> str | None:
        """Such as "cpu, 2 threads"; None until the job has loaded torch, which this never does."""
        if self._device is None and self._wanted is not None and "torch" in sys.modules:
            from cell_events.engine.device import choose_device, device_words

            self._device = device_words(choose_device(self._wanted))
        return self._device

    def memory(self) -> dict[str, float]:
        """Resident memory, and what torch has reserved on the graphics card, if it uses one."""
        used = {"memory_mb": self._process.memory_info().rss / MEGABYTE}
        if self._device is not None and self._device.startswith("cuda"):
            import torch

            used["gpu_memory_mb"] = torch.cuda.memory_reserved() / MEGABYTE
        return used
