"""What the project holds of abnormal stretches: painted and found ones, and what finds them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cell_events.gui.running.dry_mass_state import CELLS_TOGETHER, STRETCHES, TRACKS, DryMassState
from cell_events.project import Edit, ValueChange
from cell_events.series.labelled_series import Segment

CHANNELS, MODEL = "stretch_channels", "stretch_model"
EVERY_MOVIE = "all"
"""In place of a movie: the model is that of the project."""

Painted = Mapping[int, tuple[Segment, ...]]


class StretchState:
    """Reads and keeps them beside the rest of dry mass; painting is an edit, with undo.

    What is painted belongs to a track table: another one numbers its cells in another way.
    """

    def __init__(self, state: DryMassState) -> None:
        self.state, self.bench = state, state.bench

    def painted(self, cells: Iterable[int]) -> Painted:
        """Painted stretches of cells of the tracks in use; only cells that have some."""
        project = self.bench.project
        if project is None:
            return {}
        found: dict[int, tuple[Segment, ...]] = {}
        for together in sorted({cell // CELLS_TOGETHER for cell in cells}):
            kept = project.value(self._key(together * CELLS_TOGETHER)) or {}
            found |= {int(cell): _segments(cell, rows) for cell, rows in kept.items()}
        return found

    def paint(self, cell: int, segments: Iterable[Segment], title: str) -> None:
        """Keep the painted stretches of a cell in place of those before, with undo.

        Raises
        ------
        ProjectError
            If the project cannot be edited.
        """
        project, key = self.bench.project, self._key(cell)
        if project is None:
            return
        before: Any = project.value(key)
        rows = [[one.kind, int(one.start), int(one.end)] for one in segments]
        others = {name: kept for name, kept in (before or {}).items() if name != str(cell)}
        after = others | ({str(cell): rows} if rows else {})
        if (before or {}) != after:
            project.apply(Edit(title, (ValueChange(key, before, after or None),)))

    @property
    def found(self) -> Path | None:
        """CSV of the stretches that were found in the tracks in use."""
        return self.state.path(STRETCHES)

    @property
    def channels(self) -> tuple[str, ...]:
        """Columns that are looked at together; none: that of the masses."""
        return tuple(self.state.value(CHANNELS) or ())

    @channels.setter
    def channels(self, channels: Iterable[str]) -> None:
        self.state.keep(CHANNELS, list(channels))

    @property
    def model(self) -> Path | None:
        """Model that is in use in this project; None: one that comes with the package."""
        project, name = self.bench.project, self.state.value(MODEL, EVERY_MOVIE)
        path = project.path / str(name) if project and name else None
        return path if path is not None and path.exists() else None

    @model.setter
    def model(self, path: Path | None) -> None:
        name = None if path is None else self.state.name_of(path)
        self.state.keep(MODEL, name, EVERY_MOVIE)

    def _key(self, cell: int) -> str:
        return f"dry_mass/painted/{self.state.value(TRACKS)}/{cell // CELLS_TOGETHER}"


def by_cell(segments: Iterable[Segment]) -> Painted:
    """Stretches of each cell by its track; those of series that are no track are left out."""
    found: dict[int, list[Segment]] = defaultdict(list)
    for one in segments:
        if one.series.isdecimal():
            found[int(one.series)].append(one)
    return {cell: tuple(listed) for cell, listed in found.items()}


def _segments(cell: str, rows: Iterable[Any]) -> tuple[Segment, ...]:
    return tuple(Segment(cell, str(kind), float(start), float(end)) for kind, start, end in rows)
