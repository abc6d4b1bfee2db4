"""The page of an evaluation: figures with their intervals, pictures, and what to know of them."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

from cell_events.trust.quality import FIGURES

STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem;
  color: #222; background: #fff; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; margin: .6rem 0; }
th, td { padding: .25rem .55rem; text-align: right; border-bottom: 1px solid #ddd; }
td { white-space: nowrap; font-size: .93em; }
th:first-child, td:first-child { text-align: left; }
small { color: #666; } img { max-width: 100%; } code { background: #f3f3f3; padding: 0 .2rem; }
.split { border-left: 4px solid #4477aa; padding: .2rem .8rem; background: #f4f7fa; }
.pictures { display: flex; flex-wrap: wrap; gap: 1.5rem; align-items: flex-end; }
figure { margin: 0; flex: 1 1 24rem; max-width: 30rem; }
figure.wide { flex-basis: 100%; max-width: 100%; }
figcaption { color: #444; font-size: .93em; }
"""
TITLES = {
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "average_precision": "average precision",
}
UNKNOWN = "-"
WIDE = "over_time.png", "errors.png"
"""Pictures that need the width of the page."""

ABOUT_INTERVALS = (
    "Intervals hold 95 % of {repeats} repeats in which blocks of {blocks_px} px and "
    "{blocks_frames} frames were drawn with replacement. They tell how much the figures depend on "
    "which part of this movie was looked at. They do not cover other movies, mistakes of whoever "
    "marked the truth, or another training of the model. A figure that is 0 or 1 in "
    "every block has no interval."
)
ABOUT_BEST = "The best threshold was chosen on these very events, so its F1 is a little too good."


def page_html(values: Mapping[str, Any], pictures: Mapping[str, str]) -> str:
    """Write the page.

    Parameters
    ----------
    values
        The result of the job `evaluate` with its settings under "settings".
    pictures
        Title of each picture, by its file.
    """
    names = values["names"]
    parts = [
        f"<h1>Evaluation of {_text(' against '.join(names))}</h1>",
        _split(values["split"]),
        f"<p>{_text(_rule(values))}</p>",
        "<h2>Figures</h2>",
        _figures_table(values),
        f"<p><small>{_text(ABOUT_INTERVALS.format(**values['settings']))} {ABOUT_BEST}</small></p>",
        *_notes(values["notes"]),
        *_comparison(values.get("comparison")),
        "<h2>Pictures</h2>",
        _pictures(pictures),
        f"<p>Every hit, miss and false alarm is in {_link('events.csv')}, what somebody should "
        f"look at in {_link('disagreements.csv')}, all numbers in {_link('scores.json')}.</p>",
    ]
    body = "\n".join(part for part in parts if part)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>Evaluation of {_text(names[0])}</title><style>{STYLE}</style></head>\n"
        f"<body>\n{body}\n</body></html>\n"
    )


def _rule(values: Mapping[str, Any]) -> str:
    least, other = (values["settings"][name] for name in ("threshold", "against_threshold"))
    counted = "All found events count" if least is None else f"Found events from {least:g} on count"
    their_rank = values.get("against", {}).get("ranked_by", values["ranked_by"])
    is_other = their_rank != values["ranked_by"]
    ranked = f", those of the other list by their {their_rank}" if is_other else ""
    another = "" if other is None else f", of the other list those from {other:g} on"
    return (
        f"A found event is a true one of its kind if it lies within {values['radius_px']:g} px and "
        f"{values['frames']} frames of it; each counts once. {counted}{another}; they are ranked "
        f"by their {values['ranked_by']}{ranked}."
    )


def _split(sentences: Sequence[str]) -> str:
    told = "".join(f"<p>{_text(sentence)}</p>" for sentence in dict.fromkeys(sentences))
    return f'<div class="split">{told}</div>'


def _notes(notes: Sequence[str]) -> list[str]:
    return [f"<p><strong>{_text(note)}</strong></p>" for note in notes]


def _figures_table(values: Mapping[str, Any]) -> str:
    """One row for each list and kind."""
    lists = [(values["names"][0], values)]
    if "against" in values:
        lists.append((values["names"][1], values["against"]))
    head = ["", "hits", "missed", "false alarms", *TITLES.values(), "best F1 (at)"]
    rows = []
    for name, one in lists:
        rows.append(_row(name if len(lists) > 1 else "all kinds", one["all"]))
        if len(one["kinds"]) > 1:
            rows += [_row(f"\u2003{kind}", figures) for kind, figures in one["kinds"].items()]
    return _table(head, rows)


def _row(name: str, figures: Mapping[str, Any]) -> list[str]:
    counts = ("true_positives", "false_negatives", "false_positives")
    cells = [str(figures[count]) for count in counts]
    cells += [told_figure(figures[figure], figures["intervals"].get(figure)) for figure in FIGURES]
    best, at = figures["best_f1"], figures["best_threshold"]
    cells.append(
        UNKNOWN if best is None else f"{best:.2f} ({'all' if at is None else f'{at:.2f}'})"
    )
    return [name, *cells]


def told_figure(value: float | None, interval: Sequence[float | None] | None) -> str:
    """Say a figure with its interval: "0.83 (0.75 to 0.90)"."""
    if value is None:
        return UNKNOWN
    if not interval or None in interval:
        return f"{value:.2f}"
    return f"{value:.2f} ({interval[0]:.2f} to {interval[1]:.2f})"


def _comparison(told: Mapping[str, Any] | None) -> list[str]:
    """What A has over B."""
    if told is None:
        return []
    differences = [
        [TITLES[name], told_difference(*ends)] for name, ends in told["A_minus_B"].items()
    ]
    counts, alarms = told["true_events"], told["false_alarms"]
    rows = [
        ["true events found", *(str(counts[n]) for n in ("both", "only_A", "only_B", "neither"))],
        ["false alarms", *(str(alarms[n]) for n in ("both", "only_A", "only_B")), UNKNOWN],
    ]
    return [
        f"<h2>A ({_text(told['A'])}) against B ({_text(told['B'])})</h2>",
        _table(["", "A minus B (95 %)"], differences),
        _table(["", "both", "only A", "only B", "neither"], rows),
        f"<p>Exact McNemar test of the true events that only one found: p = {told['p_value']:.3g}. "
        "It takes events as independent, which neighbours in one movie are not; the intervals "
        "above do not. Differences whose interval holds 0 are not shown to be real.</p>",
    ]


def told_difference(value: float | None, low: float | None, high: float | None) -> str:
    """Say a difference with its sign: "+0.050 (-0.010 to +0.110)"."""
    if value is None:
        return UNKNOWN
    told = f"{value:+.3f}"
    return told if low is None or high is None else f"{told} ({low:+.3f} to {high:+.3f})"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"<tr>{''.join(f'<th>{_text(cell)}</th>' for cell in head)}</tr>"]
    lines += [f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>" for row in rows]
    return "<table>\n" + "\n".join(lines) + "\n</table>"


def _pictures(pictures: Mapping[str, str]) -> str:
    told = "\n".join(_picture(_text(file), _text(title)) for file, title in pictures.items())
    return f'<div class="pictures">\n{told}\n</div>'


def _picture(file: str, title: str) -> str:
    return (
        f'<figure{" class=wide" if file in WIDE else ""}><img src="{file}" alt="{title}">'
        f"<figcaption>{title}</figcaption></figure>"
    )


def _link(file: str) -> str:
    return f'<a href="{file}"><code>{file}</code></a>'


def _text(text: str) -> str:
    return html.escape(str(text))
