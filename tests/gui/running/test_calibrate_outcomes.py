"""What a calibration means, in plain words."""

from pathlib import Path

import pandas as pd
import pytest

from cell_events.gui.running.calibrate_outcomes import told_meaning
from cell_events.gui.running.calibration_found import CalibrationFound, Example

SPACE = "\N{NO-BREAK SPACE}"


def found(rows, errors=(0.3, 0.02), promised=(3.5, 1.0)):
    """A report: bins as (low, crops, share, when), calibration error and what is promised."""
    steps = [
        {
            "population": "as in the movie",
            "figures": {
                name: {"value": error, "low": error / 2, "high": 2 * error}
                for name, error in (("ECE", error), ("NLL", error), ("Brier", error))
            }
            | {"promised per event division": {"value": ratio, "low": None, "high": None}},
        }
        for error, ratio in zip(errors, promised, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["low", "crops", "share", "when"])
    table = table.assign(**{"class": "division"}, probability=table["low"] + 0.05)
    return CalibrationFound(
        Path("index.html"), {"population": "as in the movie", "steps": steps}, table
    )


def test_the_example_is_the_fullest_bin_in_the_middle_that_was_full_before():
    report = found(
        [
            *((0.0, 900, 0.0, when) for when in ("before", "after")),
            (0.3, 60, 0.06, "before"),
            (0.3, 50, 0.34, "after"),
            (0.7, 70, 1.0, "before"),
            (0.7, 12, 1.0, "after"),
            (0.9, 400, 1.0, "before"),
            (0.9, 500, 1.0, "after"),
        ]
    )
    assert report.example("division") == Example(0.35, 0.34, 0.06)
    assert told_meaning(report, "division") == (
        "Probabilities are closer to the truth than scores were. For each real division, 3.5 were "
        f"promised before, and 1.0 are now. Where it now says 35{SPACE}%, 34 of 100 show a "
        "division; where it said so before, 6 of 100 did."
    )


def test_a_bin_that_was_nearly_empty_before_is_told_alone():
    report = found([(0.3, 9, 0.06, "before"), (0.3, 50, 0.34, "after")])
    assert report.example("division") == Example(0.35, 0.34, None)
    assert told_meaning(report, "division").endswith("34 of 100 show a division.")


def test_a_high_bin_is_the_example_where_the_middle_is_empty():
    report = found(
        [(0.3, 2, 0.0, "after"), *((0.9, 50, 1.0, when) for when in ("before", "after"))]
    )
    assert report.example("division").probability == pytest.approx(0.95)


def test_bins_of_few_crops_are_no_example():
    report = found([(0.3, 90, 0.06, "before"), (0.3, 9, 0.34, "after")])
    assert report.example("division") is None


def test_a_calibration_that_made_nothing_better_says_so():
    report = found([(0.3, 9, 0.1, when) for when in ("before", "after")], errors=(0.02, 0.3))
    assert told_meaning(report, "division").startswith("It did not help")
