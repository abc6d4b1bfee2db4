"""The sentences on the page of an evaluation, and how its figures are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

TITLES = {
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "average_precision": "average precision",
}
UNKNOWN = "-"
ABOUT_INTERVALS = (
    "Intervals hold 95 % of {repeats} repeats in which blocks of {blocks_px} px and "
    "{blocks_frames} frames were drawn with replacement. They tell how much the figures depend on "
    "which part of this movie was looked at. They do not cover other movies, mistakes of whoever "
    "marked the truth, or another training of the model. A figure that is 0 or 1 in "
    "every block has no interval."
)
MEANINGS = {
    "precision": "share of the found events that are true: hits / (hits + false alarms)",
    "recall": "share of the true events that were found: hits / (hits + missed)",
    "F1": "both in one number, low if either is low: 2 hits / (2 hits + missed + false alarms)",
    "average precision": "precision, averaged while the least score goes down and recall goes up; "
    "true events that were never found count as 0",
    "best F1 (at)": "the highest F1, and the least score that gives it; chosen on these very "
    "events, and so a little too good",
}


def told_rule(values: Mapping[str, Any]) -> str:
    """Say when a found event is a true one, which ones count, and what ranks them."""
    least, other = (values["settings"][name] for name in ("threshold", "against_threshold"))
    counted = "All found events count" if least is None else f"Found events from {least:g} on count"
    their_rank = values.get("against", {}).get("ranked_by", values["ranked_by"])
    is_other = their_rank != values["ranked_by"]
    ranked = f", those of the other list by their {their_rank}" if is_other else ""
    another = "" if other is None else f", of the other list those from {other:g} on"
    near = f"{values['radius_px']:g} px and {values['frames']} frame{'s' * (values['frames'] != 1)}"
    return (
        f"A found event is a true one of its kind if it lies within {near} of it; each counts "
        f"once. {counted}{another}; they are ranked by their {values['ranked_by']}{ranked}."
    )


def told_figure(value: float | None, interval: Sequence[float | None] | None) -> str:
    """Say a figure with its interval: "0.83 (0.75 to 0.90)"."""
    if value is None:
        return UNKNOWN
    if not interval or None in interval:
        return f"{value:.2f}"
    return f"{value:.2f} ({interval[0]:.2f} to {interval[1]:.2f})"


def told_difference(value: float | None, low: float | None, high: float | None) -> str:
    """Say a difference with its sign: "+0.050 (-0.010 to +0.110)"."""
    if value is None:
        return UNKNOWN
    told = f"{value:+.3f}"
    return told if low is None or high is None else f"{told} ({low:+.3f} to {high:+.3f})"


def told_chance(counts: Mapping[str, int], p_value: float) -> str:
    """How far the differences could be chance."""
    only = counts["only_A"], counts["only_B"]
    return (
        "Numbers in brackets are 95 % intervals, from the same blocks for A and B. Where they hold "
        f"0, it is not shown that one is better. Of the {sum(only)} true events that only one of "
        f"the two found, A has {only[0]} and B has {only[1]}; if both were equally good, they "
        f"would part at least as unevenly with a probability of p = {p_value:.3g} (exact test of "
        "McNemar). This test takes events as independent, which neighbours in one movie are not; "
        "the intervals do not."
    )
