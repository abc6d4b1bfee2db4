"""A run that is finished without a viewer: `python -m cell_events.worker --finish RUNFILE`."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest
import tifffile

from cell_events import jobs
from cell_events.engine.header import read_header
from cell_events.jobs.run_file import begin_run, offer_run, read_outcome, read_run, resumable
from cell_events.jobs.run_progress import progress_of, steps_of
from tests.synthetic import dividing_cells


@pytest.fixture
def job(tmp_path):
    cells, _, _ = dividing_cells(n_frames=4, size=(64, 64))
    path, axes = tmp_path / "cells.tif", {"axes": "TYX"}
    tifffile.imwrite(path, cells, metadata=axes, photometric="minisblack")
    return jobs.Pretrain(
        movies=(jobs.MovieSource(path),),
        model=tmp_path / "arrow.safetensors",
        start="random",
        epochs=30,
        pairs_per_epoch=2,
        batch=2,
        crop_size=16,
        validation=0.0,
        device="cpu",
    )


def worker(path):
    command = [sys.executable, "-m", "cell_events.worker", "--finish", str(path)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def digest(path):
    return read_header(path).weights_digest


def test_a_run_file_gives_its_job_again(job, tmp_path):
    run = begin_run(tmp_path / "pretrain-1.json", job, "Learning")
    assert read_run(run.path) == run
    assert run.job == replace(job, checkpoint=tmp_path / "pretrain-1.checkpoint", resume=True)
    assert run.is_running
    assert progress_of(run) is None


def test_a_job_keeps_the_checkpoint_that_it_has(job, tmp_path):
    own = replace(job, checkpoint=tmp_path / "own")
    assert resumable(own, tmp_path / "x.json").checkpoint == tmp_path / "own"
    info = jobs.Info(tmp_path / "model")
    assert resumable(info, tmp_path / "x.json") == info


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_a_killed_run_is_finished_bit_by_bit_as_if_never_interrupted(job, tmp_path):
    *_, whole = jobs.run(replace(job, model=tmp_path / "whole.safetensors"))
    run = offer_run(begin_run(tmp_path / "runs" / "pretrain-1.json", job, "Learning"))
    first = worker(run.path)
    while progress_of(run) is None:
        assert first.poll() is None
        time.sleep(0.005)
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    assert progress_of(run).step < steps_of(run.job)
    second = worker(run.path)
    assert second.communicate(timeout=60) == (None, "")
    assert second.returncode == 0
    outcome = read_outcome(tmp_path / "runs" / "pretrain-1.result.json")
    assert outcome.values["digest"] == whole.values["digest"] == digest(job.model)
    assert [path.name for path in (tmp_path / "runs").iterdir()] == [outcome.path.name]


def test_a_run_that_another_process_does_is_refused(job, tmp_path):
    run = begin_run(tmp_path / "pretrain-1.json", job, "Learning")
    refused = worker(run.path)
    assert "done by another process" in refused.communicate(timeout=60)[1]
    assert refused.returncode == 2
    assert run.path.exists()


def test_a_file_that_is_no_run_is_refused_with_a_sentence(tmp_path):
    path = tmp_path / "no.json"
    path.write_text("[]")
    refused = worker(path)
    assert refused.communicate(timeout=60)[1] == "no.json does not describe a run; delete it.\n"
    assert refused.returncode == 2
