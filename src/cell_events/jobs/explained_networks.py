"""The models that can be explained."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cell_events.jobs.checks import JobError
from cell_events.jobs.explainable import explainable

if TYPE_CHECKING:
    from cell_events.jobs.explained_network import ExplainedNetwork
    from cell_events.movie import Movie


def explained_network(
    movie: Movie, model: Path, kind: str = "", layer: str = "", device: str = "auto"
) -> ExplainedNetwork:
    """Load a model and prepare it to be explained on a movie.

    Raises
    ------
    JobError
        If the model is of another kind, or has no such class or layer, or the movie is too short or
        too small for it.
    """
    from cell_events.engine.device import choose_device
    from cell_events.engine.model_file import load_model
    from cell_events.jobs.explained_detector import explained_detector
    from cell_events.jobs.explained_pairs import explained_classifier, explained_time_arrow

    network, header = load_model(model, choose_device(device))
    network.requires_grad_(False)
    offered = explainable(header.kind, header.arguments, header.classes)
    if offered is None:
        raise JobError(
            f"{model} is a model of kind '{header.kind}', which cannot be explained; expected one "
            "that pretrain, train, update or mitosis train has written."
        )
    prepare = {
        "tap": explained_time_arrow,
        "events": explained_classifier,
        "mitosis": explained_detector,
    }[header.kind]
    return prepare(movie, network, header, offered.asked(kind, layer))
