"""Which cell of a track table is nearest to a place."""

import pandas as pd

from cell_events.dry_mass.nearest_cell import CellsInFrames

TRACKS = pd.DataFrame(
    {"track_id": [7, 7, 3, 3], "t": [0, 1, 0, 2], "y": [5, 6, 5, 9], "x": [5, 5, 9, 9]}
)


def test_the_nearest_cell_of_the_frame_is_found():
    cells = CellsInFrames(TRACKS)
    assert cells.nearest(0, 5, 6, within_px=3) == 7
    assert cells.nearest(0, 5, 8, within_px=3) == 3
    assert cells.nearest(1, 6, 9, within_px=10) == 7


def test_cells_that_are_far_away_or_in_other_frames_are_not_meant():
    cells = CellsInFrames(TRACKS)
    assert cells.nearest(0, 50, 50, within_px=10) is None
    assert cells.nearest(3, 5, 5, within_px=10) is None
