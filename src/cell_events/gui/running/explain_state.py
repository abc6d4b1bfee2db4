"""What the project holds of explanations; reopening it brings the maps of whole frames back."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cell_events.gui.workbench import Workbench
from cell_events.trust.top_regions import Region


@dataclass(frozen=True)
class FramesExplained:
    """Maps and regions of whole frames.

    Attributes
    ----------
    maps, table
        Zarr (T, Y, X), and CSV of the regions, as named in the project.
    kind, layer
        What was explained, and in which layer of the network.
    delta
        Frames between the two of a pair.
    size
        Side of the crops of regions in pixels.
    """

    maps: str
    table: str
    kind: str
    layer: str
    delta: int
    size: int

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> FramesExplained | None:
        """What the project remembers; None if it is of another version."""
        try:
            maps, table = str(values["maps"]), str(values["table"])
            kind, layer = str(values["kind"]), str(values["layer"])
            return cls(maps, table, kind, layer, int(values["delta"]), int(values["size"]))
        except (KeyError, TypeError, ValueError):
            return None


class ExplainState:
    """Remembers the latest maps of each movie; nothing in a project that is read-only."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench

    def explained(self) -> FramesExplained | None:
        """Maps of the movie looked at, if they are still there."""
        project, looked_at = self.bench.project, self.bench.looked_at
        movie_id = looked_at.movie_id if looked_at else None
        values = project.value(f"why/{movie_id}") if project and movie_id else None
        found = FramesExplained.from_json(values) if values else None
        if found is None or not all(self.path(name).exists() for name in (found.maps, found.table)):
            return None
        return found

    def keep(self, explained: FramesExplained, movie_id: str | None) -> None:
        """Show these maps of a movie from now on."""
        project = self.bench.project
        if project is not None and movie_id is not None and not project.read_only:
            project.remember(f"why/{movie_id}", asdict(explained))

    def path(self, name: str) -> Path:
        """File of the project by its name in it."""
        folder = self.bench.project.path if self.bench.project else Path()
        return folder / name

    def name_of(self, path: Path) -> str:
        """Path as seen from the project's folder, which may move."""
        project = self.bench.project
        is_inside = project is not None and path.is_relative_to(project.path)
        return path.relative_to(project.path).as_posix() if project and is_inside else str(path)


def read_regions(path: Path) -> tuple[Region, ...]:
    """Regions of a CSV that `explain` has written."""
    with path.open(newline="", encoding="utf8") as file:
        rows = list(csv.DictReader(file))
    return tuple(
        Region(int(r["t"]), int(r["y"]), int(r["x"]), int(r["rank"]), float(r["score"]))
        for r in rows
    )
