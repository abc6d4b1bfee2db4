"""How often do the 95 % intervals of an evaluation hold the truth?

Lists of true and found events are drawn in which events crowd together and the detector is better
in some places than in others, as in real movies. The truth is what a very long movie of the same
kind gives. Three ways to draw are compared: single events (blocks of one pixel and frame), the
default blocks, and larger ones. Nothing is trained, and no image is involved.

    python benchmarks/evaluation_intervals.py --movies 300 --repeats 300
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from cell_events.events import Event
from cell_events.matching import Tolerance
from cell_events.trust.outcomes import Blocks, Outcomes, outcomes
from cell_events.trust.quality import FIGURES, Resampling, figures_of, quality

FRAMES, SIDE = 48, 768
PATCH_PX, PATCH_FRAMES = 128, 16
"""Size of the regions in which a detector is equally good, and events equally frequent."""

THRESHOLD = 0.5
BLOCKS = {"single events": Blocks(1, 1), "96 px x 12 frames": Blocks(96, 12),
          "192 px x 24 frames": Blocks(192, 24)}  # fmt: skip


def drawn(number: float, random: np.random.Generator, frames: int = FRAMES) -> Outcomes:
    """Matched lists of a movie of so many true events on average."""
    patches = (-(-frames // PATCH_FRAMES), SIDE // PATCH_PX, SIDE // PATCH_PX)
    crowd = random.gamma(1.0, 1.0, patches)  # how frequent events are
    skill = random.beta(4.0, 1.3, patches)  # share that is found
    noise = random.gamma(1.0, 1.0, patches)  # how frequent false alarms are
    mean = number / (FRAMES / PATCH_FRAMES * (SIDE / PATCH_PX) ** 2)
    truth, found = [], []
    for patch in np.ndindex(*patches):
        corner = np.array(patch) * (PATCH_FRAMES, PATCH_PX, PATCH_PX)
        for place in places(random.poisson(mean * crowd[patch]), corner, random):
            truth.append(event(place))
            if random.random() < skill[patch]:
                found.append(event(place, random.beta(5, 2)))
        alarms = places(random.poisson(0.3 * mean * noise[patch]), corner, random)
        found += [event(place, random.beta(2, 2)) for place in alarms]
    scores = np.array([one.score for one in found], np.float64)
    return outcomes(found, truth, scores, Tolerance(3, 0))


def places(number: int, corner: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return corner + random.uniform(0, 1, (number, 3)) * (PATCH_FRAMES, PATCH_PX, PATCH_PX)


def event(place: np.ndarray, score: float | None = None) -> Event:
    return Event(int(place[0]), place[1], place[2], score=score)


def coverage(
    number: int, target: np.ndarray, blocks: Blocks, args: argparse.Namespace
) -> dict[str, float]:
    """Share of intervals that hold the target, for each figure."""
    held, given = np.zeros(len(FIGURES)), np.zeros(len(FIGURES))
    for movie in range(args.movies):
        rows = drawn(number, np.random.default_rng((args.seed, number, movie)))
        found = quality(rows, THRESHOLD, Resampling(blocks, args.repeats)).figures
        ends = np.array([(found[name].low, found[name].high) for name in FIGURES])
        given += np.isfinite(ends).all(axis=1)  # where nothing goes wrong there is no interval
        held += (ends[:, 0] <= target) & (target <= ends[:, 1])
    return dict(zip(FIGURES, (held / given).tolist(), strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--numbers", type=int, nargs="+", default=[20, 60, 200])
    parser.add_argument("--movies", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results"))
    args = parser.parse_args()
    results: dict[str, dict[str, dict[str, float]]] = {}
    long = drawn(200, np.random.default_rng(args.seed), frames=400 * FRAMES)
    target = figures_of(long.curve(), THRESHOLD)
    print({name: round(float(value), 3) for name, value in zip(FIGURES, target, strict=True)})
    for number in args.numbers:
        for name, blocks in BLOCKS.items():
            found = coverage(number, target, blocks, args)
            results.setdefault(str(number), {})[name] = found
            print(number, name, {figure: round(share, 2) for figure, share in found.items()})
    args.out.mkdir(parents=True, exist_ok=True)
    values = {"target": dict(zip(FIGURES, target.tolist(), strict=True)), "coverage": results}
    (args.out / "evaluation-intervals.json").write_text(json.dumps(values, indent=1) + "\n")


if __name__ == "__main__":
    main()
