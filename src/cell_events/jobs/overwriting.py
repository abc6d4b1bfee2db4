"""Nothing that a job reads is overwritten by what it writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from itertools import combinations, product
from pathlib import Path
from typing import Any

from cell_events.jobs.checks import JobError
from cell_events.jobs.movie_source import MovieSource

MODEL, TABLE = ("model", "checkpoint"), ("csv", "report")

WRITTEN: Mapping[str, tuple[str, ...]] = {
    "pretrain": MODEL,
    "train": (*MODEL, "report"),
    "prepare": (),
    "update": ("model", "csvs", "heatmaps"),
    "mitosis map": ("out", "checkpoint"),
    "mitosis plan": ("report", "checkpoint"),
    "mitosis train": (*MODEL, "report"),
    "measure": ("out", "labels_out"),
    "anomalies train": MODEL,
    "anomalies detect": TABLE,
    "segments pretrain": MODEL,
    "segments train": MODEL,
    "segments detect": TABLE,
    "detect": ("csv", "heatmap"),
    "calibrate": ("report", "out"),
    "evaluate": ("report", "page"),
    "study recognition": ("out",),
    "study mitosis": ("out",),
    "study labels": ("out",),
    "explain": ("out", "crops"),
    "export": ("csv", "ctc", "geff", "unmatched"),
    "info": (),
    "import-tarrow": ("model",),
    "demo": ("out",),
}
"""Settings of each verb that name what it writes."""

REWRITTEN = {
    ("calibrate", "model"),
    ("train", "start"),
    ("update", "start"),
    ("mitosis plan", "map"),
    ("mitosis train", "plan"),
}
"""What may be written to: a model that is calibrated or learns on, and folders of one project."""


def check_nothing_is_overwritten(verb: str, job: Any) -> None:
    """Refuse a job that would write over what it reads, or write two things to one place.

    Raises
    ------
    JobError
        If a path that is written is one that is read, or is written twice.
    """
    named = {field.name: tuple(paths_in(getattr(job, field.name))) for field in fields(job)}
    written = [(name, path) for name in WRITTEN[verb] for path in named[name]]
    free = {*WRITTEN[verb], *(name for other, name in REWRITTEN if other == verb)}
    read = [(name, path) for name in named.keys() - free for path in named[name]]
    for (name, path), (other, source) in product(written, read):
        if path.resolve() == source.resolve():
            raise JobError(
                f"'{name}' would overwrite {source}, which is read as '{other}'; give another name."
            )
    for (name, path), (other, same) in combinations(written, 2):
        if path.resolve() == same.resolve():
            raise JobError(f"'{name}' and '{other}' both name {path}; give each its own name.")


def paths_in(value: Any) -> Iterator[Path]:
    """Give the paths in the value of a setting."""
    if isinstance(value, tuple):
        for entry in value:
            yield from paths_in(entry)
    elif isinstance(value, MovieSource):
        yield value.path
    elif isinstance(value, Path):
        yield value
