"""One job, done to its end after the viewer has closed; what came of it is left in a file."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Any

from cell_events import jobs
from cell_events.jobs.run_file import (
    Outcome,
    clear_run,
    read_run,
    release_run,
    take_run,
    write_outcome,
)


def finish(path: Path) -> int:
    """Do the job of a run file from its checkpoint; return the exit status.

    What came of it is written to `NAME.result.json` beside `NAME.json`. The run file goes when
    the job ends well, and stays, to be resumed, if it does not.
    """
    try:
        run = take_run(read_run(path))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{one_sentence(error)}\n")
        return 2
    try:
        outcome = Outcome.of(run, values=_result_of(run.job))
    except Exception as error:  # noqa: BLE001 - told at the next opening, the log has the rest
        traceback.print_exc()
        write_outcome(Outcome.of(run, error=one_sentence(error)))
        release_run(run)
        return 1
    write_outcome(outcome)
    clear_run(run)
    return 0


def _result_of(job: jobs.Job) -> dict[str, Any]:
    """Run the job and give the values of its result."""
    for report in jobs.run(job):
        if isinstance(report, jobs.Result):
            return dict(report.values)
    raise RuntimeError(f"The job {jobs.verb_of(job)!r} ended without a result.")


def one_sentence(error: Exception) -> str:
    """Say in one line what went wrong; kinds that tell nothing by themselves are named."""
    text = " ".join(str(error).split())
    if isinstance(error, MemoryError):
        return f"There is not enough memory for this; try a smaller crop or tile. {text}".strip()
    if isinstance(error, (ValueError, OSError)) and text:
        return text
    return f"{type(error).__name__}: {text}" if text else f"{type(error).__name__} was raised."
