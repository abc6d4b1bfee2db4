"""The real worker, with stand-ins for the jobs of dry mass that compute nothing.

Run as a script. Six cells go straight ahead; cell 4 stands still from the tenth frame on, and what
flags it knows that, as does what finds stretches. Training for 13 steps fails.
"""

import json
import time
from math import isnan

import numpy as np
import pandas as pd
import zarr

from cell_events import jobs, worker
from cell_events.dry_mass.cell_scores import CellScore
from cell_events.dry_mass.flagging import cell_flags
from cell_events.dry_mass.flags import write_flags
from cell_events.series.labelled_series import Segment
from cell_events.series.segment_tables import write_segments
from cell_events.tracks import read_tracks, write_tracks

N_FRAMES, N_CELLS, SHAPE, ARRESTED = 30, 6, (40, 56), 4
FAILS, NOTHING = 13, 0.99
SCORES = {1: 1.0, 2: 1.2, 3: 1.1, 4: 9.0, 5: 3.0, 6: float("nan")}


def masses(cell):
    t = np.arange(N_FRAMES)
    return 100.0 + cell + (np.minimum(t, 10) if cell == ARRESTED else t)


def places(cell):
    """y and x of a cell in every frame."""
    return np.full(N_FRAMES, 5.0 * cell), 8.0 + np.arange(N_FRAMES)


def measure(job):
    if job.unit is None:
        raise ValueError("The unit of the grey values is unknown; say whether they are rad.")
    tables, labels = [], np.zeros((N_FRAMES, *SHAPE), np.uint32)
    for cell in range(1, N_CELLS + 1):
        y, x = places(cell)
        table = {"track_id": cell, "t": np.arange(N_FRAMES), "y": y, "x": x}
        tables.append(pd.DataFrame(table | {"parent_id": 0, "dry_mass_pg": masses(cell)}))
        for t in range(N_FRAMES):
            labels[t, int(y[t]) - 1 : int(y[t]) + 2, int(x[t]) - 1 : int(x[t]) + 2] = cell
    yield jobs.Progress("measure cells", 1, 1)
    write_tracks(job.out, pd.concat(tables).assign(area_px=9.0, doubt=""))
    zarr.save_array(str(job.labels_out), labels)
    rows = N_FRAMES * N_CELLS
    yield jobs.Result({"cells": N_CELLS, "frames": N_FRAMES, "rows": rows, "doubtful": 0})


def train(job):
    if job.steps == FAILS:
        raise ValueError("All curves are too short; give a shorter past.")
    for done in range(1, 4):
        yield jobs.Progress("learn", done, 3, {"total": 1 / done})
        time.sleep(0.01)
    job.model.write_bytes(b"a forecaster")
    yield jobs.Result({"model": str(job.model), "validation": {"rmse_pg": 0.5}})


def detect(job):
    yield jobs.Progress("score the cells", 1, 1)
    scores = [
        CellScore(cell, not isnan(score), score, score, 10, 29, "arrest", "cellular")
        for cell, score in SCORES.items()
    ]
    flags = cell_flags(read_tracks(job.tracks), scores, 5.0)
    write_flags(job.csv, flags)
    job.report.mkdir()
    report = {"score": job.score, "rule": job.rule, "value": job.value, "threshold": 5.0}
    (job.report / "report.json").write_text(json.dumps(report))
    yield jobs.Result({"flagged": 1, "assessed": 5, "not_assessed": 1})


def learn_stretches(job):
    for done in range(1, 4):
        yield jobs.Progress("learn", done, 3, {"total": 1 / done})
        time.sleep(0.01)
    job.model.write_bytes(b"a network")
    yield jobs.Result({"model": str(job.model), "stretches": {"arrest": 1}, "notes": []})


def find_stretches(job):
    yield jobs.Progress("find abnormal stretches", 1, 1)
    if job.threshold == NOTHING:
        found = []
    else:
        arrest = Segment(str(ARRESTED), "arrest", 10, 29, 0.9, 0.97)
        found = [arrest, Segment("2", "swap", 3, 4, 0.6, 0.7)]
    write_segments(job.csv, found)
    yield jobs.Result({"stretches": len(found), "series_with_stretches": len(found), "series": 6})


STAND_INS = {
    jobs.Measure: measure,
    jobs.AnomaliesTrain: train,
    jobs.AnomaliesDetect: detect,
    jobs.SegmentsTrain: learn_stretches,
    jobs.SegmentsDetect: find_stretches,
}

if __name__ == "__main__":
    jobs.run = lambda job: STAND_INS[type(job)](job)
    worker.main()
