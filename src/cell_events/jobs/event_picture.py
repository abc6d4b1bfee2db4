"""A picture by which a person can judge found events: each in the frames around it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cell_events.events import Event
from cell_events.matching import Matching

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from cell_events.movie import Movie

FRAMES_AROUND = (-2, -1, 0, 1, 2)
HALF_WIDTH_PX = 28
BRIGHTEST = 2.0
"""Shown white, in units of the movie's intensity range: mitotic nuclei are brighter than most."""

FOUND_COLOUR, TRUE_COLOUR = "#ff9500", "#00d0ff"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A match, a miss or a false alarm; `event` is the found event, or the true one if missed."""

    label: str
    event: Event
    found: Event | None
    true: Event | None


def draw_events(path: Path, movie: Movie, matching: Matching, most: int = 12) -> None:
    """Write a PNG with one row for each match, miss and false alarm, at most `most` rows.

    A row shows the five frames around the event; the pair that holds it is framed. Circles are
    found events, crosses true ones, each in the frame to which it belongs.
    """
    from matplotlib.figure import Figure

    rows = outcomes(matching)[:most]
    figure = Figure(figsize=(10, 1.2 + 2.1 * len(rows)), layout="constrained")
    figure.suptitle(_title(matching), fontsize=10)
    if rows:
        panels = figure.subplots(len(rows), len(FRAMES_AROUND), squeeze=False)
        for axes_row, outcome in zip(panels, rows, strict=True):
            axes_row[0].set_ylabel(outcome.label, fontsize=8)
            for axes, step in zip(axes_row, FRAMES_AROUND, strict=True):
                _draw_panel(axes, movie, outcome, step)
    figure.savefig(path, dpi=110)


def outcomes(matching: Matching) -> list[Outcome]:
    """Every match, miss and false alarm, in order of time."""
    pairs = [(matching.found[i], matching.truth[j]) for i, j in matching.pairs]
    rows = [Outcome("found, true", found, found, true) for found, true in pairs]
    rows += [Outcome("missed", true, None, true) for true in matching.unmatched_truth]
    rows += [Outcome("false alarm", found, found, None) for found in matching.unmatched_found]
    return sorted(rows, key=lambda row: row.event.t)


def _title(matching: Matching) -> str:
    tolerance = matching.tolerance
    return (
        f"{matching.true_positives} of {len(matching.truth)} true events found, "
        f"false alarms: {matching.false_positives} (within {tolerance.radius_px:g} px and "
        f"{tolerance.frames} frames)\ncircle: found; cross: true; framed: the two frames between "
        "which the event happens"
    )


def _draw_panel(axes: Axes, movie: Movie, outcome: Outcome, step: int) -> None:
    """Show one frame around one event."""
    event, t = outcome.event, outcome.event.t + step
    axes.set(xticks=[], yticks=[])
    if not 0 <= t < movie.n_frames:
        axes.set_frame_on(False)
        return
    rows = _around(event.y, movie.shape[1])
    columns = _around(event.x, movie.shape[2])
    image = movie.read_normalised(t, rows, columns)
    extent = (columns.start - 0.5, columns.stop - 0.5, rows.stop - 0.5, rows.start - 0.5)
    axes.imshow(image.clip(0) ** 0.5, cmap="gray", vmin=0, vmax=BRIGHTEST**0.5, extent=extent)
    score = f", score {event.score:.2f}" if step == 0 and event.score is not None else ""
    axes.set_title(f"t = {t}{score}", fontsize=8)
    _draw_mark(axes, outcome.found, t, "o", FOUND_COLOUR)
    _draw_mark(axes, outcome.true, t, "x", TRUE_COLOUR)
    if step in (-1, 0):
        for spine in axes.spines.values():
            spine.set(color=FOUND_COLOUR if outcome.found else TRUE_COLOUR, linewidth=2)


def _draw_mark(axes: Axes, event: Event | None, t: int, mark: str, colour: str) -> None:
    if event is not None and event.t == t:
        axes.plot(event.x, event.y, mark, ms=15, mfc="none", mec=colour, mew=1.5)


def _around(centre: float, length: int) -> slice:
    """Window around a coordinate, moved into the frame where it would leave it."""
    start = max(0, min(round(centre) - HALF_WIDTH_PX, length - 2 * HALF_WIDTH_PX))
    return slice(start, min(length, start + 2 * HALF_WIDTH_PX))
