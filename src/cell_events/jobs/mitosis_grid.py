"""The grid on which cells are mapped."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cell_events.movie import Movie


def shrink_for_maps(movie: Movie, shrink: int | None, resolution_um: float | None) -> int:
    """Pixels for each place of the grid: what is asked for, or what the size of cells proposes.

    Raises
    ------
    ValueError
        If both are given, or a resolution for a movie of unknown pixel size.
    """
    from cell_events.mitosis.frames import shrink_of
    from cell_events.mitosis.shrink_choice import proposed_shrink

    if shrink is None and resolution_um is None:
        return proposed_shrink(movie)
    return shrink_of(movie, shrink, resolution_um)
