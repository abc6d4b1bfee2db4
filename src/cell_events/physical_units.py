"""Lengths in micrometres and times in seconds, from the many spellings that files use."""

from __future__ import annotations

import math
from typing import Any

# One unit in micrometres. Inches are left out on purpose: image files carry "72 dpi" for printers,
# which says nothing about the specimen.
MICROMETRES = {
    "pm": 1e-6, "picometer": 1e-6,
    "angstrom": 1e-4, "å": 1e-4,
    "nm": 1e-3, "nanometer": 1e-3,
    "um": 1.0, "μm": 1.0, "\\u00b5m": 1.0, "micron": 1.0, "micrometer": 1.0,
    "mm": 1e3, "millimeter": 1e3,
    "cm": 1e4, "centimeter": 1e4,
    "m": 1e6, "meter": 1e6,
}  # fmt: skip

SECONDS = {
    "ns": 1e-9, "nsec": 1e-9, "nanosecond": 1e-9,
    "us": 1e-6, "μs": 1e-6, "usec": 1e-6, "microsecond": 1e-6,
    "ms": 1e-3, "msec": 1e-3, "millisecond": 1e-3,
    "s": 1.0, "sec": 1.0, "second": 1.0,
    "min": 60.0, "minute": 60.0,
    "h": 3600.0, "hr": 3600.0, "hour": 3600.0,
    "d": 86400.0, "day": 86400.0,
}  # fmt: skip


def length_um(value: Any, unit: str | None) -> float | None:
    """Convert a length to micrometres; None where value or unit says nothing usable."""
    return _convert(value, unit, MICROMETRES)


def duration_s(value: Any, unit: str | None) -> float | None:
    """Convert a duration to seconds; None where value or unit says nothing usable."""
    return _convert(value, unit, SECONDS)


def _convert(value: Any, unit: str | None, factors: dict[str, float]) -> float | None:
    factor = factors.get(_plain(unit or ""), factors.get(_plain(unit or "").removesuffix("s")))
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    if factor is None or not math.isfinite(number) or number <= 0:
        return None
    return number * factor


def _plain(unit: str) -> str:
    """Write a unit in lower case, American spelling and with the Greek letter mu."""
    return unit.strip().lower().replace("µ", "μ").replace("metre", "meter")
