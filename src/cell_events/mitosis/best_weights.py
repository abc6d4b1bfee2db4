"""The best weights of a training so far, kept in its checkpoint, too."""

from __future__ import annotations

import copy
import math

import torch
from torch import Tensor, nn


class BestWeights(nn.Module):
    """A network in training beside a copy of it that had the lowest loss so far.

    Being a module itself, all of it becomes part of a checkpoint.
    """

    lowest: Tensor
    validations: Tensor
    best_validation: Tensor

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.latest = network
        self.best = copy.deepcopy(network).requires_grad_(requires_grad=False)
        self.register_buffer("lowest", torch.tensor(math.inf))
        self.register_buffer("validations", torch.tensor(0))
        self.register_buffer("best_validation", torch.tensor(0))

    @property
    def waited(self) -> int:
        """Number of validations since the best one."""
        return int(self.validations - self.best_validation)

    @torch.no_grad()
    def note(self, loss: float) -> None:
        """Keep the latest weights if `loss`, from a validation, is lower than ever before."""
        self.validations += 1
        if loss < float(self.lowest):
            self.lowest.fill_(loss)
            self.best_validation.copy_(self.validations)
            self.best.load_state_dict(self.latest.state_dict())
