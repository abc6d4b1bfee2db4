"""How far an interrupted run with named parts is, in words."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from cell_events.engine.checkpoint import save_checkpoint
from cell_events.jobs import AnomaliesTrain, MitosisMap, MitosisPlan, MitosisTrain, MovieSource
from cell_events.jobs.run_file import begin_run
from cell_events.jobs.run_progress import progress_of

MOVIE = (MovieSource(Path("cells.tif")),)


@pytest.mark.parametrize(
    ("job", "finished", "says"),
    [
        (MitosisMap(MOVIE, steps=40), 0, "step 7 of 40, cell maps"),
        (MitosisPlan(MOVIE, Path("plan"), map_steps=40, steps=60), 0, "step 7 of 40, cell maps"),
        (MitosisPlan(MOVIE, Path("plan"), steps=60), 1, "step 7 of 60, event lengths"),
        (MitosisPlan(MOVIE, Path("plan"), Path("map"), steps=60), 0, "step 7 of 60, event lengths"),
        (MitosisTrain(MOVIE, (Path("p.csv"),), ("1-9",), Path("m"), way="quick"), 2, None),
        (AnomaliesTrain((Path("t.csv"),), Path("m"), steps=60), 0, "step 7 of 60, forecasts"),
    ],
)
def test_the_part_that_was_interrupted_is_named(tmp_path, job, finished, says):
    run = begin_run(tmp_path / "job-1.json", job, "Job")
    network = torch.nn.Linear(2, 2)
    for part in range(finished + 1):
        path = run.job.checkpoint.with_name(f"{run.job.checkpoint.name}{part or ''}")
        save_checkpoint(path, network, torch.optim.Adam(network.parameters()), 7, {})
    assert str(progress_of(run)) == (says or "step 7 of 500, divisions")


def test_a_training_of_known_length_has_one_part(tmp_path):
    job = MitosisTrain(MOVIE, (Path("p.csv"),), ("1-9",), Path("m"), length="8")
    run = begin_run(tmp_path / "job-1.json", replace(job, steps=30), "Job")
    network = torch.nn.Linear(2, 2)
    save_checkpoint(run.job.checkpoint, network, torch.optim.Adam(network.parameters()), 9, {})
    assert str(progress_of(run)) == "step 9 of 30, divisions"
