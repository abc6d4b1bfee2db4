"""Which axis of an Image layer is which, and where its pixels lie in the world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pint
from napari.layers import Image, Labels
from numpy.typing import NDArray

Plane = int | Literal["max"]

POSSIBLE_AXES = ("TCYX", "TZYX", "CTYX", "ZTYX")
"""What the axes of a layer with four axes may mean, the most frequent order first."""

_LETTERS = {"time": "T", "channel": "C", "frame": "T"} | {name: name.upper() for name in "tczyx"}


class LayerError(ValueError):
    """A layer that cannot serve; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class Placement:
    """A layer's axes and their way into the world, kept even if the layer is deleted.

    Attributes
    ----------
    axes
        One letter of T, C, Z, Y, X for each axis of the layer.
    plane
        The channel or z plane that is the movie, or `"max"` along z; None without such an axis.
    shape
        Length of each axis.
    transform
        The layer's scale, translate, rotate, shear, affine, units and axis labels.
    """

    axes: str
    plane: Plane | None
    shape: tuple[int, ...]
    transform: Mapping[str, Any]

    @property
    def extra_axis(self) -> int | None:
        """Position of the channel or z axis; None without one."""
        return next((i for i, letter in enumerate(self.axes) if letter in "CZ"), None)

    @property
    def movie_shape(self) -> tuple[int, int, int]:
        """(T, Y, X)."""
        t, y, x = (self.shape[self.axes.index(letter)] for letter in "TYX")
        return t, y, x

    @property
    def pixel_size_um(self) -> float | None:
        """Side of a pixel; None if it is not square or the layer has no unit of length."""
        y, x = (self._in_unit(letter, "micrometer") for letter in "YX")
        return y if y is not None and x is not None and np.isclose(y, x, rtol=0.01) else None

    @property
    def frame_interval_s(self) -> float | None:
        """Time between frames; None if the layer's time axis has no unit of time."""
        return self._in_unit("T", "second")

    def flat_transform(self) -> dict[str, Any]:
        """Transform of a layer with one plane along the extra axis that shows on every plane.

        The one plane is as thick as all of them together and has the same centre.
        """
        transform = dict(self.transform)
        if (axis := self.extra_axis) is not None:
            scale = np.array(transform["scale"], dtype=float)
            centre = np.zeros(len(scale))
            centre[axis] = scale[axis] * (self.shape[axis] - 1) / 2
            scale[axis] *= self.shape[axis]
            transform["translate"] = transform["translate"] + transform["rotate"] @ centre
            transform["scale"] = scale
        return transform

    def flat_shape(self) -> tuple[int, ...]:
        """Length of each axis of such a flat layer."""
        return tuple(
            1 if letter in "CZ" else length
            for letter, length in zip(self.axes, self.shape, strict=True)
        )

    def same(self, other: Placement) -> bool:
        """Whether another placement means the same axes in the same place of the world."""
        if (self.axes, self.plane, self.shape) != (other.axes, other.plane, other.shape):
            return False
        return all(
            np.array_equal(value, other.transform[name]) for name, value in self.transform.items()
        )

    def _in_unit(self, letter: str, unit: str) -> float | None:
        axis = self.axes.index(letter)
        try:
            step = pint.get_application_registry().Quantity(
                float(self.transform["scale"][axis]), str(self.transform["units"][axis])
            )
            return float(step.to(unit).magnitude)
        except pint.DimensionalityError:
            return None


def possible_axes(layer: Image | Labels) -> tuple[str, ...]:
    """What the layer's axes may mean: one answer, or several to choose from.

    Raises
    ------
    LayerError
        If the layer can be no movie: a colour image, too few or too many axes, no time axis.
    """
    if getattr(layer, "rgb", False):
        raise LayerError(
            f"'{layer.name}' is a colour (RGB) image; right-click it, choose 'Split RGB', and take "
            "one of the three layers."
        )
    named = _named_axes(layer)
    if layer.ndim == 3:
        return (_checked(layer, named or "TYX", ("TYX",)),)
    if layer.ndim == 4:
        return (_checked(layer, named, POSSIBLE_AXES),) if named else POSSIBLE_AXES
    hint = (
        "a movie needs time, Y and X: open the whole time series as one layer"
        if layer.ndim < 3
        else "choose one channel or z plane first, so that at most four are left"
    )
    raise LayerError(f"'{layer.name}' has {layer.ndim} axes; {hint}.")


def placement(layer: Image | Labels, axes: str, plane: Plane | None = None) -> Placement:
    """Note where a layer lies, for the meaning of its axes that the user chose."""
    shape = tuple(int(length) for length in first_level(layer).shape)
    transform = {
        "scale": np.array(layer.scale),
        "translate": np.array(layer.translate),
        "rotate": np.array(layer.rotate),
        "shear": np.array(layer.shear),
        "affine": np.array(layer.affine.affine_matrix),
        "units": tuple(layer.units),
        "axis_labels": tuple(layer.axis_labels),
    }
    return Placement(axes, plane, shape, transform)


def first_level(layer: Image | Labels) -> Any:
    """The layer's array at full resolution, as lazy as it is."""
    return layer.data[0] if layer.multiscale else layer.data


def to_layer_coordinates(positions: NDArray[np.floating], axes: str) -> NDArray[np.floating]:
    """Put (N, 3) positions t, y, x on the layer's axes; an extra axis gets 0."""
    columns = {letter: positions[:, i] for i, letter in enumerate("TYX")}
    zeros = np.zeros(len(positions))
    return np.stack([columns.get(letter, zeros) for letter in axes], axis=1)


def from_layer_coordinates(coordinates: NDArray[np.floating], axes: str) -> NDArray[np.floating]:
    """Take the (N, 3) positions t, y, x from coordinates on the layer's axes."""
    return coordinates[:, [axes.index(letter) for letter in "TYX"]]


def _named_axes(layer: Image | Labels) -> str | None:
    """Letters of the axes if every one has a known name, else None."""
    letters = [_LETTERS.get(label.lower()) for label in layer.axis_labels]
    return None if None in letters else "".join(letter for letter in letters if letter)


def _checked(layer: Image | Labels, axes: str, allowed: tuple[str, ...]) -> str:
    if axes not in allowed:
        raise LayerError(
            f"'{layer.name}' has the axes {', '.join(axes)}; expected {' or '.join(allowed)}: set "
            "the layer's axis labels if they are wrong, else open it as a time series."
        )
    return axes
