"""What an evaluation found, in words and small tables of rich text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from cell_events.trust.evaluation_sentences import MEANINGS

Values = Mapping[str, Any]

FIGURES = {
    "precision": "Precision",
    "recall": "Recall",
    "f1": "F1",
    "average_precision": "Average precision",
}


def told_figures(values: Values) -> str:
    """Give the figures with their intervals, of one list or of two and their difference."""
    other, compared = values.get("against"), values.get("comparison")
    if other is None or compared is None:
        rows = [(words, _told(values["all"], name)) for name, words in FIGURES.items()]
        return _table(("", "found", "95 %"), [(w, *told) for w, told in rows])
    rows_of_two = [
        (words, _told(values["all"], name)[0], _told(other["all"], name)[0], *_difference(ends))
        for name, words in FIGURES.items()
        if (ends := compared["A_minus_B"].get(name))
    ]
    return _table(("", "found", "other", "difference", "95 %"), rows_of_two)


def told_counts(values: Values) -> str:
    """Say how many were found, missed and invented; and with two lists who found what."""
    one = values["all"]
    told = (
        f"<b>{one['true_positives']}</b> found, <b>{one['false_negatives']}</b> missed, "
        f"<b>{one['false_positives']}</b> false alarms"
    )
    compared = values.get("comparison")
    if compared is None:
        return f"{told}{_told_best(one)}."
    true, alarms = compared["true_events"], compared["false_alarms"]
    return (
        f"{told}.<br>Of the true events both found {true['both']}, only this one "
        f"{true['only_A']}, only the other {true['only_B']}, neither {true['neither']}. False "
        f"alarms: {alarms['both']} of both, {alarms['only_A']} of this one only, "
        f"{alarms['only_B']} of the other only."
    )


def told_caution(values: Values) -> str:
    """Say which places count, and in bold what else one must know."""
    notes = (f"<b>{escape(note)}</b>" for note in values["notes"])
    return "<br>".join([*map(escape, values["split"]), *notes])


def told_meanings() -> str:
    """What the figures mean, for a tooltip."""
    meant = (f"<b>{name}</b>: {escape(meaning)}" for name, meaning in MEANINGS.items())
    return f"<p>{'<br>'.join(meant)}</p>"


def _told_best(one: Values) -> str:
    best, at = one["best_f1"], one["best_threshold"]
    return "" if best is None or at is None else f"; best F1 {best:.2f}, from a score of {at:.2f}"


def _told(one: Values, name: str) -> tuple[str, str]:
    value, ends = one[name], one["intervals"].get(name)
    told = "-" if value is None else f"<b>{value:.2f}</b>"
    return (
        told,
        "" if not ends or None in ends else f"<small>{ends[0]:.2f} to {ends[1]:.2f}</small>",
    )


def _difference(ends: Sequence[float | None]) -> tuple[str, str]:
    value, low, high = ends
    told = "-" if value is None else f"<b>{value:+.2f}</b>"
    return told, "" if low is None or high is None else f"<small>{low:+.2f} to {high:+.2f}</small>"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [_row(head), *(_row(cells) for cells in rows)]
    return f"<table cellspacing=0 cellpadding=1>{''.join(lines)}</table>"


def _row(cells: Sequence[str]) -> str:
    first, *others = cells
    told = "".join(f"<td align=right>&nbsp;&nbsp;{cell}</td>" for cell in others)
    return f"<tr><td>{first}</td>{told}</tr>".replace(" to ", "&nbsp;to&nbsp;")
