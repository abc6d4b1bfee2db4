"""The job `measure`, from files to files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray

from cell_events.dry_mass.phase_scale import PhaseScaleError
from cell_events.jobs import JobError, Measure, MovieSource, Progress, Result, run
from cell_events.movie import MovieError, open_movie
from cell_events.tracks import TracksError, read_tracks

N_FRAMES = 6


def drawn_cells() -> tuple[NDArray[np.float32], NDArray[np.uint16]]:
    """Phase and labels: cell 1 moves and doubles its height, cell 2 divides into halves."""
    rows, columns = np.indices((90, 120))
    labels = np.zeros((N_FRAMES, 90, 120), np.uint16)
    phase = np.random.default_rng(5).normal(0, 0.01, labels.shape).astype(np.float32)
    for t in range(N_FRAMES):
        cells = [(1, 25, 20 + 2 * t, 9.0, 1 + t / (N_FRAMES - 1))]
        cells += (
            [(2, 60, 70, 9.0, 1.0)] if t < 3 else [(3, 60, 62, 6.4, 1.0), (4, 60, 78, 6.4, 1.0)]
        )
        for label, y, x, radius, height in cells:
            inside = (rows - y) ** 2 + (columns - x) ** 2 <= radius**2
            labels[t][inside] = label
            phase[t][inside] += height
    return phase, labels


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    phase, labels = drawn_cells()
    tifffile.imwrite(tmp_path / "phase.tif", phase, metadata={"axes": "TYX"})
    tifffile.imwrite(tmp_path / "labels.tif", labels)
    return tmp_path


def job(folder: Path, **settings: Any) -> Measure:
    source = MovieSource(folder / "phase.tif", "TYX", pixel_size_um=0.5, frame_interval_s=60.0)
    given: dict[str, Any] = {
        "labels": folder / "labels.tif",
        "out": folder / "out" / "tracks.csv",
        "unit": "um",
    }
    return Measure((source,), **{**given, **settings})


def result(job: Measure) -> dict[str, Any]:
    *progress, last = run(job)
    assert all(isinstance(report, Progress) for report in progress)
    assert isinstance(last, Result)
    return dict(last.values)


def test_labels_become_a_table_of_tracks(folder: Path) -> None:
    found = result(job(folder, link="labels"))
    table = read_tracks(found["tracks"])
    assert (found["frames"], found["cells"], found["rows"]) == (6, 4, 15)
    first = table[table["track_id"] == 1]
    area_px = int((drawn_cells()[1][0] == 1).sum())
    expected = area_px * 0.25 / 0.19 * np.linspace(1, 2, N_FRAMES)
    np.testing.assert_allclose(first["dry_mass_pg"], expected, rtol=0.01)
    assert first["t_s"].tolist() == [60.0 * t for t in range(N_FRAMES)]
    assert first["x_um"].tolist() == pytest.approx([10.0 + t for t in range(N_FRAMES)])


def test_a_division_is_reported_with_its_conservation_of_mass(folder: Path) -> None:
    found = result(job(folder, link="labels"))
    assert found["divisions"] == 1
    assert found["conservation"]["median"] == pytest.approx(1.0, abs=0.03)
    table = read_tracks(found["tracks"])
    assert set(table["track_id"][table["parent_id"] == 2]) == {3, 4}


def test_parents_can_come_from_a_ctc_file(folder: Path) -> None:
    (folder / "man_track.txt").write_text("1 0 5 0\n2 0 2 0\n3 3 5 2\n4 3 5 0\n")
    found = result(job(folder, parents=folder / "man_track.txt"))
    table = read_tracks(found["tracks"])
    assert table.groupby("track_id")["parent_id"].first().dropna().to_dict() == {3: 2}
    assert found["linked_by"] == "labels"


def test_labels_that_change_from_frame_to_frame_are_linked_by_place(folder: Path) -> None:
    shuffled = drawn_cells()[1].copy()
    for t in range(N_FRAMES):
        shuffled[t] = np.array([0, *np.roll([1, 2, 3, 4], t)], np.uint16)[shuffled[t]]
    tifffile.imwrite(folder / "labels.tif", shuffled)
    found = result(job(folder, labels_out=folder / "tracked.zarr"))
    assert found["linked_by"] == "laptrack"
    assert found["cells"] == 4
    assert found["divisions"] == 1
    tracked = open_movie(folder / "tracked.zarr", axes="TYX", missing_chunks="fill")
    for row in read_tracks(found["tracks"]).itertuples():
        assert tracked.read(row.t)[round(row.y), round(row.x)] == row.track_id


def test_cells_can_be_found_without_labels(folder: Path) -> None:
    found = result(job(folder, labels=None, segment=True, labels_out=folder / "found.zarr"))
    assert (found["cells"], found["divisions"], found["linked_by"]) == (4, 1, "laptrack")
    table = read_tracks(found["tracks"])
    growing = table.groupby("track_id")["dry_mass_pg"].agg(["first", "last", "size"])
    assert growing[growing["size"] == N_FRAMES].eval("last / first").tolist() == pytest.approx(
        [2.0], rel=0.05
    )
    found_labels = open_movie(folder / "found.zarr", axes="TYX", missing_chunks="fill")
    assert set(np.unique(found_labels.read(0))) == {0, *table["track_id"][table["t"] == 0]}


def test_nothing_but_the_results_is_left(folder: Path) -> None:
    result(job(folder, labels=None, segment=True, labels_out=folder / "out" / "found.zarr"))
    assert sorted(path.name for path in (folder / "out").iterdir()) == ["found.zarr", "tracks.csv"]


def test_the_stages_are_told_ahead(folder: Path) -> None:
    first = next(iter(run(job(folder, labels=None, segment=True, labels_out=folder / "f.zarr"))))
    assert isinstance(first, Progress)
    assert (first.stage, first.then) == ("find cells", ("measure cells", "write labels"))


def test_the_unit_is_read_from_the_file_or_asked_for(folder: Path) -> None:
    with pytest.raises(PhaseScaleError, match="unit of the grey values is unknown"):
        result(job(folder, unit=None))
    metadata = {"axes": "TYX", "value_unit": "um"}
    tifffile.imwrite(folder / "phase.tif", drawn_cells()[0], metadata=metadata)
    assert result(job(folder, unit=None))["rows"] == 15


def test_labels_of_another_shape_are_refused(folder: Path) -> None:
    tifffile.imwrite(folder / "labels.tif", drawn_cells()[1][:, :80])
    with pytest.raises(MovieError, match=r"labels.tif have the shape \(6, 80, 120\)"):
        result(job(folder))


def test_parents_that_are_no_labels_are_refused(folder: Path) -> None:
    (folder / "track.txt").write_text("1 0 5 77\n")
    with pytest.raises(TracksError, match="there is no track 77"):
        result(job(folder, parents=folder / "track.txt"))


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"labels": None}, "Cells are unknown; give their labels, or"),
        ({"segment": True}, "Give either labels or segment"),
        ({"labels": None, "segment": True, "parents": Path("t.txt")}, "give the labels, too"),
        ({"parents": Path("t.txt"), "link": "laptrack"}, "parents are known by labels"),
        ({"unit": "furlong"}, "unit must be one of rad, nm, um, pg"),
        ({"link": "btrack"}, "link must be one of auto, labels, laptrack"),
        ({"gap": -1}, "gap must be at least 0"),
        ({"wavelength_um": 0.0}, "wavelength_um must be a positive number"),
        ({"labels_out": Path("l.tif")}, "must end in .zarr"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(
    tmp_path: Path, settings: dict[str, Any], says: str
) -> None:
    with pytest.raises(JobError, match=says):
        job(tmp_path, **settings)


def test_a_folder_that_is_no_zarr_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "photos.zarr").mkdir()
    with pytest.raises(JobError, match="exists and is no zarr"):
        job(tmp_path, labels_out=tmp_path / "photos.zarr")
