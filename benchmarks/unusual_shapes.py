"""Curves in which one shape comes again and again, and an unusual one here and there.

What is usual differs from curve to curve: a shape that is odd in one of them is the rule in
another, so that it takes a look at the rest of the curve to tell. Shapes vary in length and height,
pauses are irregular, and there is noise. None of the kinds of the pretraining set is like it.
"""

from __future__ import annotations

import numpy as np

from cell_events.series.examples import SeriesExamples
from cell_events.series.scaling import scaled_by_sample

POINTS = 1024


def _ramp(x: np.ndarray, *at: float) -> np.ndarray:
    """Lines through 0 at the begin, the levels at the given quarters, and 0 at the end."""
    return np.interp(x, np.linspace(0, 1, len(at)), at)


FORMS = {
    "half sine": lambda x: np.sin(np.pi * x),
    "triangle": lambda x: _ramp(x, 0, 1, 0),
    "rising saw": lambda x: x,
    "falling saw": lambda x: 1 - x,
    "rectangle": np.ones_like,
    "trapezium": lambda x: _ramp(x, 0, 1, 1, 0),
    "two peaks": lambda x: np.abs(np.sin(2 * np.pi * x)),
    "whole sine": lambda x: np.sin(2 * np.pi * x),
    "notch": lambda x: _ramp(x, 1, 1, 0.2, 1, 1),
    "steps": lambda x: np.ceil(3 * x) / 3,
}


def shape_examples(count: int, seed: int) -> SeriesExamples:
    """Draw curves with labels of a single kind; a fifth of them have nothing unusual."""
    random = np.random.default_rng(seed)
    curves = [_curve(random) for _ in range(count)]
    values = np.stack([curve for curve, _ in curves])[:, None]
    labels = np.stack([label for _, label in curves])[:, None]
    masks = np.ones((count, POINTS), bool)
    return SeriesExamples(scaled_by_sample(values, masks), masks, labels, ("unusual shape",))


def _curve(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    values, label = np.zeros(POINTS), np.zeros(POINTS, bool)
    names = random.permutation(list(FORMS))
    usual_length = random.uniform(30, 90)
    pieces = _pieces(usual_length, random)
    unusual = set(random.permutation(len(pieces))[: random.choice(4, p=[0.2, 0.4, 0.25, 0.15])])
    for number, (first, length) in enumerate(pieces):
        form = FORMS[str(names[1 if number in unusual else 0])]
        where = slice(first, first + length)
        values[where] = random.normal(1, 0.07) * form(np.linspace(0, 1, length))
        label[where] = number in unusual
    values += random.uniform(0.01, 0.1) * random.standard_normal(POINTS)
    values += random.normal(0, 0.2) * np.linspace(-1, 1, POINTS)
    return values * random.choice([-1.0, 1.0]), label


def _pieces(usual_length: float, random: np.random.Generator) -> list[tuple[int, int]]:
    """First point and length of each shape."""
    pieces, at = [], int(random.uniform(0, usual_length))
    while True:
        length = int(usual_length * random.uniform(0.85, 1.15))
        if at + length > POINTS:
            return pieces
        pieces.append((at, length))
        at += length + int(usual_length * random.uniform(0.1, 0.8))
