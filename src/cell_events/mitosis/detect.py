"""Finding mitoses in a whole movie (section III G)."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cell_events.engine.grid_heat_map import GridHeatMap
from cell_events.engine.score_range import ScoreRange
from cell_events.events import Event
from cell_events.mitosis.frame_scores import PAPER_STEP, ScoreSettings, frame_scores
from cell_events.mitosis.frames import FrameSource, to_pixels
from cell_events.mitosis.groups import Group, GroupFinder
from cell_events.mitosis.network import MitosisDetector
from cell_events.mitosis.train_settings import EventTime, Scores

DECIMALS = 3
"""Of places in pixels."""


@dataclass(frozen=True, slots=True)
class MitosisDetectSettings:
    """How a movie is read, and what counts as a mitosis.

    Attributes
    ----------
    length, step, scores, shift
        See `ScoreSettings`.
    time
        Frame of an event: ``centre`` of mass of its group of places, or its ``peak``.
    threshold
        Smallest score of the places of an event.
    kind
        What the events are called.
    """

    length: int
    step: int = PAPER_STEP
    scores: Scores = "binary"
    time: EventTime = "centre"
    shift: float = 0.0
    threshold: float = 0.5
    kind: str = "division"

    def __post_init__(self) -> None:
        if not 1 <= self.step <= self.length:
            raise ValueError(
                f"step must lie between 1 and length, {self.length}, so that no frame is left "
                f"out; got {self.step}."
            )
        if not 0 < self.threshold < 1:
            raise ValueError(f"threshold must lie between 0 and 1, got {self.threshold}.")

    @property
    def scoring(self) -> ScoreSettings:
        """The part of the settings that decides the scores."""
        return ScoreSettings(self.length, self.step, self.scores, self.shift)


@dataclass(frozen=True, slots=True)
class MitosisReport:
    """How far detection is, in frames; the last report has more.

    Attributes
    ----------
    events
        What was found, ordered by time.
    same_scores
        The score if the network gives the same one everywhere; empty if it does not.
    """

    done: int
    total: int
    found: int
    seconds_left: float
    events: tuple[Event, ...] = ()
    same_scores: tuple[float, ...] = ()


def detect_mitoses(
    frames: FrameSource,
    network: MitosisDetector,
    settings: MitosisDetectSettings,
    heat_map: Path | None = None,
    source: str = "",
    only: frozenset[int] | None = None,
) -> Iterator[MitosisReport]:
    """Find mitoses, frame after frame; memory does not grow with the length of the movie.

    Places whose score reaches the threshold form groups; each is an event at its centre of mass,
    in pixels of the movie, with the highest score in it.

    Parameters
    ----------
    network
        On the device that is to be used.
    heat_map
        Zarr of the scores to write (see `GridHeatMap`).
    source
        What the events name as their source.
    only
        Frames in which events may lie. Frames around them are looked at, too, so that groups are
        whole; those longer than twice `settings.length` may be cut.

    Raises
    ------
    ValueError
        If the movie is shorter than a window, has other maps than the network reads, or lacks
        frames that are asked for; if something else lies at `heat_map`; or if the network gives
        NaN.
    """
    _check(frames, network, settings, only)
    network.eval()
    n_frames, _, *grid = frames.shape
    shape = (n_frames, 1, grid[0], grid[1])
    heat = heat_map and GridHeatMap(heat_map, shape, (settings.kind,), frames.shrink)
    looked_at = None if only is None else _with_surroundings(only, n_frames, settings.length)
    total = n_frames if looked_at is None else len(looked_at)
    finder, groups, started = GroupFinder(settings.threshold), list[Group](), time.monotonic()
    scored, seen = frame_scores(frames, network, settings.scoring, looked_at), ScoreRange()
    for done, (t, scores) in enumerate(scored, 1):
        _check_scores(t, scores)
        seen.see(scores[None])
        groups += finder.push(t, scores)
        if heat:
            heat.write(t, scores[None])
        left = (time.monotonic() - started) / done * (total - done)
        yield MitosisReport(done, total, len(groups), left)
    found = events_of([*groups, *finder.finish()], frames.shrink, settings, source)
    events = tuple(event for event in found if only is None or event.t in only)
    yield MitosisReport(total, total, len(events), 0.0, events, seen.same_scores)


def events_of(
    groups: Iterable[Group], shrink: int, settings: MitosisDetectSettings, source: str = ""
) -> list[Event]:
    """Groups on the grid as events in pixels of the movie, ordered by time and place."""
    events = []
    for group in groups:
        t, y, x = group.centre(settings.time)
        events.append(
            Event(
                t,
                round(to_pixels(y, shrink), DECIMALS),
                round(to_pixels(x, shrink), DECIMALS),
                settings.kind,
                score=group.highest,
                source=source,
            )
        )
    return sorted(events, key=lambda event: (event.t, event.y, event.x))


def _with_surroundings(only: frozenset[int], n_frames: int, reach: int) -> frozenset[int]:
    """Frames, and those up to `reach` before and after."""
    around = {t + step for t in only for step in range(-reach, reach + 1)}
    return frozenset(t for t in around if 0 <= t < n_frames)


def _check_scores(t: int, scores: NDArray[np.float32]) -> None:
    if np.isnan(scores).any():
        raise ValueError(f"The model gives NaN scores in frame {t}; train it anew.")


def _check(
    frames: FrameSource,
    network: MitosisDetector,
    settings: MitosisDetectSettings,
    only: frozenset[int] | None,
) -> None:
    """Raise ValueError unless the network can look at these frames."""
    n_frames, channels = frames.shape[:2]
    if n_frames < settings.length:
        raise ValueError(
            f"The movie has {n_frames} frames, but this detector reads {settings.length} at once; "
            "give a longer movie."
        )
    if channels != network.channels:
        raise ValueError(
            f"Each frame has {channels} maps, but this detector reads {network.channels}; give "
            "the same kind of input as in training."
        )
    if only is not None and (not only or min(only) < 0 or max(only) >= n_frames):
        raise ValueError(
            f"Mitoses can be looked for in the frames 0 to {n_frames - 1}; asked for "
            f"{min(only, default='none')} to {max(only, default='none')}."
        )
