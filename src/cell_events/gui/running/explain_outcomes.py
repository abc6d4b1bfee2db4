"""What the status line says of an explanation, and what a sanity check means."""

from __future__ import annotations

from math import isnan
from typing import Any

from cell_events.gui.running.outcomes import short
from cell_events.jobs import Explain

Values = dict[str, Any]

ALIKE, SOMEWHAT = 0.7, 0.4
"""Rank correlations with the map of random weights from which maps are alike, or partly so."""


def event_outcome(values: Values) -> str:
    """Say which layer was looked at, and what to do next."""
    if values.get("notes"):
        return " ".join(values["notes"])
    return (
        f"Explained in the layer {values['layer']}. Bright places spoke for it; press "
        "'Sanity check' to see whether that was learned."
    )


def told_event(kind: str, logit: float, highest: float) -> str:
    """Say what the pictures of an event show; `highest` is the brightest value of its map."""
    output = f"(output of the network there: {logit:+.1f})"
    if highest > 0:
        return f"Bright places speak for '{kind}' {output}."
    return f"The map is zero everywhere: no place speaks for '{kind}' {output}."


def checked_outcome(values: Values) -> str:
    """Say how alike the maps are."""
    if values.get("notes"):
        return " ".join(values["notes"])
    return told_sanity(values.get("sanity") or {})


def frames_outcome(job: Explain, values: Values) -> str:
    """Say how much was explained."""
    number = int(values["frames"])
    frames = f"{number} frame{'' if number == 1 else 's'}"
    told = f"{frames} explained for '{values['kind']}'; kept as {short(job.out)}."
    return " ".join([told, *values.get("notes", ())])


def told_sanity(sanity: Values) -> str:
    """Say in one sentence what the check means.

    A map that the same network gives with random weights, too, explains nothing about what was
    learned (Adebayo et al. 2018).
    """
    correlation = sanity.get("rank_correlation_with_random_weights")
    if correlation is None or isnan(correlation):
        return (
            "One of both maps is the same everywhere, so that they cannot be compared; try another "
            "layer."
        )
    alike = f"(rank correlation {correlation:.2f})"
    if correlation >= ALIKE:
        return (
            f"With random weights the map looks much the same {alike}: it shows the shape of the "
            "image rather than what was learned; do not rely on it, or try another layer."
        )
    if correlation >= SOMEWHAT:
        return (
            f"With random weights the map is similar in part {alike}: some of it is the shape of "
            "the image."
        )
    return f"With random weights the map is another one {alike}: it depends on what was learned."
