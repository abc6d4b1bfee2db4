"""Dry mass of drawn cells whose mass is known from the formula."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from cell_events.dry_mass.measure import (
    FrameMeasured,
    MeasuredTracks,
    MeasureSettings,
    measured_tracks,
)
from cell_events.dry_mass.phase_scale import PhaseScale, phase_scale
from cell_events.movie import Movie, MovieError
from cell_events.tracks import TracksError

GREY = PhaseScale(1.0)


def discs(
    places: dict[int, tuple[float, float, float]], shape: tuple[int, int] = (60, 80)
) -> NDArray[np.uint16]:
    """Labels of discs, given as y, x and radius by their value."""
    rows, columns = np.indices(shape)
    frame = np.zeros(shape, np.uint16)
    for value, (y, x, radius) in places.items():
        frame[(rows - y) ** 2 + (columns - x) ** 2 <= radius**2] = value
    return frame


def measured(
    phase: NDArray[np.floating],
    labels: NDArray[np.integer],
    scale: PhaseScale = GREY,
    settings: MeasureSettings | None = None,
    parents: dict[int, int] | None = None,
) -> MeasuredTracks:
    width = scale.pixel_size_um
    movie, cells = Movie(phase, pixel_size_um=width), Movie(labels, name="labels")
    *frames, last = measured_tracks(movie, cells, scale, settings, parents)
    assert all(isinstance(one, FrameMeasured) for one in frames)
    assert len(frames) == len(phase)
    assert isinstance(last, MeasuredTracks)
    return last


def test_mass_is_the_optical_volume_over_the_refraction_increment() -> None:
    labels = discs({3: (20, 20, 8), 9: (40, 60, 11)})[None]
    phase = np.where(labels == 3, 1.5, np.where(labels == 9, 0.5, 0.0))
    scale = phase_scale("rad", 0.5, wavelength_um=0.6)
    table = measured(phase, labels, scale).tracks.set_index("track_id")
    for label, height in ((3, 1.5), (9, 0.5)):
        n = int((labels == label).sum())
        path_um = height * 0.6 / (2 * math.pi)
        assert table["dry_mass_pg"][label] == pytest.approx(path_um * n * 0.25 / 0.19)
        assert table["area_um2"][label] == pytest.approx(n * 0.25)
        assert table["density_pg_per_um2"][label] == pytest.approx(path_um / 0.19)
    assert table["y_um"][3] == pytest.approx(10)


def test_the_table_has_its_columns_in_order_and_pixels_where_no_size_is_known() -> None:
    table = measured(np.ones((2, 60, 80)), np.stack([discs({1: (20, 20, 8)})] * 2)).tracks
    assert ",".join(table) == (
        "track_id,t,y,x,parent_id,dry_mass_pg,area_px,density_pg_per_px,eccentricity,solidity,"
        "major_axis_px,minor_axis_px,background,touches_border,n_before,n_after,doubt"
    )


def test_a_slope_under_the_cells_is_taken_off_with_their_surroundings() -> None:
    labels = discs({1: (30, 20, 7), 2: (30, 36, 7), 3: (20, 80, 7)}, (60, 110))[None]
    slope = 0.01 * np.indices(labels.shape)[2]
    phase = (labels > 0) + slope
    table = measured(phase, labels, settings=MeasureSettings(background=True)).tracks
    area = np.bincount(labels.ravel())[1:]
    # Cells 1 and 2 are neighbours: their rings are one-sided, so the slope is only nearly undone.
    np.testing.assert_allclose(table["dry_mass_pg"], area, rtol=0.08)
    assert table["dry_mass_pg"][2] == pytest.approx(area[2], rel=0.005)
    assert table["background"][2] == pytest.approx(0.80, abs=0.005)


def test_without_background_offsets_stay_in() -> None:
    labels = discs({1: (30, 20, 7)})[None]
    table = measured((labels > 0) + 0.5, labels).tracks
    assert table["dry_mass_pg"][0] == pytest.approx(1.5 * (labels > 0).sum())
    assert table["background"][0] == 0


def test_merges_splits_and_borders_are_doubted() -> None:
    apart = discs({1: (30, 20, 6), 2: (30, 34, 6), 4: (2, 60, 6)})
    together = np.where(apart == 2, 1, apart)
    labels = np.stack([apart, together, together, apart])
    found = measured(np.ones(labels.shape), labels, settings=MeasureSettings(link="labels"))
    table = found.tracks.set_index(["track_id", "t"])
    doubts = table["doubt"].unstack("t").fillna("-").to_numpy().tolist()
    assert doubts == [["", "merge", "merge; split", ""], ["", "-", "-", ""], ["border"] * 4]
    assert table["n_before"].unstack("t").loc[1].tolist() == [0, 2, 1, 1]
    assert table["n_after"].unstack("t").loc[1].tolist() == [1, 1, 2, 0]


def test_a_division_ends_a_label_and_is_no_split() -> None:
    mother, daughters = discs({1: (30, 40, 10)}), discs({7: (30, 34, 7), 8: (30, 47, 7)})
    labels = np.stack([mother, mother, daughters, daughters])
    table = measured((labels > 0) * 1.0, labels).tracks
    assert table.groupby("track_id")["parent_id"].first().dropna().to_dict() == {7: 1, 8: 1}
    assert set(table["doubt"]) == {""}


def test_a_label_that_breaks_up_unfairly_has_no_daughters() -> None:
    mother, parts = discs({1: (30, 40, 10)}), discs({7: (30, 38, 9), 8: (30, 49, 1)})
    labels = np.stack([mother, mother, parts, parts])
    table = measured((labels > 0) * 1.0, labels).tracks
    assert table["parent_id"].isna().all()
    assert table["doubt"][table["track_id"] == 1].tolist() == ["", "split"]


def test_known_parents_are_believed() -> None:
    labels = np.stack([discs({1: (30, 20, 6)}), discs({2: (30, 20, 6), 3: (10, 60, 6)})])
    found = measured(np.ones(labels.shape), labels, parents={3: 1}).tracks
    assert found.groupby("track_id")["parent_id"].first().dropna().to_dict() == {3: 1}
    with pytest.raises(TracksError, match="track 3 has the parent 9, and there is no track 9"):
        measured(np.ones(labels.shape), labels, parents={3: 9})


def test_labels_that_are_kept_are_tracks_and_others_are_linked_by_place() -> None:
    cells = [{1: (20, 20 + t, 6), 2: (40, 60 - t, 6), 3: (20, 60, 6)} for t in range(5)]
    kept = np.stack([discs(places) for places in cells])
    shuffled = np.stack(
        [np.take([0, *np.roll([11, 22, 33], t)], frame) for t, frame in enumerate(kept)]
    )
    by_label, by_place = (measured(np.ones(kept.shape), one) for one in (kept, shuffled))
    assert (by_label.linked_by.way, by_label.linked_by.same_label) == ("labels", 1.0)
    assert (by_place.linked_by.way, by_place.linked_by.same_label) == ("laptrack", 0.0)
    for one in (by_label, by_place):
        assert one.tracks.groupby("track_id").size().tolist() == [5, 5, 5]
    paths = [
        sorted(tuple(track["x"].round().tolist()) for _, track in one.tracks.groupby("track_id"))
        for one in (by_label, by_place)
    ]
    assert paths[0] == paths[1]
    where = by_place.labels.set_index(["track_id", "t"])["label"].unstack()
    assert sorted(where[0]) == [11, 22, 33]


def test_the_way_to_link_can_be_chosen() -> None:
    labels = np.stack([discs({1: (20, 20, 6)}), discs({5: (20, 20, 6)})])
    for link, tracks in (("labels", 2), ("laptrack", 1), ("auto", 1)):
        found = measured(np.ones(labels.shape), labels, settings=MeasureSettings(link=link))
        assert found.tracks["track_id"].nunique() == tracks


def test_cells_without_mass_are_left_out_and_counted() -> None:
    labels = np.stack([discs({1: (20, 20, 6), 2: (40, 60, 6)})] * 2)
    phase = np.where(labels == 1, 1.0, 0.0)
    phase[1][labels[1] == 2] = -0.1
    phase[0][labels[0] == 2] = 0.1
    found = measured(phase, labels)
    assert found.left_out == 1
    assert found.tracks[["track_id", "t"]].to_numpy().tolist() == [[1, 0], [1, 1], [2, 0]]


def test_phase_that_falls_where_cells_are_is_refused() -> None:
    labels = discs({1: (20, 20, 6), 2: (40, 60, 6)})[None]
    with pytest.raises(MovieError, match="2 of 2 cells of movie have no positive mass"):
        measured(-1.0 * (labels > 0), labels)


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        (np.zeros((3, 60, 80), int), r"labels have the shape \(3, 60, 80\), and movie has \(2,"),
        (np.zeros((2, 60, 81), int), "expected the same frames, rows and columns"),
        (np.zeros((2, 60, 80)), "values of type float64, expected whole numbers"),
        (np.zeros((2, 60, 80), int), "hold no cell in any frame"),
        (np.full((2, 60, 80), -3), "Frame 0 of the labels labels holds the value -3"),
        (
            np.stack([discs({1: (20, 20, 6), 2: (40, 60, 6)}) > 0] * 2).astype(np.uint8),
            "hold the value 1 only, in 2 separate places",
        ),
    ],
)
def test_labels_that_do_not_fit_are_refused(labels: NDArray[np.integer], says: str) -> None:
    with pytest.raises(MovieError, match=says):
        measured(np.ones((2, 60, 80)), labels)


def test_phase_with_holes_is_refused() -> None:
    phase = np.ones((1, 60, 80))
    phase[0, 3, 4] = np.nan
    with pytest.raises(MovieError, match="frame 0 of movie holds NaN"):
        measured(phase, discs({1: (20, 20, 6)})[None])


def test_frames_without_cells_are_gaps() -> None:
    cell = discs({4: (20, 20, 6)})
    labels = np.stack([cell, np.zeros_like(cell), cell])
    with pytest.raises(TracksError, match="nothing tells whether labels are kept"):
        measured(np.ones(labels.shape), labels)
    for link in ("labels", "laptrack"):
        found = measured(np.ones(labels.shape), labels, settings=MeasureSettings(link=link))
        assert found.tracks["t"].tolist() == [0, 2]
        assert found.tracks["track_id"].nunique() == 1


class FramesOnDemand:
    """A movie that remembers which windows were read."""

    shape, dtype = (5, 60, 80), np.dtype(np.uint16)

    def __init__(self) -> None:
        self.asked: list[object] = []

    def __getitem__(self, window: tuple[object, ...]) -> NDArray[np.uint16]:
        self.asked.append(window[0])
        return discs({1: (20, 20, 6), 2: (40, 60, 6)})


def test_frames_are_read_once_each_and_in_order() -> None:
    phase, labels = FramesOnDemand(), FramesOnDemand()
    *_, last = measured_tracks(Movie(phase), Movie(labels), GREY)
    assert isinstance(last, MeasuredTracks)
    assert phase.asked == labels.asked == [0, 1, 2, 3, 4]
