"""Stretches that a person draws frame by frame: drawn ones grow together, erased ones are cut."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cell_events.series.labelled_series import Segment


def with_stretch(segments: Iterable[Segment], drawn: Segment) -> tuple[Segment, ...]:
    """Add a stretch in whole frames; it joins those of its series and kind that it touches."""
    rest = []
    for one in segments:
        same = (one.series, one.kind) == (drawn.series, drawn.kind)
        if same and one.start <= drawn.end + 1 and drawn.start <= one.end + 1:
            start, end = min(one.start, drawn.start), max(one.end, drawn.end)
            drawn = replace(drawn, start=start, end=end)
        else:
            rest.append(one)
    return _ordered([*rest, drawn])


def without_frames(segments: Iterable[Segment], first: int, last: int) -> tuple[Segment, ...]:
    """Cut frames, both included, out of stretches of all kinds."""
    left = []
    for one in segments:
        if one.start < first:
            left.append(replace(one, end=min(one.end, first - 1)))
        if one.end > last:
            left.append(replace(one, start=max(one.start, last + 1)))
    return _ordered(left)


def without_stretch_at(segments: Iterable[Segment], frame: int) -> tuple[Segment, ...]:
    """Leave out the stretches that hold a frame."""
    return _ordered(one for one in segments if not one.start <= frame <= one.end)


def _ordered(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    return tuple(sorted(segments, key=lambda one: (one.start, one.end, one.kind)))
