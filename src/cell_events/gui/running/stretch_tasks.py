"""Jobs that learn and find abnormal stretches, made from the project and from the form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cell_events.gui.forms.mass_expert import MassExpertValues
from cell_events.gui.forms.model_picker import MODEL_SUFFIX
from cell_events.gui.layers.layer_axes import LayerError
from cell_events.gui.running.dock_tasks import MODELS, RESULTS, device_of
from cell_events.gui.running.dry_mass_tasks import DryMassTasks
from cell_events.jobs import JobError, SegmentsDetect, SegmentsTrain
from cell_events.jobs.segments_checks import shipped_series_model
from cell_events.series.labelled_series import NORMAL, Segment
from cell_events.series.segment_tables import write_segments

SHIPPED = ("pretrained mass", "pretrained")
"""Models that come with the package, that of mass curves first."""

AUGMENTATIONS = ("jitter", "scaling", "cropping", "zoom")
"""Those that keep the labels of all kinds right."""

NOTHING_PAINTED = (
    "No abnormal stretch is painted yet; show the curve of a cell, press 'Paint', and drag along "
    "what is abnormal."
)


@dataclass(frozen=True)
class StretchAsked:
    """What the form says.

    Attributes
    ----------
    painted
        All painted stretches of the tracks in use.
    channels
        Columns that are looked at together; none: that of the masses.
    model
        Model in use; None: one that comes with the package.
    threshold
        Probability from which on a frame is abnormal; None: that of the model.
    """

    painted: Sequence[Segment]
    channels: tuple[str, ...]
    model: Path | None
    threshold: float | None
    expert: MassExpertValues


class StretchTasks:
    """Makes jobs; tracks and column are those in use for dry mass."""

    def __init__(self, tasks: DryMassTasks) -> None:
        self.tasks = tasks

    def train(self, asked: StretchAsked) -> SegmentsTrain:
        """Learn from what was painted.

        Raises
        ------
        LayerError
            If there are no tracks, or nothing is painted.
        """
        tracks = self.tasks.tracks
        if all(one.kind == NORMAL for one in asked.painted):
            raise LayerError(NOTHING_PAINTED)
        labels = self.tasks.project.new_path(RESULTS, "painted-stretches", ".csv")
        write_segments(labels, asked.painted)
        return SegmentsTrain(
            series=(tracks,),
            labels=(labels,),
            model=self.tasks.project.new_path(MODELS, "stretches", MODEL_SUFFIX),
            based_on=shipped_model(),
            channels=asked.channels or (self.tasks.column,),
            augmentations=AUGMENTATIONS,
            steps=asked.expert.stretch_steps,
            device=device_of(asked.expert.device),
            seed=asked.expert.seed,
        )

    def find(self, asked: StretchAsked) -> SegmentsDetect:
        """Find stretches in the tracks in use.

        Raises
        ------
        LayerError
            If there are no tracks, or the model in use cannot read so many columns.
        """
        tracks = self.tasks.tracks
        channels = asked.channels or (self.tasks.column,)
        if asked.model is None and len(channels) > 1:
            raise LayerError(
                f"The model that comes with the package reads one column, and {len(channels)} are "
                "chosen; choose one, or paint a few stretches and press 'Fine-tune'."
            )
        return SegmentsDetect(
            series=(tracks,),
            model=asked.model or Path(shipped_model()),
            csv=self.tasks.project.new_path(RESULTS, "stretches", ".csv"),
            channels=channels,
            threshold=asked.threshold,
            device=device_of(asked.expert.device),
        )


def shipped_model() -> str:
    """Name of the model to begin with: the first one that is there."""
    for name in SHIPPED:
        try:
            shipped_series_model(name)
        except JobError:
            continue
        return name
    return SHIPPED[-1]
