"""What the buttons of the dock 'Why here?' run: generators that return a job."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path

from cell_events.events import Event, write_events
from cell_events.gui.project_desk import LookedAt
from cell_events.gui.running.dock_tasks import RESULTS, device_of
from cell_events.gui.running.job_runner import Step
from cell_events.gui.workbench import Workbench
from cell_events.jobs import Explain, MovieSource
from cell_events.jobs.time_arrow_model import time_arrow_path
from cell_events.project import ProjectError


@dataclass(frozen=True)
class ExplainAsked:
    """What the form says.

    Attributes
    ----------
    model
        None for the shipped time arrow.
    kind, layer
        Empty for the usual ones.
    frames
        As somebody has written them; empty for the frame that is shown.
    """

    model: Path | None
    kind: str = ""
    layer: str = ""
    frames: str = ""
    top: int = 8


class ExplainTasks:
    """Makes jobs from the project and from what the form says."""

    def __init__(self, bench: Workbench) -> None:
        self.bench, self.tasks = bench, bench.tasks

    def event(
        self, looked_at: LookedAt, event: Event, asked: ExplainAsked, sanity: bool
    ) -> Generator[Step, None, Explain]:
        """Explain one event, in a window around it."""
        source = yield from self.tasks.sources.source(looked_at)
        out = self._new_path("why-event")
        events = out.with_name(f"{out.stem}-event.csv")
        event = replace(event, extra={})  # it may name a movie as an imported table called it
        write_events(events, [event], source.pixel_size_um, source.frame_interval_s)
        return replace(self._job(source, out, asked), events=events, sanity=sanity)

    def frames(
        self, looked_at: LookedAt, shown: int, asked: ExplainAsked
    ) -> Generator[Step, None, Explain]:
        """Explain whole frames, by default that which is shown."""
        source = yield from self.tasks.sources.source(looked_at)
        job = self._job(source, self._new_path("why-frames"), asked)
        return replace(job, frames=asked.frames or str(shown), top=asked.top)

    def _job(self, source: MovieSource, out: Path, asked: ExplainAsked) -> Explain:
        return Explain(
            movie=source,
            model=time_arrow_path(asked.model),
            out=out,
            kind=asked.kind,
            layer=asked.layer,
            device=device_of("auto"),
        )

    def _new_path(self, name: str) -> Path:
        project = self.bench.project
        if project is None:
            raise ProjectError("No project is open; choose a movie, and it begins one.")
        return project.new_path(RESULTS, name, ".zarr")
