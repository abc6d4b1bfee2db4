"""What the worker tells of a running job: progress at a readable rate, and what it uses."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import psutil

from cell_events.jobs import Progress, report_to_json

if TYPE_CHECKING:
    import torch

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
        self._device: torch.device | None = None
        self._process = psutil.Process()

    def progress(self, report: Progress) -> dict[str, Any]:
        """Give the report as it travels, with `device` and memory in megabytes.

        The device, such as "cpu, 2 threads", is None until the job has loaded torch, which this
        never does. Memory on the graphics card is told apart, where one is used.
        """
        answer = report_to_json(report)
        used = {"memory_mb": self._process.memory_info().rss / MEGABYTE}
        answer["progress"] |= {"device": None, **used, **self._on_device()}
        return answer

    def _on_device(self) -> dict[str, Any]:
        """What is known once the job has loaded torch."""
        if self._wanted is None or "torch" not in sys.modules:
            return {}
        from cell_events.engine.device import card_memory_bytes, choose_device, device_words

        self._device = self._device or choose_device(self._wanted)
        used: dict[str, Any] = {"device": device_words(self._device)}
        if (on_card := card_memory_bytes(self._device)) is not None:
            used["gpu_memory_mb"] = on_card / MEGABYTE
        return used
