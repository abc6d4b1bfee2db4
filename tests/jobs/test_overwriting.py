"""What a job reads is still there when it is done."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from cell_events.jobs import (
    Calibrate,
    Detect,
    JobError,
    Measure,
    MovieSource,
    Train,
    Update,
    run,
)
from cell_events.jobs.overwriting import REWRITTEN, WRITTEN, check_nothing_is_overwritten
from cell_events.jobs.registry import VERBS, verb_of

MOVIE, PAINT, MODEL = Path("movie.tif"), Path("paint.tif"), Path("model.safetensors")
SOURCE = (MovieSource(MOVIE),)


def test_each_verb_says_what_it_writes() -> None:
    assert WRITTEN.keys() == VERBS.keys()
    told = [(verb, name) for verb, names in WRITTEN.items() for name in names]
    for verb, name in [*told, *REWRITTEN]:
        assert name in {field.name for field in fields(VERBS[verb][0])}, (verb, name)


@pytest.mark.parametrize(
    ("job", "told"),
    [
        (Detect(SOURCE, MODEL, MOVIE), "'csv' would overwrite movie.tif, .* read as 'movies'"),
        (Detect(SOURCE, MODEL, Path("./sub/../model.safetensors")), "which is read as 'model'"),
        (Train(SOURCE, (PAINT,), PAINT), "'model' would overwrite paint.tif"),
        (Update(SOURCE, (PAINT,), MODEL, csvs=(PAINT,)), "'csvs' would overwrite paint.tif"),
        (Measure(SOURCE, labels=PAINT, out=MOVIE), "'out' would overwrite movie.tif"),
        (Detect(SOURCE, MODEL, PAINT, heatmap=PAINT), "'csv' and 'heatmap' both name paint.tif"),
    ],
)
def test_what_is_read_is_not_overwritten(job: Any, told: str) -> None:
    with pytest.raises(JobError, match=told):
        check_nothing_is_overwritten(verb_of(job), job)


@pytest.mark.parametrize(
    "job",
    [
        Calibrate(SOURCE, (PAINT,), MODEL, out=MODEL),
        Train(SOURCE, (PAINT,), MODEL, start=MODEL),
        Detect(SOURCE, MODEL, Path("events.csv"), heatmap=Path("scores.zarr")),
    ],
)
def test_a_model_may_be_written_anew(job: Any) -> None:
    check_nothing_is_overwritten(verb_of(job), job)


def test_a_movie_outlives_a_mistyped_command(tmp_path: Path) -> None:
    movie = tmp_path / "movie.tif"
    tifffile.imwrite(movie, np.arange(2 * 8 * 8, dtype=np.uint8).reshape(2, 8, 8))
    before = movie.read_bytes()
    with pytest.raises(JobError, match="would overwrite"):
        list(run(Detect((MovieSource(movie, "TYX"),), tmp_path / "model.safetensors", movie)))
    assert movie.read_bytes() == before
