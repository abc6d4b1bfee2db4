"""Make the networks for series that come with the package, from synthetic curves alone.

``general`` knows additive outliers, changes of volatility and cyclic violations; ``mass`` knows
what happens to cells and to tracks in curves of dry mass. Every curve is drawn once and never
again. About 10 minutes each on one core that nobody else uses; an interrupted run goes on.

    python benchmarks/make_series_model.py --curves general
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from cell_events import __version__
from cell_events.engine.device import prepare_cpu
from cell_events.engine.model_file import save_model
from cell_events.engine.training import TrainReport
from cell_events.series.pretraining import (
    SYNTHETIC_KINDS,
    SyntheticCurves,
    synthetic_examples,
    synthetic_source,
)
from cell_events.series.series_file import series_header
from cell_events.series.task import judged
from cell_events.series.train import TrainedSeries, train_series
from cell_events.series.train_settings import SeriesTrainSettings

NAMES = {"general": "series-unet", "mass": "series-unet-mass", "both": "series-unet-both"}
STEPS = {"general": 5000, "mass": 3000, "both": 6000}
HELD, HELD_SEED = 512, 10**6
TESTED, TEST_SEED = 2048, 2 * 10**6


def trained(curves: SyntheticCurves, steps: int, checkpoint: Path) -> TrainedSeries:
    settings = SeriesTrainSettings(
        steps=steps, batch=32, learning_rate=2e-3, validate_every=250, checkpoint_every=250
    )
    source = synthetic_source(curves, settings.batch, settings.seed)
    held = synthetic_examples(curves, HELD, HELD_SEED)
    for report in train_series(source, settings, checkpoint=checkpoint, held=held):
        if isinstance(report, TrainedSeries):
            return report
        _tell(report)
    raise AssertionError("A run ends with what was trained.")


def _tell(report: TrainReport) -> None:
    if report.metrics:
        told = ", ".join(f"{name} {value:.3f}" for name, value in report.metrics.items())
        left = round(report.seconds_left / 60)
        print(f"{report.step}/{report.steps} {told}; {left} min", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--curves", choices=NAMES, default="general")
    parser.add_argument("--steps", type=int, help=f"by default {STEPS}")
    parser.add_argument("--models", type=Path, default=Path("src/cell_events/models"))
    parser.add_argument("--work", type=Path, default=Path("benchmarks/results"))
    args = parser.parse_args()
    steps = args.steps or STEPS[args.curves]
    prepare_cpu(1)
    args.work.mkdir(parents=True, exist_ok=True)
    name = NAMES[args.curves]
    run = trained(args.curves, steps, args.work / f"{name}-{steps}.checkpoint")
    tested = judged(run.network, synthetic_examples(args.curves, TESTED, TEST_SEED))
    provenance = {
        "curves": f"synthetic, {args.curves} (cell_events.series.pretraining)",
        "snapshots": steps * run.settings.batch,
        "steps": steps,
        "seed": run.settings.seed,
        "metrics": {key: round(value, 4) for key, value in tested.items()},
        "tested on": f"{TESTED} synthetic snapshots with another seed",
        "version": __version__,
        "script": f"benchmarks/make_series_model.py --curves {args.curves} --steps {steps}",
    }
    header = series_header(run.network, SYNTHETIC_KINDS[args.curves], provenance)
    save_model(args.models / f"{name}.safetensors", run.network, header, dtype=torch.float16)
    print(provenance["metrics"])


if __name__ == "__main__":
    main()
