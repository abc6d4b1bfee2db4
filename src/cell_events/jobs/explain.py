"""Show what a network looks at: the job `explain` (Grad-CAM)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cell_events.jobs.checks import DEVICES, check_at_least, check_choice, check_frames
from cell_events.jobs.movie_source import MovieSource
from cell_events.jobs.reports import Report


@dataclass(frozen=True, slots=True)
class Explain:
    """Show what a network looks at, by Grad-CAM; writes maps as zarr.

    Explains whole frames, or, with `events`, each event in the crop around it. Beside the maps lies
    a CSV of the same name with the regions that speak most for the class.

    Attributes
    ----------
    movie
        The movie.
    model
        Model file that `pretrain`, `train`, `update` or `mitosis train` has written.
    out
        Zarr to write. Frames: (T, Y, X); a run that was stopped goes on from it. Events: a group
        with the arrays `maps` and `crops`.
    frames
        Frames to explain, such as "10-20,30", each the last of its pair; empty for all. With
        `events`: only events in these frames.
    kind
        Class to explain; empty for the first, or for that of each event.
    layer
        Layer whose maps are weighed; empty for the one that is best for the model.
    top
        Number of regions of each frame.
    events
        CSV of events to explain, instead of whole frames; with a column `movie`, those of this
        movie.
    crops
        Folder for a picture of the regions of each frame.
    sanity
        Also explain the first frame, or event, with random weights: a map that stays the same
        explains nothing. Writes a picture and a JSON beside the maps.
    missing_chunks
        "error", or "fill" to read missing chunks of a zarr movie as its fill value.
    device
        Where to compute: "auto", "cuda", "mps" or "cpu".
    seed
        Decides the random weights of the sanity check.
    """

    movie: MovieSource
    model: Path
    out: Path
    frames: str = ""
    kind: str = ""
    layer: str = ""
    top: int = 8
    events: Path | None = None
    crops: Path | None = None
    sanity: bool = False
    missing_chunks: str = "error"
    device: str = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        check_frames("frames", self.frames)
        check_at_least("top", self.top, 1)
        check_choice("missing_chunks", self.missing_chunks, ("error", "fill"))
        check_choice("device", self.device, DEVICES)

    @property
    def table(self) -> Path:
        """CSV of the regions."""
        return self.out.with_suffix(".csv")


def run_explain(job: Explain) -> Iterator[Report]:
    """Explain frame by frame, or event by event."""
    from cell_events.engine.device import prepare_cpu

    prepare_cpu()
    if job.events is None:
        from cell_events.jobs.explaining_frames import explain_frames

        yield from explain_frames(job)
    else:
        from cell_events.jobs.explaining_events import explain_events

        yield from explain_events(job)
