"""How much of a movie should a crop show? The content-view study (Chen et al. 2024, table 6).

The shipped time-arrow network is trained further on the left half of a real movie, once for each
crop size and resolution, and tells the order of crop pairs of the right half.

    python benchmarks/content_view.py nuclei_left --data ../shared/data --pairs 8192
"""

from __future__ import annotations

import argparse
from pathlib import Path

from halves import read_halves

from cell_events.engine.device import prepare_cpu
from cell_events.engine.model_file import load_model
from cell_events.time_arrow import shipped_model
from cell_events.time_arrow.content_view import content_view_study
from cell_events.time_arrow.crops import CropSettings
from cell_events.time_arrow.network import TimeArrowNetwork
from cell_events.time_arrow.pretrain import PretrainSettings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("movies", nargs="*", default=["nuclei_left"])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--pairs", type=int, default=8192)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int)
    args = parser.parse_args()
    prepare_cpu(args.threads)
    network, _ = load_model(shipped_model())
    assert isinstance(network, TimeArrowNetwork)
    settings = PretrainSettings(
        epochs=max(1, args.pairs // 2048),
        pairs_per_epoch=2048,
        batch_size=64,
        learning_rate=5e-4,
        validation_pairs=1024,
        seed=args.seed,
        crops=CropSettings(size=48),
    )
    for name in args.movies:
        left, right = read_halves(args.data, name)
        print(f"{name}\n| crop, px | resolution | shows, px of the movie | accuracy |")
        print("|---|---|---|---|")
        for row in content_view_study(left.movie, right.movie, settings, network):
            if row.accuracy is not None:
                shown = f"{row.crop_size} | {row.resolution:g} | {row.view_px:g}"
                print(f"| {shown} | {row.accuracy:.3f} |", flush=True)


if __name__ == "__main__":
    main()
