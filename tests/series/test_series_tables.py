from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cell_events.series.labelled_series import SeriesError
from cell_events.series.series_tables import SeriesTable, read_series


def written(folder: Path, text: str, name: str = "curves.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_track_table_gives_one_series_for_each_track(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "track_id,t,y,x,parent_id,area,mass\n1,0,5,5,,10,1.5\n2,0,6,6,,20,2\n1,1,5,5,,,1.6\n",
    )
    first, second = read_series(path, channels=["area", "mass"])
    assert (first.name, second.name) == ("1", "2")
    assert first.channels == ("area", "mass")
    np.testing.assert_array_equal(first.times, [0, 1])
    np.testing.assert_array_equal(first.values, np.float32([[10, np.nan], [1.5, 1.6]]))


def test_a_table_without_names_is_one_series_named_after_the_file(tmp_path: Path) -> None:
    (series,) = read_series(written(tmp_path, "time,cars\n0,3\n5,4\n", "ramp.csv"))
    assert series.name == "ramp"
    assert not series.dates


def test_dates_become_seconds(tmp_path: Path) -> None:
    path = written(tmp_path, "date,cars\n2005-04-11 20:00,3\n2005-04-11 20:05,4\n")
    (series,) = read_series(path)
    assert series.dates
    np.testing.assert_array_equal(np.diff(series.times), [300])


def test_reading_piece_by_piece_gives_the_same(tmp_path: Path) -> None:
    rows = "".join(f"{name},{t},{t * 2}\n" for t in range(50) for name in ("a", "b"))
    path = written(tmp_path, "series,t,mass\n" + rows)
    parts = [part for part in SeriesTable(path).parts(7) if part.name == "b"]
    whole = read_series(path)[1]
    assert len(parts) > 5
    np.testing.assert_array_equal(np.concatenate([part.times for part in parts]), whole.times)


def test_names_of_tables_in_memory_are_whole_numbers() -> None:
    table = pd.DataFrame({"track_id": [1.0, 2.0], "t": [0, 0], "mass": [1.0, 2.0]})
    assert [one.name for one in read_series(table)] == ["1", "2"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("series,mass\na,1\n", "There is no column of times"),
        ("t,name\n0,a\n", "No column of numbers is left beside names, times and places"),
        ("series,t,mass\na,1,1\na,0,2\n", "Times of series a do not ascend: 0 comes after 1"),
        ("t,mass\n0,1\n0,2\n", "Times of series curves do not ascend: 0 comes after 0"),
        ("t,mass\n0,1\n,2\n", "Series curves has a row without a time"),
        ("t,mass\n0,\n1,\n", "No column of numbers|The table has no value in mass"),
        ("t,mass\n", "The table has no rows|No column of numbers"),
        ("series,t,mass\na,0,1\n,1,2\n", "A row has no name of a series in 'series'"),
    ],
)
def test_bad_tables_are_refused_with_a_sentence_that_names_the_file(
    tmp_path: Path, text: str, sentence: str
) -> None:
    with pytest.raises(SeriesError, match=rf"curves.csv: .*({sentence})"):
        read_series(written(tmp_path, text))


def test_texts_among_values_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "t,mass\n0,1\n1,heavy\n")
    with pytest.raises(SeriesError, match="The column 'mass' holds 'heavy'; expected a number"):
        read_series(path, channels=("mass",))


def test_columns_that_are_not_there_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "t,mass\n0,1\n")
    with pytest.raises(SeriesError, match="There is no column 'area'; found t, mass"):
        read_series(path, channels=("area",))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SeriesError, match=r"nothing.csv does not exist"):
        read_series(tmp_path / "nothing.csv")


SPOTS = """LABEL,ID,TRACK_ID,POSITION_X,POSITION_Y,FRAME,TOTAL_INTENSITY_CH1
Label,Spot ID,Track ID,X,Y,Frame,Sum intensity ch1
Label,Spot ID,Track ID,X,Y,Frame,Sum ch1
,,,(micron),(micron),,(counts)
a,10,0,5.0,2.5,0,8
b,11,0,5.5,2.5,1,9
"""


def test_spots_of_trackmate_need_no_pixel_size(tmp_path: Path) -> None:
    (series,) = read_series(
        written(tmp_path, SPOTS, "spots.csv"), channels=("TOTAL_INTENSITY_CH1",)
    )
    np.testing.assert_array_equal(series.values, [[8, 9]])


TRACKS = {"track_id": [1, 1], "t": [0, 1], "y": [3.0, 4.0], "x": [5.0, 6.0], "y_um": [1.0, 2.0]}


@pytest.mark.parametrize(
    ("further", "expected"),
    [
        ({"area_um2": [7.0, 8.0], "parent_id": [0, 0], "frame": [0, 1]}, ("area_um2",)),
        ({"area_um2": [7.0, 8.0], "dry_mass_pg": [9.0, 9.5]}, ("dry_mass_pg",)),
        (
            {"shape_index": [1.0, 2.0], "touches_border": [0, 1], "n_before": [0, 1]},
            ("shape_index",),
        ),
    ],
)
def test_of_a_table_of_tracks_one_measurement_is_read(
    further: dict[str, list[float]], expected: tuple[str, ...]
) -> None:
    (series,) = read_series(pd.DataFrame({**TRACKS, **further}))
    assert series.channels == expected


def test_which_of_several_measurements_of_tracks_is_meant_has_to_be_said() -> None:
    table = pd.DataFrame({**TRACKS, "area": [7.0, 8.0], "roundness": [0.5, 0.6]})
    with pytest.raises(
        SeriesError, match=r"several measurements \(area, roundness\); name the channels"
    ):
        read_series(table)
    (series,) = read_series(table, channels=["roundness", "area"])
    assert series.channels == ("roundness", "area")
    (series,) = read_series(table, channels=["x"])
    assert series.values.tolist() == [[5.0, 6.0]]


def test_all_sensors_of_a_machine_are_read_together() -> None:
    table = pd.DataFrame({"time": [0, 1], "Unnamed: 0": [0, 1], "oil": [1.0, 2.0], "air": [3, 4]})
    (series,) = read_series(table)
    assert series.channels == ("oil", "air")


def test_places_alone_are_no_curves() -> None:
    with pytest.raises(SeriesError, match="No column of numbers is left beside names, times"):
        read_series(pd.DataFrame(TRACKS))
