"""The networks that come with the package know what they were trained for, and say where from."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from cell_events.engine.header import read_header
from cell_events.series.mass_synthetic import MassSyntheticSettings, synthetic_mass_curves
from cell_events.series.pretraining import SYNTHETIC_KINDS, SyntheticCurves, synthetic_examples
from cell_events.series.scaling import scaled_by_sample
from cell_events.series.series_file import load_series_network
from cell_events.series.task import judged, snapshot_probabilities

MODELS = Path(str(files("cell_events") / "models"))
SHIPPED: list[tuple[SyntheticCurves, str]] = [
    ("general", "series-unet"),
    ("mass", "series-unet-mass"),
]
LEAST_IOU = {"general": 0.65, "mass": 0.35}


@pytest.mark.parametrize(("curves", "name"), SHIPPED)
def test_it_is_small_and_says_what_it_learned_from(curves: SyntheticCurves, name: str) -> None:
    path = MODELS / f"{name}.safetensors"
    assert path.stat().st_size < 3_000_000
    header = read_header(path)
    assert header.classes == SYNTHETIC_KINDS[curves]
    assert header.provenance["script"].startswith("benchmarks/make_series_model.py")
    assert header.provenance["seed"] == 0


@pytest.mark.parametrize(("curves", "name"), SHIPPED)
def test_it_finds_most_of_what_is_abnormal_in_curves_it_never_saw(
    curves: SyntheticCurves, name: str
) -> None:
    network, _ = load_series_network(MODELS / f"{name}.safetensors")
    assert judged(network, synthetic_examples(curves, 64, seed=99))["iou"] > LEAST_IOU[curves]


def test_a_quiet_curve_is_called_normal() -> None:
    network, _ = load_series_network(MODELS / "series-unet.safetensors")
    wave = np.sin(np.arange(1024) / 30) + np.random.default_rng(0).normal(0, 0.1, (1, 1, 1024))
    examples = synthetic_examples("general", 1, seed=0)
    quiet = type(examples)(
        wave.astype(np.float32) / wave.std(),
        np.ones((1, 1024), bool),
        np.zeros_like(examples.labels),
    )
    assert judged(network, quiet)["iou"] == 1.0


def test_the_network_for_mass_curves_stays_quiet_in_normal_ones() -> None:
    network, header = load_series_network(MODELS / "series-unet-mass.safetensors")
    values, _ = synthetic_mass_curves(300, 77, MassSyntheticSettings(abnormal=0.0))
    snapshots = scaled_by_sample(values, np.ones((300, 1024), bool))
    highest = snapshot_probabilities(network, snapshots).max(axis=2)
    fitted = [header.settings["thresholds"][kind] for kind in header.classes]
    with_stretch = (highest >= fitted).any(axis=1).mean()
    assert with_stretch < 0.05
    assert with_stretch < (highest >= 0.5).any(axis=1).mean() / 2
