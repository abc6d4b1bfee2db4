"""Events that cannot be explained are told in one sentence each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cell_events.cli import app
from cell_events.events import EventsError
from cell_events.jobs import Explain, JobError, MovieSource, Result, run
from tests.jobs.explained_models import classifier

INSIDE = "4,40,50,division"


@pytest.fixture
def job(movie: MovieSource, tap: Path, tmp_path: Path) -> Explain:
    return Explain(movie, tap, tmp_path / "why.zarr", events=tmp_path / "events.csv", device="cpu")


def write(job: Explain, *rows: str, columns: str = "t,y,x,kind") -> Explain:
    assert job.events is not None
    job.events.write_text("\n".join([columns, *rows, ""]))
    return job


def values(job: Explain) -> dict[str, Any]:
    *_, result = run(job)
    assert isinstance(result, Result)
    return dict(result.values)


@pytest.mark.parametrize("place", ["8,40,50", "4,96,50", "4,40,96", "4,-1,50", "4,40,-0.5"])
def test_an_event_outside_of_the_movie_is_told_with_its_place(job: Explain, place: str) -> None:
    t, y, x = place.split(",")
    sentence = rf"t={t}, y={y}, x={x}, but cells\.tif has 8 frames of 96 x 96 .* of this movie"
    with pytest.raises(JobError, match=sentence):
        values(write(job, INSIDE, f"{place},division"))


def test_a_table_without_events_is_told(job: Explain) -> None:
    with pytest.raises(JobError, match="holds no events; give a CSV with a row for each event"):
        values(write(job))


def test_a_file_that_is_empty_or_missing_is_told(job: Explain) -> None:
    assert job.events is not None
    with pytest.raises(EventsError, match="does not exist; give the CSV"):
        values(job)
    job.events.write_text("")
    with pytest.raises(EventsError, match=r"events\.csv"):
        values(job)


def test_frames_beyond_the_movie_and_frames_without_events_are_told(job: Explain) -> None:
    write(job, INSIDE)
    with pytest.raises(JobError, match=r"has the frames 0 to 7, but 4-20 were asked for; give"):
        values(replace(job, frames="4-20"))
    with pytest.raises(JobError, match="holds no events in the frames 5-6; give other frames"):
        values(replace(job, frames="5-6"))


def test_events_before_the_first_pair_are_told(job: Explain) -> None:
    with pytest.raises(JobError, match=r"None of the 1 events .* with frame 1; give later events"):
        values(write(job, "0,40,50,division"))


def test_of_several_movies_the_events_of_this_one_are_explained(job: Explain) -> None:
    columns = "t,y,x,kind,movie"
    write(job, f"{INSIDE},cells.tif", "400,4,5,division,other.tif", columns=columns)
    assert values(job)["events"] == 1
    write(job, f"{INSIDE},a.tif", f"{INSIDE},b.tif", columns=columns)
    sentence = r"holds events of a\.tif, b\.tif, but none of cells\.tif; give the movie"
    with pytest.raises(JobError, match=sentence):
        values(job)


def test_a_class_that_the_classifier_lacks_is_told_unless_one_is_asked_for(
    job: Explain, tmp_path: Path
) -> None:
    job = replace(job, model=classifier(tmp_path, "pyramid", ("death",)))
    write(job, INSIDE, "5,20,30,death")
    sentence = r"does not know the class 'division' .* it has death, nothing\. Choose one"
    with pytest.raises(JobError, match=sentence):
        values(job)
    assert values(replace(job, kind="death"))["events"] == 2


def test_the_command_line_ends_with_the_sentence(job: Explain) -> None:
    write(job, "8,40,50,division")
    options = {"--events": job.events, "--model": job.model, "--out": job.out}
    named = [str(part) for option in options.items() for part in option]
    result = CliRunner().invoke(app, ["explain", str(job.movie.path), *named])
    assert result.exit_code == 2
    assert "Error: " in result.stderr
    assert result.stderr.rstrip().endswith("give events of this movie.")
    assert "Traceback" not in result.stderr
