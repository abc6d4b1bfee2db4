"""Log-odds of a pyramid head at every place of the grid, a few hundredths of a second a frame."""

from __future__ import annotations

from collections import OrderedDict
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cell_events.engine.device import one_thread
from cell_events.recognition.classifier import EventClassifier
from cell_events.recognition.dense_scores import log_odds
from cell_events.recognition.grid_features import GridFeatures
from cell_events.recognition.network import PyramidHead

KEPT_FRAMES = 4
"""Frames that are kept as the head takes them: those at both ends of what grows outward."""


class GridScores:
    """Scores of one movie on its grid.

    The weights of the first layer are divided by the deviations beforehand, so that the means of a
    whole frame need not be standardised; the numbers are those of the head.
    """

    def __init__(self, features: GridFeatures, classifier: EventClassifier) -> None:
        head = cast("PyramidHead", classifier.head)
        first, last = (cast("nn.Conv2d", head.compare_features[i]) for i in (0, 3))
        deviation = head.standardise.deviation[:, 0, 0]
        parts = first.weight.detach()[:, :, 0, 0].split(len(deviation), dim=1)
        if head.time_invariant:
            parts = (parts[0], *parts)
        self._weights = [part / deviation for part in parts]  # of first, second, difference
        mean = head.standardise.mean[:, 0, 0]
        offset = (self._weights[0] + self._weights[1]) @ mean
        self._bias = (cast("Tensor", first.bias).detach() - offset)[:, None]
        self._outputs = last.weight.detach()[:, :, 0, 0]
        self._shift = head.bias.detach().view(-1, 1)
        self.features, self.delta = features, classifier.delta
        self._frames: OrderedDict[int, Tensor] = OrderedDict()

    @torch.inference_mode()
    def log_odds(self, t: int) -> NDArray[np.float32]:
        """Log-odds (K, y, x) of the pair (t, t + delta)."""
        first, second = self._frame(t), self._frame(t + self.delta)
        with one_thread():
            hidden = torch.addmm(self._bias, self._weights[0], first)
            hidden.addmm_(self._weights[1], second)
            hidden.addmm_(self._weights[2], (first - second).abs_())
            logits = self._outputs @ hidden.relu_() + self._shift
        odds = log_odds(logits).view(-1, *self.features.grid.shape)
        return np.asarray(odds.cpu().numpy())

    def _frame(self, t: int) -> Tensor:
        """Means (D, places) of a frame as float32 on the head's device."""
        if t not in self._frames:
            means = torch.from_numpy(self.features.read(t)).to(self._bias.device)
            self._frames[t] = means.float().flatten(1)
            if len(self._frames) > KEPT_FRAMES:
                self._frames.popitem(last=False)
        self._frames.move_to_end(t)
        return self._frames[t]
