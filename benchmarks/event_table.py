"""How long the viewer's loop is held by a table of many events; prints a Markdown table.

    QT_QPA_PLATFORM=offscreen python benchmarks/event_table.py --events 100000

Each number is the median of several runs, with the rows drawn.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QApplication

from cell_events.events import STATUSES, Event
from cell_events.gui.review.event_list import EventList
from cell_events.gui.review.event_table import EventTable
from cell_events.gui.review.event_table_model import COLUMNS
from cell_events.gui.review.review_session import ReviewSession

KINDS = ("division", "death")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args()
    application = QApplication(["event_table"])
    events, table = opened(random_events(arguments.events))
    session = ReviewSession(events)
    rng = np.random.default_rng(1)
    print(f"{arguments.events:,} events, median of {arguments.runs} runs\n")
    print("| what | ms |\n|---|---|")
    for name, action in actions(events, table, session, rng).items():
        print(f"| {name} | {median_ms(application, action, arguments.runs):.0f} |")
    table.close()


def actions(
    events: EventList, table: EventTable, session: ReviewSession, rng: np.random.Generator
) -> dict[str, Callable[[], object]]:
    """What a person does, each of which draws the table anew."""

    def any_id() -> str:
        return str(rng.choice(events.ids))

    def sort() -> None:
        order = rng.choice([Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder])
        table.view.sortByColumn(int(rng.integers(len(COLUMNS))), order)

    return {
        "replace all events": lambda: events.set_events(dict(events.events)),
        "sort by a column": sort,
        "filter by score": lambda: table.filters.least_score.setValue(rng.uniform()),
        "filter by words": lambda: table.filters.text.setText(rng.choice(["div", "dea", "m"])),
        "show all": table.filters.show_all,
        "select an event elsewhere": lambda: events.select(any_id()),
        "scroll a page": lambda: table.view.bar.setValue(
            int(rng.integers(table.view.bar.maximum()))
        ),
        "accept one event": lambda: events.accept([any_id()]),
        "reject 1,000 events": lambda: events.reject(rng.choice(events.ids, 1000)),
        "inbox: accept and go on": lambda: (session.next(), session.accept()),
    }


def opened(listed: dict[str, Event]) -> tuple[EventList, EventTable]:
    events = EventList()
    events.edit_wanted.connect(lambda _, changes: events.put(changes))
    events.set_events(listed)
    table = EventTable(events, KINDS)
    table.resize(1300, 200)
    table.show()
    return events, table


def random_events(number: int) -> dict[str, Event]:
    rng = np.random.default_rng(0)
    places = rng.uniform(0, (1000, 2000, 2000), (number, 3))
    return {
        f"m/{i}": Event(
            int(t), y, x, KINDS[i % 2], score=rng.uniform(), status=STATUSES[i % 3], source="m"
        )
        for i, (t, y, x) in enumerate(places)
    }


def median_ms(application: QApplication, action: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        action()
        application.processEvents()
        times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times)


if __name__ == "__main__":
    main()
