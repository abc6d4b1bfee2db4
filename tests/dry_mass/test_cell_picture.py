"""What is drawn of one cell."""

import numpy as np
import pytest

from cell_events.dry_mass.cell_picture import CellPictures
from cell_events.dry_mass.curves import MassCurve
from cell_events.dry_mass.flags import CellFlag
from cell_events.dry_mass.forecast_table import ForecastTableError, read_forecasts
from cell_events.dry_mass.population_band import population_band


def curve(track_id, first, mass, parent=None):
    mass = np.asarray(mass, float)
    return MassCurve(track_id, first, mass, parent, np.zeros(len(mass), bool))


FAMILY = [
    curve(1, 0, [100, 110, 120]),
    curve(2, 3, [60, 70], parent=1),
    curve(3, 4, [60, 70], parent=1),
    curve(4, 5, [30], parent=2),
    curve(9, 0, [80, 80]),
]
FLAGS = [CellFlag(2, "flagged", first=3, last=4), CellFlag(9, "not assessed", first=0, last=1)]


def test_mother_and_daughters_are_found_with_the_frames_of_the_divisions():
    pictures = CellPictures(FAMILY, FLAGS)
    seen = pictures[2]
    assert [relative.track_id for relative in seen.relatives] == [1, 4]
    assert seen.divisions == (3, 5)
    assert seen.stretch == (3, 4)
    assert [relative.track_id for relative in pictures[1].relatives] == [2, 3]
    assert pictures[1].divisions == (3,)


def test_a_cell_that_was_not_assessed_has_no_stretch():
    assert CellPictures(FAMILY, FLAGS)[9].stretch is None
    assert CellPictures(FAMILY)[2].stretch is None


def test_a_mother_that_was_not_tracked_is_no_division_that_is_drawn():
    seen = CellPictures([curve(5, 2, [50], parent=77)])[5]
    assert (seen.relatives, seen.divisions) == ((), ())


def test_a_forecast_goes_with_its_cell(tmp_path):
    path = tmp_path / "forecasts.csv"
    path.write_text(
        "track_id,t,forecast_pg,low_pg,high_pg\n2,4,71,60,82\n9,1,80,79,81\n2,3,61,55,66\n"
    )
    forecast = CellPictures(FAMILY, FLAGS, read_forecasts(path))[2].forecast
    assert forecast.frames.tolist() == [3, 4]
    assert forecast.mass_pg.tolist() == [61, 71]
    assert forecast.low_pg.tolist() == [55, 60]
    assert forecast.high_pg.tolist() == [66, 82]
    assert CellPictures(FAMILY, FLAGS, read_forecasts(path))[1].forecast is None


def test_an_empty_table_holds_no_forecast(tmp_path):
    (tmp_path / "forecasts.csv").write_text("track_id,t,forecast_pg,low_pg,high_pg\n")
    assert read_forecasts(tmp_path / "forecasts.csv") == {}


def test_a_table_without_a_column_is_refused(tmp_path):
    (tmp_path / "forecasts.csv").write_text("track_id,t,forecast_pg\n1,2,3\n")
    with pytest.raises(ForecastTableError, match="'low_pg' is missing"):
        read_forecasts(tmp_path / "forecasts.csv")
    with pytest.raises(ForecastTableError, match="cannot be read"):
        read_forecasts(tmp_path / "none.csv")


def test_the_band_is_quartiles_of_the_cells_that_are_there():
    cells = [curve(i, 1, [10 * i, 20 * i, np.nan]) for i in range(1, 6)]
    band = population_band(cells)
    assert band.frames.tolist() == [1, 2]
    assert band.median_pg.tolist() == [30, 60]
    assert band.low_pg.tolist() == [20, 40]
    assert band.high_pg.tolist() == [40, 80]


def test_few_cells_make_no_band():
    assert not len(population_band(FAMILY[:2]).frames)
    assert not len(population_band([]).frames)


def test_of_many_cells_some_are_enough():
    cells = [curve(i, 0, [float(i)]) for i in range(5001)]
    assert population_band(cells).median_pg[0] == pytest.approx(2500, rel=0.01)
