"""The commands of the program by verb; verbs may be of two words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from cell_events.cli import app


def commands_by_verb() -> dict[str, Any]:
    """Give each command of the command line, such as that of "mitosis map"."""
    return dict(_commands(get_command(app)))


def _commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def verb_at(words: list[str]) -> str:
    """Verb with which some words of a command line begin; empty if there is none."""
    verbs = commands_by_verb()
    candidates = (" ".join(words[:length]) for length in (2, 1))
    return next((verb for verb in candidates if verb in verbs), "")
