"""The review of flagged cells, driven as a person drives it."""

import numpy as np
import pandas as pd
import pytest
from qtpy.QtCore import Qt

from cell_events.dry_mass.audit_draw import AuditSettings, audited_cells
from cell_events.dry_mass.cell_picture import CellPictures
from cell_events.dry_mass.cell_places import CellPlaces
from cell_events.dry_mass.curves import MassCurve
from cell_events.dry_mass.flags import CellFlag
from cell_events.gui.forms.mass_curve_plot import NOTHING
from cell_events.gui.review.cell_review import CellReview
from cell_events.gui.review.cell_words import why
from cell_events.movie import open_movie

AUDIT = AuditSettings(share=0.1, at_least=2, seed=3)
FLAGS = [
    CellFlag(1, "flagged", 9.0, 4.0, 21.04, "arrest", "cellular", first=3, last=6),
    CellFlag(2, "flagged", 7.0, 4.0, reason="swap", cause="measurement", first=3, last=6),
    CellFlag(3, "flagged", 8.0, 4.0, first=3, last=6),
    *(CellFlag(cell, "normal", 1.0, 4.0, first=2, last=5) for cell in range(10, 30)),
    CellFlag(40, "not assessed", reason="3 frames, 60 are needed"),
]
DRAWN = audited_cells(FLAGS, AUDIT)
CURVES = [
    MassCurve(flag.track_id, 0, np.linspace(50, 60, 10), None, np.zeros(10, bool)) for flag in FLAGS
]
TRACKS = pd.DataFrame(
    [(flag.track_id, t, 10.0, 12.0) for flag in FLAGS for t in range(10)],
    columns=["track_id", "t", "y", "x"],
)


@pytest.fixture
def review(qtbot):
    """A review whose owner keeps all answers, and takes them back."""
    review = CellReview()
    qtbot.addWidget(review)
    review.kept, review.taken_back = [{}], []

    def keep(answers):
        review.kept.append(answers)
        review.set_answers(answers)

    def undo():
        review.taken_back.append(review.kept.pop())
        review.set_answers(review.kept[-1])

    review.answer_wanted.connect(lambda cell, name: keep(review.kept[-1] | {cell: name}))
    review.undo_wanted.connect(undo)
    review.redo_wanted.connect(lambda: keep(review.taken_back.pop()))
    review.set_cells(CellPictures(CURVES, FLAGS), FLAGS, CellPlaces(TRACKS), AUDIT)
    with qtbot.waitExposed(review):
        review.show()
    with qtbot.waitActive(review):  # keys reach the active window only
        review.activateWindow()
    review.setFocus()
    yield review
    review.shut_down()


def press(review, qtbot, keys):
    for key in keys:
        qtbot.keyClick(review, key)


def test_flagged_cells_come_by_score_with_drawn_ones_among_them(review):
    order = review.session.order
    assert [cell for cell in order if cell in (1, 2, 3)] == [1, 3, 2]
    assert set(order) == {1, 2, 3, *DRAWN}
    assert review.form.progress.text() == "0 of 5"


def test_one_key_answers_and_goes_on(review, qtbot):
    press(review, qtbot, "N")
    order = review.session.order
    assert review.session.current == order[0]
    press(review, qtbot, "14")
    assert review.kept[-1] == {order[0]: "CA", order[1]: "PA"}
    assert review.session.current == order[2]
    assert review.form.progress.text() == "2 of 5"
    press(review, qtbot, "23")
    assert review.kept[-1] == dict(zip(order, ("CA", "PA", "MA", "CMA"), strict=False))


def test_a_key_before_any_cell_was_shown_answers_nothing(review, qtbot):
    press(review, qtbot, "1")
    assert review.kept == [{}]
    assert review.session.current == review.session.order[0]


def test_buttons_do_what_their_keys_do(review, qtbot):
    qtbot.mouseClick(review.form.steps["next"], Qt.MouseButton.LeftButton)
    first, second = review.session.order[:2]
    qtbot.mouseClick(review.form.answers["MA"], Qt.MouseButton.LeftButton)
    assert review.kept[-1] == {first: "MA"}
    assert review.session.current == second
    assert not any(button.isChecked() for button in review.form.answers.values())
    qtbot.mouseClick(review.form.steps["back"], Qt.MouseButton.LeftButton)
    assert review.session.current == first
    assert review.form.answers["MA"].isChecked()


def test_what_is_said_twice_changes_nothing_and_goes_on(review, qtbot):
    press(review, qtbot, "N1B1")
    assert len(review.kept) == 2
    assert review.session.current == review.session.order[1]


