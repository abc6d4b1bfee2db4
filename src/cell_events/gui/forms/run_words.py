"""Words for time and memory, as the run bar shows them."""

from __future__ import annotations

from typing import Any


def told_time(seconds: float | None, is_all: bool) -> str:
    """Say how long a job still takes: "3 min left", or "at least 3 min left"; or nothing."""
    if seconds is None:
        return ""
    return f"{'' if is_all else 'at least '}{duration(seconds)} left"


def told_use(report: dict[str, Any]) -> str:
    """Say what a job uses, such as "cpu, 2 threads · 810 MB"."""
    parts = [report.get("device") or ""]
    if "memory_mb" in report:
        parts.append(memory(report["memory_mb"]))
    if "gpu_memory_mb" in report:
        parts[-1] += f" + {memory(report['gpu_memory_mb'])} on the card"
    return " · ".join(part for part in parts if part)


def memory(megabytes: float) -> str:
    """Memory in the unit that fits: "810 MB", "2.4 GB"."""
    return f"{megabytes:.0f} MB" if megabytes < 1000 else f"{megabytes / 1000:.1f} GB"


def duration(seconds: float) -> str:
    """Time in the largest unit that fits: "40 s", "3 min", "2 h 5 min"."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
