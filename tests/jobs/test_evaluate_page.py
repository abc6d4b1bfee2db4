"""The job `evaluate` with intervals, another model, held-out places and a page."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from cell_events.engine.header import ModelFileError, ModelHeader
from cell_events.engine.held_out import HeldOut
from cell_events.events import Event, read_events, write_events
from cell_events.jobs import Evaluate, JobError, Result, run

FRAMES, SIDE = 40, 400


def result_of(job: Evaluate) -> dict[str, Any]:
    *_, report = run(job)
    assert isinstance(report, Result)
    return dict(report.values)


def truth_events(number: int = 40) -> list[Event]:
    random = np.random.default_rng(3)
    places = random.uniform((0, 20, 20), (FRAMES, SIDE - 20, SIDE - 20), (number, 3))
    return [Event(int(t), y, x) for t, y, x in places]


def found_events(truth: list[Event], seed: int, recall: float) -> list[Event]:
    """So many true events one frame late and 3 px off, and ten that are nowhere."""
    random = np.random.default_rng(seed)
    hits = [
        Event(e.t + 1, e.y + 3, e.x, score=random.uniform(0.5, 1))
        for e in truth
        if random.random() < recall
    ]
    places = random.uniform((0, 0, 0), (FRAMES, SIDE, SIDE), (10, 3))
    return hits + [Event(int(t), y, x, score=random.uniform(0.1, 0.6)) for t, y, x in places]


@pytest.fixture
def lists(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Found events, true ones, and those of a worse model."""
    truth = truth_events()
    paths = tmp_path / "new.csv", tmp_path / "truth.csv", tmp_path / "old.csv"
    contents = found_events(truth, 0, 0.9), truth, found_events(truth, 1, 0.5)
    for path, events in zip(paths, contents, strict=True):
        write_events(path, events)
    return paths


def test_figures_have_intervals_that_hold_them(lists: tuple[Path, Path, Path]) -> None:
    figures = result_of(Evaluate(*lists[:2], repeats=200))["all"]
    for name, (low, high) in figures["intervals"].items():
        assert low < figures[name] < high
    assert figures["average_precision"] > 0.8
    assert figures["best_f1"] >= figures["f1"]


def test_no_repeats_give_no_intervals_and_one_block_says_so(
    lists: tuple[Path, Path, Path],
) -> None:
    assert result_of(Evaluate(*lists[:2], repeats=0))["all"]["intervals"] == {}
    one = result_of(Evaluate(*lists[:2], blocks_px=1000, blocks_frames=1000))
    assert one["all"]["intervals"] == {}
    assert "make the blocks smaller" in one["notes"][0]


def test_figures_without_any_error_are_said_to_have_no_interval(tmp_path: Path) -> None:
    truth = [Event(0, 5, 100 * i + 50) for i in range(8)]
    paths = tmp_path / "found.csv", tmp_path / "truth.csv"
    for path, events in zip(paths, (truth[:5], truth), strict=True):
        write_events(path, events)
    values = result_of(Evaluate(*paths, repeats=50))
    assert "precision" not in values["all"]["intervals"]
    assert "recall" in values["all"]["intervals"]
    assert "No interval is given for precision: " in values["notes"][-1]


def test_a_threshold_is_that_of_both_lists_unless_another_is_given(
    lists: tuple[Path, Path, Path],
) -> None:
    found, truth, old = lists
    both = result_of(Evaluate(found, truth, against=old, threshold=0.7, repeats=0))
    kept = sum(event.score >= 0.7 for event in read_events(old) if event.score)
    told = both["against"]["all"]
    assert told["true_positives"] + told["false_positives"] == kept
    other = Evaluate(found, truth, against=old, threshold=0.7, against_threshold=0.0, repeats=0)
    told = result_of(other)["against"]["all"]
    assert told["true_positives"] + told["false_positives"] == len(read_events(old))


