"""Division events find their mother and daughters among the tracks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cell_events.events import Event, read_events
from cell_events.movie import open_movie
from cell_events.track_divisions import divisions_on_tracks, with_parents
from cell_events.track_sources import tracks_from_labels
from cell_events.tracks import track_table


def family(first_id: int, t: int, y: float, x: float, apart: float = 8.0) -> list[list[float]]:
    """Rows of a mother until frame t - 1 and of her daughters from frame t on."""
    mother = [[first_id, frame, y, x] for frame in range(t - 3, t)]
    daughters = [
        [first_id + i, frame, y + side * apart, x]
        for i, side in ((1, 1), (2, -1))
        for frame in range(t, t + 3)
    ]
    return mother + daughters


def table(*families: list[list[float]]) -> pd.DataFrame:
    rows = [row for one in families for row in one]
    return track_table(pd.DataFrame(rows, columns=["track_id", "t", "y", "x"]))


def test_mother_and_daughters_are_found_and_become_parents():
    tracks = table(family(10, 5, 50, 50), family(20, 5, 150, 50))
    found = divisions_on_tracks([Event(5, 52, 50), Event(5, 149, 50)], tracks)
    assert [(one.mother, one.daughters) for one in found.divisions] == [
        (10, (11, 12)),
        (20, (21, 22)),
    ]
    assert found.parents == {11: 10, 12: 10, 21: 20, 22: 20}
    parents = with_parents(tracks, found.parents).groupby("track_id")["parent_id"].first()
    assert parents.dropna().to_dict() == found.parents


def test_neighbours_that_divide_together_keep_their_own_daughters():
    tracks = table(family(10, 5, 50, 50), family(20, 5, 50, 66))
    found = divisions_on_tracks([Event(5, 50, 52), Event(5, 50, 64)], tracks, radius_px=40)
    assert found.parents == {11: 10, 12: 10, 21: 20, 22: 20}


def test_as_many_events_as_possible_are_answered():
    # The first event is nearer to the second family, which alone is within reach of the second.
    tracks = table(family(10, 5, 50, 50, 1), family(20, 5, 50, 60, 1))
    found = divisions_on_tracks([Event(5, 50, 56), Event(5, 50, 68)], tracks, radius_px=10)
    assert [one.mother for one in found.divisions] == [10, 20]


def test_a_mother_may_end_a_frame_early_and_a_daughter_begin_a_frame_late():
    late = [row for row in family(10, 5, 50, 50) if row[:2] != [12, 5] and row[:2] != [10, 4]]
    event = Event(5, 50, 50)
    assert divisions_on_tracks([event], table(late), frames=1).parents == {11: 10, 12: 10}
    assert divisions_on_tracks([event], table(late), frames=0).divisions == ()


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (Event(5, 500, 500), "no track ends near it"),
        (Event(12, 50, 50), "no track ends near it"),
        (Event(5, 150, 50), "no track begins near it"),
        (Event(5, 250, 50), "only one track begins near it"),
    ],
)
def test_an_event_without_tracks_is_reported_with_the_reason(event, reason):
    mother_only = family(20, 5, 150, 50)[:3]
    one_daughter = family(30, 5, 250, 50)[:6]
    tracks = table(family(10, 5, 50, 50), mother_only, one_daughter)
    found = divisions_on_tracks([event], tracks, radius_px=20)
    assert found.unmatched == ((event, reason),)


def test_two_events_at_one_division_get_it_once():
    near, nearer = Event(5, 53, 50), Event(5, 51, 50)
    found = divisions_on_tracks([near, nearer], table(family(10, 5, 50, 50)))
    assert [one.event for one in found.divisions] == [nearer]
    assert found.unmatched == ((near, "another division has its tracks"),)


def test_deaths_and_rejected_divisions_are_left_out():
    events = [Event(5, 50, 50, "death"), Event(5, 50, 50, status="rejected")]
    found = divisions_on_tracks(events, table(family(10, 5, 50, 50)))
    assert (found.divisions, found.unmatched) == ((), ())


def test_known_parents_stay_where_no_event_says_otherwise():
    tracks = table(family(10, 5, 50, 50), family(20, 5, 150, 50))
    known = with_parents(tracks, {21: 20})
    parents = with_parents(known, {11: 10, 12: 10}).groupby("track_id")["parent_id"].first()
    assert parents.dropna().to_dict() == {11: 10, 12: 10, 21: 20}


def test_no_events_and_no_tracks_are_no_divisions():
    empty = track_table(pd.DataFrame(columns=["track_id", "t", "y", "x"]))
    assert divisions_on_tracks([], empty).parents == {}
    assert len(divisions_on_tracks([Event(5, 1, 1)], empty).unmatched) == 1


@pytest.mark.parametrize(("radius", "frames"), [(0, 1), (np.nan, 1), (10, -1)])
def test_tolerances_that_cannot_be_meant_are_refused(radius, frames):
    with pytest.raises(ValueError, match="radius must be positive"):
        divisions_on_tracks([], table(family(10, 5, 50, 50)), radius, frames)


@pytest.mark.parametrize("name", ["psc02", "nuclei_left"])
def test_every_division_of_a_real_recording_finds_its_tracks(shared_data, name):
    events = read_events(shared_data / f"{name}_divisions.csv")
    tracks = tracks_from_labels(open_movie(shared_data / f"{name}_labels.tif", axes="TYX"))
    found = divisions_on_tracks(events, tracks)
    truth = {
        int(event.extra[daughter]): int(event.extra["parent"])
        for event in events
        for daughter in ("daughter1", "daughter2")
    }
    assert found.unmatched == ()
    assert found.parents == truth
