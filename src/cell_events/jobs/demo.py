"""The whole method on a small real movie that comes with the package: the job `demo`.

The movie shows 30 frames of HeLa nuclei with three divisions (`samples/ATTRIBUTION.md`). Both
networks learn from frames 6 to 18 alone, where two divisions are painted; then the frames before
and after, which no network has seen, are searched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cell_events.events import read_events
from cell_events.jobs.checks import DEVICES, JobError, check_choice
from cell_events.jobs.detect import Detect, run_detect
from cell_events.jobs.evaluate import scores
from cell_events.jobs.movie_source import MovieSource
from cell_events.jobs.pretrain import Pretrain, pretrain_on
from cell_events.jobs.reports import Progress, Report, Result
from cell_events.jobs.train import Train, run_train

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
MOVIE = MovieSource(SAMPLES / "hela_h2b_movie.tif")
PAINT = SAMPLES / "hela_h2b_eventmask.tif"
TRUTH = SAMPLES / "hela_h2b_divisions.csv"

TRAINING_FRAMES = (6, 18)
UNSEEN_FRAMES = "1-5,20-29"
"""Frames in which events may be found: they and the frames before them were not trained on."""

BRIEFLY: dict[str, Any] = {
    "epochs": 4,
    "pairs_per_epoch": 256,
    "crop_size": 64,
}
"""Minutes rather than the hour that a movie of one's own deserves."""

RADIUS_PX, FRAMES = 10.0, 1


@dataclass(frozen=True, slots=True)
class Demo:
    """Pretrain, train and detect on a bundled movie; writes `events.csv` and `events.png`.

    Attributes
    ----------
    out
        Folder to write into; it is made if it does not exist.
    device
        Where to compute: "auto", "cuda", "mps" or "cpu".
    seed
        Equal seeds give equal results.
    """

    out: Path
    device: str = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        check_choice("device", self.device, DEVICES)


def run_demo(job: Demo) -> Iterator[Report]:
    """Run the three jobs one after the other, then compare and draw what was found."""
    try:
        job.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise JobError(f"The folder {job.out} cannot be made: {error.strerror}.") from error
    pretrain, train, detect = demo_jobs(job)
    first, last = TRAINING_FRAMES
    movie = MOVIE.open().crop(frames=slice(first, last + 1))
    yield from _progress_of(pretrain_on(pretrain, [movie]))
    yield from _progress_of(run_train(train))
    yield from _progress_of(run_detect(detect))
    yield Result(_judged(detect.csv, job.out / "events.png"))


def demo_jobs(job: Demo) -> tuple[Pretrain, Train, Detect]:
    """Give the jobs that the demo consists of."""
    tap, model = job.out / "tap.safetensors", job.out / "divisions.safetensors"
    shared: dict[str, Any] = {"device": job.device, "seed": job.seed}
    first, last = TRAINING_FRAMES
    return (
        Pretrain((MOVIE,), tap, validation=0.0, **BRIEFLY, **shared),
        Train(
            *((MOVIE,), (PAINT,), model),
            tap=tap,
            done=(f"{first}-{last}",),
            validation=0.0,
            epochs=30,
            **shared,
        ),
        Detect((MOVIE,), model, job.out / "events.csv", frames=UNSEEN_FRAMES, **shared),
    )


def _progress_of(reports: Iterable[Report]) -> Iterator[Progress]:
    """Leave out the result of one of several jobs."""
    return (report for report in reports if isinstance(report, Progress))


def _judged(csv: Path, picture: Path) -> dict[str, Any]:
    """Compare the found events with the true ones of the same frames and draw both."""
    from cell_events.jobs.event_picture import draw_events
    from cell_events.matching import match_events
    from cell_events.recognition.paint import parse_frames

    unseen = parse_frames(UNSEEN_FRAMES)
    truth = [event for event in read_events(TRUTH) if event.t in unseen]
    matching = match_events(read_events(csv), truth, radius_px=RADIUS_PX, frames=FRAMES)
    draw_events(picture, MOVIE.open(), matching)
    return {"csv": str(csv), "picture": str(picture), "unseen_frames": scores(matching)}
