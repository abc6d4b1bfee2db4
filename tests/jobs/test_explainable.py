"""What the header of a model tells about classes and layers is what its network has."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from torch import nn

from cell_events.engine.model_file import load_model
from cell_events.jobs import JobError
from cell_events.jobs.explainable import USUAL_DEPTH, Explainable, explainable
from cell_events.jobs.time_arrow_model import SHIPPED, model_at
from cell_events.mitosis.network import MitosisDetector
from cell_events.time_arrow.network import TimeArrowNetwork
from tests.jobs.explained_models import classifier


def offered_by(path: Path) -> tuple[Explainable, nn.Module]:
    network, header = load_model(path)
    offered = explainable(header.kind, header.arguments, header.classes)
    assert offered is not None
    return offered, network


def test_the_shipped_time_arrow_has_the_layers_that_its_header_tells() -> None:
    path = model_at(SHIPPED)
    assert path is not None
    offered, network = offered_by(path)
    assert isinstance(network, TimeArrowNetwork)
    assert [name for name in offered.layers if "." in name] == [
        *(f"backbone.down.{level}" for level in range(len(network.backbone.down))),
        *(f"backbone.up.{level}" for level in reversed(range(len(network.backbone.up)))),
        "backbone.to_features",
    ]
    assert offered.usual_layer == "backbone.up.2"
    assert {*offered.layers} <= {name for name, _ in network.named_modules()}
    assert offered.kinds == ("in the order given", "reversed")


def test_a_header_that_names_no_depth_means_that_of_the_network() -> None:
    default = inspect.signature(TimeArrowNetwork).parameters["depth"].default
    assert default == USUAL_DEPTH
    assert explainable("tap", {}) == explainable("tap", {"depth": default})


@pytest.mark.parametrize(
    ("head", "layers"),
    [("pyramid", ()), ("linear", ("standardise",)), ("resnet", ("convolution", "block"))],
)
def test_a_classifier_has_the_layers_of_its_time_arrow_and_head(
    tmp_path: Path, head: str, layers: tuple[str, ...]
) -> None:
    offered, network = offered_by(classifier(tmp_path, head))
    assert offered.layers[-len(layers) :] == tuple(f"head.{name}" for name in layers) or not layers
    assert sum(name.startswith("head.") for name in offered.layers) == len(layers)
    assert {*offered.layers} <= {name for name, _ in network.named_modules()}
    assert offered.usual_layer == "tap.backbone.up.1"  # poolings: two
    assert offered.kinds == ("division", "death", "nothing")


@pytest.mark.parametrize("normalisation", ["none", "batch"])
@pytest.mark.parametrize("convolutions", [0, 1, 3])
def test_a_detector_has_its_rectified_convolutions_and_hidden_maps(
    normalisation: str, convolutions: int
) -> None:
    network = MitosisDetector(
        hidden=2,
        normalisation=normalisation,  # type: ignore[arg-type]
        convolutions=convolutions,
    )
    offered = explainable("mitosis", network.arguments, ("division",))
    assert offered is not None
    rectified = [name for name, module in network.named_modules() if isinstance(module, nn.ReLU)]
    assert offered.layers == (*rectified, "normalise", "mix")
    assert offered.usual_layer == "normalise"


def test_models_of_other_kinds_offer_nothing() -> None:
    assert explainable("cell_map", {}) is None


def test_a_class_or_layer_that_is_missing_is_answered_with_all_names() -> None:
    offered = Explainable(("division", "nothing"), ("early", "late"), "late")
    assert offered.asked().kind == "division"
    assert offered.asked().layer == "late"
    with pytest.raises(JobError, match=r"no class 'death'; it has division, nothing\. Choose one"):
        offered.asked(kind="death")
    with pytest.raises(JobError, match=r"no layer 'middle'; it has early, late\. Choose one"):
        offered.asked(layer="middle")
