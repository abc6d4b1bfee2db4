"""One-to-one matches of ranked events that are right at every threshold at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence

from cell_events.events import Event
from cell_events.matching import Tolerance, close_pairs


def ranked_pairs(
    found: Sequence[Event], truth: Sequence[Event], ranked: Iterable[int], tolerance: Tolerance
) -> list[tuple[int, int]]:
    """Match found to true events of the same kind, the best ranked first.

    Of the first n ranked events, for every n, as many are in a pair as any one-to-one matching of
    these n could have. That is so because found events are taken up in turn and each is matched
    along an augmenting path, which never drops a found event that was matched before (the sets that
    can be matched form a transversal matroid: Edmonds & Fulkerson 1965).

    Parameters
    ----------
    ranked
        Indices of found events, the surest first.

    Returns
    -------
    list
        (index into `found`, index into `truth`), ordered by the first.
    """
    near: dict[int, list[int]] = {}
    for i, j in close_pairs(found, truth, tolerance).tolist():
        if found[i].kind == truth[j].kind:
            near.setdefault(i, []).append(j)
    found_of: dict[int, int] = {}
    true_of: dict[int, int] = {}
    for i in ranked:
        _match(i, near, found_of, true_of)
    return sorted(true_of.items())


def _match(
    start: int, near: Mapping[int, Sequence[int]], found_of: dict[int, int], true_of: dict[int, int]
) -> None:
    """Match one more found event if others can make room for it (breadth first)."""
    reached_from: dict[int, int] = {}
    waiting = deque([start])
    while waiting:
        i = waiting.popleft()
        for j in near.get(i, ()):
            if j in reached_from:
                continue
            reached_from[j] = i
            if j not in found_of:
                _turn_round(j, reached_from, found_of, true_of)
                return
            waiting.append(found_of[j])


def _turn_round(
    last: int, reached_from: Mapping[int, int], found_of: dict[int, int], true_of: dict[int, int]
) -> None:
    """Give each found event on the way to a free true one the true event after it."""
    j: int | None = last
    while j is not None:
        i = reached_from[j]
        before = true_of.get(i)
        found_of[j], true_of[i] = i, j
        j = before
