"""Where found events may be judged: in places that their model has not learned from."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cell_events.events import Event
from cell_events.jobs.checks import JobError
from cell_events.jobs.evaluate import EVERYWHERE, HELD_OUT
from cell_events.matching import Tolerance

if TYPE_CHECKING:
    from cell_events.engine.header import ModelHeader
    from cell_events.engine.held_out import HeldOut as HeldOutBlocks


@dataclass(frozen=True, slots=True)
class Split:
    """Which places count.

    Attributes
    ----------
    sentence
        What is known of the model's training, for the report.
    blocks
        Held-out blocks; None if the whole movie counts.
    crop_px, delta
        What the model looks at around an event, which must lie in these blocks.
    """

    sentence: str
    blocks: HeldOutBlocks | None = None
    crop_px: int = 1
    delta: int = 1

    def keep(
        self, found: list[Event], truth: list[Event], tolerance: Tolerance
    ) -> tuple[list[Event], list[Event]]:
        """Events in places that count."""
        from cell_events.trust.held_out_events import held_out_events

        if self.blocks is None:
            return found, truth
        return held_out_events(found, truth, self.blocks, self.crop_px, self.delta, tolerance)


def split_of(model: Path | None, movie: str, where: str, found: Sequence[Event]) -> Split:
    """Read from a model file where it has not learned.

    Raises
    ------
    JobError
        If held-out places are asked for and not known, or the movie must be named.
    ModelFileError
        If the model cannot be read.
    """
    from cell_events.engine.header import read_header

    if model is None:
        if where == HELD_OUT:
            raise JobError("Only the model knows which places were held out; give --model.")
        return Split(_unknown(found))
    split = _split_of(model, read_header(model), movie, where)
    return replace(split, sentence=split.sentence + _other_model(model, found))


def _split_of(model: Path, header: ModelHeader, movie: str, where: str) -> Split:
    names = _names(movie)
    if names and not _knows(header, names):
        return Split(
            f"{model.name} does not name {Path(movie).name} among the movies that it has learned "
            f"from{_listed(header)}."
        )
    if not header.held_out:
        return _without_blocks(model, where)
    if where == EVERYWHERE:
        return Split(
            f"{model.name} has learned from parts of this movie: these figures are too good."
        )
    return _in_blocks(model, header, _blocks_of(model, header, names))


def _models_named(found: Sequence[Event]) -> list[str]:
    return sorted({event.source for event in found if event.source.endswith(".safetensors")})


def _other_model(model: Path, found: Sequence[Event]) -> str:
    """Warning where the events say that another model has found them; empty else."""
    others = [name for name in _models_named(found) if name != model.name]
    if not others:
        return ""
    return f" But some of these events name {', '.join(others)} as what found them: is it the same?"


def _unknown(found: Sequence[Event]) -> str:
    names = _models_named(found)
    hint = ""
    if names:
        hint = (
            f" The events name {', '.join(names)}: give that file (--model), or evaluate in the "
            "project that holds it."
        )
    return (
        "No model file is known, so nobody can tell whether the model has learned from these true "
        f"events; if it has, the figures are too good.{hint}"
    )


def _without_blocks(model: Path, where: str) -> Split:
    if where == HELD_OUT:
        raise JobError(
            f"{model.name} does not say that any place was held out from its training; train with "
            "a validation part split by blocks, or evaluate everywhere."
        )
    return Split(
        f"{model.name} held no place out from its training: if it has learned from these true "
        "events, the figures are too good."
    )


def _in_blocks(model: Path, header: ModelHeader, blocks: HeldOutBlocks) -> Split:
    arguments = header.arguments
    crop_px, delta = int(arguments.get("size", 1)), int(arguments.get("delta", 1))
    crop = f"whose crops of {crop_px} px lie" if crop_px > 1 else "that lie"
    held, number = int(blocks.held.sum()), blocks.held.size
    return Split(
        f"Only places count that {model.name} has not learned from: events {crop} in the "
        f"{held} of {number} blocks of {blocks.movie} that were held out.",
        blocks,
        crop_px,
        delta,
    )


def _blocks_of(model: Path, header: ModelHeader, names: set[str]) -> HeldOutBlocks:
    """Held-out blocks of the movie of these events."""
    from cell_events.engine.held_out import HeldOut as HeldOutBlocks

    known = [HeldOutBlocks.from_json(entry) for entry in header.held_out]
    fitting = [one for one in known if not names or names & {one.movie, one.fingerprint}]
    if len(fitting) == 1:
        return fitting[0]
    listed = ", ".join(one.movie for one in known)
    if not fitting:
        raise JobError(
            f"{model.name} held places out in {listed}, but none in this movie; evaluate "
            "everywhere (where everywhere)."
        )
    raise JobError(
        f"{model.name} has learned from {len(fitting)} movies ({listed}); say by --of-movie of "
        "which one these events are."
    )


def _names(movie: str) -> set[str]:
    """What a model may call a movie: by name, and by fingerprint if it is a file."""
    from cell_events.movie import MovieError, open_movie

    path = Path(movie)
    names = {movie, path.name, path.stem} if movie else set()
    if movie and path.exists():
        with suppress(MovieError):  # its axes must be told, say; the name is enough then
            names.add(open_movie(path).fingerprint)
    return names


def _listed(header: ModelHeader) -> str:
    """Give the movies that a model has learned from, in brackets; empty if it does not say."""
    names = [str(name) for name in header.provenance.get("movies") or ()]
    return f" ({', '.join(names)})" if names else ""


def _knows(header: ModelHeader, names: set[str]) -> bool:
    """Whether a model has learned from a movie, or does not say from which."""
    listed = (header.provenance.get(name) or () for name in ("movies", "fingerprints"))
    known = {str(name) for some in listed for name in some}
    for entry in header.held_out:
        known |= {str(entry.get("movie")), str(entry.get("fingerprint"))}
    return not known or not known.isdisjoint(names)
