"""Colours of the kinds of event, the same for paint and detections, and of answers."""

from __future__ import annotations

from collections.abc import Sequence

KIND_COLOURS = ("#ffd400", "#ff5ab4", "#00d5ff", "#7dff6a", "#ff8a3d", "#b59bff")
"""For the labels 1, 2, ...: bright on a dark movie, apart by brightness as well as by hue."""

CATEGORY_COLOURS = {"CA": "#ff5ab4", "MA": "#00d5ff", "CMA": "#b59bff", "PA": "#7dff6a"}
"""For what an expert says of a flagged cell."""

OTHER_COLOUR = "#ffffff"


def colour_of_kind(kind: str, kinds: Sequence[str]) -> str:
    """Colour of a kind among all kinds in the project's order."""
    if kind not in kinds:
        return OTHER_COLOUR
    return KIND_COLOURS[kinds.index(kind) % len(KIND_COLOURS)]
