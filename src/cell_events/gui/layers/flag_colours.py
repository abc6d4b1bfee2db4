"""Colours of cells by their flag, and by what an expert says of them."""

from __future__ import annotations

from cell_events.dry_mass.flags import FLAGGED, NORMAL, CellFlag
from cell_events.gui.layers.colours import CATEGORY_COLOURS

CAUSE_COLOURS = {"cellular": "#ff5ab4", "measurement": "#00d5ff", "": "#ffd400"}
"""Of flagged cells without an answer; the first two as in the expert's answers."""

NORMAL_COLOUR, NOT_ASSESSED_COLOUR = "#c8d0d840", "#5b636b90"

TOLD_COLOURS = {
    "cell": CAUSE_COLOURS["cellular"],
    "measurement": CAUSE_COLOURS["measurement"],
    "unclear": CAUSE_COLOURS[""],
    "normal": NORMAL_COLOUR[:7],
    "not assessed": NOT_ASSESSED_COLOUR[:7],
}
"""What the colours mean, in words."""


def flag_colour(flag: CellFlag, category: str = "") -> str:
    """Colour of a cell; an answer counts for more than a flag."""
    if category:
        return CATEGORY_COLOURS[category]
    if flag.flag == FLAGGED:
        return CAUSE_COLOURS.get(flag.cause, CAUSE_COLOURS[""])
    return NORMAL_COLOUR if flag.flag == NORMAL else NOT_ASSESSED_COLOUR


def key_of_flag_colours() -> str:
    """Rich text that names the colours."""
    return "  ".join(
        f"<span style='color:{colour}'>■</span>&nbsp;{words.replace(' ', '&nbsp;')}"
        for words, colour in TOLD_COLOURS.items()
    )
