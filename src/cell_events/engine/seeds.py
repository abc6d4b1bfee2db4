"""Randomness as a function of (run seed, step), so that a resumed run repeats itself exactly."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch


def derived_seed(seed: int, step: int, stream: str = "") -> int:
    """Mix run seed, step and the name of what is being drawn into one 63-bit seed."""
    digest = hashlib.blake2b(f"{seed}/{step}/{stream}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1


def torch_generator(
    seed: int, step: int, stream: str = "", device: torch.device | str = "cpu"
) -> torch.Generator:
    """Generator for torch's random functions at one step of one run."""
    return torch.Generator(device=device).manual_seed(derived_seed(seed, step, stream))


def numpy_generator(seed: int, step: int, stream: str = "") -> np.random.Generator:
    """Generator for numpy's random functions at one step of one run."""
    return np.random.default_rng(derived_seed(seed, step, stream))


@contextmanager
def seeded(seed: int, step: int, stream: str, device: torch.device) -> Iterator[None]:
    """Let what draws from torch's global state, such as dropout, depend on seed and step alone."""
    devices = [device] if device.type == "cuda" else []
    with torch.random.fork_rng(devices=devices):
        # torch.manual_seed would also walk through all kinds of devices, which takes a millisecond.
        torch.default_generator.manual_seed(derived_seed(seed, step, stream))
        if devices:
            torch.cuda.manual_seed(derived_seed(seed, step, stream))
        yield
