"""Which events a table shows, and in which order: filters and sorting on columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cell_events.review.event_columns import EventColumns
from cell_events.review.queue import likelihood


@dataclass(frozen=True, slots=True)
class RowFilter:
    """What must hold of an event for it to be shown.

    Attributes
    ----------
    kind, status
        Exactly this; None for any.
    least_score
        Calibrated probability, or else the raw score, is at least this; at 0 events without any
        are shown, too.
    first_frame, last_frame
        The frames from which to which events are shown; None for no limit.
    text
        Something that kind or source contains, in small or capital letters.
    """

    kind: str | None = None
    status: str | None = None
    least_score: float = 0.0
    first_frame: int | None = None
    last_frame: int | None = None
    text: str = ""

    def mask(self, columns: EventColumns) -> NDArray[np.bool_]:
        """Whether each row is shown."""
        shown = np.ones(len(columns.ids), dtype=bool)
        for name, word in (("kind", self.kind), ("status", self.status)):
            if word is not None:
                shown &= np.asarray(columns[name] == word, dtype=bool)
        if self.least_score > 0:
            shown &= likelihood(columns) >= self.least_score  # NaN is not
        if self.first_frame is not None:
            shown &= columns["t"] >= self.first_frame
        if self.last_frame is not None:
            shown &= columns["t"] <= self.last_frame
        if self.text:
            shown &= _contains(columns, "kind", self.text) | _contains(columns, "source", self.text)
        return shown


def sorted_rows(
    columns: EventColumns, shown: NDArray[np.bool_], column: str, *, descending: bool = False
) -> NDArray[np.intp]:
    """Rows that are `shown`, sorted by one column, equal ones by time; unknown numbers last."""
    rows = columns.in_time[shown[columns.in_time]]
    values = columns[column][rows]
    if values.dtype == object:
        codes, words = pd.factorize(values)
        values = np.argsort(np.argsort(np.array(words, dtype=str)))[codes]
    return rows[np.argsort(-values if descending else values, kind="stable")]


def _contains(columns: EventColumns, name: str, text: str) -> NDArray[np.bool_]:
    codes, words = pd.factorize(columns[name])
    return np.array([text.lower() in word.lower() for word in words], dtype=bool)[codes]
