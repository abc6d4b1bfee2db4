"""Decisions of a person and proposals of a model in one list, each event once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from cell_events.events import Event

SAME_PX, SAME_FRAMES = 12.0, 2.0
"""A proposal this near to a decision, in space or in time, is about the same thing."""


def merged(decisions: Mapping[str, Event], proposals: Mapping[str, Event]) -> dict[str, Event]:
    """All decisions, and the proposals that are not about something already decided, by id.

    A later list of proposals may propose again, under another id, what was decided long ago. Two
    neighbours of one list are two events; to decide about one of them leaves the other waiting.
    """
    events = dict(decisions)
    earlier = [event for event_id, event in decisions.items() if event_id not in proposals]
    decided = _near(_places(proposals.values()), _places(earlier))
    events.update(
        (event_id, event)
        for (event_id, event), is_decided in zip(proposals.items(), decided, strict=True)
        if not is_decided and event_id not in decisions
    )
    return events


def _places(events: Iterable[Event]) -> NDArray[np.float64]:
    """(N, 3) coordinates in which distance 1 is the limit."""
    places = np.array([(e.t, e.y, e.x) for e in events], dtype=float).reshape(-1, 3)
    return places / (SAME_FRAMES, SAME_PX, SAME_PX)


def _near(places: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether any of `others` lies within the limit of each place."""
    if not len(others) or not len(places):
        return np.zeros(len(places), bool)
    distances, _ = cKDTree(others).query(places, distance_upper_bound=1.0 + 1e-9)
    return np.asarray(np.isfinite(distances), bool)
