"""What a calibration means, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cell_events.gui.running.calibration_found import AFTER, BEFORE, FIGURES, CalibrationFound

EVENLY = "drawn evenly"
UNKNOWN_FREQUENCY = (
    "How rare events are is not known, so the probabilities hold where events are as frequent as "
    "nothing: mark some frames as done, or type how frequent they are, and calibrate again."
)
TIPS = {
    "ECE": "Expected calibration error: how far probabilities are from shares, on average.",
    "NLL": "Negative log-likelihood: how surprising the truth is.",
    "Brier": "Mean squared distance of the probabilities from the truth.",
}


def calibrate_outcome(values: Mapping[str, Any], told: int) -> str:
    """Say from how much was learned, and how many events have a probability now."""
    counts = ", ".join(f"{count:,} of {name}" for name, count in values["counts"].items())
    learned = f"Calibrated on {counts}, in {values['blocks']} blocks"
    now = f"{told:,} event{' has' if told == 1 else 's have'} a probability now."
    return f"{learned}; {now}"


def told_meaning(found: CalibrationFound, name: str) -> str:
    """Say what a probability means now and meant before, for one class; or that nothing helped."""
    sentences = [_helped(found), _example(found, name)]
    if found.values["population"] == EVENLY:
        sentences.append(UNKNOWN_FREQUENCY)
    return " ".join(sentence for sentence in sentences if sentence)


def told_figures(found: CalibrationFound) -> str:
    """The figures before and after with their intervals, and the temperature, as rich text."""
    head = "".join(f"<td align=right>&nbsp;&nbsp;&nbsp;{when}</td>" for when in (BEFORE, AFTER))
    rows = "".join(
        f"<tr><td>{name}</td>"
        + "".join(_cell(found.figures(when)[name]) for when in (BEFORE, AFTER))
        + "</tr>"
        for name in FIGURES
    )
    temperature = f"<b>{found.values['temperature']:.2f}</b>"
    return f"<table><tr><td></td>{head}</tr>{rows}</table>Temperature T = {temperature}"


def _helped(found: CalibrationFound) -> str:
    before, after = (found.figures(when)["ECE"] for when in (BEFORE, AFTER))
    points = f"{_points(before)} percentage points off before, {_points(after)} now"
    if not found.helped:
        return (
            f"It did not help: on average probabilities were {points}. The scores were about "
            "right already, or the crops are too few to tell."
        )
    if found.is_sure:
        return f"Probabilities are closer to the truth: on average {points}."
    return (
        f"Probabilities may be closer to the truth: on average {points}; that is less than the "
        "intervals are wide."
    )


def _example(found: CalibrationFound, name: str) -> str:
    """For example: of the crops given about 80 %, 79 in 100 show a division; before, 41."""
    after, before = (found.example(name, when) for when in (AFTER, BEFORE))
    if after is None:
        return ""
    told = f"Of what is given {_percent(after[0])}, {_of_100(after[1])} in 100 are a {name}"
    if before is None:
        return f"{told}."
    return f"{told}; before, of what was given {_percent(before[0])}, {_of_100(before[1])}."


def _cell(figure: Mapping[str, float | None]) -> str:
    """A value, and its interval in small below it."""
    value, low, high = (figure.get(name) for name in ("value", "low", "high"))
    told = "?" if value is None else _number(value)
    ends = "" if low is None or high is None else f"{_number(low)}\N{EN DASH}{_number(high)}"
    gap = "&nbsp;&nbsp;&nbsp;"
    return f"<td align=right>{gap}<b>{told}</b><br>{gap}<small>{ends}</small></td>"


def _number(value: float) -> str:
    """Three decimals, or one digit of small numbers."""
    return f"{value:.3f}" if value >= 0.01 else f"{value:.1g}"


def _points(figure: Mapping[str, float | None]) -> str:
    """Mean error in percentage points."""
    value = figure.get("value")
    return "?" if value is None else f"{100 * value:.2g}"


def _percent(probability: float) -> str:
    return f"{100 * probability:.0f}\N{NO-BREAK SPACE}%"


def _of_100(share: float) -> str:
    return f"{100 * share:.0f}"
