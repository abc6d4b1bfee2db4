"""The job that shows what a network looks at, end to end on a tiny movie."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zarr

from cell_events.engine.header import ModelHeader
from cell_events.engine.model_file import save_model
from cell_events.events import read_events
from cell_events.jobs import Explain, JobError, MovieSource, Result, run
from cell_events.jobs.explained_networks import explained_network
from cell_events.time_arrow.pretrain import initial_network
from cell_events.trust.explained_events import read_explained_events
from cell_events.trust.grad_cam_dense import frame_maps, place_map
from tests.jobs.conftest import SMALL
from tests.jobs.explained_models import classifier, detector


def finish(job: Explain) -> tuple[list[Any], dict[str, Any]]:
    *progress, result = run(job)
    assert isinstance(result, Result)
    return progress, dict(result.values)


@pytest.fixture
def job(movie: MovieSource, tap: Path, tmp_path: Path) -> Explain:
    return Explain(movie, tap, tmp_path / "why" / "maps.zarr", device="cpu")


def test_frames_are_explained_with_their_regions(job: Explain, tmp_path: Path) -> None:
    progress, values = finish(replace(job, frames="2-3", top=3, crops=tmp_path / "crops"))
    assert [(report.done, report.total) for report in progress] == [(1, 2), (2, 2)]
    maps = zarr.open_array(str(job.out), mode="r")
    assert maps.shape == (8, 96, 96)
    assert maps.attrs["pixel_size_um"] == 0.5
    assert maps.attrs["kind"] == "in the order given"
    explained = [t for t in range(8) if np.asarray(maps[t]).any()]
    assert explained == [2, 3]
    rows = job.table.read_text().splitlines()
    assert rows[0] == "t,y,x,rank,score"
    assert {row.split(",")[0] for row in rows[1:]} == {"2", "3"}
    assert sorted(path.name for path in (tmp_path / "crops").iterdir()) == [
        "frame-0002.png",
        "frame-0003.png",
    ]
    assert (values["kind"], values["frames"], values["delta"]) == ("in the order given", 2, 1)


def test_a_stopped_run_goes_on_where_it_was(job: Explain, monkeypatch: pytest.MonkeyPatch) -> None:
    reports = run(replace(job, frames="1-3"))
    next(reports)
    next(reports)
    reports.close()
    looked_at: list[int] = []

    def counted(network: Any, layer: str, t: int, tile_px: int) -> Any:
        looked_at.append(t)
        return frame_maps(network, layer, t, tile_px)

    monkeypatch.setattr("cell_events.jobs.explaining_frames.frame_maps", counted)
    finish(replace(job, frames="1-3"))
    assert looked_at == [3]


def test_all_frames_that_have_an_earlier_one_are_explained_by_default(job: Explain) -> None:
    assert finish(job)[1]["frames"] == 7


@pytest.mark.parametrize("head", ["pyramid", "linear", "resnet"])
def test_every_layer_of_a_classifier_gives_the_same_map_by_tiles(
    movie: MovieSource, tmp_path: Path, head: str
) -> None:
    path, opened = classifier(tmp_path, head), movie.open()
    layers = explained_network(opened, path).layers
    assert any(layer.startswith("head.") for layer in layers) == (head != "pyramid")
    for layer in layers:
        network = explained_network(opened, path, "death", layer, "cpu")
        (whole,) = frame_maps(network, layer, 4, 96)
        assert whole.maps.shape == (2, 96, 96)
        for part in frame_maps(network, layer, 4, 32):
            np.testing.assert_allclose(
                part.maps,
                whole.maps[(slice(None), *part.window)],
                rtol=1e-4,
                atol=1e-5 * whole.maps.max(),
            )


@pytest.mark.parametrize("layer", ["look.2", "look.5", "normalise", "mix"])
def test_every_layer_of_a_detector_gives_the_same_map_by_tiles(
    movie: MovieSource, tmp_path: Path, layer: str
) -> None:
    network = explained_network(movie.open(), detector(tmp_path), layer=layer, device="cpu")
    (whole,) = frame_maps(network, layer, 4, 96)
    assert whole.maps.shape == (4, 96, 96)
    for part in frame_maps(network, layer, 4, 32):
        np.testing.assert_allclose(
            part.maps,
            whole.maps[(slice(None), *part.window)],
            rtol=1e-4,
            atol=1e-5 * whole.maps.max(),
        )


def test_a_detector_looks_at_the_frames_around_that_which_is_explained(
    movie: MovieSource, tmp_path: Path
) -> None:
    network = explained_network(movie.open(), detector(tmp_path), device="cpu")
    assert [network.frames_read(t) for t in (0, 4, 7)] == [
        (0, 1, 2, 3),
        (2, 3, 4, 5),
        (4, 5, 6, 7),
    ]
    for t in (0, 4, 7):
        found = place_map(network, "normalise", t, (40.0, 50.0), 32)
        target = network.frames_read(t).index(t)
        assert [bool(one.any()) for one in found.maps] == [n == target for n in range(4)]


def test_the_logit_of_an_event_is_that_of_its_crop(movie: MovieSource, tmp_path: Path) -> None:
    import torch

    network = explained_network(movie.open(), classifier(tmp_path, "linear"), device="cpu")
    found = place_map(network, network.layer, 4, (50.0, 40.0), 48)
    pairs = torch.from_numpy(network.read(4, (slice(0, 96), slice(0, 96))))
    logits = network.network(pairs)[0, 1]
    assert found.output == pytest.approx(float(logits[50 - 12, 40 - 12]), rel=1e-4)


def test_events_are_explained_each_by_its_class(job: Explain, truth: Path, tmp_path: Path) -> None:
    model = classifier(tmp_path, "pyramid")
    events = read_events(truth)
    _, values = finish(replace(job, model=model, events=truth, crops=tmp_path / "crops"))
    found = read_explained_events(job.out)
    assert values["events"] == len(found) == len(events)
    assert values["left_out"] == 0
    assert len([*(tmp_path / "crops").iterdir()]) == len(events)
    for one, event in zip(found, events, strict=True):
        assert (one.t, one.y, one.x, one.kind) == (event.t, event.y, event.x, "division")
        assert one.frames == (event.t - 1, event.t)
        assert one.maps.shape == one.crops.shape == (2, 24, 24)
        shown = movie_window(job.movie, one.t, one.top, one.left)
        np.testing.assert_allclose(one.crops[1], shown, atol=1e-6)


def movie_window(source: MovieSource, t: int, top: int, left: int) -> np.ndarray:
    return source.open().read_normalised(t, slice(top, top + 24), slice(left, left + 24)).clip(0, 1)


@pytest.mark.parametrize("by_event", [False, True])
def test_the_sanity_check_compares_with_random_weights(
    job: Explain, truth: Path, by_event: bool
) -> None:
    where: dict[str, Any] = {"events": truth} if by_event else {"frames": "3"}
    _, values = finish(replace(job, sanity=True, **where))
    written = json.loads(Path(values["sanity"]["table"]).read_text())
    assert Path(values["sanity"]["picture"]).stat().st_size > 0
    assert written["randomised"][0]["part"].startswith("head.to_logits")
    assert written["randomised"][-1]["part"] == "backbone.down.0"
    assert values["sanity"]["ssim_with_random_weights"] < 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"frames": "6-8"}, "Frames 1 to 7 of cells.tif can be explained; asked for 6-8"),
        ({"frames": "0"}, "Frames 1 to 7"),
        ({"layer": "backbone"}, "no layer 'backbone'; it has backbone.down.0, .*, projection"),
        ({"kind": "death"}, "no class 'death'; it has in the order given, reversed"),
    ],
)
def test_what_the_model_or_movie_lacks_is_told(
    job: Explain, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(JobError, match=sentence):
        finish(replace(job, **changes))


def test_no_region_at_all_cannot_be_meant(job: Explain) -> None:
    with pytest.raises(JobError, match="top must be at least 1, got 0"):
        replace(job, top=0)


def test_movies_too_short_or_too_small_are_told(movie: MovieSource, tmp_path: Path) -> None:
    opened = movie.open()
    with pytest.raises(JobError, match="compares frames 1 apart and needs at least 2"):
        explained_network(opened.crop(frames=slice(0, 1)), classifier(tmp_path, "linear"))
    with pytest.raises(JobError, match="looks at 24 x 24; give a larger movie"):
        explained_network(opened.crop(rows=slice(0, 20)), classifier(tmp_path, "linear"))
    with pytest.raises(JobError, match="reads 4 at once; give a longer movie"):
        explained_network(opened.crop(frames=slice(0, 3)), detector(tmp_path))


def test_models_of_other_kinds_are_told(movie: MovieSource, tap: Path, tmp_path: Path) -> None:
    path = tmp_path / "other.safetensors"
    save_model(path, initial_network(0, **SMALL), ModelHeader("cell_map", "time_arrow", SMALL))
    with pytest.raises(JobError, match="kind 'cell_map', which cannot be explained"):
        explained_network(movie.open(), path)