def test_undo_goes_back_to_the_cell_whose_answer_it_takes(review, qtbot):
    press(review, qtbot, "N12")
    first, second = review.session.order[:2]
    qtbot.keyClick(review, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert review.session.answers == {first: "CA"}
    assert review.session.current == second
    qtbot.mouseClick(review.form.steps["redo"], Qt.MouseButton.LeftButton)
    assert review.session.answers == {first: "CA", second: "MA"}


def test_answers_that_were_kept_before_do_not_move_anything(review):
    review.set_answers({1: "CA"})
    assert review.session.current is None
    review.set_answers({1: "CA", 2: "MA"})  # a redo, perhaps
    assert review.session.current == 2


def test_a_skipped_cell_comes_again_at_the_end(review, qtbot):
    press(review, qtbot, "NS")
    order = review.session.order
    press(review, qtbot, "1111")
    assert review.session.current == order[0]
    press(review, qtbot, "1")
    assert review.form.progress.text() == "5 of 5"
    assert review.session.current == order[0]  # where could one go?


def test_nothing_tells_flagged_from_drawn_before_one_asks_why(review, qtbot):
    review.show_cell(1)
    flagged = review.form.title.text(), review.form.details.text(), review.form.reason.isHidden()
    assert flagged == ("Cell 1", "frames 0 to 9, most unusual 3 to 6", True)
    review.show_cell(DRAWN[0])
    assert review.form.reason.isHidden()
    assert "most unusual 2 to 5" in review.form.details.text()
    press(review, qtbot, "W")
    assert review.form.reason.text() == "Not flagged (score 1, threshold 4)."
    review.show_cell(1)
    assert "arrest of the cell" in review.form.reason.text()


def test_reasons_are_told_in_words():
    told = {flag.track_id: why(flag) for flag in FLAGS}
    assert told[1] == ("Flagged: arrest of the cell (score 9, threshold 4; forecast error 21 pg).")
    assert told[2] == "Flagged: swap of the measurement (score 7, threshold 4)."
    assert told[3] == "Flagged: no reason known (score 8, threshold 4)."
    assert told[40] == "Not assessed: 3 frames, 60 are needed."


def test_precision_and_recall_follow_the_answers(review, qtbot):
    assert review.form.summary.text().count("not yet known") == 2
    review.set_answers({1: "CA", 2: "CMA", 3: "PA", DRAWN[0]: "PA", DRAWN[1]: "PA"})
    words = review.form.summary.text().replace("\N{NO-BREAK SPACE}", " ")
    assert "3 of 3" in words
    assert "2 of 2" in words
    assert "Precision: <b>67 % (21 to 94 %)</b>" in words
    assert "Estimated recall: <b>100 % (" in words
    assert "About 9&nbsp;% of the assessed are abnormal." in words
    review.set_answers({1: "CA", DRAWN[0]: "PA"})
    assert "assessed" not in review.form.summary.text()


def test_curve_and_pictures_are_those_of_the_cell(review, qtbot):
    review.set_movie(open_movie(np.zeros((10, 40, 40), np.uint8)), (0, 1), 600)
    review.show_cell(2)
    assert review.form.curve.picture.curve.track_id == 2
    assert review.form.strip.cell.track_id == 2
    assert review.form.strip.cell.stretch == (3, 6)
    qtbot.waitUntil(lambda: len(review.form.strip.crops) > 3)
    review.show_cell(None)
    assert review.form.curve.key.text() == NOTHING


def test_cells_outside_the_review_can_be_looked_at_and_answered(review, qtbot):
    shown = []
    review.cell_shown.connect(shown.append)
    other = next(cell for cell in range(10, 30) if cell not in DRAWN)
    review.show_cell(other)
    press(review, qtbot, "2")
    assert review.kept[-1] == {other: "MA"}
    assert review.form.progress.text() == "0 of 5"
    assert shown == [other, review.session.order[0]]
    review.show_cell(12345)
    assert review.form.title.text() == "No cell is selected"


def test_another_threshold_keeps_the_answers_and_the_cell(review):
    review.set_answers({1: "CA", 3: "MA"})
    review.show_cell(2)
    fewer = [*FLAGS[:1], *(CellFlag(cell, "normal", 3.0, 8.5) for cell in (2, 3)), *FLAGS[3:]]
    review.set_flags(fewer, AUDIT)
    assert review.session.current == 2
    assert review.session.summary.flagged == 1
    assert review.session.summary.flagged_answers["CA"] == 1
    assert review.session.answers[3] == "MA"


def test_the_place_in_the_review_survives(review, qtbot):
    press(review, qtbot, "N1SW")
    state = review.state()
    again = CellReview()
    qtbot.addWidget(again)
    again.set_cells(CellPictures(CURVES, FLAGS), FLAGS, None, AUDIT)
    again.set_answers(review.kept[-1])
    again.restore(state)
    assert again.session.current == review.session.current
    assert again.state() == state
    assert again.form.why.isChecked()
    again.restore({"current": 999})
    assert again.session.current is None
    again.shut_down()


def test_without_flags_it_says_what_to_wait_for(qtbot):
    review = CellReview()
    qtbot.addWidget(review)
    assert review.form.title.text() == "No flags yet"
    assert not review.form.answers["CA"].isEnabled()
    review.shut_down()


def test_frames_that_are_clicked_and_cells_that_are_shown_are_told(review, qtbot):
    frames = []
    review.frame_wanted.connect(frames.append)
    review.show_cell(1)
    strip = review.form.strip
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip._square(0).center().toPoint())
    review.form.curve.frame_clicked.emit(7)
    assert frames == [2, 7]
    review.set_frame(5)
    assert review.form.curve.drawing.cursor.value() == 5


def test_it_fits_a_dock_on_a_small_laptop(review, qtbot):
    review.show_cell(1)
    review.form.why.setChecked(True)
    review.resize(330, 600)
    qtbot.wait(20)
    assert review.minimumSizeHint().width() <= 340
    assert review.minimumSizeHint().height() <= 600
