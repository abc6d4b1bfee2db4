"""Where networks run, and how that machine is best used."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, get_args

import torch
from torch import Tensor
from torch.nn import functional

DeviceName = Literal["auto", "cuda", "mps", "cpu"]
Precision = Literal["auto", "float32", "bfloat16"]

# glibc's mallopt parameters (malloc.h): keep freed memory instead of returning it to the system.
_M_TRIM_THRESHOLD, _M_MMAP_MAX = -1, -4


def choose_device(name: str = "auto") -> torch.device:
    """Pick the device called `name`; `auto` takes CUDA, else a trustworthy MPS, else the CPU.

    Raises
    ------
    ValueError
        If `name` is unknown, or names a device that this machine lacks.
    """
    if name not in get_args(DeviceName):
        raise ValueError(f"device must be one of {', '.join(get_args(DeviceName))}; got '{name}'.")
    present = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if name == "auto":
        usable = [device for device, here in present.items() if here]
        name = next(device for device in usable if _agrees_with_cpu(torch.device(device)))
    if not present[name]:
        raise ValueError(f"This machine has no '{name}' device; choose the device auto or cpu.")
    return torch.device(name)


def device_words(device: torch.device) -> str:
    """Say what is computed on: "cpu, 2 threads", "mps", or "cuda: " and the card's name."""
    if device.type == "cpu":
        threads = torch.get_num_threads()
        return f"cpu, {threads} thread{'' if threads == 1 else 's'}"
    if device.type == "cuda":
        return f"cuda: {torch.cuda.get_device_name(device)}"
    return device.type


def card_memory_bytes(device: torch.device) -> int | None:
    """Memory that torch has reserved on a CUDA card; None for other devices."""
    return torch.cuda.memory_reserved(device) if device.type == "cuda" else None


def prepare_cpu(threads: int | None = None) -> int:
    """Use the cores that this process may use, keep freed memory; return the number of threads.

    The environment variable OMP_NUM_THREADS limits them where `threads` says nothing.

    Every step of a training allocates and frees the same hundreds of megabytes; returning them to
    the system each time costs more than the arithmetic (see docs/benchmarks.md).
    """
    threads = threads or int(os.environ.get("OMP_NUM_THREADS") or available_cores())
    torch.set_num_threads(threads)
    keep_freed_memory()
    return threads


@contextmanager
def one_thread() -> Iterator[None]:
    """Compute on one thread for a while.

    Threads wait for each other at the end of every small product. Where other programs need the
    cores, too, that waiting takes many times longer than the product.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def available_cores() -> int:
    """Count the cores that the system lets this process use, at least 1."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def keep_freed_memory() -> bool:
    """Tell glibc to hold on to freed memory; return whether this system understood."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library, e.g. musl
        return False
    return bool(mallopt(_M_MMAP_MAX, 0) and mallopt(_M_TRIM_THRESHOLD, 2**31 - 1))


def working_dtype(device: torch.device, precision: Precision = "auto") -> torch.dtype:
    """Number format of the convolutions: bfloat16 where the hardware multiplies it faster.

    Weights and sums stay float32 (automatic mixed precision).
    """
    if precision == "float32":
        return torch.float32
    if precision == "bfloat16" or _has_fast_bfloat16(device):
        return torch.bfloat16
    return torch.float32


def mixed_precision(device: torch.device, dtype: torch.dtype) -> torch.autocast:
    """Context in which convolutions run in `dtype`."""
    return torch.autocast(device.type, dtype=dtype, enabled=dtype != torch.float32)


def _has_fast_bfloat16(device: torch.device) -> bool:
    """Whether `device` has instructions for bfloat16, not only an emulation."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device.type == "cpu" and hasattr(torch.cpu, "get_capabilities"):
        capabilities = torch.cpu.get_capabilities()
        return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))
    return False


def _agrees_with_cpu(device: torch.device) -> bool:
    """Self-test against the CPU: some MPS releases train to garbage in silence."""
    if device.type != "mps":
        return True
    expected = _test_gradient(torch.device("cpu"))
    return torch.allclose(_test_gradient(device), expected, rtol=1e-3, atol=1e-2)


def _test_gradient(device: torch.device) -> Tensor:
    """Gradient of one small convolution with fixed weights and input."""
    generator = torch.Generator().manual_seed(0)
    weight = torch.randn(8, 1, 3, 3, generator=generator).to(device).requires_grad_()
    image = torch.randn(2, 1, 16, 16, generator=generator).to(device)
    functional.conv2d(image, weight, padding=1).square().sum().backward()
    return torch.as_tensor(weight.grad).cpu()