def test_the_page_holds_pictures_scores_errors_and_disagreements(
    lists: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    found, truth, old = lists
    job = Evaluate(
        *(found, truth),
        against=old,
        page=tmp_path / "page",
        repeats=50,
        pixel_size_um=0.5,
        frame_interval_s=120,
    )
    values = result_of(job)
    text = (tmp_path / "page" / "index.html").read_text("utf-8")
    for name in ("precision_recall.png", "confusion.png", "over_time.png", "errors.png"):
        assert f'src="{name}"' in text
        assert (tmp_path / "page" / name).read_bytes().startswith(b"\x89PNG")
    written = json.loads((tmp_path / "page" / "scores.json").read_text("utf-8"))
    assert written["all"] == values["all"]
    assert written["comparison"]["true_events"] == values["comparison"]["true_events"]
    assert "they do not cover other movies" in text.lower()
    late = "How late and how far off the hits of new are: 1 frame too late and 3 px off on average"
    assert late in text
    assert f"cell-events evaluate {found} {truth}" in text
    events = read_events(tmp_path / "page" / "events.csv")
    assert len(events) == len(read_events(found)) + values["all"]["false_negatives"]
    hit = next(event for event in events if event.extra["outcome"] == "hit")
    assert (hit.extra["time_error_min"], hit.extra["distance_um"]) == ("2", "1.5")
    told = read_events(tmp_path / "page" / "disagreements.csv")
    assert len(told) == values["comparison"]["disagreements"] == values["to_look_at"]
    assert {event.extra["found_by"] for event in told} == {"new", "old"}
    assert {event.status for event in told} == {"proposed"}


def test_a_page_without_another_model_sends_errors_to_be_looked_at(
    lists: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    values = result_of(Evaluate(*lists[:2], page=tmp_path / "page", repeats=0))
    told = read_events(tmp_path / "page" / "disagreements.csv")
    figures = values["all"]
    assert len(told) == figures["false_positives"] + figures["false_negatives"]
    assert {event.extra["found_by"] for event in told} == {"new", "truth"}


def test_events_without_scores_give_a_point_and_say_so(
    lists: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    truth = lists[1]
    values = result_of(Evaluate(truth, truth, page=tmp_path / "page", repeats=20))
    assert values["all"]["average_precision"] is None
    assert "None of the 40 found events has a score" in values["notes"][1]
    assert "average_precision" not in values["all"]["intervals"]


def test_two_lists_that_are_ranked_by_different_columns_are_said_to_be(
    lists: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    found, truth, old = lists
    calibrated = [replace(event, probability=0.1) for event in read_events(found)]
    write_events(found, calibrated)
    job = Evaluate(found, truth, against=old, repeats=20, page=tmp_path / "page")
    assert "ranked by its probability and old by its score" in " ".join(result_of(job)["notes"])
    text = (tmp_path / "page" / "index.html").read_text("utf-8")
    assert "by their probability, those of the other list by their score." in text
    same = result_of(replace(job, by="score"))
    assert not any("ranked by its" in note for note in same["notes"])


def test_nothing_found_and_nothing_true_are_evaluated(tmp_path: Path) -> None:
    empty, one = tmp_path / "empty.csv", tmp_path / "one.csv"
    write_events(empty, [])
    write_events(one, [Event(1, 2, 3, score=0.5)])
    nothing = result_of(Evaluate(empty, empty, page=tmp_path / "page"))
    assert nothing["all"]["f1"] is None
    assert nothing["notes"][0].startswith("There is no true event here")
    missed = result_of(Evaluate(empty, one, page=tmp_path / "page"))
    assert (missed["all"]["recall"], missed["all"]["precision"]) == (0, None)
    assert missed["notes"][0] == "No event was found here, so there is no precision."
    assert missed["all"]["average_precision"] is None
    invented = result_of(Evaluate(one, empty, page=tmp_path / "page"))["all"]
    assert (invented["precision"], invented["recall"]) == (0, None)
    above = result_of(Evaluate(one, one, threshold=0.9))
    assert above["notes"][0].startswith("No event was found here with a score from 0.9")


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A model that held the left half of a movie out; `header` can be replaced."""
    movie = SimpleNamespace(name="cells.tif", fingerprint="abc", shape=(FRAMES, SIDE, SIDE))
    held = HeldOut.evenly(movie, (1, 1, 2), np.array([True, False])).to_json()  # type: ignore[arg-type]
    monkeypatch.setattr("cell_events.engine.header.read_header", lambda path: HEADERS[path.name])
    provenance = {"movies": ["cells.tif"], "fingerprints": ["abc"]}
    one = ModelHeader(
        "events", "pyramid", {"size": 48, "delta": 1}, held_out=(held,), provenance=provenance
    )
    HEADERS.update(
        {
            "one.safetensors": one,
            "none.safetensors": ModelHeader("events", "pyramid", {}, provenance=provenance),
            "two.safetensors": ModelHeader(
                "events", "pyramid", {}, held_out=(held, {**held, "movie": "other.tif"})
            ),
        }
    )
    return tmp_path / "one.safetensors"


HEADERS: dict[str, ModelHeader] = {}


def test_only_held_out_places_count_if_the_model_names_some(
    lists: tuple[Path, Path, Path], model: Path
) -> None:
    values = result_of(Evaluate(*lists[:2], model=model, repeats=0))
    inside = [e for e in truth_events() if round(e.x) + 23 < SIDE / 2]
    told = values["all"]
    assert told["true_positives"] + told["false_negatives"] == len(inside)
    assert values["split"] == [
        "Only places count that one.safetensors has not learned from: events whose crops of 48 px "
        "lie in the 1 of 2 blocks of cells.tif that were held out.",
        f"So {len(inside)} of 40 true events count.",
    ]


def test_evaluating_everywhere_is_said_to_be_too_good(
    lists: tuple[Path, Path, Path], model: Path
) -> None:
    values = result_of(Evaluate(*lists[:2], model=model, where="everywhere", repeats=0))
    assert values["all"]["true_positives"] + values["all"]["false_negatives"] == 40
    assert "too good" in values["split"][0]
    bare = model.with_name("none.safetensors")
    assert "held no place out" in result_of(Evaluate(*lists[:2], model=bare, repeats=0))["split"][0]
    assert "nobody can tell" in result_of(Evaluate(*lists[:2], repeats=0))["split"][0]


def test_a_movie_that_the_model_does_not_know_counts_as_a_whole(
    lists: tuple[Path, Path, Path], model: Path
) -> None:
    job = Evaluate(*lists[:2], model=model, of_movie="new.tif", repeats=0)
    assert "does not name new.tif" in result_of(job)["split"][0]
    by_fingerprint = Evaluate(*lists[:2], model=model, of_movie="abc", repeats=0)
    assert "1 of 2 blocks" in result_of(by_fingerprint)["split"][0]


def test_the_movie_must_be_named_where_a_model_knows_several(
    lists: tuple[Path, Path, Path], model: Path
) -> None:
    two = model.with_name("two.safetensors")
    with pytest.raises(JobError, match="learned from 2 movies"):
        result_of(Evaluate(*lists[:2], model=two))
    named = Evaluate(*lists[:2], model=two, of_movie="folder/other.tif", repeats=0)
    assert "of other.tif" in result_of(named)["split"][0]


def test_events_of_another_model_than_the_one_given_are_pointed_out(
    lists: tuple[Path, Path, Path], model: Path
) -> None:
    found, truth, _ = lists
    told = [result_of(Evaluate(found, truth, model=model, repeats=0))["split"][0]]
    for name in (model.name, "another.safetensors"):
        write_events(found, [replace(event, source=name) for event in read_events(found)])
        told.append(result_of(Evaluate(found, truth, model=model, repeats=0))["split"][0])
    assert told[0] == told[1]
    assert "another.safetensors" in told[2].removeprefix(told[0])


def test_held_out_places_that_are_not_known_cannot_be_asked_for(
    lists: tuple[Path, Path, Path], model: Path
) -> None:
    with pytest.raises(JobError, match="give --model"):
        result_of(Evaluate(*lists[:2], where="held-out"))
    bare = model.with_name("none.safetensors")
    with pytest.raises(JobError, match="does not say that any place was held out"):
        result_of(Evaluate(*lists[:2], model=bare, where="held-out"))


def test_two_models_are_compared_where_neither_has_learned(
    lists: tuple[Path, Path, Path], model: Path
) -> None:
    found, truth, old = lists
    job = Evaluate(found, truth, against=old, model=model, against_model=model, repeats=0)
    values = result_of(job)
    of_a, of_b = values["all"], values["against"]["all"]
    assert (of_a["true_positives"] + of_a["false_negatives"]) == (
        of_b["true_positives"] + of_b["false_negatives"]
    )
    assert sum(values["comparison"]["true_events"].values()) < 40
    assert len(values["split"]) == 2
    assert (
        values["split"][1]
        == f"So {of_a['true_positives'] + of_a['false_negatives']} of 40 true events count."
    )


def test_a_list_of_an_unknown_model_is_named_where_the_other_model_is_known(
    lists: tuple[Path, Path, Path], model: Path
) -> None:
    found, truth, old = lists
    told = result_of(Evaluate(found, truth, against=old, model=model, repeats=0))["split"]
    assert told[0].startswith("new: Only places count that one.safetensors has not learned from")
    assert told[1].startswith("old: No model file is known, so nobody can tell")
    assert not any("The whole movie counts" in sentence for sentence in told)


def split_at(tmp_path: Path, model: Path, inside: int, outside: int) -> dict[str, Any]:
    """Evaluate so many true events in the half that was held out, and in the other one."""
    sides = [50] * inside + [300] * outside
    truth = [Event(3, 30 + 15 * i, x) for i, x in enumerate(sides)]
    paths = tmp_path / "found.csv", tmp_path / "truth.csv"
    write_events(paths[0], [replace(event, t=event.t + 1, score=0.5) for event in truth])
    write_events(paths[1], truth)
    return result_of(Evaluate(*paths, model=model, repeats=20))


def test_few_true_events_in_held_out_places_are_said_to_mean_little(
    tmp_path: Path, model: Path
) -> None:
    values = split_at(tmp_path, model, 3, 4)
    assert values["split"][-1] == "So 3 of 7 true events count."
    assert values["notes"][0] == (
        "There are only 3 true events where no model has learned, so that figures, intervals and "
        "differences mean little: train with a larger share held out (train --validation, "
        "or mitosis train --held-out), or evaluate on a movie that no model has learned from."
    )
    assert "figures of fewer than 20 are rough" in split_at(tmp_path, model, 10, 4)["notes"][0]
    assert not any("rough" in note for note in split_at(tmp_path, model, 20, 0)["notes"])


def test_few_true_events_of_a_whole_movie_ask_for_more_of_them(tmp_path: Path) -> None:
    write_events(tmp_path / "truth.csv", [Event(3, 10, 10)])
    write_events(tmp_path / "found.csv", [Event(3, 10, 11)])
    notes = result_of(Evaluate(tmp_path / "found.csv", tmp_path / "truth.csv"))["notes"]
    assert notes[0].startswith("There is only 1 true event here, so that figures")
    assert notes[0].endswith("mark more of them, or evaluate on another movie.")


def test_a_movie_without_true_events_in_held_out_places_is_refused(
    tmp_path: Path, model: Path
) -> None:
    with pytest.raises(JobError, match=r"None of the 4 true events .* \(train --validation"):
        split_at(tmp_path, model, 0, 4)


def test_events_outside_of_a_movie_of_known_size_are_pointed_out(
    lists: tuple[Path, Path, Path], model: Path
) -> None:
    found, truth, _ = lists
    events = read_events(found)
    write_events(found, [*events, Event(FRAMES, 5, 5), Event(2, SIDE + 10, 5)])
    notes = result_of(Evaluate(found, truth, model=model, repeats=0))["notes"]
    assert notes[0].startswith(f"Events outside of the movie: 2 of {len(events) + 42}.")
    assert "40 frames of 400 x 400 px" in notes[0]


def test_intervals_from_few_blocks_are_said_to_be_too_narrow(
    lists: tuple[Path, Path, Path],
) -> None:
    four = result_of(Evaluate(*lists[:2], blocks_px=200, blocks_frames=100, repeats=20))
    assert "lie in only 4 blocks of 200 px and 100 frames" in four["notes"][0]
    assert not result_of(Evaluate(*lists[:2], repeats=20))["notes"]


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"by": "size"}, "by must be one of"),
        ({"where": "there"}, "where must be one of"),
        ({"blocks_px": 0}, "blocks_px must be at least 1"),
        ({"repeats": -1}, "repeats must be at least 0"),
        ({"repeats": 1}, "repeats must be 0, for no intervals, or at least 20"),
        ({"threshold": float("nan")}, "threshold must be a finite number"),
        ({"against_threshold": 0.5}, "give --against"),
    ],
)
def test_impossible_settings_are_refused(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(JobError, match=sentence):
        Evaluate(Path("a.csv"), Path("b.csv"), **settings)


@pytest.mark.parametrize("name", ["events.csv", "disagreements.csv"])
def test_a_page_never_overwrites_a_list_that_is_no_page(
    lists: tuple[Path, Path, Path], tmp_path: Path, name: str
) -> None:
    found, truth, _ = lists
    page = tmp_path / "page"
    page.mkdir()
    kept = found.read_bytes()
    (page / name).write_bytes(kept)
    with pytest.raises(JobError, match=f"would overwrite .*{name}; give another folder"):
        result_of(Evaluate(found, truth, page=page, repeats=0))
    assert (page / name).read_bytes() == kept


def test_a_page_is_made_again_but_never_over_the_lists_that_it_is_made_of(
    lists: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    found, truth, _ = lists
    page = tmp_path / "page"
    for _ in range(2):
        result_of(Evaluate(found, truth, page=page, repeats=0))
    with pytest.raises(JobError, match="would overwrite"):
        result_of(Evaluate(page / "events.csv", truth, page=page, repeats=0))


def test_a_report_never_overwrites_a_list_that_is_read(lists: tuple[Path, Path, Path]) -> None:
    with pytest.raises(JobError, match="'report' would overwrite"):
        result_of(Evaluate(*lists[:2], report=lists[1], repeats=0))
    assert len(read_events(lists[1])) == 40


def test_a_model_that_is_none_is_refused(lists: tuple[Path, Path, Path]) -> None:
    with pytest.raises(ModelFileError):
        result_of(Evaluate(*lists[:2], model=lists[0]))
