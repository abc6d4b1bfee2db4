"""What the buttons of 'Paint & detect' run: generators that write inputs and return a job."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

from napari.layers import Image, Labels

from cell_events.gui.expert_settings import ExpertValues
from cell_events.gui.job_runner import Step
from cell_events.gui.layer_axes import LayerError, Placement
from cell_events.gui.model_picker import MODEL_SUFFIX
from cell_events.gui.movie_files import MovieFiles
from cell_events.gui.paint_layer import check_paint, write_mask
from cell_events.gui.results_folder import next_free_path
from cell_events.jobs import Detect, Pretrain, Train

TAP, MODEL, PAINT, EVENTS = "time-arrow", "events", "paint", "events"


class DockTasks:
    """Makes jobs from layers; keeps the copies of layers that are in no file."""

    def __init__(self) -> None:
        self.files = MovieFiles()

    def pretrain(
        self, movie: Image, placement: Placement, folder: Path, expert: ExpertValues
    ) -> Generator[Step, None, Pretrain]:
        """Learn the time arrow of one movie."""
        source = yield from self.files.source(movie, placement)
        return Pretrain(
            movies=(source,),
            model=next_free_path(folder, TAP, MODEL_SUFFIX),
            epochs=expert.tap_epochs,
            pairs_per_epoch=expert.tap_pairs,
            validation=expert.held_out,
            device=expert.device,
            seed=expert.seed,
        )

    def train(
        self,
        layers: tuple[Image, Labels],
        placement: Placement,
        folder: Path,
        tap: Path | None,
        done: str,
        expert: ExpertValues,
    ) -> Generator[Step, None, Train]:
        """Learn the painted events of one movie; each training keeps a copy of the paint."""
        movie, labels = layers
        check_paint(labels, placement)
        paint = next_free_path(folder, PAINT, ".zarr")
        highest = yield from write_mask(labels, placement, paint)
        if highest > len(expert.kinds):
            raise LayerError(
                f"Label {highest} is painted but only {len(expert.kinds)} kinds of event have a "
                "name; name all of them under 'Expert settings', or repaint that label."
            )
        source = yield from self.files.source(movie, placement)
        return Train(
            movies=(source,),
            paints=(paint,),
            model=next_free_path(folder, MODEL, MODEL_SUFFIX),
            tap=tap,
            done=(done,) if done else (),
            classes=expert.kinds[:highest],
            head=expert.head,
            features=expert.features,
            crop_size=expert.window_px,
            epochs=expert.train_epochs,
            rehearsals=expert.rehearsals,
            validation=expert.held_out,
            cache=self.files.feature_cache,
            device=expert.device,
            seed=expert.seed,
        )

    def detect(
        self, movie: Image, placement: Placement, folder: Path, model: Path, expert: ExpertValues
    ) -> Generator[Step, None, Detect]:
        """Find the events of one movie."""
        source = yield from self.files.source(movie, placement)
        return Detect(
            movies=(source,),
            model=model,
            csv=next_free_path(folder, EVENTS, ".csv"),
            threshold=expert.threshold,
            cache=self.files.feature_cache,
            device=expert.device,
            seed=expert.seed,
        )
