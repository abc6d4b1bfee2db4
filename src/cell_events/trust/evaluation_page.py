"""The page of an evaluation: figures with their intervals, pictures, and what to know of them."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

from cell_events.trust.evaluation_sentences import (
    ABOUT_INTERVALS,
    MEANINGS,
    TITLES,
    UNKNOWN,
    told_chance,
    told_difference,
    told_figure,
    told_rule,
)
from cell_events.trust.quality import FIGURES

STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem;
  color: #222; background: #fff; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; margin: .6rem 0; }
th, td { padding: .25rem .55rem; text-align: right; border-bottom: 1px solid #ddd; }
td { white-space: nowrap; font-size: .93em; }
th:first-child, td:first-child { text-align: left; }
td:first-child { white-space: normal; overflow-wrap: anywhere; min-width: 7rem; }
.wide-table { overflow-x: auto; }
small { color: #666; } img { max-width: 100%; } code { background: #f3f3f3; padding: 0 .2rem; }
.split { border-left: 4px solid #4477aa; padding: .2rem .8rem; background: #f4f7fa; }
.note { border-left: 4px solid #c33; padding: .2rem .8rem; background: #fdf1f1; margin-top: .8rem; }
pre { background: #f3f3f3; padding: .5rem .8rem; white-space: pre-wrap; overflow-wrap: anywhere; }
dl { font-size: .93em; } dt { font-weight: 600; float: left; clear: left; width: 9.5rem; }
dd { margin: 0 0 .2rem 10rem; }
.pictures { display: flex; flex-wrap: wrap; gap: 1.5rem; align-items: flex-end; }
figure { margin: 0; flex: 1 1 24rem; max-width: 30rem; }
figure.wide { flex-basis: 100%; max-width: 100%; }
figcaption { color: #444; font-size: .93em; }
"""

WIDE = "over_time.png", "errors.png"
"""Pictures that need the width of the page."""


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
        _box("split", values["split"]),
        _box("note", values["notes"]),
        f"<p>{_text(told_rule(values))}</p>",
        "<h2>Figures</h2>",
        _figures_table(values),
        _meanings(),
        f"<p><small>{_text(ABOUT_INTERVALS.format(**values['settings']))}</small></p>",
        *_comparison(values.get("comparison")),
        "<h2>Pictures</h2>",
        _pictures(pictures),
        f"<p>Every hit, miss and false alarm is in {_link('events.csv')}, what somebody should "
        f"look at in {_link('disagreements.csv')}, all numbers in {_link('scores.json')}.</p>",
        *_command(values.get("command", "")),
    ]
    body = "\n".join(part for part in parts if part)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>Evaluation of {_text(names[0])}</title><style>{STYLE}</style></head>\n"
        f"<body>\n{body}\n</body></html>\n"
    )


def _box(name: str, sentences: Sequence[str]) -> str:
    """Paragraphs in a coloured box; nothing without any."""
    told = "".join(f"<p>{_text(sentence)}</p>" for sentence in sentences)
    return f'<div class="{name}">{told}</div>' if told else ""


def _meanings() -> str:
    """What the heads of the table mean."""
    told = "".join(f"<dt>{_text(name)}</dt><dd>{_text(of)}</dd>" for name, of in MEANINGS.items())
    return f"<dl>{told}</dl>"


def _command(line: str) -> list[str]:
    """How to make this page again; nothing if that is not known."""
    return [f"<h2>To repeat this</h2><pre>{_text(line)}</pre>"] if line else []


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
        f"<p>{_text(told_chance(counts, told['p_value']))}</p>",
    ]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"<tr>{''.join(f'<th>{_text(cell)}</th>' for cell in head)}</tr>"]
    lines += [f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>" for row in rows]
    return '<div class="wide-table"><table>\n' + "\n".join(lines) + "\n</table></div>"


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
