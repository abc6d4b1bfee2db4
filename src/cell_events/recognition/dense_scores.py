"""Logits of a classifier head at every place of a tile, pair after pair."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cell_events.engine.tiles import Tile
from cell_events.recognition.classifier import EventClassifier
from cell_events.recognition.windows import FeatureSource, read_beyond

BAND_ROWS = 128
"""Rows of the map that are computed at once, which bounds memory."""


class DenseScores:
    """Log-odds of each class for all crops whose centre lies in the window of a tile.

    Each frame is read and described once as long as pairs are asked for in order of time; frames
    that no later pair needs are forgotten.
    """

    def __init__(self, source: FeatureSource, classifier: EventClassifier, tile: Tile) -> None:
        self.source, self.classifier, self.tile = source, classifier, tile
        self.device = next(classifier.parameters()).device
        self._described: dict[int, list[Tensor]] = {}

    @torch.inference_mode()
    def log_odds(self, t: int) -> NDArray[np.float32]:
        """Log-odds (K, y, x) of the pair (t, t + delta), for the window of the tile.

        Raises
        ------
        ValueError
            If the model gives NaN or infinite scores.
        """
        later = t + self.classifier.delta
        self._described = {frame: bands for frame, bands in self._described.items() if frame >= t}
        for frame in (t, later):
            if frame not in self._described:
                self._described[frame] = self._describe(frame)
        bands = [
            log_odds(self.classifier.head.compare(first, second)[0]).cpu()
            for first, second in zip(self._described[t], self._described[later], strict=True)
        ]
        odds = np.asarray(torch.cat(bands, dim=1).numpy())
        if not np.isfinite(odds).all():
            raise ValueError(
                f"The model gives NaN or infinite scores in frame {later}; train it anew."
            )
        return odds

    def _describe(self, t: int) -> list[Tensor]:
        """What the head remembers of a frame, in bands of rows."""
        size, margin = self.classifier.size, self.classifier.margin
        rows, columns = (
            slice(part.start - size // 2 - margin, part.stop - 1 - size // 2 + size + margin)
            for part in self.tile.window
        )
        z = read_beyond(
            lambda r, c: self.source.read(t, r, c), self.source.shape[2:], rows, columns
        )
        features = torch.from_numpy(z).to(self.device)[None]
        height = self.tile.window[0].stop - self.tile.window[0].start
        return [
            self.classifier.head.describe(
                features[:, :, top : min(top + BAND_ROWS, height) + size - 1 + 2 * margin]
            )
            for top in range(0, height, BAND_ROWS)
        ]


def log_odds(logits: Tensor) -> Tensor:
    """Log-odds (K, ...) of each class against all else, from logits (K + 1, ...).

    Their logistic function is the softmax of the logits; unlike it, they never saturate.
    """
    everything = logits.float()
    return torch.stack(
        [
            everything[label]
            - torch.cat([everything[:label], everything[label + 1 :]]).logsumexp(0)
            for label in range(1, len(everything))
        ]
    )
