"""How well crop pairs are told apart: tables, JSON and a picture."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cell_events.engine import atomic

NOTHING_NAME = "nothing"


@dataclass(frozen=True)
class RecognitionReport:
    """True and predicted labels of crop pairs, and what follows from them.

    Attributes
    ----------
    classes
        Names of the event classes 1..K; 0 is "nothing".
    movie, frame
        Where each pair is from: index of the movie, second frame of the pair.
    label
        True label of each pair.
    scores
        Softmax output (N, K + 1) for each pair.
    """

    classes: tuple[str, ...]
    movie: NDArray[np.int64]
    frame: NDArray[np.int64]
    label: NDArray[np.int64]
    scores: NDArray[np.float32]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the labels 0..K."""
        return (NOTHING_NAME, *self.classes)

    @property
    def predicted(self) -> NDArray[np.int64]:
        """Label with the highest score of each pair."""
        return np.asarray(self.scores.argmax(1), np.int64)

    @property
    def confusion(self) -> NDArray[np.int64]:
        """Number of pairs by true label (rows) and predicted label (columns)."""
        counts = np.zeros((len(self.names),) * 2, np.int64)
        np.add.at(counts, (self.label, self.predicted), 1)
        return counts

    def per_class(self) -> pd.DataFrame:
        """One row for each label: precision, recall, pairs, found pairs.

        With nothing of a class found, precision is 1 if nothing was there and else 0; with nothing
        there, recall is 1 if nothing was found and else 0.
        """
        confusion = self.confusion
        right, found, true = confusion.diagonal(), confusion.sum(0), confusion.sum(1)
        precision = np.where(found > 0, right / np.maximum(found, 1), true == 0)
        recall = np.where(true > 0, right / np.maximum(true, 1), found == 0)
        columns = {"precision": precision, "recall": recall, "pairs": true, "found": found}
        return pd.DataFrame(columns, index=pd.Index(self.names, name="class"))

    def over_time(self) -> pd.DataFrame:
        """One row for each movie, frame and class: pairs, missed ones and false alarms."""
        predicted, rows = self.predicted, []
        for label, name in enumerate(self.classes, 1):
            columns = {
                "movie": self.movie,
                "frame": self.frame,
                "class": name,
                "pairs": self.label == label,
                "missed": (self.label == label) & (predicted != label),
                "false_alarms": (self.label != label) & (predicted == label),
            }
            rows.append(pd.DataFrame(columns))
        counts = pd.concat(rows).groupby(["movie", "frame", "class"], sort=True).sum()
        return counts.astype(int).reset_index()

    def metrics(self) -> dict[str, float]:
        """Cross entropy, balanced accuracy, and precision and recall of each event class.

        Balanced accuracy is the mean recall of the labels that occur.
        """
        table = self.per_class()
        own = self.scores[np.arange(len(self.label)), self.label].astype(np.float64)
        metrics = {
            "loss": float(-np.log(np.maximum(own, 1e-12)).mean()),
            "accuracy": float(table["recall"][table["pairs"] > 0].mean()),
        }
        for name in self.classes:
            metrics[f"precision {name}"] = float(table["precision"][name])
            metrics[f"recall {name}"] = float(table["recall"][name])
        return metrics

    def to_json(self) -> dict[str, Any]:
        """All of it as plain JSON values."""
        return {
            "metrics": self.metrics(),
            "per_class": self.per_class().reset_index().to_dict("records"),
            "confusion": {"labels": list(self.names), "pairs": self.confusion.tolist()},
            "over_time": self.over_time().to_dict("records"),
        }

    def write(self, folder: str | Path) -> list[Path]:
        """Write `report.json`, three CSVs and `report.png` to `folder`; return their paths."""
        from cell_events.recognition.report_figure import report_png

        folder = Path(folder)
        confusion = pd.DataFrame(
            self.confusion, index=pd.Index(self.names, name="true"), columns=list(self.names)
        )
        texts = {
            "report.json": json.dumps(self.to_json(), indent=1),
            "per_class.csv": self.per_class().to_csv(),
            "confusion.csv": confusion.to_csv(),
            "over_time.csv": self.over_time().to_csv(index=False),
        }
        written = [atomic.write_text(folder / name, text) for name, text in texts.items()]
        return [*written, atomic.write_bytes(folder / "report.png", report_png(self))]
