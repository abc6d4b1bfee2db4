"""Cells linked by place, where the right answer is plain to see."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from cell_events.track_linking import LinkSettings, linked_tracks


def cells(*rows: tuple[int, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["t", "y", "x"])


def test_two_cells_that_pass_each_other_stay_apart() -> None:
    rows = [(t, 10.0, 10.0 + 2 * t) for t in range(6)] + [(t, 20.0, 20.0 - 2 * t) for t in range(6)]
    shuffled = cells(*rows).sample(frac=1, random_state=3)
    found = linked_tracks(shuffled, LinkSettings(5.0))
    assert found.index.equals(shuffled.index)
    assert (
        found.groupby("track_id")["y"].agg(["nunique", "size"]).to_numpy().tolist() == [[1, 6]] * 2
    )


@pytest.mark.parametrize(("missing", "gap", "tracks"), [(1, 0, 2), (1, 1, 1), (2, 1, 2), (2, 2, 1)])
def test_gaps_are_bridged_up_to_their_length(missing: int, gap: int, tracks: int) -> None:
    rows = [(t, 5.0, 5.0) for t in (0, 1, 2 + missing, 3 + missing)]
    assert linked_tracks(cells(*rows), LinkSettings(3.0, gap))["track_id"].nunique() == tracks


def test_a_step_too_far_begins_a_new_track() -> None:
    found = linked_tracks(cells((0, 5.0, 5.0), (1, 5.0, 9.0)), LinkSettings(3.9))
    assert found["track_id"].nunique() == 2


def test_a_split_ends_a_track_and_begins_two() -> None:
    rows = cells((0, 5, 5), (1, 5, 5), (2, 5, 3), (2, 5, 7), (3, 5, 2), (3, 5, 8))
    found = linked_tracks(rows, LinkSettings(5.0))
    assert found["track_id"].tolist() == [1, 1, 2, 3, 2, 3]
    assert found["parent_id"].fillna(0).tolist() == [0, 0, 1, 1, 1, 1]
    alone = linked_tracks(rows, LinkSettings(5.0, splits=False))
    assert alone["parent_id"].isna().all()
    assert alone["track_id"].nunique() == 2


def test_no_cells_are_no_tracks() -> None:
    found = linked_tracks(cells(), LinkSettings(5.0))
    assert found.empty
    assert {"track_id", "parent_id"} <= set(found)


@pytest.mark.parametrize(("step", "gap"), [(0.0, 1), (math.inf, 1), (3.0, -1)])
def test_settings_that_cannot_be_meant_are_refused(step: float, gap: int) -> None:
    with pytest.raises(ValueError, match="farthest step must be positive"):
        LinkSettings(step, gap)
