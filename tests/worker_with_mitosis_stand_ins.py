"""The real worker, with stand-ins for the jobs of the mitosis pipeline that learn nothing.

Run as a script. Each writes in a moment what the job that it stands for writes in minutes; one
that is to take 7 steps keeps a checkpoint and goes on until it is stopped, and one that is to take
13 fails.
"""

import json
import time

import numpy as np
import zarr

from cell_events import jobs, worker
from cell_events.engine.grid_heat_map import GridHeatMap
from cell_events.events import Event, write_events

N_FRAMES, GRID, SHRINK, MAPS, PROPOSED = 30, (10, 14), 4, 4, 2
ENDLESS, FAILS = 7, 13
LENGTHS = [(3, 5), (8, 12), (9, 12), (10, 15)]


def learn(job, stage="learn"):
    """Measurements as a training gives them."""
    if job.steps == FAILS:
        raise ValueError("All maps are empty; take another width of a grid place.")
    if job.steps == ENDLESS:
        job.checkpoint.write_bytes(b"where it was")
    for done in range(1, 10_000 if job.steps == ENDLESS else 3):
        yield jobs.Progress(stage, done, 10_000, {"total": 1 / done})
        time.sleep(0.01)


def map_cells(job):
    yield from learn(job)
    job.out.mkdir(parents=True, exist_ok=True)
    maps = zarr.create_array(
        str(job.out / "maps.zarr"),
        shape=(N_FRAMES, MAPS, *GRID),
        chunks=(1, MAPS, *GRID),
        dtype="u1",
    )
    for index in range(MAPS):
        maps[:, index, index + 1 : index + 4, 2:6] = 1
    maps.attrs.update({"step_px": SHRINK, "offset_px": (SHRINK - 1) / 2})
    qualities = [
        {"index": i, "dead": i == 3, "reason": "empty" if i == 3 else f"{i + 1} round objects"}
        for i in range(MAPS)
    ]
    values = {"chosen": PROPOSED, "proposed": PROPOSED, "qualities": qualities, "shrink": SHRINK}
    (job.out / "maps.json").write_text(json.dumps(values))
    yield jobs.Result(values)


def plan(job):
    yield from learn(job)
    job.report.mkdir(parents=True, exist_ok=True)
    rows = [f"{first},{last},{last - first + 1},1,1\n" for first, last in LENGTHS]
    (job.report / "lengths.csv").write_text("".join(["first,last,length,y,x\n", *rows]))
    percentiles = {"5": 3, "25": 4, "50": 5, "75": 5, "95": 6}
    values = {
        "length": 5,
        "annotate": 9,
        "first": 8,
        "last": 16,
        "frames": "8-16",
        "statistics": {"count": 4, "mean": 4.5, "sd": 1.29, "percentiles": percentiles},
    }
    lengths = [last - first + 1 for first, last in LENGTHS]
    (job.report / "plan.json").write_text(json.dumps({**values, "lengths": lengths}))
    yield jobs.Result(values)


def train(job):
    yield from learn(job, "learn divisions")
    job.model.write_bytes(b"a detector")
    yield jobs.Result({"model": str(job.model), "validation": {"F1": 0.9}})


def detect(job):
    yield jobs.Progress("search", 1, 1)
    write_events(job.csv, [Event(4, 10, 12, score=0.8), Event(9, 20, 30, score=0.7)])
    heat = GridHeatMap(job.heatmap, (N_FRAMES, 1, *GRID), ("division",), SHRINK)
    for t in range(N_FRAMES):
        heat.write(t, np.full((1, *GRID), 0.5, np.float32))
    yield jobs.Result({"csv": str(job.csv), "events": 2})


def prepare(job):
    yield jobs.Result({})


STAND_INS = {
    jobs.Prepare: prepare,
    jobs.MitosisMap: map_cells,
    jobs.MitosisPlan: plan,
    jobs.MitosisTrain: train,
    jobs.Detect: detect,
}

if __name__ == "__main__":
    jobs.run = lambda job: STAND_INS[type(job)](job)
    worker.main()
