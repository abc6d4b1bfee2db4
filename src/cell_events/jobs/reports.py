"""What a running job tells its caller: progress, and at the end one result."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cell_events.engine.training import TrainReport


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is.

    Attributes
    ----------
    stage
        What it does at present, in words, such as "learn the time arrow".
    done, total
        Steps of this stage.
    values
        Measurements by name, such as losses and accuracies; empty where nothing was measured.
    seconds_left
        Estimate for this stage; None where unknown.
    then
        The stages that are known to follow this one, in order.
    """

    stage: str
    done: int
    total: int
    values: Mapping[str, float] = field(default_factory=dict)
    seconds_left: float | None = None
    then: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What a job has achieved: plain JSON values, the paths of the files it wrote among them."""

    values: Mapping[str, Any]


Report = Progress | Result


class StagePlan:
    """The stages of a job in order, names that come again included."""

    def __init__(self, stages: Iterable[str]) -> None:
        self._left = deque(stages)
        self._stage = ""

    def placed(self, report: Progress) -> Progress:
        """Give a report that also says which stages follow; stages may be left out."""
        if report.stage != self._stage:
            self._stage = report.stage
            while self._left and self._left.popleft() != report.stage:
                pass
        return replace(report, then=tuple(self._left))


def report_to_json(report: Report) -> dict[str, Any]:
    """Give a report as plain JSON values, under the key "progress" or "result"."""
    if isinstance(report, Result):
        return {"result": dict(report.values)}
    return {"progress": asdict(report)}


def training_progress(stage: str, report: TrainReport) -> Progress:
    """Give one step of a training run; measurements on held-out data are named "validation_..."."""
    validation = {f"validation_{name}": value for name, value in report.metrics.items()}
    values = {**report.losses, **validation, "learning_rate": report.learning_rate}
    return Progress(stage, report.step, report.steps, values, report.seconds_left)
