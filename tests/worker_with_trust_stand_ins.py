"""The real worker, with stand-ins for the jobs about trust that ask no network.

Run as a script. Each writes in a moment what the job that it stands for writes.
"""

import json
import struct
from dataclasses import replace

import numpy as np

from cell_events import jobs, worker
from cell_events.engine.header import METADATA_KEY, read_header
from cell_events.events import Event, read_events, write_events
from cell_events.trust.explained_events import ExplainedEvent, write_explained_events
from cell_events.trust.explained_frames import ExplainedFrames
from cell_events.trust.top_regions import Region, write_regions

LAYERS = ("down", "up")
UNKNOWN, SILENT = "sideways", "silent"
SIDE = 8


def explain(job):
    yield jobs.Progress("explain", 1, 1)
    if job.layer == UNKNOWN:
        raise ValueError("This model has no layer 'sideways'; it has down, up.")
    common = {"layers": list(LAYERS), "layer": job.layer or "up", "maps": str(job.out)}
    given = explain_frames(job) if job.events is None else explain_event(job)
    yield jobs.Result({**common, **given})


def explain_event(job):
    (event,) = read_events(job.events)
    top, left = int(event.y) - SIDE // 2, int(event.x) - SIDE // 2
    maps = np.zeros((2, SIDE, SIDE), np.float32)
    maps[1, 3, 4] = 7.0
    if job.layer == SILENT:
        maps[:] = 0
    crops = np.full_like(maps, 0.5)
    for images in (maps, crops):  # nothing is known beyond the movie
        cut_out(images, job.movie.open().shape[1:], (top, left))
    place = event.t, event.y, event.x, job.kind or event.kind, 2.5, (event.t - 1, event.t)
    explained = ExplainedEvent(*place, top, left, maps, crops)
    list(write_explained_events(job.out, iter([explained]), 1, {}))
    sanity = {"sanity": check(job, explained.inside)} if job.sanity else {}
    notes = {"notes": ["The map is zero everywhere."]} if job.layer == SILENT else {}
    return {"events": 1, **sanity, **notes}


def cut_out(images, frame_px, first):
    rows, columns = (start + np.arange(SIDE) for start in first)
    images[:, (rows < 0) | (rows >= frame_px[0])] = np.nan
    images[:, :, (columns < 0) | (columns >= frame_px[1])] = np.nan


def check(job, inside):
    path = job.out.with_name(f"{job.out.stem}-sanity.npy")
    np.save(path, np.ones((SIDE, SIDE), np.float32)[inside])
    return {
        "random_map": str(path),
        "rank_correlation_with_random_weights": 0.12,
        "ssim_with_random_weights": 0.3,
    }


def explain_frames(job):
    movie = job.movie.open()
    first, *_, last = [int(t) for t in job.frames.split("-")] * 2
    written = ExplainedFrames(job.out, movie, (), {})
    regions = []
    for t in range(first, last + 1):
        found = tuple(Region(t, 4 * r, 5 * r, r, 1.0 / r) for r in range(1, job.top + 1))
        attention = np.full(movie.shape[1:], 0.01 * t, np.float32)
        attention[4, 5] = 3.0
        written.write(t, (slice(None), slice(None)), attention)
        written.finish(t, found)
        regions += found
    write_regions(job.table, regions)
    return {
        "kind": job.kind or "division",
        "frames": last - first + 1,
        "regions": str(job.table),
        "delta": 1,
        "size": SIDE,
    }


def write_header(path, about):
    """Write a model file that holds nothing but what it says about itself."""
    text = json.dumps({"__metadata__": {METADATA_KEY: about.to_json()}}).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text)
    return path


TEMPERATURE, SHIFT = 2.0, (0.0, -1.0)
TOO_FEW = "Only 4 crops show 'division', but at least 10 are needed; annotate more."


def calibrate(job):
    yield jobs.Progress("ask the model", 1, 1)
    if job.by == "calibration error":
        raise ValueError(TOO_FEW)
    about = read_header(job.model)
    calibration = {"temperature": TEMPERATURE, "shift": [0.0] + [-1.0] * len(about.classes)}
    write_header(job.target, replace(about, calibration=calibration, temperature=TEMPERATURE))
    values = {"counts": {"nothing": 120, "division": 40}, "blocks": 12, "temperature": TEMPERATURE}
    write_report(job.report, about.classes, values)
    yield jobs.Result({**values, "model": str(job.target)})


def write_report(folder, classes, values):
    """Two bins: crops given 0.8 are real half of the time before, and four of five times after."""
    folder.mkdir(parents=True)
    steps = [step(0.3), step(0.02)]
    told = {**values, "population": "as in the movie", "steps": steps}
    (folder / "calibration.json").write_text(json.dumps(told))
    (folder / "index.html").write_text("<h1>Calibration</h1>")
    rows = ["class,low,high,crops,probability,share,share_low,share_high,when"]
    for name in classes:
        for when, share in (("before", 0.5), ("after", 0.8)):
            rows += [
                f"{name},0.0,0.5,0,,,,,{when}",
                f"{name},0.5,1.0,40,0.8,{share},0.4,0.9,{when}",
            ]
    (folder / "reliability.csv").write_text("\n".join(rows))


def step(error):
    figure = {"value": error, "low": error / 2, "high": 2 * error}
    return {"population": "as in the movie", "figures": dict.fromkeys(FIGURES, figure)}


FIGURES = ("ECE", "NLL", "Brier")


def detect(job):
    yield jobs.Progress("search", 1, 1)
    event = Event(4, 10, 12, score=0.8, probability=0.4, source=job.model.name)
    write_events(job.csv, [event])
    yield jobs.Result({"csv": str(job.csv), "events": 1})


def prepare(job):
    yield jobs.Result({})


STAND_INS = {
    jobs.Explain: explain,
    jobs.Calibrate: calibrate,
    jobs.Detect: detect,
    jobs.Prepare: prepare,
}

if __name__ == "__main__":
    jobs.run = lambda job: STAND_INS[type(job)](job)
    worker.main()
