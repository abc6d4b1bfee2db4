"""Models of `update` have learned from everything; others like them tell what scores are worth."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cell_events.engine.header import ModelHeader, read_header
from cell_events.engine.model_file import load_model, save_model
from cell_events.events import Event, write_events
from cell_events.jobs import Calibrate, JobError, MovieSource, Update
from cell_events.time_arrow.pretrain import initial_network
from tests.jobs.conftest import SMALL, write_stack
from tests.jobs.simulated import finish
from tests.synthetic import dividing_cells

pytestmark = pytest.mark.usefixtures("few_places")

FRAMES = 16


@pytest.fixture(scope="module")
def updated(tmp_path_factory: pytest.TempPathFactory) -> Update:
    """A model that has learned from all of a movie, with its movie and paint."""
    folder = tmp_path_factory.mktemp("updated")
    cells, paint, _ = dividing_cells(n_frames=FRAMES, size=(192, 192))
    tap = folder / "small.safetensors"
    save_model(tap, initial_network(0, **SMALL), ModelHeader("tap", "time_arrow", SMALL))
    job = Update(
        (MovieSource(write_stack(folder / "cells.tif", cells)),),
        (write_stack(folder / "paint.tif", paint),),
        folder / "update.safetensors",
        tap=tap,
        done=(f"0-{FRAMES - 1}",),
        crop_size=24,
        steps=40,
        device="cpu",
    )
    finish(job)
    return job


@pytest.fixture
def calibrate(updated: Update, tmp_path: Path) -> Calibrate:
    return Calibrate(
        updated.movies,
        updated.paints,
        updated.model,
        done=updated.done,
        out=tmp_path / "calibrated.safetensors",
        report=tmp_path / "report",
        device="cpu",
    )


def test_a_model_of_update_is_calibrated_by_models_like_it(
    calibrate: Calibrate, tmp_path: Path
) -> None:
    progress, values = finish(calibrate)
    assert list(dict.fromkeys(report.stage for report in progress)) == [
        "read the painted places",
        "ask the model",
        "judge the probabilities",
    ]
    assert "each without one of 4 strips" in values["note"]
    assert values["note"] in (tmp_path / "report" / "index.html").read_text("utf8")
    header = read_header(values["model"])
    assert header.calibration["note"] == values["note"]
    assert header.weights_digest == read_header(calibrate.model).weights_digest


def test_events_reviewed_by_a_person_are_asked_about_by_models_that_know_the_paint(
    calibrate: Calibrate, updated: Update, tmp_path: Path
) -> None:
    _, _, events = dividing_cells(n_frames=FRAMES, size=(192, 192))
    quiet = [
        Event(t, y, x, "division", status="rejected")
        for t in range(1, FRAMES)
        for y in range(24, 192, 48)
        for x in range(24, 192, 48)
        if all(abs(t - e.t) > 3 or np.hypot(y - e.y, x - e.x) > 40 for e in events)
    ]
    decided, accepted = tmp_path / "decided.csv", [replace(e, status="accepted") for e in events]
    write_events(decided, [*accepted, *quiet])
    _, values = finish(replace(calibrate, events=(decided,), crops="reviewed"))
    assert "each without one of 4 strips" in values["note"]
    assert values["population"] == "drawn evenly"  # decisions do not tell how rare events are


def test_its_detections_are_refused_with_a_way_out(calibrate: Calibrate) -> None:
    with pytest.raises(JobError, match="choose all crops, train with a part held out"):
        finish(replace(calibrate, crops="detections"))


def test_a_movie_that_it_has_never_seen_is_asked_about_directly(
    calibrate: Calibrate, tmp_path: Path
) -> None:
    _, values = finish(_with(calibrate, (_other(tmp_path),)))
    assert "note" not in values


def test_movies_of_both_sorts_are_refused(calibrate: Calibrate, tmp_path: Path) -> None:
    seen = calibrate.movies[0], calibrate.paints[0]
    with pytest.raises(
        JobError, match=r"learned from cells\.tif but not from other\.tif; press Update"
    ):
        finish(_with(calibrate, (seen, _other(tmp_path))))


def test_models_that_kept_only_names_are_known_by_these(
    calibrate: Calibrate, tmp_path: Path
) -> None:
    network, header = load_model(calibrate.model)
    known = {key: value for key, value in header.provenance.items() if key != "fingerprints"}
    older = tmp_path / "older.safetensors"
    save_model(older, network, replace(header, provenance=known))
    _, values = finish(replace(calibrate, model=older))
    assert "note" in values


def _other(folder: Path) -> tuple[MovieSource, Path]:
    """A movie that no model has seen, with its paint."""
    cells, paint, _ = dividing_cells(n_frames=FRAMES, size=(192, 192), seed=5)
    movie = MovieSource(write_stack(folder / "other.tif", cells))
    return movie, write_stack(folder / "other_paint.tif", paint)


def _with(calibrate: Calibrate, movies: tuple[Any, ...]) -> Calibrate:
    sources, paints = zip(*movies, strict=True)
    return replace(calibrate, movies=sources, paints=paints)
