"""Where the batches of a training run come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from cell_events.engine.seeds import derived_seed, numpy_generator
from cell_events.series.augmentation import augmented
from cell_events.series.examples import SeriesExamples
from cell_events.series.scaling import scaled_by_sample


class ExampleSource(Protocol):
    """Where batches come from. What it gives depends on the step alone."""

    @property
    def channels(self) -> int:
        """Curves of each snapshot."""
        ...

    @property
    def classes(self) -> int:
        """Kinds of abnormal stretches."""
        ...

    def batch(self, step: int) -> SeriesExamples:
        """Snapshots to learn from at this step."""
        ...

    def digest(self) -> str:
        """What is learned from, by which a checkpoint knows its run."""
        ...


@dataclass(frozen=True)
class StoredSource:
    """All snapshots in random order, then all again in another, each changed at random.

    Attributes
    ----------
    augmentations
        Names in `AUGMENTATIONS`.
    rescale
        Bring what was changed to the usual scale again, as detection will.
    """

    examples: SeriesExamples
    size: int
    seed: int
    augmentations: tuple[str, ...] = ()
    rescale: bool = True

    @property
    def channels(self) -> int:
        """Curves of each snapshot."""
        return self.examples.channels

    @property
    def classes(self) -> int:
        """Kinds of abnormal stretches."""
        return self.examples.classes

    def batch(self, step: int) -> SeriesExamples:
        """Snapshots to learn from at this step."""
        number = len(self.examples)
        begin, end = step * self.size, (step + 1) * self.size
        rounds = range(begin // number, (end - 1) // number + 1)
        order = np.concatenate(
            [numpy_generator(self.seed, round_, "order").permutation(number) for round_ in rounds]
        )
        skipped = begin - rounds.start * number
        some = self.examples.only(order[skipped : skipped + self.size])
        if not self.augmentations:
            return some
        random = numpy_generator(self.seed, step, "augmentation")
        values, labels, masks = augmented(
            some.values, some.labels, some.masks, self.augmentations, random
        )
        if self.rescale:
            values = scaled_by_sample(values, masks)
        return SeriesExamples(values, masks, labels, some.kinds)

    def digest(self) -> str:
        """What is learned from, by which a checkpoint knows its run."""
        return self.examples.digest()


@dataclass(frozen=True)
class DrawnSource:
    """New snapshots at every step, all different, such as synthetic ones.

    Attributes
    ----------
    draw
        Makes `size` snapshots from a seed.
    name
        Of what is drawn, by which a checkpoint knows its run.
    """

    draw: Callable[[int, int], SeriesExamples]
    size: int
    seed: int
    name: str
    channels: int = 1
    classes: int = 3

    def batch(self, step: int) -> SeriesExamples:
        """Snapshots to learn from at this step."""
        return self.draw(self.size, derived_seed(self.seed, step, "drawn snapshots"))

    def digest(self) -> str:
        """What is learned from, by which a checkpoint knows its run."""
        return self.name
