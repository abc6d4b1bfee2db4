"""Does a map survive random weights? The option `--sanity` of `explain`."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cell_events.engine import atomic
from cell_events.jobs.explain import Explain
from cell_events.jobs.explained_network import ExplainedNetwork
from cell_events.trust.grad_cam_sanity import forgetting, parts_in_order
from cell_events.trust.region_figure import write_sanity_figure
from cell_events.trust.sanity import SanityStage, map_similarity, rounded, write_sanity

MOST_STAGES = 7
"""Maps with random weights that are made."""

MapOf = Callable[[ExplainedNetwork], NDArray[np.float32]]


def write_sanity_check(job: Explain, network: ExplainedNetwork, map_of: MapOf) -> dict[str, Any]:
    """Explain with more and more random weights; write picture and JSON; give what they say."""
    trained = map_of(network)
    stages = sanity_stages(network, map_of, trained, job.seed)
    picture, table = (
        job.out.with_name(f"{job.out.stem}-sanity.{kind}") for kind in ("png", "json")
    )
    about = f"'{network.kind}' in layer {network.layer} of {job.model.name}"
    write_sanity_figure(picture, trained, stages, about)
    write_sanity(table, about, stages)
    last = stages[-1].similarity
    random_map = job.out.with_name(f"{job.out.stem}-sanity.npy")
    content = io.BytesIO()
    np.save(content, stages[-1].attention, allow_pickle=False)
    atomic.write_bytes(random_map, content.getvalue())
    return {
        "sanity": {
            "picture": str(picture),
            "table": str(table),
            "random_map": str(random_map),
            "rank_correlation_with_random_weights": rounded(last.rank_correlation),
            "ssim_with_random_weights": rounded(last.structural),
        }
    }


def sanity_stages(
    network: ExplainedNetwork, map_of: MapOf, trained: NDArray[np.float32], seed: int
) -> list[SanityStage]:
    """Maps of a network that forgets one part after the other, compared with the trained one.

    Of many parts, not every one is looked at; the last is.
    """
    parts = parts_in_order(network.network, lambda other: map_of(replace(network, network=other)))
    looked_at = set(np.linspace(0, len(parts) - 1, MOST_STAGES).round().astype(int).tolist())
    stages = []
    for index, (part, random) in enumerate(forgetting(network.network, parts, seed)):
        if index not in looked_at:
            continue
        attention = map_of(replace(network, network=random))
        stages.append(SanityStage(part, map_similarity(trained, attention), attention))
    return stages
