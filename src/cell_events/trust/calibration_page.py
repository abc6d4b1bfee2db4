"""The page of a calibration: what was done, how much it helps, and what to know of it."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem;
  color: #222; background: #fff; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; margin: .6rem 0; }
th, td { padding: .25rem .7rem; text-align: right; border-bottom: 1px solid #ddd; }
th:first-child, td:first-child { text-align: left; }
small { color: #666; } td small { white-space: nowrap; }
img { max-width: 100%; } code { background: #f3f3f3; padding: 0 .2rem; }
tr.used { font-weight: 600; background: #f4f7fa; }
"""
POPULATIONS = {
    "drawn evenly": "Crops with every class as frequent as any other, as in training",
    "as in the movie": "Crops with events as rare as in the movie",
    "as detected": "Detections, unlikely ones included",
}
UNKNOWN = "-"
POPULATION, PROMISED = "population", "promised per event "
ABOUT_FIGURES = (
    "ECE is the expected calibration error of the likelier class (15 bins; of equal width, and "
    "with equally many crops each), classwise ECE that of one event. NLL is the mean negative "
    "log-likelihood. For these, and the Brier score, smaller is better. The last columns tell how "
    "many events the probabilities promise for each one that is there: 1 is right."
)
ABOUT_INTERVALS = (
    "Every crop was judged by a calibration that was fitted without the block of the movie that it "
    "lies in, and none of the crops was learned from in training. Intervals hold 95 % of 400 "
    "repeats in which whole blocks were drawn with replacement. They do not cover other movies."
)
ABOUT_BINS = (
    "Points on the dashed line are right. Hollow points stand for fewer than 10 crops. Where "
    "events are rare, one crop of nothing stands for many places, so that shares in the middle "
    "rest on few crops."
)


def page_html(values: Mapping[str, Any]) -> str:
    """Write the page of what `CalibrationReport.to_json` gives."""
    counts = ", ".join(f"{count} of {_text(name)}" for name, count in values["counts"].items())
    parts = [
        f"<h1>Calibration of {_text(values['model'])}</h1>",
        *_promised(values),
        f"<p>{_applied(values)} {_verdict(values)}</p>",
        f"<p>Learned from {counts}, in {values['blocks']} blocks. In use: {values['step']}."
        f" {_text(values.get('note', ''))}</p>",
        '<img src="reliability.png" alt="Reliability before and after">',
        f"<p><small>{ABOUT_BINS}</small></p>",
        *_tables(values["steps"]),
        f"<p><small>{ABOUT_FIGURES} {ABOUT_INTERVALS}</small></p>",
        "<p>All numbers: <code>calibration.json</code>; the diagrams: <code>reliability.csv"
        "</code>.</p>",
    ]
    body = "\n".join(parts)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>Calibration of {_text(values['model'])}</title><style>{STYLE}</style></head>\n"
        f"<body>\n{body}\n</body></html>\n"
    )


def _applied(values: Mapping[str, Any]) -> str:
    """What is done to the outputs of the network."""
    shifts = zip(values["counts"], values["shift"], strict=True)
    added = [f"{shift:.3g} is added to that of {_text(name)}" for name, shift in shifts if shift]
    told = ["are divided by the temperature <b>{:.3g}</b>".format(values["temperature"]), *added]
    return f"The outputs of the network (logits) {', and '.join(told)}."


def _promised(values: Mapping[str, Any]) -> list[str]:
    """For each class: how many events were promised for each one that is there."""
    steps = [
        step["figures"] for step in values["steps"] if step["population"] == values[POPULATION]
    ]
    names = [name for name in steps[0] if name.startswith(PROMISED)] if steps else []
    return [
        f"<p>For each {_text(name.removeprefix(PROMISED))} that is there, the scores promised "
        f"{_number(steps[0][name])}; the probabilities promise <b>{_number(steps[-1][name])}</b>."
        "</p>"
        for name in names
    ]


def _number(figure: Mapping[str, float | None]) -> str:
    value = figure["value"]
    return UNKNOWN if value is None else f"{value:.2g}"


def _verdict(values: Mapping[str, Any]) -> str:
    """Whether the network was too sure."""
    temperature = values["temperature"]
    if temperature > 1.1:
        return "The network was too sure of itself."
    return (
        "The network was not sure enough." if temperature < 0.9 else "The network was about right."
    )


def _tables(steps: Sequence[Mapping[str, Any]]) -> list[str]:
    """One table for each population, with a row for each step."""
    parts = []
    for population in dict.fromkeys(step["population"] for step in steps):
        rows = [step for step in steps if step["population"] == population]
        head = ["step", *rows[0]["figures"]]
        lines = [f"<tr>{''.join(f'<th>{_text(cell)}</th>' for cell in head)}</tr>"]
        lines += [_row(step, is_used=step is steps[-1]) for step in rows]
        title = f"{POPULATIONS[population]} ({rows[0]['crops']} in all)"
        parts += [f"<h2>{title}</h2>", "<table>", *lines, "</table>"]
    return parts


def _row(step: Mapping[str, Any], is_used: bool) -> str:
    cells = [_text(step["meaning"]), *(_told(figure) for figure in step["figures"].values())]
    used = ' class="used"' if is_used else ""
    return f"<tr{used}>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _told(figure: Mapping[str, float | None]) -> str:
    """A figure with its interval: "0.083 (0.051 to 0.12)"."""
    value, low, high = (figure[name] for name in ("value", "low", "high"))
    if value is None:
        return UNKNOWN
    if low is None or high is None:
        return f"{value:.2g}"
    return f"{value:.2g}<br><small>{low:.2g} to {high:.2g}</small>"


def _text(text: str) -> str:
    return html.escape(str(text))
