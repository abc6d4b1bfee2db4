"""Where the job `evaluate` writes, and that it overwrites no list of events."""

from __future__ import annotations

from cell_events.jobs.checks import JobError, make_folder_of
from cell_events.jobs.evaluate import DISAGREEMENTS, EVENTS, INDEX, SCORES, Evaluate
from cell_events.jobs.whole_folder import make_folder


def make_places(job: Evaluate) -> None:
    """Make the folders to write to, before anything is measured.

    Raises
    ------
    JobError
        If a list that is read, or a file that no evaluation has written, would be overwritten.
    """
    if job.report is not None:
        make_folder_of(job.report)
    if job.page is not None:
        _check_page(job)
        make_folder(job.page)


def _check_page(job: Evaluate) -> None:
    """Refuse a folder with files of these names that are read, or that are no earlier page."""
    if job.page is None:
        return
    read = {path.resolve() for path in (job.found, job.truth, job.against) if path is not None}
    taken = [path for name in (EVENTS, DISAGREEMENTS, SCORES) if (path := job.page / name).exists()]
    for path in taken:
        if path.resolve() in read or not (job.page / INDEX).exists():
            raise JobError(
                f"The page would overwrite {path}; give another folder, such as "
                f"{job.page / 'evaluation'}."
            )
