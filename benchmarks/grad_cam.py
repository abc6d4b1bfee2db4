"""Do the regions that a network looks at hold the divisions?

In the 8 frames with the most divisions, the 8 top regions of the Grad-CAM map are compared with
the annotated divisions: a division is met if a region lies within 15 px. Everything is measured on
one half of the movie: event classifiers and the mitosis detector (M3) learn from the other one, and
the shipped time-arrow model from simulated movies only. Beside it stand random places,
spaced as the regions are, and the same networks with random weights (sanity check of Adebayo et al.
2018), and how alike the maps with trained and with random weights are. For the detector, the top
regions of its scores are judged, too; it always reads trained features of the time-arrow model.

Layers are compared on one movie and judged on another. Results are kept and added to.

    python benchmarks/grad_cam.py psc02 --layers --seeds 0 --draws 0
    python benchmarks/grad_cam.py nuclei_left --models pyramid --seeds 0 1 2
    python benchmarks/grad_cam.py nuclei_left --models detector --layers --seeds 0 1 2 --draws 5
"""

from __future__ import annotations

import argparse
import json
import statistics
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from grad_cam_models import DETECTOR, MODELS, TIME_ARROW, judged_model
from grad_cam_regions import (
    CROP_PX,
    TOP,
    divisions_by_frame,
    share_met,
    shares_of_random_places,
)
from halves import Half
from mitosis_halves import SIDES
from numpy.typing import NDArray
from scipy.stats import binomtest

from cell_events.engine.device import prepare_cpu
from cell_events.jobs.explained_network import ExplainedNetwork
from cell_events.jobs.explained_networks import explained_network
from cell_events.jobs.explaining_frames import whole_map
from cell_events.trust.grad_cam_sanity import forgetting, parts_in_order
from cell_events.trust.region_figure import write_region_figure
from cell_events.trust.sanity import map_similarity
from cell_events.trust.top_regions import region_crops, top_regions

SIMILARITY_FRAMES = 3
"""Frames in which maps of trained and of random weights are compared pixel by pixel."""

COMPARED_LAYERS = (
    *("backbone.down.3", "backbone.up.2", "backbone.up.0", "projection"),
    *("normalise", "mix"),
)
"""The deepest level of the U-Net, the levels after it, and the features; those of the detector."""


def with_random_weights(network: ExplainedNetwork, seed: int) -> ExplainedNetwork:
    """The same network after all of its weights were drawn anew."""
    t = network.first_frame
    parts = parts_in_order(
        network.network, lambda other: whole_map(replace(network, network=other), t)
    )
    *_, (_, forgot) = forgetting(network.network, parts, seed)
    return replace(network, network=forgot)


