"""An event in words, for the screen."""

from __future__ import annotations

from cell_events.events import Event
from cell_events.gui.forms.run_words import duration
from cell_events.review.decisions import PROPOSED_KIND, PROPOSED_T

FOUND_BY, DISAGREEMENT = "found_by", "disagreement"
"""Columns of a CSV of disagreements."""


def headline(event: Event) -> str:
    """Kind and status, such as "division, proposed"."""
    return f"{event.kind}, {event.status}"


def details(event: Event, frame_interval_s: float | None = None) -> str:
    """When, how surely, and what was proposed if it was changed."""
    time = "" if frame_interval_s is None else f" ({duration(event.t * frame_interval_s)})"
    words = [f"frame {event.t}{time}"]
    if event.probability is not None:
        words.append(f"probability {event.probability:.2f}")
    elif event.score is not None:
        words.append(f"score {event.score:.2f}")
    if PROPOSED_KIND in event.extra:
        words.append(f"proposed as {event.extra[PROPOSED_KIND]}")
    if PROPOSED_T in event.extra:
        words.append(f"proposed in frame {event.extra[PROPOSED_T]}")
    if FOUND_BY in event.extra:
        words.append(f"found by {event.extra[FOUND_BY]}: {event.extra.get(DISAGREEMENT, '')}")
    return ", ".join(words)
