"""Do the regions that a network looks at hold the divisions?

In the 8 frames with the most divisions, the 8 top regions of the Grad-CAM map are compared with
the annotated divisions: a division is met if a region lies within 15 px. Everything is measured on
the right half of the movie: the event classifier learns from the left half, and the shipped
time-arrow model from simulated movies only. Beside it stand random places, spaced as the regions
are, and the same networks with random weights (sanity check of Adebayo et al. 2018), and how alike
the maps with trained and with random weights are.

Layers are compared on one movie and judged on another. Results are kept and added to.

    python benchmarks/grad_cam.py psc02 --layers --seeds
    python benchmarks/grad_cam.py nuclei_left --picture docs/images/grad-cam-regions.png
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from halves import Half, read_halves
from numpy.typing import NDArray

from cell_events.engine.device import prepare_cpu
from cell_events.engine.model_file import load_model, save_model
from cell_events.jobs.explained_network import ExplainedNetwork
from cell_events.jobs.explained_networks import explained_network
from cell_events.jobs.explaining_frames import whole_map
from cell_events.recognition.classifier import HeadSettings, events_header
from cell_events.recognition.crops import CropSettings
from cell_events.recognition.network import HeadName
from cell_events.recognition.splits import SplitSettings
from cell_events.recognition.train import TrainedClassifier, train_head
from cell_events.recognition.train_settings import TrainHeadSettings
from cell_events.time_arrow import shipped_model
from cell_events.time_arrow.network import TimeArrowNetwork
from cell_events.trust.grad_cam_sanity import forgetting, parts_in_order
from cell_events.trust.region_figure import write_region_figure
from cell_events.trust.sanity import map_similarity
from cell_events.trust.top_regions import region_crops, top_regions

NEAR_PX = 15
TOP = 8
MOST_FRAMES = 8
CROP_PX = 48
DRAWS = 50
BRIGHT = 0.25
"""Grey value, as a share of the movie's range, from which a pixel counts as part of a cell."""

SIMILARITY_FRAMES = 3
"""Frames in which maps of trained and of random weights are compared pixel by pixel."""

HEADS: tuple[HeadName, ...] = ("pyramid",)

COMPARED_LAYERS = ("backbone.down.3", "backbone.up.2", "backbone.up.0", "projection")
"""The deepest level of the U-Net, the levels after it, and the features."""


def shipped_path() -> Path:
    """The time-arrow model of the package."""
    path = shipped_model()
    assert path is not None
    return path


def trained_classifier(name: str, train: Half, head: HeadName, work: Path) -> Path:
    """Model file of a classifier that learned from a half; kept between runs."""
    path = work / f"grad_cam-{name}-{head}.safetensors"
    if not path.exists():
        network, _ = load_model(shipped_path())
        assert isinstance(network, TimeArrowNetwork)
        settings = TrainHeadSettings(
            head=HeadSettings(head),
            crops=CropSettings(),
            splitting=SplitSettings(fraction=0),
            steps=600 if head == "pyramid" else 200,
            rehearsals=2 if head == "pyramid" else 0,
        )
        *_, trained = train_head([train.movie], [train.mask], network, settings)
        assert isinstance(trained, TrainedClassifier)
        header = events_header(trained.classifier, {}, {}, train.movie)
        save_model(path, trained.classifier, header)
    return path


def divisions_by_frame(half: Half, network: ExplainedNetwork) -> dict[int, NDArray[np.float64]]:
    """Places (N, 2) of the divisions, in the frames that have most of them."""
    found: dict[int, list[tuple[float, float]]] = {}
    for event in half.events:
        if event.t >= network.first_frame:
            found.setdefault(event.t, []).append((event.y, event.x))
    most = sorted(found, key=lambda t: -len(found[t]))[:MOST_FRAMES]
    return {t: np.array(found[t]) for t in sorted(most)}


def met(places: NDArray[np.float64], divisions: NDArray[np.float64]) -> int:
    """Number of divisions with a place nearby."""
    if not len(places):
        return 0
    distances = np.linalg.norm(divisions[:, None] - places[None], axis=2)
    return int((distances.min(1) <= NEAR_PX).sum())


def share_met(
    divisions: dict[int, NDArray[np.float64]], map_of: Callable[[int], NDArray[np.float32]]
) -> float:
    """Share of the divisions that lie in a top region of their frame."""
    hits = 0
    for t, places in divisions.items():
        regions = top_regions(map_of(t), t, TOP, CROP_PX)
        hits += met(np.array([(region.y, region.x) for region in regions], float), places)
    return hits / sum(map(len, divisions.values()))


