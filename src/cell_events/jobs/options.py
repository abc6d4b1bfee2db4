"""How the settings of each job are spelled on the command line.

The command line is made from the dataclasses, so that a setting, its help and its spelling stand in
one place and `to_command` cannot disagree with what the command line reads.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any, Union, get_args, get_origin, get_type_hints

from cell_events.jobs.movie_source import MovieSource

POSITIONAL = {
    "pretrain": ("movies",),
    "train": ("movies",),
    "prepare": ("movies",),
    "update": ("movies",),
    "mitosis map": ("movies",),
    "mitosis plan": ("movies",),
    "mitosis train": ("movies",),
    "anomalies train": ("tracks",),
    "anomalies detect": ("tracks",),
    "segments pretrain": (),
    "segments train": ("series",),
    "segments detect": ("series",),
    "measure": ("movies",),
    "detect": ("movies",),
    "calibrate": ("movies",),
    "evaluate": ("found", "truth"),
    "study recognition": ("movies",),
    "study mitosis": ("movies",),
    "study labels": ("movies",),
    "explain": ("movie",),
    "export": ("events",),
    "info": ("model",),
    "import-tarrow": ("folder", "model"),
    "demo": ("out",),
}

SPELLING = {
    "movies": "movie",
    "validation_movies": "validation-movie",
    "paints": "paint",
    "heatmaps": "heatmap",
    "csvs": "csv",
    "deltas": "delta",
    "channels": "channel",
    "kinds": "kind",
    "counts": "count",
    "lengths": "length",
    "augmentations": "augment",
    "based_on": "from",
    "max_step_px": "max-step",
    "wavelength_um": "wavelength",
    "min_area_px": "min-area",
    "min_painted_px": "min-painted",
    "radius_px": "radius",
    "pixel_size_um": "pixel-size",
    "frame_interval_s": "frame-interval",
}

JOINED_BY_COMMA = ("classes", "ways", "tables", "strategies")

MAY_BE_EMPTY = ("paints",)
"""Tuples that a job must be given, but that may hold nothing."""


@dataclass(frozen=True, slots=True)
class Option:
    """One setting as the command line shows it.

    Attributes
    ----------
    field
        Name in the dataclass.
    spelling
        Name on the command line, without dashes.
    kind
        Type of the value, or of one value where it is repeated.
    positional, repeated, required
        Whether it stands without its name, may be given several times, must be given.
    default
        Value in the dataclass; None where required.
    description
        What the dataclass says about it.
    """

    field: str
    spelling: str
    kind: Any
    positional: bool
    repeated: bool
    required: bool
    default: Any
    description: str


def options_of(verb: str, job_class: type[Any]) -> list[Option]:
    """Settings of a job in the order of the dataclass, those of its movies at the end."""
    options = list(_own_options(job_class, POSITIONAL[verb]))
    if any(option.kind is MovieSource for option in options):
        options += reading_options()
    return options


def reading_options() -> list[Option]:
    """How movies are read; on the command line the same for all movies of a job."""
    return [option for option in _own_options(MovieSource, ()) if option.field != "path"]


def _own_options(job_class: type[Any], positional: tuple[str, ...]) -> Iterator[Option]:
    hints, descriptions = get_type_hints(job_class), described_attributes(job_class)
    for field in fields(job_class):
        hint = hints[field.name]
        repeated = get_origin(hint) is tuple and field.name not in JOINED_BY_COMMA
        yield Option(
            field=field.name,
            spelling=SPELLING.get(field.name, field.name.replace("_", "-")),
            kind=_kind(hint),
            positional=field.name in positional,
            repeated=repeated,
            required=field.default is MISSING and field.name not in MAY_BE_EMPTY,
            default=_default(field),
            description=descriptions.get(field.name, ""),
        )


def _default(field: Field[Any]) -> Any:
    if field.name in MAY_BE_EMPTY:
        return ()
    return None if field.default is MISSING else field.default


def _kind(hint: Any) -> Any:
    """Give the type of one value: without None, and of the entries of a tuple."""
    if get_origin(hint) is tuple:
        return get_args(hint)[0]
    if get_origin(hint) in (types.UnionType, Union):
        kinds = [kind for kind in get_args(hint) if kind is not types.NoneType]
        return kinds[0] if len(kinds) == 1 else str
    return hint


def described_attributes(documented: type[Any]) -> dict[str, str]:
    """What the "Attributes" sections of a class and of its bases say of each attribute.

    What a class says itself counts before what a base says.
    """
    described: dict[str, str] = {}
    for one in reversed(documented.__mro__):
        described |= _described_in(inspect.cleandoc(one.__dict__.get("__doc__") or ""))
    return described


def _described_in(text: str) -> dict[str, str]:
    _, _, section = text.partition("Attributes\n----------\n")
    described: dict[str, str] = {}
    names: list[str] = []
    for line in section.splitlines():
        if line and not line.startswith(" "):
            names = [name.strip() for name in line.split(",")]
        for name in names:
            if line.startswith(" "):
                described[name] = f"{described.get(name, '')} {line.strip()}".strip()
    return described
