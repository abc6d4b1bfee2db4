"""Tables of a study tell mean, spread and every seed, and can be read back."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from cell_events.trust.study_figure import draw_lines
from cell_events.trust.study_folder import StudyError
from cell_events.trust.study_page import write_tables
from cell_events.trust.study_table import StudyRow, StudyTable, read_study_csv

MEASURED = {
    ("A0", 0): {"F1": 0.2, "AP": 0.5},
    ("A0", 1): {"F1": 0.4, "AP": 0.5},
    ("A0", 2): {"F1": 0.6},
    ("B0", 0): {"F1": 0.1, "AP": 0.0},
}
ROWS = (StudyRow("A0"), StudyRow("B0"), StudyRow("C0"))
BARS = StudyTable("strategies", "Strategies", "What is <compared>.", ROWS, ("F1", "AP"), MEASURED)
LINES = StudyTable(
    "labels",
    "Labels",
    "",
    (StudyRow("a, 2", "a", 2.0), StudyRow("a, 4", "a", 4.0), StudyRow("b, 2", "b", 2.0)),
    ("F1",),
    {("a, 2", 0): {"F1": 0.1}, ("a, 2", 1): {"F1": 0.3}, ("a, 4", 0): {"F1": 0.5}},
    "events",
)


def test_mean_and_sample_deviation_are_told_with_every_seed(tmp_path: Path) -> None:
    write_tables(tmp_path, "Study", [BARS], {}, {})
    table = read_study_csv(tmp_path / "strategies.csv").set_index(["row", "metric"])
    f1 = table.loc[("A0", "F1")]
    assert (f1["n"], f1["mean"], f1["sd"]) == pytest.approx((3, 0.4, 0.2))
    assert [f1[f"seed {seed}"] for seed in range(3)] == [0.2, 0.4, 0.6]
    assert table.loc[("A0", "AP"), "n"] == 2
    assert table.loc[("B0", "F1"), "mean"] == 0.1
    assert math.isnan(table.loc[("B0", "F1"), "sd"])
    assert table.loc[("C0", "F1"), "n"] == 0


def test_the_page_shows_numbers_notes_and_pictures(tmp_path: Path) -> None:
    write_tables(
        tmp_path,
        "Study",
        [BARS, LINES],
        {"split": "Held out.", "warning": "It leaks."},
        {"steps": 5, "crop_size": 48, "counts": (), "classes": ("division", "death")},
        {"labels": "crops.png"},
    )
    page = (tmp_path / "index.html").read_text("utf-8")
    assert "0.40 ± 0.20" in page
    assert "What is &lt;compared&gt;." in page
    assert '<p class="warning">It leaks.</p>' in page
    assert '<p class="split">Held out.</p>' in page
    assert '<img src="crops.png"' in page
    assert "<dt>steps</dt><dd>5</dd>" in page
    assert "<dt>crop size</dt><dd>48</dd>" in page
    assert "<dd>division, death</dd>" in page
    assert "<dt>counts</dt><dd>not given</dd>" in page
    assert "4 of 9 measurements are done, one for each row and each of 3 seeds. Mean ±" in page
    assert "The same command goes on with the others." in page


def test_the_page_of_one_seed_tells_of_no_spread(tmp_path: Path) -> None:
    one = replace(BARS, measured={k: v for k, v in BARS.measured.items() if k[1] == 0})
    write_tables(tmp_path, "Study", [one], {}, {})
    page = (tmp_path / "index.html").read_text("utf-8")
    assert "a spread needs a second seed" in page
    asked = replace(one, asked_seeds=3)
    write_tables(tmp_path, "Study", [asked], {}, {})
    assert "2 of 9 measurements are done" in (tmp_path / "index.html").read_text("utf-8")
    assert "standard deviation" not in page


def test_the_page_lists_what_was_written(tmp_path: Path) -> None:
    written = write_tables(tmp_path, "Study", [BARS, LINES], {}, {})
    assert {path.name for path in written} == {
        *("strategies.csv", "strategies.png", "labels.csv", "labels.png", "index.html")
    }
    for name in ("strategies.png", "labels.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")


def test_other_csvs_are_refused(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text("t,y,x\n1,2,3\n")
    with pytest.raises(StudyError, match="lacks the column mean"):
        read_study_csv(tmp_path / "events.csv")
    with pytest.raises(StudyError, match="cannot be read"):
        read_study_csv(tmp_path / "none.csv")


@pytest.mark.parametrize(("places", "scale"), [((4.0, 6.0, 8.0), "linear"), ((2.0, 27.0), "log")])
def test_an_axis_shows_powers_of_two_only_where_it_is_wide(
    places: tuple[float, ...], scale: str
) -> None:
    rows = tuple(StudyRow(f"at {x:g}", "one", x) for x in places)
    measured = {(row.name, 0): {"F1": 0.5} for row in rows}
    axes = Figure().subplots()
    draw_lines(axes, StudyTable("table", "title", "", rows, ("F1",), measured, "k"), "F1")
    assert axes.get_xscale() == scale
    assert axes.get_xticks().tolist() == list(places)
    assert axes.lines[0].get_xdata().tolist() == list(places)
