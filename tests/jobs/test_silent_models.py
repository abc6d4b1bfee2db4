"""Models that tell nothing apart, or hold NaN, are told of by `detect` and `explain`."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from cell_events.engine.header import ModelFileError
from cell_events.engine.model_file import load_model, save_model
from cell_events.jobs import Detect, Explain, MovieSource, Result, run
from tests.jobs.explained_models import classifier, detector

MODELS: list[Callable[[Path], Path]] = [
    lambda folder: classifier(folder, "pyramid"),
    lambda folder: classifier(folder, "linear"),
    lambda folder: classifier(folder, "resnet"),
    detector,
]
LAST = {"events": "head", "mitosis": "to_event"}
"""Where the last weights are."""


def with_last_weights(path: Path, value: float) -> Path:
    network, header = load_model(path)
    with torch.no_grad():
        for weights in network.get_submodule(LAST[header.kind]).parameters():
            weights.fill_(value)
    save_model(path, network, header)
    return path


def values(job: Detect | Explain) -> dict[str, Any]:
    *_, result = run(job)
    assert isinstance(result, Result)
    return dict(result.values)


@pytest.mark.parametrize("model", MODELS)
def test_detection_tells_that_a_model_gives_the_same_score_everywhere(
    movie: MovieSource, tmp_path: Path, model: Callable[[Path], Path]
) -> None:
    silent = with_last_weights(model(tmp_path), 0.0)
    job = Detect((movie,), silent, tmp_path / "events.csv", frames="2-3", device="cpu")
    (note,) = values(job)["notes"]
    score = r"0\.5" if silent.stem == "detector" else r"0\.33 and 0\.33"
    assert re.search(rf"gives the same score \({score}\) everywhere in cells.tif", note)
    assert "train it anew" in note


@pytest.mark.parametrize("model", MODELS)
def test_detection_has_no_notes_on_a_model_that_tells_places_apart(
    movie: MovieSource, tmp_path: Path, model: Callable[[Path], Path]
) -> None:
    job = Detect((movie,), model(tmp_path), tmp_path / "e.csv", frames="2-3", device="cpu")
    assert "notes" not in values(job)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("verb", ["detect", "explain"])
def test_weights_that_are_not_numbers_are_refused(
    movie: MovieSource, tmp_path: Path, model: Callable[[Path], Path], verb: str
) -> None:
    broken, out = with_last_weights(model(tmp_path), float("nan")), tmp_path / "out"
    jobs = {
        "detect": Detect((movie,), broken, out, device="cpu"),
        "explain": Explain(movie, broken, out, device="cpu"),
    }
    with pytest.raises(ModelFileError, match="holds NaN or infinite weights"):
        values(jobs[verb])


@pytest.mark.parametrize("model", MODELS)
def test_maps_that_are_zero_everywhere_are_told(
    movie: MovieSource, tmp_path: Path, truth: Path, model: Callable[[Path], Path]
) -> None:
    silent = with_last_weights(model(tmp_path), 0.0)
    frames = Explain(movie, silent, tmp_path / "frames.zarr", frames="2-3", device="cpu")
    (note,) = values(frames)["notes"]
    assert note.startswith("2 of 2 frame maps are zero everywhere: in the layer ")
    events = Explain(movie, silent, tmp_path / "events.zarr", events=truth, device="cpu")
    (note,) = values(events)["notes"]
    assert "event maps are zero everywhere" in note
    assert "choose another layer or class" in note
