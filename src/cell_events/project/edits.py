"""What a person does to a project: edits, made of changes that can be turned round."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cell_events.events import Event

JSON: TypeAlias = Any
"""Whatever JSON can say: None, booleans, numbers, texts, and lists and dictionaries of them."""


class ProjectError(ValueError):
    """A project that cannot be opened or changed; the message is one sentence for the user."""


@dataclass(frozen=True, slots=True, eq=False)
class PaintChange:
    """A patch of one painted frame.

    Attributes
    ----------
    movie
        Id of the movie, such as "movie-1".
    t, top, left
        Frame, and first row and column of the patch.
    before, after
        Painted values (y, x) of the patch as uint8; copied, so that the caller may go on painting.

    Raises
    ------
    ProjectError
        If the patches are no uint8 images of the same shape, or the place is negative.
    """

    movie: str
    t: int
    top: int
    left: int
    before: NDArray[np.uint8] = field(repr=False)
    after: NDArray[np.uint8] = field(repr=False)

    def __post_init__(self) -> None:
        for name in ("before", "after"):
            patch = np.array(getattr(self, name), order="C")
            if patch.ndim != 2 or patch.dtype != np.uint8 or patch.size == 0:
                raise ProjectError(
                    f"A painted patch must be a (y, x) image of type uint8, got the shape "
                    f"{patch.shape} and the type {patch.dtype}; convert it."
                )
            patch.setflags(write=False)
            object.__setattr__(self, name, patch)
        if self.before.shape != self.after.shape:
            raise ProjectError(
                f"A painted patch must keep its shape, got {self.before.shape} before and "
                f"{self.after.shape} after."
            )
        for name in ("t", "top", "left"):
            object.__setattr__(self, name, int(getattr(self, name)))
        if min(self.t, self.top, self.left) < 0:
            raise ProjectError(
                f"A patch must begin inside of its movie, got t={self.t}, top={self.top}, "
                f"left={self.left}."
            )

    def inverse(self) -> PaintChange:
        """The change that takes this one back."""
        return replace(self, before=self.after, after=self.before)


@dataclass(frozen=True, slots=True)
class EventChange:
    """A decision about one event; None where there is no decision before or after."""

    movie: str
    event_id: str
    before: Event | None
    after: Event | None

    def inverse(self) -> EventChange:
        """The change that takes this one back."""
        return replace(self, before=self.after, after=self.before)


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A setting that undo is to bring back; None where there is no value before or after.

    Raises
    ------
    ProjectError
        If JSON cannot say a value.
    """

    key: str
    before: JSON
    after: JSON

    def __post_init__(self) -> None:
        object.__setattr__(self, "before", plain_json(self.key, self.before))
        object.__setattr__(self, "after", plain_json(self.key, self.after))

    def inverse(self) -> ValueChange:
        """The change that takes this one back."""
        return replace(self, before=self.after, after=self.before)


Change: TypeAlias = PaintChange | EventChange | ValueChange


@dataclass(frozen=True, slots=True)
class Edit:
    """One step of undo: what a person did in one go, such as "paint division"."""

    title: str
    changes: tuple[Change, ...]

    def inverse(self) -> Edit:
        """The edit that takes this one back: its changes turned round, the last first."""
        return Edit(self.title, tuple(change.inverse() for change in reversed(self.changes)))


def plain_json(key: str, value: JSON) -> JSON:
    """Copy a value as JSON would return it.

    Raises
    ------
    ProjectError
        If JSON cannot say it.
    """
    try:
        return json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise ProjectError(
            f"The value of {key!r} cannot be kept in a project ({error}); use finite numbers, "
            "texts, lists and dictionaries."
        ) from None
