"""The folder that `mitosis plan` writes, as it is read again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cell_events.jobs.cell_map_folder import MAPS_PNG
from cell_events.jobs.checks import JobError

PLAN_JSON, PLAN_PNG = "plan.json", "plan.png"
LENGTHS_CSV, EVENTS_ZARR, LENGTHS_MODEL = "lengths.csv", "events.zarr", "event_lengths.safetensors"
MAP_FOLDER = "map"


@dataclass(frozen=True, slots=True)
class Plan:
    """A complete folder of a plan; `values` are those of its plan.json."""

    folder: Path
    values: Mapping[str, Any]

    @property
    def length(self) -> int:
        """Frames that a detector is to read at once, k."""
        return int(self.values["length"])

    @property
    def shrink(self) -> int:
        """Pixels of the movie for each place of the grid, along each side."""
        return int(self.values["shrink"])

    def result(self) -> dict[str, Any]:
        """What the job that made it has achieved."""
        told = ("length", "annotate", "first", "last", "frames", "statistics", "map", "interval")
        return {
            "report": str(self.folder),
            "picture": str(self.folder / PLAN_PNG),
            "events": str(self.folder / EVENTS_ZARR),
            "map_picture": str(Path(self.values["map_folder"]) / MAPS_PNG),
            **{name: self.values[name] for name in told if name in self.values},
        }


def read_plan(folder: Path) -> Plan:
    """Open what `mitosis plan` has written.

    Raises
    ------
    JobError
        If the folder holds no complete plan.
    """
    try:
        values = json.loads((folder / PLAN_JSON).read_text("utf-8"))
        plan = Plan(folder, values)
        complete = plan.length >= 1 and plan.shrink >= 1 and bool(values["fingerprint"])
    except FileNotFoundError:
        complete = False
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise JobError(f"{folder / PLAN_JSON} is damaged; make the plan anew.") from error
    if not complete:
        raise JobError(
            f"{folder} holds no complete plan; give a folder that mitosis plan has written."
        )
    return plan
