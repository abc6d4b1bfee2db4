"""What a model file says about itself: the job `info`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cell_events.jobs.reports import Report, Result


@dataclass(frozen=True, slots=True)
class Info:
    """Read the header of a model file.

    Attributes
    ----------
    model
        Model file to describe.
    """

    model: Path


def run_info(job: Info) -> Iterator[Report]:
    """Give the header as a single result; of held-out blocks their number alone."""
    from cell_events.engine.header import read_header

    values = json.loads(read_header(job.model).to_json())
    yield Result({**values, "held_out": [_told(entry) for entry in values["held_out"]]})


def _told(entry: Mapping[str, Any]) -> dict[str, Any]:
    """How much of a training movie was not learned from, without its bits."""
    from cell_events.engine.held_out import HeldOut

    blocks = HeldOut.from_json(entry)
    held = f"{int(blocks.held.sum())} of {blocks.held.size} blocks"
    return {"movie": blocks.movie, "shape": list(blocks.shape), "held": held}
