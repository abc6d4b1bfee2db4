"""Lists of frames as people write them: "0-20, 25"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cell_events.gui.layers.layer_axes import LayerError

_PART = re.compile(r"(\d+)(?:-(\d+))?")


def with_frame(text: str, frame: int) -> str:
    """The list with one more frame in it.

    Raises
    ------
    LayerError
        If the text is no list of frames.
    """
    return as_text({*frames_in(text), frame})


def frames_in(text: str) -> set[int]:
    """Frames that a list names; raises `LayerError` if it is none."""
    frames: set[int] = set()
    for part in text.replace(" ", "").split(",") if text.strip() else ():
        found = _PART.fullmatch(part)
        if found is None:
            raise LayerError(f"Done frames must read like 0-20, 25; cannot understand {part!r}.")
        frames.update(range(int(found[1]), int(found[2] or found[1]) + 1))
    return frames


def as_text(frames: Iterable[int]) -> str:
    """Write frames as ranges, in order."""
    ranges: list[list[int]] = []
    for t in sorted(frames):
        if ranges and ranges[-1][1] == t - 1:
            ranges[-1][1] = t
        else:
            ranges.append([t, t])
    return ", ".join(f"{a}-{b}" if b > a else str(a) for a, b in ranges)
