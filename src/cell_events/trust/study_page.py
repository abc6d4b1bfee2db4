"""The results of a study on disk: one CSV and one picture for each table, and a page."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from cell_events.engine import atomic
from cell_events.trust.study_figure import study_png
from cell_events.trust.study_table import StudyTable, spread

PAGE = "index.html"
STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem;
  color: #1b1b1b; background: #fff }
table { border-collapse: collapse; margin: 1rem 0 }
td, th { padding: .25rem .7rem; text-align: right; border-bottom: 1px solid #ddd }
td:first-child, th:first-child { text-align: left; white-space: nowrap }
tr:hover td { background: #f3f6fa }
img { max-width: 100% }
.warning { border-left: 4px solid #c33; padding: .4rem 1rem; background: #fdf1f1 }
.split { border-left: 4px solid #4477aa; padding: .4rem 1rem; background: #f1f5fa }
dt { font-weight: 600; float: left; clear: left; width: 13rem } dd { margin-left: 14rem }
"""


def write_tables(
    folder: Path,
    heading: str,
    tables: Sequence[StudyTable],
    notes: Mapping[str, str],
    settings: Mapping[str, object],
    pictures: Mapping[str, str] | None = None,
) -> list[Path]:
    """Write TABLE.csv and TABLE.png of each table, and `index.html`; return their paths.

    Parameters
    ----------
    notes
        Sentences at the top: "split" for how parts were held out, "warning" where they leak.
    pictures
        Files in the folder that a table shows besides its own picture, by its name.
    """
    written = []
    for table in tables:
        written.append(
            atomic.write_text(folder / f"{table.name}.csv", table.frame().to_csv(index=False))
        )
        written.append(atomic.write_bytes(folder / f"{table.name}.png", study_png(table)))
    page = "\n".join(_page(heading, tables, notes, settings, pictures or {}))
    return [*written, atomic.write_text(folder / PAGE, page + "\n")]


def _page(
    heading: str,
    tables: Sequence[StudyTable],
    notes: Mapping[str, str],
    settings: Mapping[str, object],
    pictures: Mapping[str, str],
) -> Iterator[str]:
    title = html.escape(heading)
    yield f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
    yield f"<style>{STYLE}</style></head><body><h1>{title}</h1>"
    for kind, note in notes.items():
        yield f'<p class="{html.escape(kind)}">{html.escape(note)}</p>'
    for table in tables:
        yield from _section(table, pictures.get(table.name))
    yield "<h2>Settings</h2><dl>"
    for name, value in settings.items():
        told = name.replace("_", " ")
        yield f"<dt>{html.escape(told)}</dt><dd>{html.escape(_told(value))}</dd>"
    yield "</dl></body></html>"


def _section(table: StudyTable, picture: str | None) -> Iterator[str]:
    yield f"<h2>{html.escape(table.title)}</h2><p>{html.escape(table.about)}</p>"
    yield f"<p>{_measured(table)}</p>"
    yield "<table><tr><th></th>"
    yield "".join(f"<th>{html.escape(metric)}</th>" for metric in table.metrics) + "</tr>"
    for row in table.rows:
        cells = "".join(f"<td>{_cell(table, row.name, metric)}</td>" for metric in table.metrics)
        yield f"<tr><td>{html.escape(row.name)}</td>{cells}</tr>"
    yield "</table>"
    for file in (f"{table.name}.png", picture):
        if file:
            yield f'<p><img src="{html.escape(file)}" alt="{html.escape(table.title)}"></p>'
    yield f'<p><a href="{html.escape(table.name)}.csv">{html.escape(table.name)}.csv</a></p>'


def _measured(table: StudyTable) -> str:
    """How much was measured, and what the numbers are."""
    finished, seeds = len(table.measured), max(len(table.seeds), table.asked_seeds)
    if not finished:
        return "Nothing is measured yet."
    number = len(table.rows) * seeds
    rest = "" if finished == number else " The same command goes on with the others."
    counted = f"{finished} of {number} measurements are done, "
    if seeds == 1:
        return f"{counted}one for each row; a spread needs a second seed.{rest}"
    return f"{counted}one for each row and each of {seeds} seeds. Mean ± standard deviation.{rest}"


def _told(value: object) -> str:
    told = ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
    return told or "not given"


def _cell(table: StudyTable, row: str, metric: str) -> str:
    values = table.values(row, metric)
    if not len(values):
        return "-"
    deviation = spread(values)
    return f"{values.mean():.2f}" + (f" ± {deviation:.2f}" if len(values) > 1 else "")
