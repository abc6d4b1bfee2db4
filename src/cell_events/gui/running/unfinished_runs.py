"""Runs that did not end well, and what came of those that were finished without a viewer.

Resuming a run is submitting its job again: it goes on from its checkpoint.
"""

from __future__ import annotations

import itertools
import logging
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from cell_events.jobs import Job, verb_of
from cell_events.jobs.run_file import (
    OUTCOME_SUFFIX,
    RUN_SUFFIX,
    Outcome,
    Run,
    begin_run,
    now,
    read_outcome,
    read_run,
    take_run,
    write_outcome,
)
from cell_events.jobs.run_progress import progress_of

logger = logging.getLogger(__name__)

RUNS = "runs"
"""Name of the folder, within a project's or a movie's, that keeps runs."""

LOG_SUFFIX = ".log"
Found = TypeVar("Found", Run, Outcome)


def keep_run(folder: Path, job: Job, title: str) -> Run:
    """Write down a run before it begins; one of the same job that was left is taken up again.

    The job of the run that is returned is the one to submit: it keeps a checkpoint.

    Raises
    ------
    JobError
        If another process does this job at present.
    """
    for run in all_runs(folder):
        if run.job == job:
            return take_run(run)
    return begin_run(_free_path(folder / RUNS, verb_of(job)), job, title)


def keep_outcome(folder: Path, job: Job, title: str, values: Mapping[str, Any]) -> Outcome:
    """Write down what came of a job, for whoever looks at `finished_runs` next."""
    path = _free_path(folder / RUNS, verb_of(job))
    outcome = Outcome(path.with_suffix(OUTCOME_SUFFIX), job, title, now(), values)
    write_outcome(outcome)
    return outcome


def unfinished_runs(folder: Path) -> list[Run]:
    """Runs kept in a folder that nobody works on, the oldest first; each can be resumed."""
    return [run for run in all_runs(folder) if not run.is_running]


def runs_elsewhere(folder: Path) -> list[Run]:
    """Runs kept in a folder that another process is doing, such as one that nobody listens to."""
    return [
        run
        for run in all_runs(folder)
        if run.owner is not None and run.owner.pid != os.getpid() and run.is_running
    ]


def all_runs(folder: Path) -> list[Run]:
    """Every run kept in a folder that has not ended well, the oldest first."""
    names = (folder / RUNS).glob(f"*{RUN_SUFFIX}")
    paths = [path for path in names if not path.name.endswith(OUTCOME_SUFFIX)]
    return sorted(_readable(paths, read_run), key=lambda run: run.started)


def finished_runs(folder: Path) -> list[Outcome]:
    """What came of runs that were finished without a viewer and was not forgotten since."""
    paths = (folder / RUNS).glob(f"*{OUTCOME_SUFFIX}")
    return sorted(_readable(paths, read_outcome), key=lambda outcome: outcome.ended)


def forget_outcome(outcome: Outcome) -> None:
    """Delete what came of a run, once it was shown."""
    outcome.path.unlink(missing_ok=True)
    log_of(outcome.path).unlink(missing_ok=True)


def told_run(run: Run) -> str:
    """Say what a run is and how far: "Learning, begun 21 Nov 10:12: step 1200 of 4000"."""
    begun = f"{run.title}, begun {datetime.fromisoformat(run.started):%d %b %H:%M}"
    try:
        progress = progress_of(run)
    except (ValueError, OSError) as error:
        return f"{begun}: {error}"
    return f"{begun}: {progress or 'no step kept yet'}"


def log_of(path: Path) -> Path:
    """File that takes what a process without a viewer prints about a run."""
    name = path.name.removesuffix(OUTCOME_SUFFIX).removesuffix(RUN_SUFFIX)
    return path.with_name(name + LOG_SUFFIX)


def _free_path(folder: Path, verb: str) -> Path:
    """First numbered file of a run without anything left of an earlier one of that name."""
    for number in itertools.count(1):
        name = f"{verb.replace(' ', '-')}-{number}"
        if not any(folder.glob(f"{name}.*")):
            break
    return folder / f"{name}{RUN_SUFFIX}"


def _readable(paths: Iterable[Path], read: Callable[[Path], Found]) -> list[Found]:
    """What can be read; a damaged file, or one of a newer version, hides no other."""
    found = []
    for path in paths:
        try:
            found.append(read(path))
        except (OSError, ValueError, TypeError) as error:
            logger.warning("%s is left out: %s", path, error)
    return found
