"""How many synthetic curves a second are made, on one core?

python benchmarks/synthetic_rate.py
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np

from cell_events.series.augmentation import AUGMENTATIONS
from cell_events.series.mass_synthetic import synthetic_mass_curves
from cell_events.series.pretraining import synthetic_examples
from cell_events.series.synthetic import synthetic_series

SOURCES: dict[str, Callable[[int, int], object]] = {
    "curves of all shapes": synthetic_series,
    "mass curves": synthetic_mass_curves,
    "curves of all shapes, scaled": lambda count, seed: synthetic_examples("general", count, seed),
    "mass curves, scaled": lambda count, seed: synthetic_examples("mass", count, seed),
}


def rate(make: Callable[[], object], count: int) -> float:
    """Curves for each second of the processor."""
    started = time.process_time()
    make()
    return count / (time.process_time() - started)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--curves", type=int, default=4096)
    args = parser.parse_args()
    print("| what | curves/s on one core |\n|---|---|")
    for name, source in SOURCES.items():
        source(64, 0)
        found = rate(lambda source=source: source(args.curves, 1), args.curves)
        print(f"| {name} | {found:,.0f} |")
    examples = synthetic_examples("general", args.curves, 0)
    for name, augmentation in AUGMENTATIONS.items():
        arrays = (examples.values, examples.labels, examples.masks)
        random = np.random.default_rng(0)
        found = rate(
            lambda apply=augmentation.apply, arrays=arrays, random=random: apply(*arrays, random),
            args.curves,
        )
        print(f"| augmentation: {name} | {found:,.0f} |")


if __name__ == "__main__":
    main()
