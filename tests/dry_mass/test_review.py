"""What the answers of an expert say of the flags."""

import json

import pytest
from scipy.stats import binomtest

from cell_events.dry_mass.audit_draw import AuditSettings, audited_cells, review_order
from cell_events.dry_mass.flags import EXPERT_CATEGORIES, CellFlag, read_flags
from cell_events.dry_mass.review import (
    CATEGORIES,
    answers_of,
    review_summary,
    with_answers,
)
from cell_events.dry_mass.review_file import write_review
from cell_events.dry_mass.share import Share, wilson_interval

FLAGS = [
    *(CellFlag(cell, "flagged", score=10.0 + cell, threshold=10) for cell in range(10)),
    *(CellFlag(cell, "normal", score=1.0, threshold=10) for cell in range(10, 110)),
    *(CellFlag(cell, "not assessed", reason="4 frames, 60 are needed") for cell in range(110, 115)),
]
AUDIT = AuditSettings()


def answered(flagged, audit):
    """Answers, in order, to the flagged cells and to the drawn ones."""
    cells = range(len(flagged)), audited_cells(FLAGS, AUDIT)
    return dict(zip(cells[0], flagged, strict=True)) | dict(zip(cells[1], audit, strict=False))


def test_the_categories_are_those_of_the_paper_in_the_order_of_their_keys():
    assert tuple(CATEGORIES) == EXPERT_CATEGORIES == ("CA", "MA", "CMA", "PA")


def test_precision_is_the_share_of_flagged_cells_with_any_anomaly():
    summary = review_summary(FLAGS, answered(["CA"] * 4 + ["MA", "CMA", "PA", "PA"], []))
    assert (summary.flagged, summary.reviewed, summary.right) == (10, 8, 6)
    assert summary.flagged_answers == {"CA": 4, "MA": 1, "CMA": 1, "PA": 2}
    interval = binomtest(6, 8).proportion_ci(method="wilson")
    assert summary.precision == Share(0.75, interval.low, interval.high)


def test_recall_is_estimated_from_the_audit():
    audit = ["CA"] + ["PA"] * 19  # 1 of 20 drawn, so 5 of the 100 that are not flagged
    summary = review_summary(FLAGS, answered(["CA"] * 10, audit))
    assert (summary.drawn, summary.audited, summary.missed) == (20, 20, 1)
    assert summary.recall.value == pytest.approx(10 / 15)
    low, high = wilson_interval(1, 20)
    assert summary.recall.low == pytest.approx(10 / (10 + 1 + 80 * high))
    assert summary.recall.high == pytest.approx(10 / (10 + 1 + 80 * low))
    assert summary.prevalence == pytest.approx(15 / 110)


def test_flagged_cells_without_an_answer_widen_the_interval_of_the_recall():
    audit = ["CA"] + ["PA"] * 19
    whole = review_summary(FLAGS, answered(["CA"] * 5 + ["PA"] * 5, audit)).recall
    part = review_summary(FLAGS, answered(["CA", "PA"], audit)).recall
    assert part.value == pytest.approx(whole.value) == 0.5
    assert part.low < whole.low < whole.high < part.high


def test_when_everything_was_looked_at_the_recall_is_known():
    flags = [*FLAGS[:10], *FLAGS[10:14]]
    answers = dict.fromkeys(range(10), "MA") | {10: "CA", 11: "PA", 12: "PA", 13: "PA"}
    recall = review_summary(flags, answers).recall
    assert recall == Share(10 / 11, 10 / 11, 10 / 11)


def test_without_answers_nothing_is_claimed():
    summary = review_summary(FLAGS, {})
    assert summary.precision is summary.recall is summary.prevalence is None
    assert review_summary(FLAGS, answered(["CA"], [])).recall is None
    nothing_abnormal = review_summary(FLAGS, answered(["PA"] * 10, ["PA"] * 20))
    assert nothing_abnormal.precision.value == 0
    assert nothing_abnormal.recall is None


def test_answers_about_cells_that_were_neither_flagged_nor_drawn_do_not_count():
    other = next(cell for cell in range(10, 110) if cell not in audited_cells(FLAGS, AUDIT))
    summary = review_summary(FLAGS, {other: "CA", 112: "MA", 3: ""})
    assert (summary.reviewed, summary.audited) == (0, 0)


def test_the_audit_takes_five_percent_at_least_twenty_at_most_all():
    many = [CellFlag(cell, "normal", score=1.0) for cell in range(1001)]
    assert len(audited_cells(many, AUDIT)) == 51
    assert len(audited_cells(many[:100], AUDIT)) == 20
    assert sorted(audited_cells(many[:7], AUDIT)) == list(range(7))
    assert not set(audited_cells(FLAGS, AUDIT)) & {*range(10), *range(110, 115)}


def test_the_audit_is_the_same_each_time_and_another_with_another_seed():
    many = [CellFlag(cell, "normal", score=1.0) for cell in range(1000)]
    assert audited_cells(many, AUDIT) == audited_cells(many[::-1], AUDIT)
    assert audited_cells(many, AUDIT) != audited_cells(many, AuditSettings(seed=1))


def test_a_threshold_that_moves_keeps_most_of_the_audit():
    many = [CellFlag(cell, "normal", score=1.0) for cell in range(1000)]
    fewer = many[:900]
    kept = set(audited_cells(many, AUDIT)) & set(audited_cells(fewer, AUDIT))
    assert kept == {cell for cell in audited_cells(many, AUDIT) if cell < 900}


def test_the_most_abnormal_come_first_and_the_audit_is_mixed_in():
    order = review_order(FLAGS, AUDIT)
    assert [cell for cell in order if cell < 10] == list(range(9, -1, -1))
    drawn = [place for place, cell in enumerate(order) if cell >= 10]
    assert len(drawn) == 20
    assert drawn != list(range(10, 30)), "drawn cells must not stand at the end"
    assert drawn[0] < 10 < drawn[-1]


@pytest.mark.parametrize("wrong", [{"share": 1.5}, {"at_least": -1}])
def test_impossible_audits_are_refused(wrong):
    with pytest.raises(ValueError, match="expected"):
        AuditSettings(**wrong)


def test_more_hits_than_cells_are_refused():
    with pytest.raises(ValueError, match="found 3 hits of 2"):
        wilson_interval(3, 2)


def test_a_share_is_told_with_its_interval():
    assert Share(0.925, 0.81, 0.984).words.replace("\N{NO-BREAK SPACE}", " ") == "92 % (81 to 98 %)"


def test_answers_survive_a_round_trip_through_the_files(tmp_path):
    answers = answered(["CA", "MA", "PA"], ["PA"])
    path = write_review(tmp_path / "flags.csv", FLAGS, answers, AUDIT)
    assert answers_of(read_flags(tmp_path / "flags.csv")) == answers
    report = json.loads(path.read_text())
    assert report["flagged"] == {"CA": 1, "MA": 1, "CMA": 0, "PA": 1}
    assert report["precision"]["value"] == pytest.approx(2 / 3)
    assert report["drawn_by"] == {"share": 0.05, "at_least": 20, "seed": 0}


def test_an_answer_that_was_taken_back_leaves_the_file():
    flags = with_answers(FLAGS, {1: "CA"})
    assert answers_of(with_answers(flags, {2: "MA"})) == {2: "MA"}