def judged(half: Half, network: ExplainedNetwork, seeds: range) -> dict[str, Any]:
    """Share met with trained and with random weights, and how alike their maps are."""
    divisions = divisions_by_frame(half, network)
    trained = {t: whole_map(network, t) for t in divisions}
    compared = list(trained)[:: max(1, len(trained) // SIMILARITY_FRAMES)][:SIMILARITY_FRAMES]
    random_shares, ranks, structures = [], [], []
    for seed in seeds:
        forgot = with_random_weights(network, seed)
        maps = {t: whole_map(forgot, t) for t in divisions}
        random_shares.append(share_met(divisions, maps.__getitem__))
        alike = [map_similarity(trained[t], maps[t]) for t in compared]
        ranks.append(float(np.nanmean([one.rank_correlation for one in alike])))
        structures.append(float(np.mean([one.structural for one in alike])))
    return {
        "trained": [share_met(divisions, trained.__getitem__)],
        "random weights": random_shares,
        "rank correlation": ranks,
        "ssim": structures,
        "divisions": sum(map(len, divisions.values())),
        "frames": len(divisions),
    }


def score_map(network: ExplainedNetwork, t: int) -> NDArray[np.float32]:
    """Probabilities (Y, X) of a detector in a frame, each place as a square of pixels."""
    rows, columns = (slice(0, -(-side // network.pixels)) for side in network.frame_px)
    inputs = torch.from_numpy(network.read(t, (rows, columns)))
    with torch.no_grad():
        scores = network.frame_outputs(inputs).numpy()
    every_pixel = np.kron(scores, np.ones((network.pixels,) * 2, np.float32))
    return every_pixel[: network.frame_px[0], : network.frame_px[1]]


def draw(half: Half, network: ExplainedNetwork, path: Path) -> None:
    """Picture the frame with the most divisions, and its regions."""
    divisions = divisions_by_frame(half, network)
    t = max(divisions, key=lambda frame: len(divisions[frame]))
    attention = whole_map(network, t)
    crops = region_crops(
        half.movie, top_regions(attention, t, TOP, CROP_PX), network.delta, CROP_PX
    )
    title = f"Grad-CAM for '{network.kind}', layer {network.layer}"
    write_region_figure(path, half.movie, attention, crops, network.delta, title)


def compare(name: str, model: str, args: argparse.Namespace) -> None:
    """Add the rows of one model to the results file of a movie, and print them."""
    half, path_of = judged_model(name, model, args.learned, args.data, args.work)
    target = args.work / f"grad_cam-{name}-learned-{args.learned}.json"
    for seed in args.seeds:
        usual = explained_network(half.movie, path_of(seed))
        compared = [layer for layer in usual.layers if layer.endswith(COMPARED_LAYERS)]
        for layer in compared if args.layers else (usual.layer,):
            results = json.loads(target.read_text()) if target.exists() else {}
            row = results.setdefault(f"{model}, {layer}", {})
            if str(seed) not in row:
                network = explained_network(half.movie, path_of(seed), layer=layer)
                draws = range(seed * args.draws, (seed + 1) * args.draws)
                row[str(seed)] = judged(half, network, draws)
                if model == DETECTOR:
                    divisions = divisions_by_frame(half, network)
                    met = share_met(divisions, lambda t, n=network: score_map(n, t))
                    row[str(seed)]["scores"] = [met]
            if "places" not in results:
                results["places"] = shares_of_random_places(divisions_by_frame(half, usual), half)
            target.write_text(json.dumps(results, indent=1))
            print(name, model, layer, f"seed {seed}", row[str(seed)], flush=True)
    if args.picture and model == args.models[0]:
        draw(half, explained_network(half.movie, path_of(args.seeds[0])), args.picture)


def show(results: dict[str, Any]) -> None:
    """Print the mean of each row over its seeds, and the least and most."""
    for row, by_seed in results.items():
        if row == "places":
            print("random places", by_seed)
            continue
        for figure in ("trained", "scores", "random weights", "rank correlation", "ssim"):
            every = [value for one in by_seed.values() for value in one.get(figure, ())]
            values = [value for value in every if np.isfinite(value)]  # a map may be empty
            if values:
                told = f"{statistics.mean(values):.2f} ({min(values):.2f} to {max(values):.2f})"
                print(f"{row}, {len(values)} times, {figure}: {told}")
        one = next(iter(by_seed.values()))
        hits = round(
            statistics.mean(one["trained"][0] for one in by_seed.values()) * one["divisions"]
        )
        low, high = binomtest(hits, one["divisions"]).proportion_ci()
        print(f"{hits} of {one['divisions']} divisions: {low:.2f} to {high:.2f}, exact binomial")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("movies", nargs="*", default=["nuclei_left"])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--work", type=Path, default=Path("benchmarks/results"))
    parser.add_argument(
        "--models", nargs="+", choices=MODELS, default=["pyramid", DETECTOR, TIME_ARROW]
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--learned", choices=SIDES, default="left", help="half to learn from")
    parser.add_argument("--layers", action="store_true", help="judge several layers")
    parser.add_argument("--draws", type=int, default=1, help="of random weights, for each seed")
    parser.add_argument("--picture", type=Path, help="of the first model")
    parser.add_argument("--threads", type=int)
    args = parser.parse_args()
    prepare_cpu(args.threads)
    args.work.mkdir(parents=True, exist_ok=True)
    for name in args.movies:
        for model in args.models:
            compare(name, model, args)
        target = args.work / f"grad_cam-{name}-learned-{args.learned}.json"
        show(json.loads(target.read_text()))


if __name__ == "__main__":
    main()
