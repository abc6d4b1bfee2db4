"""What happened, when, where, and how surely: `Event`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite

STATUSES = ("proposed", "accepted", "rejected", "added")
"""What a person made of an event: a detector proposes, a person accepts, rejects or adds."""

COLUMNS = ("t", "y", "x", "kind", "score", "probability", "status", "source")
SCALED_COLUMNS = ("t_s", "y_um", "x_um")
REQUIRED_COLUMNS = ("t", "y", "x")

NUMBERS = ("t", "y", "x", "score", "probability")
KNOWN_COLUMNS = frozenset(COLUMNS + SCALED_COLUMNS)


class EventsError(ValueError):
    """Events that cannot be read or written; the message is one sentence for the user."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a cell, at one place and time.

    Attributes
    ----------
    t
        Frame index, 0-based: the first frame that shows the outcome. For a division, the first
        frame in which the daughters are separate.
    y, x
        Place in pixels, 0-based, at the centres of pixels; for a division the midpoint between
        the daughters.
    kind
        Class of the event, such as "division" or "death".
    score
        Raw output of the network after softmax; None where no network was asked.
    probability
        Calibrated probability in [0, 1]; None where the model was never calibrated.
    status
        One of `STATUSES`.
    source
        What found it: the name of a model file, a person, or empty.
    extra
        Further columns of the CSV, by name, as text.

    Raises
    ------
    EventsError
        If a value is out of range.
    """

    t: int
    y: float
    x: float
    kind: str = "division"
    score: float | None = None
    probability: float | None = None
    status: str = "proposed"
    source: str = ""
    extra: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        t, score, probability = self.t, self.score or 0.0, self.probability or 0.0
        place_is_finite = isfinite(t) and isfinite(self.y) and isfinite(self.x)
        if not (place_is_finite and isfinite(score) and isfinite(probability)):
            raise EventsError(_sentence_on_infinite(self))
        if t < 0 or t != int(t):
            raise EventsError(f"t must be a frame index (0, 1, 2, ...), got {t}.")
        if type(t) is not int:
            object.__setattr__(self, "t", int(t))
        if not 0 <= probability <= 1:
            raise EventsError(f"probability must lie between 0 and 1, got {probability}.")
        if not self.kind:
            raise EventsError("kind must name the class of the event, got an empty text.")
        if self.status not in STATUSES:
            raise EventsError(f"status must be one of {', '.join(STATUSES)}, got {self.status!r}.")
        if self.extra and not KNOWN_COLUMNS.isdisjoint(self.extra):
            taken = next(name for name in self.extra if name in KNOWN_COLUMNS)
            raise EventsError(f"extra must not repeat the column {taken!r}; set the field.")


def _sentence_on_infinite(event: Event) -> str:
    values = {name: getattr(event, name) for name in NUMBERS}
    name = next(name for name, value in values.items() if value and not isfinite(value))
    return f"{name} must be a finite number, got {values[name]}."