def shares_of_random_places(
    divisions: dict[int, NDArray[np.float64]], half: Half
) -> dict[str, float]:
    """Share met by random places of a frame, bright ones too, as far apart as regions."""
    random = np.random.default_rng(0)
    shape = half.movie.shape[1:]
    bright = {t: half.movie.read_normalised(t) > BRIGHT for t in divisions}
    kinds: dict[str, Callable[[int], NDArray[np.float32]]] = {
        "anywhere": lambda _: random.random(shape, np.float32),
        "in bright pixels": lambda t: random.random(shape, np.float32) * bright[t],
    }
    return {
        kind: float(np.mean([share_met(divisions, draw) for _ in range(DRAWS)]))
        for kind, draw in kinds.items()
    }


def with_random_weights(network: ExplainedNetwork, seed: int) -> ExplainedNetwork:
    """The same network after all of its weights were drawn anew."""
    t = network.first_frame
    parts = parts_in_order(
        network.network, lambda other: whole_map(replace(network, network=other), t)
    )
    *_, (_, forgot) = forgetting(network.network, parts, seed)
    return replace(network, network=forgot)


def judged(half: Half, network: ExplainedNetwork, seeds: list[int]) -> dict[str, object]:
    """Share met with trained and with random weights, and how alike their maps are."""
    divisions = divisions_by_frame(half, network)
    print(f"{network.layer}: {len(divisions)} frames", flush=True)
    trained = {t: whole_map(network, t) for t in divisions}
    compared = list(trained)[:: max(1, len(trained) // SIMILARITY_FRAMES)][:SIMILARITY_FRAMES]
    result: dict[str, object] = {"trained": share_met(divisions, trained.__getitem__)}
    random_shares, ranks, structures = [], [], []
    for seed in seeds:
        forgot = with_random_weights(network, seed)
        maps = {t: whole_map(forgot, t) for t in divisions}
        random_shares.append(share_met(divisions, maps.__getitem__))
        alike = [map_similarity(trained[t], maps[t]) for t in compared]
        ranks += [one.rank_correlation for one in alike]
        structures += [one.structural for one in alike]
    return {
        **result,
        "random weights": random_shares,
        "rank correlation": float(np.nanmean(ranks)) if ranks else None,
        "ssim": float(np.mean(structures)) if structures else None,
        "divisions": sum(map(len, divisions.values())),
        "frames": len(divisions),
    }


def explained(
    half: Half, paths: dict[str, Path], all_layers: bool
) -> Iterator[tuple[str, ExplainedNetwork]]:
    """Yield each model with its usual layer, or with several."""
    for name, path in paths.items():
        network = explained_network(half.movie, path)
        compared = [name for name in network.layers if name.endswith(COMPARED_LAYERS)]
        for layer in compared if all_layers else (network.layer,):
            yield f"{name}, {layer}", explained_network(half.movie, path, layer=layer)


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


def compare(name: str, args: argparse.Namespace) -> None:
    """Fill the results file of one movie, and print it."""
    train, test = read_halves(args.data, name)
    target = args.work / f"grad_cam-{name}.json"
    results = json.loads(target.read_text()) if target.exists() else {}
    paths = {"time arrow": shipped_path()}
    for head in HEADS:
        paths[f"classifier ({head})"] = trained_classifier(name, train, head, args.work)
    for row, network in explained(test, paths, args.layers):
        if row not in results or len(results[row]["random weights"]) < len(args.seeds):
            results[row] = judged(test, network, args.seeds)
            target.write_text(json.dumps(results, indent=1))
        print(row, results[row], flush=True)
        if "places" not in results:
            results["places"] = shares_of_random_places(divisions_by_frame(test, network), test)
            target.write_text(json.dumps(results, indent=1))
    print("random places", results["places"])
    if args.picture:
        draw(test, explained_network(test.movie, paths["classifier (pyramid)"]), args.picture)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("movies", nargs="*", default=["nuclei_left"])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--work", type=Path, default=Path("benchmarks/results"))
    parser.add_argument("--seeds", type=int, nargs="*", default=[0, 1, 2])
    parser.add_argument("--layers", action="store_true", help="judge several layers")
    parser.add_argument("--picture", type=Path)
    parser.add_argument("--threads", type=int)
    args = parser.parse_args()
    prepare_cpu(args.threads)
    args.work.mkdir(parents=True, exist_ok=True)
    for name in args.movies:
        compare(name, args)


if __name__ == "__main__":
    main()
