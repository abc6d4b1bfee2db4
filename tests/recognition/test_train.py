from __future__ import annotations

from dataclasses import replace
from itertools import groupby

import numpy as np
import pytest
import torch

from cell_events.engine.training import TrainReport
from cell_events.events import Event
from cell_events.matching import match_events
from cell_events.movie import Movie, open_movie
from cell_events.recognition.classifier import HeadSettings
from cell_events.recognition.crops import CropSettings
from cell_events.recognition.detect import DetectSettings, detect_events
from cell_events.recognition.examples import plan_examples
from cell_events.recognition.gather import GatherReport, ImageWindows
from cell_events.recognition.labelling import labelled_crops
from cell_events.recognition.paint import NOTHING_HERE, PaintedMask, PaintError, open_mask
from cell_events.recognition.peaks import PeakSettings
from cell_events.recognition.splits import SplitSettings
from cell_events.recognition.tasks import RecognitionTask, turned
from cell_events.recognition.train import TrainedClassifier, train_head
from cell_events.recognition.train_settings import TrainHeadSettings, strategy
from cell_events.time_arrow.features import DenseFeatures
from tests.recognition.fake_features import small_tap
from tests.synthetic import dividing_cells

SETTINGS = TrainHeadSettings(
    head=HeadSettings("resnet", "centre", time_invariant=False),
    crops=CropSettings(size=16, reach_px=4, crops_per_patch=8, crops_per_frame=24),
    splitting=SplitSettings(fraction=0.25, block_px=32, block_frames=4),
    steps=3,
    batch_size=8,
    validate_every=3,
    rehearsals=0,
)


def painted_movie(n_frames: int = 12, seed: int = 0) -> tuple[Movie, PaintedMask, list[Event]]:
    pixels, paint, events = dividing_cells(n_frames, (96, 96), seed)
    movie = open_movie(pixels)
    return movie, open_mask(paint, movie, done=range(n_frames)), events


def train(settings: TrainHeadSettings, **options) -> tuple[list[TrainReport], TrainedClassifier]:
    movie, mask, _ = painted_movie()
    *reports, trained = train_head([movie], [mask], small_tap(), settings, **options)
    assert isinstance(trained, TrainedClassifier)
    assert isinstance(reports[0], GatherReport)
    return [report for report in reports if isinstance(report, TrainReport)], trained


def weights(trained: TrainedClassifier) -> dict[str, torch.Tensor]:
    return trained.classifier.state_dict()


def same(first: dict[str, torch.Tensor], second: dict[str, torch.Tensor]) -> bool:
    return all(torch.equal(value, second[name]) for name, value in first.items())


@pytest.mark.slow
def test_divisions_of_a_movie_never_seen_are_found() -> None:
    settings = replace(SETTINGS, steps=150, batch_size=32, validate_every=50)
    movies, masks, _ = zip(*(painted_movie(seed=seed) for seed in (0, 2)), strict=True)
    *_, trained = train_head(movies, masks, small_tap(), settings)
    assert isinstance(trained, TrainedClassifier)
    assert trained.report.metrics()["accuracy"] > 0.9
    movie, _, truth = painted_movie(seed=1)
    *_, last = detect_events(movie, trained.classifier, DetectSettings(PeakSettings(radius_px=10)))
    matching = match_events(last.events, truth, radius_px=4, frames=0)
    assert matching.recall > 0.9
    assert matching.precision > 0.8


@pytest.mark.parametrize("features", ["frozen", "random", "fine-tuned"])
@pytest.mark.parametrize("head", ["pyramid", "linear", "resnet"])
def test_each_strategy_yields_reports_and_a_classifier(features, head) -> None:
    settings = replace(SETTINGS, features=features, head=HeadSettings(head, "centre"), seed=1)
    reports, trained = train(settings)
    assert [report.step for report in reports] == [1, 2, 3]
    assert set(reports[-1].metrics) >= {"loss", "accuracy", "precision division"}
    assert min(trained.trained_on) > 0
    tap = trained.classifier.tap.state_dict()
    assert same(tap, small_tap().state_dict()) == (features == "frozen")
    assert not trained.classifier.training


