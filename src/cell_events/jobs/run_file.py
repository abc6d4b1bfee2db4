"""Files that outlive the process that runs a job: what it does, and what came of it.

In a folder `runs`, `NAME.json` is a run that has not ended well yet, `NAME.checkpoint` the state
from which it goes on, and `NAME.result.json` what came of a run that nobody listened to.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cell_events.engine import atomic
from cell_events.jobs.checks import JobError
from cell_events.jobs.registry import Job, from_json, to_json
from cell_events.jobs.run_owner import Owner

RUN_SUFFIX, CHECKPOINT_SUFFIX, OUTCOME_SUFFIX = ".json", ".checkpoint", ".result.json"


@dataclass(frozen=True, slots=True)
class Run:
    """A job that was begun and has not ended well yet.

    Attributes
    ----------
    path
        Its file, `runs/NAME.json`.
    job
        What is done; it goes on from its checkpoint if it has one.
    title
        What a person calls it, such as "Learning".
    started
        Date and time in ISO format.
    owner
        The process that does it, or sees to it; None once nobody does.
    """

    path: Path
    job: Job
    title: str
    started: str
    owner: Owner | None = None

    @property
    def name(self) -> str:
        """File name without its ending."""
        return self.path.name.removesuffix(RUN_SUFFIX)

    @property
    def is_running(self) -> bool:
        """Whether a living process sees to it."""
        return self.owner is not None and self.owner.is_alive


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run that nobody listened to: values of its result, or an error."""

    path: Path
    job: Job
    title: str
    ended: str
    values: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""

    @classmethod
    def of(cls, run: Run, values: Mapping[str, Any] | None = None, error: str = "") -> Outcome:
        """Make the outcome that belongs beside a run file, ended now."""
        path = run.path.with_name(run.name + OUTCOME_SUFFIX)
        return cls(path, run.job, run.title, now(), values or {}, error)


def begin_run(path: Path, job: Job, title: str) -> Run:
    """Write the file of a run that this process sees to, before it starts."""
    return take_run(Run(path, resumable(job, path), title, now()))


def resumable(job: Job, path: Path) -> Job:
    """Give a job that keeps a checkpoint beside its run file, and goes on from it."""
    names = {entry.name for entry in fields(job)}
    changes: dict[str, Any] = {}
    if "checkpoint" in names and getattr(job, "checkpoint") is None:  # noqa: B009 - not all have it
        name = path.name.removesuffix(RUN_SUFFIX)
        changes["checkpoint"] = path.with_name(name + CHECKPOINT_SUFFIX)
    if "resume" in names and "checkpoint" in names:
        changes["resume"] = True
    return replace(job, **changes)


def take_run(run: Run, pid: int | None = None) -> Run:
    """Write down that a process, by default this one, now sees to a run.

    Raises
    ------
    JobError
        If another living process does.
    """
    owner = Owner.of(os.getpid() if pid is None else pid)
    if run.is_running and run.owner != owner and pid is None:
        raise JobError(f"{run.title} ({run.name}) is being done by another process; wait for it.")
    return _written(replace(run, owner=owner))


def release_run(run: Run) -> None:
    """Keep a run that has a checkpoint, for somebody to resume; forget one that has none."""
    if checkpoints(run):
        offer_run(run)
    else:
        clear_run(run)


def offer_run(run: Run) -> Run:
    """Write a run down as nobody's, for any process to take."""
    return _written(replace(run, owner=None))


def clear_run(run: Run) -> None:
    """Delete the files of a run; what came of it stays."""
    for path in (run.path, *checkpoints(run)):
        path.unlink(missing_ok=True)


def checkpoints(run: Run) -> list[Path]:
    """Files with the state of the run; rounds after the first have a number behind the name."""
    path = getattr(run.job, "checkpoint", None)
    if path is None or not path.parent.is_dir():
        return []
    rounds = (path.with_name(f"{path.name}{trial or ''}") for trial in range(100))
    return [file for file in rounds if file.is_file()]


def read_run(path: Path) -> Run:
    """Read what `begin_run` wrote.

    Raises
    ------
    JobError
        If the file is no run file, or its job is unknown to this version.
    """
    values = _read_object(path)
    owner = values.get("owner")
    job, title, started = from_json(values["job"]), str(values["title"]), str(values["started"])
    return Run(path, job, title, started, None if owner is None else Owner(**owner))


def read_outcome(path: Path) -> Outcome:
    """Read what `write_outcome` wrote; raises `JobError` as `read_run` does."""
    values = _read_object(path)
    return Outcome(path, **{**values, "job": from_json(values["job"])})


def write_outcome(outcome: Outcome) -> None:
    """Write what came of a run, atomically."""
    values = {
        "job": to_json(outcome.job),
        "title": outcome.title,
        "ended": outcome.ended,
        "values": dict(outcome.values),
        "error": outcome.error,
    }
    atomic.write_text(outcome.path, json.dumps(values, indent=1))


def now() -> str:
    """Date and time here and now, to the second."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _written(run: Run) -> Run:
    """Write a run file and give the run."""
    values = {
        "job": to_json(run.job),
        "title": run.title,
        "started": run.started,
        "owner": None if run.owner is None else asdict(run.owner),
    }
    atomic.write_text(run.path, json.dumps(values, indent=1))
    return run


def _read_object(path: Path) -> dict[str, Any]:
    """Read a file of ours; `JobError` if it is none."""
    try:
        values = json.loads(path.read_text("utf-8"))
        return {**values, "job": dict(values["job"])}
    except (ValueError, KeyError, TypeError) as error:
        raise JobError(f"{path.name} does not describe a run; delete it.") from error
