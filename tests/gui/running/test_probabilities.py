"""Events that were found before their model was calibrated get their probabilities."""

from dataclasses import replace

import numpy as np
import pytest

from cell_events.events import Event, read_events, write_events
from cell_events.gui.running.probabilities import calibrated_model, tell_probabilities
from cell_events.movie import open_movie
from cell_events.project import Edit, EventChange, MovieReference, Project

HEADER = {"classes": ["division"], "calibration": {"temperature": 2.0, "shift": [0.0, -1.0]}}


@pytest.fixture
def project(tmp_path):
    project = Project.create(tmp_path / "one.cellevents")
    movie = open_movie(np.zeros((6, 20, 20), np.uint8))
    movie_id = project.add_movie(MovieReference.of(movie))
    csv = project.new_path("results", "events", ".csv")
    write_events(csv, [Event(1, 2, 3, score=0.9, source="m.st"), Event(2, 5, 5, score=0.5)])
    project.remember(f"proposals/{movie_id}", f"results/{csv.name}")
    decided = Event(3, 8, 8, score=0.2, source="m.st", status="rejected")
    added = Event(4, 9, 9, status="added")
    changes = [EventChange(movie_id, "a", None, decided), EventChange(movie_id, "b", None, added)]
    project.apply(Edit("decide", tuple(changes)))
    yield project
    project.close()


def wanted(score):
    """Guo et al. 2017 and Saerens et al. 2002, written out for one class."""
    log_odds = np.log(score / (1 - score)) / 2 - 1
    return 1 / (1 + np.exp(-log_odds))


def test_proposals_and_decisions_of_the_model_get_their_probabilities(project):
    assert tell_probabilities(project, calibrated_model("m.st", HEADER)) == 1
    ours, others = read_events(project.path / project.value("proposals/movie-1"))
    assert ours.probability == pytest.approx(wanted(0.9))
    assert (ours.score, others.probability) == (0.9, None)
    events = project.events("movie-1")
    assert events["a"].probability == pytest.approx(wanted(0.2))
    assert (events["a"].status, events["b"].probability) == ("rejected", None)


def test_undo_takes_the_probabilities_of_decisions_back(project):
    before = dict(project.events("movie-1"))
    tell_probabilities(project, calibrated_model("m.st", HEADER))
    assert project.undo_title == "tell probabilities"
    project.undo()
    assert dict(project.events("movie-1")) == before


def test_events_of_other_models_change_nothing(project):
    path = project.path / project.value("proposals/movie-1")
    before = path.read_bytes()
    assert tell_probabilities(project, calibrated_model("other.st", HEADER)) == 0
    assert path.read_bytes() == before
    assert project.undo_title == "decide"


def test_scores_of_zero_and_one_stay_finite():
    model = calibrated_model("m.st", HEADER)
    events = [Event(0, 0, 0, score=score, source="m.st") for score in (0.0, 1.0)]
    low, high = (event.probability for event in model.told(events))
    assert 0 <= low < 0.001
    assert 0.99 < high <= 1


@pytest.mark.parametrize(
    "header", [{**HEADER, "calibration": {}}, {**HEADER, "classes": ["division", "death"]}]
)
def test_scores_of_several_classes_or_without_calibration_tell_no_probability(header):
    assert calibrated_model("m.st", header) is None


def test_the_same_events_are_told_twice_the_same(project):
    model = calibrated_model("m.st", HEADER)
    tell_probabilities(project, model)
    once = dict(project.events("movie-1"))
    tell_probabilities(project, replace(model))
    assert dict(project.events("movie-1")) == once
