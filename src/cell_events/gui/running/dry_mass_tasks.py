"""Jobs of the dock 'Dry mass', made from the project and from what the form says."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

from napari.layers import Labels

from cell_events.gui.forms.flag_inputs import FlagValues
from cell_events.gui.forms.mass_expert import MassExpertValues
from cell_events.gui.forms.mass_values import LABELS, MassValues
from cell_events.gui.forms.model_picker import MODEL_SUFFIX
from cell_events.gui.layers.label_files import LabelFiles
from cell_events.gui.layers.layer_axes import LayerError
from cell_events.gui.project_desk import LookedAt
from cell_events.gui.running.dock_tasks import MODELS, RESULTS, device_of
from cell_events.gui.running.dry_mass_state import COLUMN, TRACKS, DryMassState
from cell_events.gui.running.job_runner import Step
from cell_events.jobs import AnomaliesDetect, AnomaliesTrain, Measure, MovieSource
from cell_events.jobs.anomalies_train import MASS
from cell_events.project import Project, ProjectError

NO_TRACKS = "No cells are measured yet; press 'Measure', or take tracks that were measured before."


class DryMassTasks:
    """Makes jobs from the project and from what the form says."""

    def __init__(self, state: DryMassState) -> None:
        self.state, self.tasks = state, state.bench.tasks
        self.label_files = LabelFiles()

    def measure(
        self,
        looked_at: LookedAt,
        labels: Labels | None,
        values: MassValues,
        expert: MassExpertValues,
    ) -> Generator[Step, None, Measure]:
        """Measure the cells of one movie.

        Raises
        ------
        LayerError
            If labels are to be read and there are none.
        """
        project = self.project
        path = None
        if values.cells == LABELS:
            if labels is None:
                raise LayerError(
                    "There is no Labels layer with the cells yet; open one, or let the cells be "
                    "found by threshold."
                )
            path = yield from self.label_files.file(
                labels, looked_at.placement, lambda: project.new_path(RESULTS, "labels", ".zarr")
            )
        source = yield from self.tasks.sources.source(looked_at)
        if values.pixel_size_um:
            source = replace(source, pixel_size_um=values.pixel_size_um)
        return self._measure_job(source, path, values, expert)

    def train(self, expert: MassExpertValues) -> AnomaliesTrain:
        """Learn to forecast from the tracks in use.

        Raises
        ------
        LayerError
            If there are none.
        """
        tracks = self.tracks
        return AnomaliesTrain(
            tracks=(tracks,),
            model=self.project.new_path(MODELS, "mass-forecast", MODEL_SUFFIX),
            past=expert.past,
            column=self.column,
            pixel_size_um=self._pixel_size_um(tracks),
            steps=expert.steps,
            device=device_of(expert.device),
            seed=expert.seed,
        )

    def flag(
        self, model: Path | None, values: FlagValues, expert: MassExpertValues
    ) -> AnomaliesDetect:
        """Flag cells of the tracks in use.

        Raises
        ------
        LayerError, JobError
            If there are none, or the score needs a model.
        """
        tracks = self.tracks
        csv = self.project.new_path(RESULTS, "flags", ".csv")
        return AnomaliesDetect(
            tracks=tracks,
            model=model,
            csv=csv,
            report=csv.with_suffix(""),
            pictures=False,  # the dock shows them
            score=values.score,
            reference=values.reference,
            rule=values.rule,
            value=values.value,
            column=self.column,
            pixel_size_um=self._pixel_size_um(tracks),
            device=device_of(expert.device),
            seed=expert.seed,
        )

    @property
    def column(self) -> str:
        """Column of the masses of the tracks in use."""
        return str(self.state.value(COLUMN) or MASS)

    def _measure_job(
        self, source: MovieSource, labels: Path | None, values: MassValues, expert: MassExpertValues
    ) -> Measure:
        out = self.project.new_path(RESULTS, "tracks", ".csv")
        return Measure(
            movies=(source,),
            labels=labels,
            out=out,
            unit=values.unit or None,
            wavelength_um=(values.wavelength_um or None) if values.unit == "rad" else None,
            pg_per_grey=(values.pg_per_grey or None) if values.unit == "pg" else None,
            refraction_increment=expert.refraction_increment,
            background=values.background,
            link=expert.link if labels is not None else "auto",
            gap=expert.gap,
            segment=labels is None,
            threshold=expert.threshold if labels is None else None,
            min_area_px=expert.min_area_px,
            labels_out=out.with_name(out.stem.replace("tracks", "cells") + ".zarr"),
        )

    def _pixel_size_um(self, tracks: Path) -> float | None:
        """That of the movie for files of other programs, which may tell places in micrometres."""
        looked_at = self.state.bench.looked_at
        if looked_at is None or tracks.is_relative_to(self.project.path):
            return None
        return looked_at.placement.pixel_size_um

    @property
    def tracks(self) -> Path:
        """Track table in use."""
        path = self.state.path(TRACKS)
        if path is None:
            raise LayerError(NO_TRACKS)
        return path

    @property
    def project(self) -> Project:
        """The open project."""
        if self.state.bench.project is None:
            raise ProjectError(NO_TRACKS)
        return self.state.bench.project
