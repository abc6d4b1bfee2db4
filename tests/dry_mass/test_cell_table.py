"""Everything of a track table that is shown."""

import numpy as np
import pandas as pd
import pytest

from cell_events.dry_mass.cell_table import USUAL_RADIUS_PX, cell_table
from cell_events.dry_mass.curves import mass_curves
from cell_events.tracks import track_table


def made(**columns):
    """A mother with two daughters, six frames."""
    table = pd.DataFrame(
        {
            "track_id": [1, 1, 1, 2, 2, 2, 3, 3, 3],
            "t": [0, 1, 2, 3, 4, 5, 3, 4, 5],
            "y": 10.0,
            "x": 20.0,
            "parent_id": [0, 0, 0, 1, 1, 1, 1, 1, 1],
            "dry_mass_pg": [100.0, 110, 120, 60, 66, 72, 58, 60, 62],
        }
    ).assign(**columns)
    tracks = track_table(table)
    return cell_table(tracks, mass_curves(tracks), "dry_mass_pg")


def test_frames_divisions_and_doubts_are_counted():
    table = made(doubt=["border", "", "", "", "", "merge; split", "", "", ""])
    assert (table.n_frames, table.divisions, table.doubtful) == (6, 1, 2)
    assert table.masses.to_dict() == {1: 110.0, 2: 66.0, 3: 60.0}


def test_the_radius_follows_from_the_area_in_pixels_or_micrometres():
    assert made(area_px=100 * np.pi).radius_px == pytest.approx(10)
    assert made(area_um2=25 * np.pi, y_um=5.0).radius_px == pytest.approx(10)
    assert made().radius_px == USUAL_RADIUS_PX
