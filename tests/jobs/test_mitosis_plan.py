"""Planning what to annotate, from cell maps that are known and from those that are learned."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zarr
from numpy.typing import NDArray

from cell_events.engine.header import read_header
from cell_events.jobs import JobError, MitosisPlan, MovieSource, run
from cell_events.jobs.cell_map_folder import StoredMasks
from cell_events.jobs.mitosis_plan import event_length_settings
from cell_events.mitosis.event_length_settings import EventLengthSettings
from tests.jobs.simulated import finish, stages, write_simulated

QUALITIES = [{"dead": True, "reason": "empty"}, {"dead": False, "reason": "16 round objects"}]
GAP = 4


@pytest.fixture
def movie(tmp_path: Path) -> MovieSource:
    return write_simulated(tmp_path)


def gaps() -> NDArray[np.bool_]:
    """Sixteen cells on a grid, of which every other one is missing for four frames."""
    masks = np.zeros((20, 24, 24), bool)
    for index, (y, x) in enumerate(np.ndindex(4, 4)):
        masks[:, 6 * y + 1 : 6 * y + 5, 6 * x + 1 : 6 * x + 5] = True
        if index % 2:
            first = 3 + index % 10
            masks[first : first + GAP, 6 * y + 1 : 6 * y + 5, 6 * x + 1 : 6 * x + 5] = False
    return masks


def write_maps(folder: Path, source: MovieSource, masks: NDArray[np.bool_], **values: Any) -> Path:
    """Write a folder as `mitosis map` does: map 0 is dead, map 1 holds the masks."""
    folder.mkdir()
    opened = source.open()
    stored = np.stack([np.zeros_like(masks), masks], axis=1).astype(np.uint8)
    zarr.save_array(str(folder / "maps.zarr"), stored)
    made = {"movie": opened.name, "fingerprint": opened.fingerprint, "shrink": 4, "digest": "d"}
    chosen = {"chosen": 1, "proposed": 1, "qualities": QUALITIES}
    (folder / "maps.json").write_text(json.dumps({**made, **chosen, **values}))
    return folder


@pytest.fixture
def plan(movie: MovieSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MitosisPlan:
    """Plan of few steps, after which events are predicted as if much had been learned."""
    monkeypatch.setattr("cell_events.jobs.plan_files.predicted_events", missing_cells)
    maps = write_maps(tmp_path / "maps", movie, gaps())
    return MitosisPlan((movie,), tmp_path / "plan", map=maps, steps=4, device="cpu")


def missing_cells(_: object, y: StoredMasks, *__: object) -> Iterator[NDArray[np.float32]]:
    """What a perfect network sees in `gaps`."""
    stack = np.stack([y[t] for t in range(y.shape[0])])
    for frame in stack:
        yield (stack.any(axis=0) & ~frame).astype(np.float32)


def test_a_plan_says_how_long_events_last_and_what_to_annotate(plan: MitosisPlan) -> None:
    progress, values = finish(plan)
    assert stages(progress) == ["learn the lengths of events", "predict events"]
    assert progress[0].then == ("predict events",)
    assert values["length"] == GAP
    assert values["annotate"] == 7
    assert values["frames"] == f"{values['first']}-{values['last']}"
    assert values["statistics"]["count"] == 8
    written = json.loads((plan.report / "plan.json").read_text())
    assert written["lengths"] == [GAP] * 8
    with (plan.report / "lengths.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {row["length"] for row in rows} == {str(GAP)}
    assert {float(row["y"]) for row in rows} <= {11.5, 35.5, 59.5, 83.5}
    assert (plan.report / "plan.png").read_bytes()[:4] == b"\x89PNG"
    events = zarr.open_array(str(plan.report / "events.zarr"), mode="r")
    assert (events.shape, events.attrs["offset_px"]) == ((20, 1, 24, 24), 1.5)
    header = read_header(plan.report / "event_lengths.safetensors")
    assert (header.kind, header.provenance["map_digest"]) == ("event_lengths", "d")


def test_an_interrupted_plan_goes_on_bit_by_bit(plan: MitosisPlan, tmp_path: Path) -> None:
    finish(plan)
    whole = read_header(plan.report / "event_lengths.safetensors").weights_digest
    checkpoint = tmp_path / "run.checkpoint"
    kept = replace(plan, checkpoint=checkpoint, report=tmp_path / "again")
    assert len(list(islice(run(kept), 8))) == 8
    assert checkpoint.exists()
    assert not (kept.report / "plan.json").exists()
    progress, _ = finish(kept)
    assert stages(progress) == ["predict events"]
    again = read_header(kept.report / "event_lengths.safetensors").weights_digest
    assert again == whole
    assert not checkpoint.exists()


def test_an_older_plan_stays_if_a_new_one_fails(plan: MitosisPlan, tmp_path: Path) -> None:
    finish(plan)
    before = sorted(plan.report.rglob("*"))
    empty = write_maps(tmp_path / "empty", plan.movies[0], np.zeros((20, 24, 24), bool))
    with pytest.raises(ValueError, match="empty in all frames"):
        finish(replace(plan, map=empty))
    assert sorted(plan.report.rglob("*")) == before


def test_maps_of_something_else_are_refused(plan: MitosisPlan, tmp_path: Path) -> None:
    movie = plan.movies[0]
    other = write_maps(tmp_path / "other", movie, gaps(), fingerprint="f", movie="other.tif")
    with pytest.raises(JobError, match=r"made of another movie, other\.tif, than cells\.tif"):
        finish(replace(plan, map=other))
    with pytest.raises(JobError, match="made with shrink 4, but 2 is asked for"):
        finish(replace(plan, shrink=2))
    with pytest.raises(JobError, match="holds no complete cell maps"):
        finish(replace(plan, map=tmp_path))
    with pytest.raises(JobError, match=r"Map 0 cannot be one of cells \(empty\)"):
        finish(replace(plan, choose=0))
    with pytest.raises(JobError, match="choose must be a map from 0 to 1, got 7"):
        finish(replace(plan, choose=7))


def test_settings_that_cannot_be_meant_are_refused(plan: MitosisPlan) -> None:
    for changes, says in (
        ({"movies": plan.movies * 2}, "one movie at a time; got 2"),
        ({"percentile": 0.0}, "percentile must lie above 0"),
        ({"map": None, "choose": 6}, "choose must be a map from 0 to 5"),
        ({"maps": 1}, "maps must be at least 2"),
        ({"steps": 0}, "steps must be at least 1"),
    ):
        with pytest.raises(JobError, match=says):
            replace(plan, **changes)


def test_defaults_are_those_of_the_method(plan: MitosisPlan) -> None:
    assert event_length_settings(MitosisPlan(plan.movies, plan.report)) == EventLengthSettings()
