"""Finished rows of a study stay, and belong to one set of settings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cell_events.trust.study_folder import StudyError, StudyPlace, open_study

PLACE = StudyPlace("criteria", "both, any size", 2)


def test_a_finished_row_is_known_after_opening_the_folder_again(tmp_path: Path) -> None:
    settings = {"steps": 5, "classes": ("division",)}
    folder = open_study(tmp_path / "study", settings)
    assert folder.known(PLACE) is None
    folder.keep(PLACE, {"F1": 0.25})
    again = open_study(tmp_path / "study", settings)
    assert again.known(PLACE) == {"F1": 0.25}
    assert again.known(StudyPlace("criteria", "both, any size", 1)) is None
    assert again.known(StudyPlace("criteria", "both, size filter", 2)) is None


def test_other_settings_in_the_same_folder_are_refused(tmp_path: Path) -> None:
    open_study(tmp_path, {"steps": 5})
    with pytest.raises(StudyError, match="steps is 5 there, 6 here"):
        open_study(tmp_path, {"steps": 6})


def test_a_damaged_row_is_named(tmp_path: Path) -> None:
    folder = open_study(tmp_path, {})
    folder.keep(PLACE, {"F1": 0.25})
    (file,) = (tmp_path / "rows").iterdir()
    for text in ("{", "[]", json.dumps({"values": {"F1": "much"}})):
        file.write_text(text)
        with pytest.raises(StudyError, match=r"both-any-size-seed2\.json is no finished row"):
            folder.known(PLACE)


def test_a_folder_whose_name_is_taken_by_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(StudyError, match="cannot be written"):
        open_study(tmp_path / "taken", {})
