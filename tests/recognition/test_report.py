from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from cell_events.recognition.report import RecognitionReport

LABEL = [0, 0, 0, 1, 1, 2]
PREDICTED = [0, 0, 1, 1, 0, 2]


def report(label=LABEL, predicted=PREDICTED, classes=("division", "death")) -> RecognitionReport:
    scores = np.eye(len(classes) + 1, dtype=np.float32)[predicted] * 0.8 + 0.1
    scores /= scores.sum(1, keepdims=True)
    count = len(label)
    return RecognitionReport(
        classes, np.zeros(count, np.int64), np.arange(count) // 2, np.array(label), scores
    )


def test_precision_and_recall_of_each_class() -> None:
    table = report().per_class()
    assert table["precision"].tolist() == pytest.approx([2 / 3, 1 / 2, 1])
    assert table["recall"].tolist() == pytest.approx([2 / 3, 1 / 2, 1])
    assert table["pairs"].tolist() == [3, 2, 1]
    assert table.index.tolist() == ["nothing", "division", "death"]


def test_classes_that_never_occur_have_numbers_all_the_same() -> None:
    table = report([0, 0], [0, 1]).per_class()
    assert table["precision"].tolist() == [1, 0, 1]
    assert table["recall"].tolist() == [0.5, 0, 1]
    assert report([0, 0], [0, 1]).metrics()["accuracy"] == 0.5


def test_the_confusion_matrix_counts_true_by_found() -> None:
    assert report().confusion.tolist() == [[2, 1, 0], [1, 1, 0], [0, 0, 1]]


def test_errors_over_time_are_counted_by_frame_and_class() -> None:
    table = report().over_time().set_index(["frame", "class"])
    assert table.loc[(1, "division")].tolist()[1:] == [1, 0, 1]  # pairs, missed, false alarms
    assert table.loc[(2, "division")].tolist()[1:] == [1, 1, 0]
    assert table.loc[(2, "death")].tolist()[1:] == [1, 0, 0]


def test_metrics_are_finite_numbers() -> None:
    metrics = report().metrics()
    assert metrics["accuracy"] == pytest.approx((2 / 3 + 1 / 2 + 1) / 3)
    assert metrics["recall division"] == 0.5
    assert all(np.isfinite(value) for value in metrics.values())


def test_a_report_is_written_as_tables_json_and_picture(tmp_path) -> None:
    written = report().write(tmp_path / "report")
    assert {path.name for path in written} == {
        "report.json",
        "report.png",
        "per_class.csv",
        "confusion.csv",
        "over_time.csv",
    }
    values = json.loads((tmp_path / "report" / "report.json").read_text())
    assert values["confusion"]["pairs"] == [[2, 1, 0], [1, 1, 0], [0, 0, 1]]
    table = pd.read_csv(tmp_path / "report" / "per_class.csv", index_col="class")
    assert table.loc["division", "recall"] == 0.5
    assert (tmp_path / "report" / "report.png").read_bytes().startswith(b"\x89PNG")