@pytest.mark.parametrize("head", ["resnet", "pyramid"])
def test_training_repeats_bit_by_bit_and_resumes(tmp_path, head) -> None:
    plain = replace(SETTINGS, head=HeadSettings(head, "centre", time_invariant=False))
    _, first = train(plain)
    assert same(weights(first), weights(train(plain)[1]))
    assert not same(weights(first), weights(train(replace(plain, seed=1))[1]))
    movie, mask, _ = painted_movie()
    settings = replace(plain, checkpoint_every=1)
    run = train_head(
        [movie], [mask], small_tap(), settings, checkpoint=tmp_path / "run.safetensors"
    )
    next(report for report in run if isinstance(report, TrainReport))
    run.close()
    reports, resumed = train(settings, checkpoint=tmp_path / "run.safetensors")
    assert reports[0].step == 2
    assert same(weights(first), weights(resumed))


def test_a_classifier_can_be_trained_further() -> None:
    _, first = train(SETTINGS)
    before = {name: value.clone() for name, value in weights(first).items()}
    _, further = train(SETTINGS, start=first.classifier)
    assert same(before, weights(first))
    assert torch.equal(before["head.standardise.mean"], weights(further)["head.standardise.mean"])
    assert not same(before, weights(further))
    with pytest.raises(PaintError, match="repeat its settings or train a new one"):
        train(replace(SETTINGS, head=HeadSettings("linear")), start=first.classifier)


def test_rehearsals_keep_the_blocks_that_are_held_out() -> None:
    _, once = train(SETTINGS)
    _, twice = train(replace(SETTINGS, rehearsals=2))
    (first,), (last,) = once.held_out, twice.held_out
    assert first.held.any()
    assert not first.held.all()
    np.testing.assert_array_equal(first.held, last.held)
    assert once.shift == (0.0, 0.0)
    assert twice.shift[0] == 0.0


def test_everything_is_trained_on_if_nothing_is_held_out() -> None:
    reports, trained = train(replace(SETTINGS, splitting=SplitSettings(fraction=0)))
    assert reports[-1].metrics == {}
    assert trained.report is None
    assert trained.held_out == ()


def task(settings: TrainHeadSettings) -> RecognitionTask:
    from cell_events.recognition.classifier import new_classifier

    movie, mask, _ = painted_movie()
    classifier = new_classifier(small_tap(), mask.classes, settings.crops, settings.head)
    table = labelled_crops(mask, settings.crops)
    examples = plan_examples(table, [movie], classifier, settings)
    list(examples.gather(classifier.delta))
    return RecognitionTask(classifier, examples, settings)


def test_batches_are_balanced() -> None:
    trained = task(SETTINGS)
    rows = trained.balanced_rows(torch.Generator().manual_seed(0))
    assert trained.labels[rows].bincount().tolist() == [4, 4]
    assert set(rows.tolist()) <= set(trained.examples.split.train.tolist())


def test_memory_is_bounded_by_leaving_out_crops() -> None:
    unbounded, bounded = task(SETTINGS), task(replace(SETTINGS, memory_gb=5e-4))
    assert bounded.examples.crops.nbytes <= 5e5 < unbounded.examples.crops.nbytes
    assert set(bounded.labels.tolist()) == {0, 1}


