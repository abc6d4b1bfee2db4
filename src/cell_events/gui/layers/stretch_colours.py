"""Colours of the kinds of abnormal stretches, on the curve and on the movie."""

from __future__ import annotations

from zlib import crc32

from cell_events.series.labelled_series import NORMAL

STRETCH_COLOURS = {
    "arrest": "#ff5ab4",
    "loss": "#ff8a3d",
    "abnormal growth": "#c3e03c",
    "swap": "#00d5ff",
    "merge": "#6f9bff",
    "split": "#b59bff",
    "dropout": "#4fd6b0",
    "additive outlier": "#ff6b6b",
    "volatility change": "#7dff6a",
    "cyclic violation": "#d8b48a",
    NORMAL: "#9aa4ad",
}
"""Of the kinds that models of the package know: warm for the cell's own, cold for measurement."""

PAINTED_KINDS = ("arrest", "loss", "abnormal growth", "swap", "merge", "split", "dropout", NORMAL)
"""Kinds that are offered to paint; others can be typed."""

_OTHERS = ("#e6e68a", "#ff9ecb", "#8affc1", "#c7c7ff", "#ffc38a", "#a0e8ff")


def stretch_colour(kind: str) -> str:
    """Colour of a kind; one that somebody has invented keeps its own, too."""
    return STRETCH_COLOURS.get(kind) or _OTHERS[crc32(kind.encode()) % len(_OTHERS)]
