"""The command line that repeats a job."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cell_events.jobs.checks import JobError
from cell_events.jobs.movie_source import MovieSource
from cell_events.jobs.options import JOINED_BY_COMMA, Option, options_of, reading_options
from cell_events.jobs.registry import VERBS, Job, verb_of

PROGRAM = "cell-events"


def to_command(job: Job) -> list[str]:
    """Give the words of the command line that repeats a job; defaults are left out.

    `shlex.join` makes them one line for a shell.

    Raises
    ------
    JobError
        If movies of the job are read in different ways, which one command cannot say.
    """
    verb = verb_of(job)
    options = options_of(verb, VERBS[verb][0])
    places = [option for option in options if option.positional]
    words = [word for option in places for word in _texts(option, getattr(job, option.field))]
    for option in options:
        if not option.positional and hasattr(job, option.field):
            words += _named(option, getattr(job, option.field))
    source = _common_source(job)
    if source is not None:
        for option in reading_options():
            words += _named(option, getattr(source, option.field))
    return [PROGRAM, *verb.split(), *words]


def _named(option: Option, value: Any) -> Iterator[str]:
    """Yield the name before each value; nothing where the value is the default."""
    if not option.required and value == option.default:
        return
    if option.kind is bool:
        yield f"--{option.spelling}" if value else f"--no-{option.spelling}"
        return
    for text in _texts(option, value):
        yield from (f"--{option.spelling}", text)


def _texts(option: Option, value: Any) -> list[str]:
    if option.field in JOINED_BY_COMMA:
        return [",".join(value)]
    values = value if option.repeated else (value,)
    return [str(entry.path if isinstance(entry, MovieSource) else entry) for entry in values]


def _common_source(job: Job) -> MovieSource | None:
    """Give one of the job's movies, after checking that all are read in the same way."""
    only = getattr(job, "movie", None)
    sources = [*getattr(job, "movies", ()), *getattr(job, "validation_movies", ())]
    sources += [] if only is None else [only]
    names = [option.field for option in reading_options()]
    if len({tuple(getattr(source, name) for name in names) for source in sources}) > 1:
        raise JobError(
            "These movies are read in different ways (axes, channel, z or scale); one command "
            "line can only read all of its movies in the same way."
        )
    return sources[0] if sources else None
