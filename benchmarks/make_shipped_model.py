"""Make the time-arrow model that comes with the package, from simulated movies alone.

Cells, crowding, looks, optics and noise are drawn at random for each movie, so that what is
learned does not hang on one microscope. No recording is used, hence no licence is touched and
every real movie is one that the model never saw. About 25 minutes on one core; an interrupted
run goes on from its checkpoint.

    python benchmarks/make_shipped_model.py
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import torch

from cell_events import __version__
from cell_events.engine.device import prepare_cpu
from cell_events.engine.header import ModelHeader
from cell_events.engine.model_file import save_model
from cell_events.movie import Movie, open_movie
from cell_events.simulation import random_settings, simulated_movie
from cell_events.time_arrow.crops import CropSettings
from cell_events.time_arrow.pretrain import PretrainSettings, initial_network, pretrain

ARGUMENTS = {"width": 16, "depth": 3, "features": 32, "padding_mode": "zeros"}
TRAIN_MOVIES, VALIDATION_MOVIES = 48, 8
SETTINGS = PretrainSettings(
    epochs=40,
    pairs_per_epoch=2880,
    batch_size=48,
    validation_pairs=1024,
    crops=CropSettings(size=48, deltas=(1, 2)),
)


def movies(first: int, count: int) -> Iterator[Movie]:
    """Simulated movies; cells live half as long as by default, so that more happens."""
    for seed in range(first, first + count):
        settings = random_settings(seed)
        life = replace(settings.life, cycle_frames=settings.life.cycle_frames / 1.5)
        yield open_movie(simulated_movie(replace(settings, life=life))[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--model", type=Path, default=Path("src/cell_events/models/time_arrow.safetensors")
    )
    parser.add_argument(
        "--checkpoint", type=Path, default=Path("benchmarks/results/shipped.checkpoint")
    )
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    prepare_cpu(args.threads)
    train = list(movies(0, TRAIN_MOVIES))
    validation = list(movies(TRAIN_MOVIES, VALIDATION_MOVIES))
    network = initial_network(SETTINGS.seed, **ARGUMENTS)
    metrics: dict[str, float] = {}
    for report in pretrain(network, train, validation, SETTINGS, args.checkpoint):
        if report.metrics:
            metrics = report.metrics
            left = round(report.seconds_left / 60)
            print(f"{report.step}/{report.steps} {metrics['accuracy']:.3f}, {left} min", flush=True)
    provenance = {
        "movies": f"{TRAIN_MOVIES} simulated (cell_events.simulation.random_settings)",
        "validation": f"{VALIDATION_MOVIES} simulated movies with other seeds",
        "metrics": metrics,
        "pairs": SETTINGS.epochs * SETTINGS.pairs_per_epoch,
        "seed": SETTINGS.seed,
        "version": __version__,
        "script": "benchmarks/make_shipped_model.py",
    }
    header = ModelHeader(
        "tap",
        "time_arrow",
        ARGUMENTS,
        normalisation={"kind": "percentile", "low": 1.0, "high": 99.8},
        settings={"crop_size": SETTINGS.crops.size, "deltas": list(SETTINGS.crops.deltas)},
        provenance=provenance,
    )
    save_model(args.model, network, header, dtype=torch.float16)


if __name__ == "__main__":
    main()
