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
    sentences = [_helped(found), _promised(found, name), _example(found, name)]
    if found.values["population"] == EVENLY:
        sentences.append(UNKNOWN_FREQUENCY)
    sentences.append(str(found.values.get("note", "")))
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
    if not found.helped:
        return (
            "It did not help: the scores were about right already, or the crops are too few to "
            "tell."
        )
    if found.is_sure:
        return "Probabilities are closer to the truth than scores were."
    return (
        "Probabilities may be closer to the truth than scores were, but the gain is smaller than "
        "the intervals are wide."
    )


def _promised(found: CalibrationFound, name: str) -> str:
    """For example: for each real division, 3.5 were promised before, and 1.0 are now."""
    before, now = (found.promised(name, when) for when in (BEFORE, AFTER))
    if before is None or now is None:
        return ""
    return f"For each real {name}, {before:.1f} were promised before, and {now:.1f} are now."


def _example(found: CalibrationFound, name: str) -> str:
    """For example: where it now says 35 %, 34 of 100 show a division; before, 6 of 100 did."""
    one = found.example(name)
    if one is None:
        return ""
    told = f"Where it now says {_percent(one.probability)}, {_of_100(one.share)} show a {name}"
    if one.before is None:
        return f"{told}."
    return f"{told}; where it said so before, {_of_100(one.before)} did."


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


def _percent(probability: float) -> str:
    return f"{100 * probability:.0f}\N{NO-BREAK SPACE}%"


def _of_100(share: float) -> str:
    return f"{100 * share:.0f} of 100"
