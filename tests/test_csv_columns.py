"""Columns of a CSV as lines, and back."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell_events.csv_columns import PlainTable, csv_lines, number_cells, word_cells

words = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=8)
numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False)


@given(rows=st.lists(st.tuples(words, words), max_size=5))
def test_texts_are_quoted_as_the_csv_module_does(rows: list[tuple[str, str]]) -> None:
    expected = io.StringIO(newline="")
    csv.writer(expected, lineterminator="\n").writerows(rows)
    first, second = zip(*rows, strict=True) if rows else ((), ())
    columns = {"first": word_cells(first), "second": word_cells(second)}
    assert csv_lines(columns) == expected.getvalue()


@given(values=st.lists(numbers, min_size=1, max_size=5))
def test_numbers_come_back_to_the_last_digit(values: list[float | None]) -> None:
    columns = {"y": number_cells(values), "kind": ["division"] * len(values)}
    table = PlainTable("y,kind\n" + csv_lines(columns), ["y", "x"])
    assert table.numbers("y") == values
    assert table.words("kind", "") == columns["kind"]
    assert table.numbers("x") == [None] * len(values)
    assert table.words("source", "unknown") == ["unknown"] * len(values)


def test_numbers_of_numpy_and_other_values_become_plain_text() -> None:
    assert number_cells([np.float32(0.5), np.int64(3), 4]) == ["0.5", "3.0", "4"]
    assert word_cells([None, 2, 0.5, "a\r\nb"]) == ["", "2", "0.5", '"a\nb"']


@pytest.mark.parametrize(
    "text",
    [
        "",
        "y",
        "y,x\n1\n",
        "y,x\n1,2,3\n",
        "y,x\n\n1,2\n",
        'y,x\n1,"2"\n',
        "y,x\r\n1,2\r\n",
        "y,y\n1,2\n",
    ],
)
def test_what_is_not_plain_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no plain CSV"):
        PlainTable(text, ["y", "x"])


@pytest.mark.parametrize("cell", ["two", "nan", "True", "0x1", "1 2"])
def test_a_column_of_numbers_holds_nothing_else(cell: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        PlainTable(f"y,x\n1,2\n{cell},2\n", ["y", "x"])
