"""What the first step of the dock 'Dry mass' was told, as plain values that a project keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from cell_events.jobs.anomalies_train import MASS

LABELS, FIND, FILE, TRACKS = "labels", "find", "file", "tracks"
CELLS = {
    LABELS: "in a Labels layer",
    FIND: "by threshold",
    FILE: "in a track file",
    TRACKS: "in a Tracks layer",
}
UNITS = {
    "": "as the file says",
    "rad": "phase (rad)",
    "nm": "path length (nm)",
    "um": "path length (µm)",
    "pg": "calibrated (pg)",
}


@dataclass(frozen=True)
class MassValues:
    """What the form says.

    Attributes
    ----------
    cells
        Where the cells come from: a key of `CELLS`.
    unit
        Unit of the grey values: a key of `UNITS`.
    wavelength_um, pg_per_grey, pixel_size_um
        0 where nothing was typed.
    background
        Whether the grey value around a cell is subtracted.
    column
        Column of a track file or feature of a Tracks layer that is the mass.
    """

    cells: str = LABELS
    unit: str = ""
    wavelength_um: float = 0.0
    pg_per_grey: float = 0.0
    pixel_size_um: float = 0.0
    background: bool = False
    column: str = MASS

    @property
    def are_measured(self) -> bool:
        """Whether the masses come from the movie, not from tracks that were measured before."""
        return self.cells in (LABELS, FIND)

    def as_json(self) -> dict[str, Any]:
        """Plain values, to be kept."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> MassValues:
        """What was kept, as far as it is still known."""
        names = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in names})