@torch.no_grad()
def test_images_with_enough_context_give_the_features_of_the_frame() -> None:
    tap = small_tap()
    images = task(replace(SETTINGS, features="fine-tuned", context_px=tap.halo))
    images.classifier.eval()
    movie = painted_movie()[0]
    table, side = images.examples.table, images.classifier.window
    inside = np.flatnonzero(
        (abs(table.y - 48) < 48 - images.examples.images.side)
        & (abs(table.x - 48) < 48 - images.examples.images.side)
    )[:5]
    assert len(inside)
    z = images.features(torch.from_numpy(inside))
    dense = DenseFeatures(movie, tap, precision="float32")
    for row, features in zip(inside, z, strict=True):
        top, left = (int(c[row]) - side // 2 for c in (table.y, table.x))
        expected = dense.read(int(table.t[row]), slice(top, top + side), slice(left, left + side))
        torch.testing.assert_close(
            features[0], torch.from_numpy(expected).float(), atol=5e-3, rtol=5e-3
        )


def test_image_windows_lie_on_the_grid_of_the_network() -> None:
    windows = ImageWindows(window=22, context=5, multiple=8)
    centres = np.arange(-5, 60)
    start, offset = windows.start(centres), windows.offset(centres)
    assert not (start % 8).any()
    assert (start + offset == centres - 11).all()
    assert offset.min() >= 5
    assert (offset + 22 + 5 <= windows.side).all()


def test_turning_shows_all_eight_symmetries() -> None:
    z = torch.arange(2 * 9.0).view(1, 2, 1, 3, 3).expand(8, -1, -1, -1, -1)
    shown = turned(z, torch.arange(8))
    assert len({tuple(crop.flatten().tolist()) for crop in shown}) == 8
    assert torch.equal(shown[0], z[0])
    assert torch.equal(shown.sum((3, 4)), z.sum((3, 4)))


def test_strategies_have_the_names_of_the_paper() -> None:
    assert strategy("A0") == ("frozen", HeadSettings("linear", "flatten"))
    assert strategy("B1") == ("random", HeadSettings("resnet", "flatten"))
    assert strategy("C1")[0] == "fine-tuned"
    with pytest.raises(ValueError, match="A0, A1, B0, B1, C0 or C1"):
        strategy("D0")


def test_masks_that_do_not_fit_are_refused() -> None:
    movie, mask, _ = painted_movie()
    shorter = movie.crop(frames=slice(0, 6))
    with pytest.raises(PaintError, match="painted on this movie"):
        next(train_head([shorter], [mask], small_tap(), SETTINGS))
    with pytest.raises(PaintError, match="2 movies need as many painted masks; got 1"):
        next(train_head([movie, movie], [mask], small_tap(), SETTINGS))
    other = replace(mask, classes=("death",))
    with pytest.raises(PaintError, match="different classes"):
        next(train_head([movie, movie], [mask, other], small_tap(), SETTINGS))


@pytest.mark.parametrize(
    "wrong", [{"features": "good"}, {"split": "half"}, {"memory_gb": 0}, {"steps": 0}]
)
def test_impossible_settings_are_refused(wrong) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        TrainHeadSettings(**wrong)


def stages(movie: Movie, mask: PaintedMask, rehearsals: int) -> tuple[list[str], TrainedClassifier]:
    """Kinds of reports in order, without repetition, and the trained classifier."""
    settings = replace(SETTINGS, rehearsals=rehearsals, splitting=SplitSettings(fraction=0))
    *reports, trained = train_head([movie], [mask], small_tap(), settings)
    assert isinstance(trained, TrainedClassifier)
    return [kind for kind, _ in groupby(type(report).__name__ for report in reports)], trained


def test_false_alarms_of_a_rehearsal_are_learned_as_nothing() -> None:
    movie, mask, _ = painted_movie()
    once = ["GatherReport", "TrainReport"]
    kinds, without = stages(movie, mask, 0)
    assert kinds == once
    kinds, with_rehearsal = stages(movie, mask, 2)
    assert kinds == [*once, "DetectReport"] * 2
    nothing, division = with_rehearsal.trained_on
    assert nothing > without.trained_on[0]
    assert division == without.trained_on[1]


def test_without_done_frames_there_is_nothing_to_rehearse() -> None:
    movie, mask, _ = painted_movie()
    paint = np.stack([mask.read(t) for t in range(mask.shape[0])])
    paint[:, :20, :20] = NOTHING_HERE
    kinds, _ = stages(movie, PaintedMask(open_movie(paint)), 2)
    assert kinds == ["GatherReport", "TrainReport"]
