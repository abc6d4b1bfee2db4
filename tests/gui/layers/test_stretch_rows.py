"""Which rows of a track table lie in which abnormal stretches."""

import pandas as pd

from cell_events.gui.layers.stretch_rows import stretch_rows, stretches_of_cells, surest_kinds
from cell_events.series.labelled_series import Segment

TRACKS = pd.DataFrame({"track_id": [3, 3, 3, 3, 8, 8], "t": [0, 1, 4, 5, 0, 1]})
ARREST = Segment("3", "arrest", 1, 4, 0.9)
LOSS = Segment("3", "loss", 4, 9, 0.6)
SWAP = Segment("8", "swap", 0, 0, 0.7)


def test_frames_between_first_and_last_are_rows_also_over_a_gap():
    rows = stretch_rows(TRACKS, [ARREST, SWAP])
    assert rows["row"].tolist() == [1, 2, 4]
    assert rows["segment"].tolist() == ["arrest", "arrest", "swap"]


def test_series_that_are_no_tracks_of_the_table_are_left_out():
    assert len(stretch_rows(TRACKS, [Segment("a", "loss", 0, 9), Segment("5", "loss", 0, 9)])) == 0
    assert len(stretch_rows(TRACKS, [])) == 0


def test_the_surest_kind_counts_where_several_overlap():
    rows = stretch_rows(TRACKS, [ARREST, LOSS])
    numbered = surest_kinds(rows, ["arrest", "loss"], len(TRACKS))
    assert numbered["segment"].tolist() == [0, 1, 1, 2, 0, 0]
    assert numbered["segment_probability"].tolist() == [0, 0.9, 0.9, 0.6, 0, 0]


def test_a_cell_tells_its_stretches_in_words():
    told = stretches_of_cells([ARREST, LOSS, SWAP])
    assert told.loc[3].tolist() == ["arrest 1-4; loss 4-9", 0.9]
    assert told.loc[8].tolist() == ["swap 0-0", 0.7]
