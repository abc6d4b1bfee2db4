"""Which classes and layers of a model can be explained: told by its header, without torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from cell_events.jobs.checks import JobError

ORDERS = ("in the order given", "reversed")
"""What a time-arrow network can say of a pair."""

NOTHING = "nothing"
"""What a classifier says where no event is."""

USUAL_DEPTH = 3
"""Poolings of a time-arrow network whose header names none."""

HEAD_LAYERS = {"linear": ("standardise",), "resnet": ("convolution", "block")}
"""Layers of a head that still are maps; the pyramid sums up crops at once and has none."""


class Asked(NamedTuple):
    """What is explained, among what could be."""

    kinds: tuple[str, ...]
    kind: str
    layers: tuple[str, ...]
    layer: str


@dataclass(frozen=True, slots=True)
class Explainable:
    """What can be asked for.

    Attributes
    ----------
    kinds
        Classes; the first is explained if none is asked for.
    layers
        Names of modules, from the input to the output.
    usual_layer
        The one that is weighed if none is asked for.
    """

    kinds: tuple[str, ...]
    layers: tuple[str, ...]
    usual_layer: str

    def asked(self, kind: str = "", layer: str = "") -> Asked:
        """Choose a class and a layer, empty for the usual ones.

        Raises
        ------
        JobError
            If there is none of this name.
        """
        return Asked(
            self.kinds,
            _chosen("class", kind or self.kinds[0], self.kinds),
            self.layers,
            _chosen("layer", layer or self.usual_layer, self.layers),
        )


def explainable(
    kind: str, arguments: Mapping[str, Any], classes: Sequence[str] = ()
) -> Explainable | None:
    """Tell what of a model can be explained; None if it is of another kind.

    Parameters
    ----------
    kind, arguments, classes
        As the header of the model file has them.
    """
    if kind == "tap":
        layers, usual = _time_arrow_layers(arguments)
        return Explainable(ORDERS, layers, usual)
    if kind == "events":
        layers, usual = _time_arrow_layers(arguments["tap"])
        head = HEAD_LAYERS.get(arguments.get("head", "pyramid"), ())
        names = (*(f"tap.{name}" for name in layers), *(f"head.{name}" for name in head))
        return Explainable((*classes, NOTHING), names, f"tap.{usual}")
    if kind == "mitosis":
        return Explainable(
            tuple(classes), (*_look_layers(arguments), "normalise", "mix"), "normalise"
        )
    return None


def _time_arrow_layers(arguments: Mapping[str, Any]) -> tuple[tuple[str, ...], str]:
    """Layers of a time-arrow network, and the usual one: the first level after the deepest.

    It has seen far around, and still tells places apart. Chosen among several layers by
    `benchmarks/grad_cam.py` on a movie that is not reported on.
    """
    levels = int(arguments.get("depth", USUAL_DEPTH))
    down = [f"backbone.down.{level}" for level in range(levels + 1)]
    up = [f"backbone.up.{level}" for level in reversed(range(levels))]
    return (*down, *up, "backbone.to_features", "projection"), up[0] if up else down[0]


def _look_layers(arguments: Mapping[str, Any]) -> tuple[str, ...]:
    """The rectified convolutions of a mitosis detector in front of its ConvLSTMs."""
    modules = 3 if arguments.get("normalisation", "none") == "batch" else 2
    convolutions = int(arguments.get("convolutions", 0))
    return tuple(f"look.{modules * (layer + 1) - 1}" for layer in range(convolutions))


def _chosen(what: str, name: str, names: Sequence[str]) -> str:
    if name not in names:
        raise JobError(
            f"This model has no {what} '{name}'; it has {', '.join(names)}. Choose one of these."
        )
    return name
