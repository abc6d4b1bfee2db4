"""The command line that repeats a job, quoted for the shell of this system."""

from __future__ import annotations

import os
import shlex
import subprocess
from dataclasses import replace

from cell_events.gui.layers.movie_files import MovieFiles, movies_of
from cell_events.jobs import Detect, Job, Train, Update, to_command

COPY_NOTE = " (it reads a copy of the layer that is deleted with the viewer: save the movie first)"


def command_text(job: Job, files: MovieFiles) -> tuple[str, str]:
    """Give the command line, and a note if it needs files that end with the viewer."""
    words = to_command(without_cache(job, files))
    command = subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
    reads_copy = any(files.is_copy(source.path) for source in movies_of(job))
    return command, COPY_NOTE if reads_copy else ""


def without_cache(job: Job, files: MovieFiles) -> Job:
    """Give the job without a feature cache that exists only while the viewer runs."""
    cache = getattr(job, "cache", None)
    if isinstance(job, (Train, Detect, Update)) and cache is not None and files.is_copy(cache):
        return replace(job, cache=None)
    return job
