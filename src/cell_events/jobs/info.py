"""What a model file says about itself: the job `info`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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
    """Give the header as a single result."""
    from cell_events.engine.header import read_header

    yield Result(json.loads(read_header(job.model).to_json()))
