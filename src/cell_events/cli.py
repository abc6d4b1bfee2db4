"""The command line: each verb reads one job, runs it and shows its reports."""

from __future__ import annotations

import inspect
import json
import sys
import types
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer

from cell_events.jobs import VERBS, Job, MovieSource, Report, report_to_json, run
from cell_events.jobs.options import JOINED_BY_COMMA, Option, options_of, reading_options

BAD_INPUT = 2

GROUPS = {
    "mitosis": "Find divisions from points on a few frames: map, plan, train.",
    "anomalies": "Find cells whose mass develops unlike that of the others: train, detect.",
    "segments": "Find abnormal stretches of curves, and of what kind: pretrain, train, detect.",
    "study": "Compare ways of learning on your own annotated movie: recognition, mitosis, labels.",
}
"""What verbs of two words have in common, by their first one."""

app = typer.Typer(
    name="cell-events",
    help="Find divisions, deaths and other events in live-cell movies.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command line."""
    app()


def execute(job_class: type[Job], values: dict[str, Any], as_json: bool) -> None:
    """Build and run a job; bad input ends in one sentence and exit code 2."""
    try:
        job = job_from_options(job_class, values)
        show = show_as_json if as_json else show_on_terminal
        show(run(job))
    except (ValueError, OSError, FloatingPointError) as error:
        sentence = " ".join(str(error).split())
        if as_json:
            print(json.dumps({"error": sentence}), flush=True)
        print(f"Error: {sentence}", file=sys.stderr)
        raise typer.Exit(BAD_INPUT) from error


def show_as_json(reports: Iterable[Report]) -> None:
    """Print one JSON object a line: {"progress": ...} or {"result": ...}."""
    for report in reports:
        print(json.dumps(report_to_json(report)), flush=True)


def show_on_terminal(reports: Iterable[Report]) -> None:
    """Show a progress bar on standard error and print the result on standard output."""
    from cell_events.progress_bar import show_progress

    result = show_progress(reports)
    for line in result_lines(result):
        print(line)


def result_lines(values: dict[str, Any], indent: str = "") -> list[str]:
    """Give one line for each value of a result, nested ones indented."""
    lines = []
    for name, value in values.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            rows = [", ".join(f"{key} {_told(entry[key])}" for key in entry) for entry in value]
            lines += [f"{indent}{name}:", *(f"{indent}  {row}" for row in rows)]
        elif isinstance(value, list) and any(str(entry).endswith(".") for entry in value):
            lines += [f"{indent}{name}:", *(f"{indent}  {sentence}" for sentence in value)]
        elif isinstance(value, dict) and value:
            lines += [f"{indent}{name}:", *result_lines(value, indent + "  ")]
        else:
            lines.append(f"{indent}{name}: {_told(value)}")
    return lines


def _told(value: Any) -> str:
    """One value as people read it."""
    if isinstance(value, list):
        return ", ".join(map(_told, value)) or "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    return "-" if value is None else str(value)


def job_from_options(job_class: type[Job], values: dict[str, Any]) -> Job:
    """Build a job from what the command line read, field by field."""
    reading = {
        option.field: values.pop(option.field)
        for option in reading_options()
        if not hasattr(job_class, option.field) and option.field in values
    }
    for name in ("channel", "z"):
        if reading.get(name) is not None and reading[name].isdigit():
            reading[name] = int(reading[name])
    for name, value in values.items():
        if name in ("movies", "validation_movies"):
            values[name] = tuple(MovieSource(path, **reading) for path in value)
        elif name == "movie":
            values[name] = MovieSource(value, **reading)
        elif name in JOINED_BY_COMMA:
            values[name] = tuple(part.strip() for part in value.split(","))
        elif isinstance(value, list):
            values[name] = tuple(value)
    return job_class(**values)


def _command(verb: str, job_class: type[Job]) -> Callable[..., None]:
    """Make the function that typer calls for one verb."""

    def command(**values: Any) -> None:
        as_json = values.pop("as_json")
        execute(job_class, values, as_json)

    parameters = [_parameter(option) for option in options_of(verb, job_class)]
    as_json = Annotated[bool, typer.Option("--json", help="Print one JSON report a line.")]
    parameters.append(
        inspect.Parameter(
            "as_json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=as_json
        )
    )
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {}
    return command


def _parameter(option: Option) -> inspect.Parameter:
    """Describe one setting to typer."""
    kind = Path if option.kind is MovieSource else option.kind
    default = option.default
    if option.field in JOINED_BY_COMMA:
        default = ",".join(default)
    if option.repeated:
        kind = types.GenericAlias(list, (kind,))
        default = None if option.required else list(default)
    elif default is None and not option.required:
        kind = kind | None
    annotation = Annotated[kind, _declaration(option)]  # type: ignore[valid-type]
    empty = inspect.Parameter.empty
    return inspect.Parameter(
        option.field,
        inspect.Parameter.KEYWORD_ONLY,
        default=empty if option.required else default,
        annotation=annotation,
    )


def _declaration(option: Option) -> Any:
    if option.positional:
        return typer.Argument(metavar=option.spelling.upper(), help=option.description)
    names = f"--{option.spelling}"
    if option.kind is bool and option.default is not False:
        names += f"/--no-{option.spelling}"
    return typer.Option(names, help=option.description)


def _add_command(verb: str, job_class: type[Job]) -> None:
    """Add one verb to the command line; its help is the docstring of its job."""
    text = (inspect.getdoc(job_class) or "").partition("\n\nAttributes")[0]
    short = text.partition("\n")[0].partition(";")[0].rstrip(".") + "."
    group, _, name = verb.rpartition(" ")
    place = _group(group) if group else app
    place.command(name, help=text, short_help=short)(_command(verb, job_class))


@cache
def _group(name: str) -> typer.Typer:
    """Verbs of two words share their first one, which lists them."""
    group = typer.Typer(help=GROUPS[name], no_args_is_help=True, rich_markup_mode=None)
    app.add_typer(group, name=name)
    return group


for _verb, (_job_class, _) in VERBS.items():
    _add_command(_verb, _job_class)


if __name__ == "__main__":
    main()
