"""Choosing where to compute."""

import pytest
import torch

from cell_events.engine.device import (
    available_cores,
    choose_device,
    prepare_cpu,
    working_dtype,
)


def test_the_cpu_is_always_there() -> None:
    assert choose_device("cpu") == torch.device("cpu")


def test_auto_finds_a_device_that_computes() -> None:
    assert float(torch.ones(2, device=choose_device("auto")).sum()) == 2


def test_an_unknown_device_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="auto, cuda, mps, cpu; got 'gpu'"):
        choose_device("gpu")


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has CUDA")
def test_an_absent_device_is_refused() -> None:
    with pytest.raises(ValueError, match="no 'cuda' device; choose the device auto or cpu"):
        choose_device("cuda")


def test_no_more_threads_than_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    before = torch.get_num_threads()
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    try:
        assert prepare_cpu() == available_cores() == torch.get_num_threads()
        assert prepare_cpu(1) == 1 == torch.get_num_threads()
        monkeypatch.setenv("OMP_NUM_THREADS", "2")
        assert prepare_cpu() == 2 == torch.get_num_threads()
    finally:
        torch.set_num_threads(before)


def test_float32_is_kept_when_asked_for() -> None:
    assert working_dtype(torch.device("cpu"), "float32") is torch.float32
    assert working_dtype(torch.device("cpu"), "bfloat16") is torch.bfloat16
