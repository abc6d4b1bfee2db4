"""What an unusual change looks like, in the words of someone who watches cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cell_events.dry_mass.cell_evidence import Population
from cell_events.dry_mass.change_kinds import PAUSE, PULSE, SLOPE, SPURT, STEP, STOP, SURGE
from cell_events.dry_mass.curves import MassCurve
from cell_events.dry_mass.division_shares import LEVEL_FRAMES
from cell_events.dry_mass.jumps import Jump, are_jumps, is_exchange, jumps_of, taken_back
from cell_events.dry_mass.unusual_changes import Evidence

ODD_DIVISION = "odd division"

CAUSE_OF: Mapping[str, str] = {
    "": "",
    ODD_DIVISION: "",
    "arrest": "cellular",
    "loss": "cellular",
    "abnormal growth": "cellular",
    "swap": "measurement",
    "merge": "measurement",
    "split": "measurement",
    "dropout": "measurement",
}

LOST = 0.08
"""Fall of log mass in a stretch from which it is a loss, and not only a lack of growth."""

DROPPED = 0.35
"""Share of its mass below which a cell that comes back had dropped out, rather than split."""

SLOW, FAST = 0.7, 1.3
"""Shares of the usual growth below which a cell may have stopped, and above which it speeds."""

NO_GROWTH = 0.5
"""Share of the usual growth below which a cell does not go on growing after a fall."""

FRAMES_AFTER = 40
"""Frames after a fall in which it must grow."""

NEAR_JUMP = 2
"""Frames around a jump in which a doubtful measurement explains it."""


@dataclass(frozen=True)
class Reason:
    """What a change looks like, whose doing that is, and the frames in which it shows."""

    reason: str
    cause: str
    first: int
    last: int


@dataclass(frozen=True)
class _Place:
    """The likeliest change of a cell; frames are counted from the first of the curve."""

    kind: int
    first: int
    last: int
    size: float


def reasons(cells: Population, found: Evidence, curves: Sequence[MassCurve]) -> tuple[Reason, ...]:
    """Name the likeliest change of each cell, "" where less speaks for one than against.

    What jumps is called by its jumps: a fall that is taken back is a split or a dropout, a rise is
    a merge, and both are a swap if another cell makes the opposite jump at the same time. Anything
    else is called by its growth.
    """
    large, unusual, order = are_jumps(cells), found.total() > 0, found.likeliest()
    named = []
    for row, curve in enumerate(curves):
        if unusual[row]:
            place = _likeliest_place(cells, row, found, order[row].tolist())
            named.append(_reason(cells, row, place, curve, large))
        else:
            place = _place(found, row, int(order[row, 0]))
            named.append(Reason("", "", curve.first + place.first, curve.first + place.last))
    return tuple(named)


def odd_division(curve: MassCurve, as_mother: bool) -> Reason:
    """Reason of a cell whose mass does not fit that of her mother, or of her daughters."""
    first, last = curve.first, curve.last
    ends = (last - LEVEL_FRAMES + 1, last) if as_mother else (first, first + LEVEL_FRAMES - 1)
    return Reason(ODD_DIVISION, CAUSE_OF[ODD_DIVISION], *ends)


def _likeliest_place(cells: Population, row: int, found: Evidence, order: Sequence[int]) -> _Place:
    """The likeliest change that the growth in its stretch bears out.

    A cell that grows fast for long seems to have stood still before, beside what it then did.
    """
    places = [_place(found, row, kind) for kind in order if np.isfinite(found.log_odds[row, kind])]
    return next((place for place in places if _is_borne_out(cells, row, place)), places[0])


def _is_borne_out(cells: Population, row: int, place: _Place) -> bool:
    usual = cells.usual * (place.last - place.first)
    grown = _grown(cells, row, place.first, place.last)
    if place.kind in (STOP, PAUSE):
        return grown < SLOW * usual
    return place.kind not in (SURGE, SPURT) or grown > FAST * usual


def _place(found: Evidence, row: int, kind: int) -> _Place:
    start, stop, size = (part[row, kind] for part in (found.starts, found.stops, found.sizes))
    return _Place(kind, int(start), int(stop), float(size))


def _reason(
    cells: Population, row: int, place: _Place, curve: MassCurve, large: NDArray[np.bool_]
) -> Reason:
    jumps = jumps_of(cells, row, large[row])
    odd = [jump for jump in jumps if not jump.is_division]
    if not odd and place.kind in (STEP, PULSE):
        odd = [Jump(place.first, place.last, place.size, is_division=False)]
    if odd:
        return _of_jump(cells, row, max(odd, key=lambda jump: abs(jump.size)), jumps, curve, large)
    reason = _growth_reason(cells, row, place)
    doubtful = curve.doubtful[place.first : place.last + 1].mean() > 0.5
    cause = "measurement" if doubtful else CAUSE_OF[reason]
    return Reason(reason, cause, curve.first + place.first, curve.first + place.last)


def _of_jump(
    cells: Population,
    row: int,
    jump: Jump,
    jumps: tuple[Jump, ...],
    curve: MassCurve,
    large: NDArray[np.bool_],
) -> Reason:
    back = taken_back(jump, jumps)
    ends = sorted([jump, back], key=lambda each: each.before) if back else [jump]
    doubtful = any(
        curve.doubtful[max(end.before - NEAR_JUMP, 0) : end.after + NEAR_JUMP + 1].any()
        for end in ends
    )
    if ends[0].size < np.log(DROPPED) and back:
        reason = "dropout"
    elif is_exchange(cells, row, jump, large):
        reason = "swap"
    elif ends[0].size > 0:
        reason = "merge"
    else:
        goes_on = back is not None or doubtful or _grows_after(cells, row, jump.after)
        reason = "split" if goes_on else "loss"
    first, last = (ends[0].after, ends[1].before) if back else (jump.before, jump.after)
    return Reason(reason, CAUSE_OF[reason], curve.first + first, curve.first + last)


def _growth_reason(cells: Population, row: int, place: _Place) -> str:
    if place.kind in (SURGE, SPURT) or (place.kind == SLOPE and place.size > 0):
        return "abnormal growth"
    return "loss" if _grown(cells, row, place.first, place.last) < -LOST else "arrest"


def _grown(cells: Population, row: int, first: int, last: int) -> float:
    """Change of log mass between two frames, without divisions."""
    changes = np.diff(cells.masses.values[row, first : last + 1])
    return float(changes[~cells.divisions[row, first:last]].sum())


def _grows_after(cells: Population, row: int, frame: int) -> bool:
    end = min(frame + FRAMES_AFTER, int(cells.masses.lengths[row]) - 1)
    return _grown(cells, row, frame, end) > NO_GROWTH * cells.usual * (end - frame)
