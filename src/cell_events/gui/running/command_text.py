"""The command line that repeats a job, quoted for the shell of this system."""

from __future__ import annotations

import os
import shlex
import subprocess
from dataclasses import replace

from cell_events.gui.layers.movie_files import MovieFiles
from cell_events.jobs import Detect, Job, Pretrain, Train, to_command

COPY_NOTE = " (it reads a copy of the layer that is deleted with the viewer: save the movie first)"


def command_text(job: Job, files: MovieFiles) -> tuple[str, str]:
    """Give the command line, and a note if it needs files that end with the viewer."""
    words = to_command(without_cache(job))
    command = subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
    reads_copy = isinstance(job, (Pretrain, Train, Detect)) and any(
        files.is_copy(source.path) for source in job.movies
    )
    return command, COPY_NOTE if reads_copy else ""


def without_cache(job: Job) -> Job:
    """Give the job without the feature cache, which exists only while the viewer runs."""
    return replace(job, cache=None) if isinstance(job, (Train, Detect)) else job
