"""A range of consecutive frames as people write it: "40-53"."""

from __future__ import annotations

from cell_events.gui.layers.layer_axes import LayerError
from cell_events.jobs.mitosis_checks import check_frame_range


def frame_range(text: str, n_frames: int) -> range:
    """Frames of a movie that a text names, both ends included.

    Raises
    ------
    ValueError
        If there is no text, it names no range, or the movie is shorter.
    """
    if not text.strip():
        raise LayerError(
            "No frames are named as annotated yet; write their range, such as 40-53, beside "
            "'Frames' in the dock 'Mitosis', or let the plan there suggest one."
        )
    check_frame_range("Frames", text)
    first, last = (int(part) for part in text.split("-"))
    if last >= n_frames:
        raise LayerError(
            f"The frames {text.strip()} are not all in the movie, which has the frames 0 to "
            f"{n_frames - 1}; name others."
        )
    return range(first, last + 1)


def told_range(frames: range) -> str:
    """Write a range: "40-53"."""
    return f"{frames[0]}-{frames[-1]}"
