"""The page of an evaluation."""

from html.parser import HTMLParser

import pytest

from cell_events.trust.evaluation_page import page_html
from cell_events.trust.evaluation_sentences import told_difference, told_figure

FIGURES = {
    "true_positives": 8,
    "false_negatives": 2,
    "false_positives": 1,
    "precision": 8 / 9,
    "recall": 0.8,
    "f1": 0.84,
    "average_precision": None,
    "best_f1": None,
    "best_threshold": None,
    "intervals": {"recall": [0.6, 0.95]},
}


def values(**more):
    return {
        "names": ["<new> & better"],
        "split": ["The whole movie counts."],
        "notes": ["There are only 10 true events here."],
        "radius_px": 10.0,
        "frames": 3,
        "ranked_by": "score",
        "settings": {
            "threshold": 0.5,
            "against_threshold": None,
            "repeats": 100,
            "blocks_px": 96,
            "blocks_frames": 12,
        },
        "all": FIGURES,
        "kinds": {"division": FIGURES},
        **more,
    }


class Text(HTMLParser):
    """What a reader sees, and whether every element is closed."""

    def __init__(self, page):
        super().__init__()
        self.words, self.open = [], []
        self.feed(page)

    def handle_starttag(self, tag, _):
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def read(page):
    text = Text(page)
    assert text.open == []
    return " ".join(text.words)


def test_names_are_written_as_they_are():
    assert "<new> & better" in read(page_html(values(), {"a.png": "A < B"}))


def test_the_page_says_what_counts_and_how_sure_it_is():
    told = read(page_html(values(), {}))
    assert "within 10 px and 3 frames" in told
    assert "Found events from 0.5 on count; they are ranked by their score." in told
    assert "0.80 (0.60 to 0.95)" in told
    assert "There are only 10 true events here." in told
    assert "100 repeats" in told


def test_words_are_explained_and_warnings_come_before_the_figures():
    page = page_html(values(), {})
    assert page.index('class="note"') < page.index("<h2>Figures")
    assert 'class="note"' not in page_html(values(notes=[]), {})
    told = read(page)
    assert "share of the true events that were found: hits / (hits + missed)" in told
    assert "within 10 px and 1 frame of it" in read(page_html(values(frames=1), {}))


def test_the_command_that_repeats_the_evaluation_is_shown_where_it_is_known():
    assert "To repeat this" not in read(page_html(values(), {}))
    assert "evaluate 'a b.csv' <x>" in read(page_html(values(command="evaluate 'a b.csv' <x>"), {}))


def test_two_lists_are_told_apart():
    compared = {
        "A": "new",
        "B": "old",
        "A_minus_B": {"f1": [0.1, -0.02, 0.2]},
        "true_events": {"both": 5, "only_A": 3, "only_B": 1, "neither": 1},
        "false_alarms": {"both": 0, "only_A": 1, "only_B": 2},
        "p_value": 0.625,
    }
    other = {"all": FIGURES, "kinds": {}}
    more = {"names": ["new", "old"], "against": other, "comparison": compared}
    told = read(page_html(values(**more), {}))
    assert "new against old" in told
    assert "+0.100 (-0.020 to +0.200)" in told
    assert "A has 3 and B has 1" in told
    assert "p = 0.625" in told


@pytest.mark.parametrize("unknown", [None, [], [None, 0.5]])
def test_a_figure_without_interval_stands_alone(unknown):
    assert told_figure(0.5, unknown) == "0.50"
    assert told_figure(None, unknown) == "-"
    assert told_difference(None, None, None) == "-"
    assert told_difference(0.5, None, None) == "+0.500"
