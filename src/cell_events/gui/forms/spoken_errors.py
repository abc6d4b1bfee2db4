"""Slots whose errors are said in the dock, in one sentence, and never reach napari."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Protocol, TypeVar


class Speaker(Protocol):
    """Something with a status line."""

    def say(self, sentence: str, is_error: bool = False) -> None:
        """Show one sentence."""


S = TypeVar("S", bound=Speaker)


def says_errors(slot: Callable[[S], None]) -> Callable[[S], None]:
    """Wrap a method without parameters, so that a bad input becomes a sentence of `say`.

    The result is a method still: Qt then holds its object weakly.
    """

    @functools.wraps(slot)
    def wrapped(self: S) -> None:
        try:
            slot(self)
        except (ValueError, OSError) as error:
            self.say(str(error), is_error=True)

    return wrapped
