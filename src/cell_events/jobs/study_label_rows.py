"""The rows of the study of label efficiency: which events are painted, and what is learned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from cell_events.engine.device import prepare_cpu
from cell_events.engine.seeds import numpy_generator
from cell_events.jobs.checks import JobError
from cell_events.jobs.reports import Report, Result
from cell_events.jobs.study_judging import EVENT_METRICS, judged
from cell_events.jobs.study_labels import END_TO_END, RANDOM, StudyLabels
from cell_events.jobs.study_learning import trained
from cell_events.jobs.study_opening import OpenedStudy, opened, settings_of, shown_settings
from cell_events.jobs.study_steps import Measuring, StudyStep, measure_steps, told_refused
from cell_events.matching import Tolerance
from cell_events.recognition.classifier import HeadSettings, tap_arguments
from cell_events.recognition.crops import CropSettings
from cell_events.recognition.painted_events import PaintedEvent, only_events, with_paint
from cell_events.recognition.splits import SplitSettings
from cell_events.recognition.train_settings import FeatureChoice, TrainHeadSettings
from cell_events.time_arrow.pretrain import initial_network
from cell_events.trust.study_folder import StudyFolder, StudyPlace, open_study
from cell_events.trust.study_page import write_tables
from cell_events.trust.study_table import StudyRow, StudyTable, collected

TABLE = "label-efficiency"


@dataclass(frozen=True)
class LabelStudy:
    """What every row needs: the parted movie, and the events to choose from."""

    job: StudyLabels
    opened: OpenedStudy
    painted: tuple[PaintedEvent, ...]

    @property
    def usable(self) -> list[int]:
        """Events that are painted in both frames of a pair, by their place in `painted`."""
        delta = self.job.delta
        return [
            i
            for i, one in enumerate(self.painted)
            if {t + delta for t in one.places} & set(one.places)
        ]

    def counts(self) -> list[int]:
        """Numbers of events that are learned from."""
        most = len(self.usable)
        if self.job.counts:
            return sorted({min(count, most) for count in self.job.counts})
        doubled = [2**power for power in range(1, 20) if 2**power < most]
        return [*doubled, most]

    def chosen(self, count: int, seed: int) -> frozenset[int]:
        """Events of one row: each larger set of a seed holds the smaller ones.

        Classes take turns, so that each is there.
        """
        random = numpy_generator(seed, 0, "painted events")
        drawn = random.permutation(self.usable).tolist()
        by_kind = [
            [i for i in drawn if self.painted[i].event.kind == kind] for kind in self.job.classes
        ]
        rank = {i: place for group in by_kind for place, i in enumerate(group)}
        return frozenset(sorted(drawn, key=lambda i: rank[i])[:count])


def study_labels(job: StudyLabels) -> Iterator[Report]:
    """Measure what is missing, then write table, picture and page."""
    prepare_cpu()
    study = label_study(job)
    folder = open_study(job.out, settings_of("labels", job, study.opened, ("ways", "counts")))
    rows = label_rows(job, study.counts())
    steps = [
        StudyStep(StudyPlace(TABLE, row.name, seed), partial(_measured, study, row, seed))
        for seed in range(job.seeds)
        for row in rows
    ]
    refused = yield from measure_steps(folder, steps, partial(_written, study, folder, rows))
    yield Result(_written(study, folder, rows, refused))


def _written(
    study: LabelStudy, folder: StudyFolder, rows: Sequence[StudyRow], refused: Mapping[str, str]
) -> dict[str, Any]:
    """Write what is known so far; give the result."""
    job = study.job
    table = label_table(folder, rows, range(job.seeds), job)
    notes = {"split": study.opened.words}
    if refused:
        notes["warning"] = told_refused(refused)
    written = write_tables(job.out, "Label efficiency", [table], notes, shown_settings(job))
    return {"written": [str(path) for path in written], "measurements": len(table.measured)}


def label_rows(job: StudyLabels, counts: Sequence[int]) -> list[StudyRow]:
    """Rows of the table, those of few events first."""
    return [
        StudyRow(f"{way}, {count} events", way, float(count))
        for count in counts
        for way in job.ways
    ]


def label_table(
    folder: StudyFolder, rows: Sequence[StudyRow], seeds: Sequence[int], job: StudyLabels
) -> StudyTable:
    """Collect what is known of the rows."""
    ordered = sorted(rows, key=lambda row: job.ways.index(row.line))
    told_frames = f"{job.frames} frame{'s' * (job.frames != 1)}"
    return StudyTable(
        name=TABLE,
        title="How many painted events are enough?",
        about=(
            "Events of the learned part are painted one after the other, and found again in the "
            f"part judged on, within {job.radius_px:g} pixels and {told_frames}. AP is the "
            "average precision over all thresholds; the others are at a threshold of 0.5. Places "
            "of events that are not painted yet are not used at all; all other places of the done "
            "frames are known to show nothing, whatever the number of events."
        ),
        rows=tuple(ordered),
        metrics=EVENT_METRICS,
        measured=collected(folder, TABLE, rows, seeds),
        asked_seeds=len(seeds),
        x_name="painted events",
    )


def label_study(job: StudyLabels) -> LabelStudy:
    """Open everything, and find the paint of each event.

    Raises
    ------
    ValueError
        If the movie does not suffice for a study, in one sentence.
    """
    study = opened(job)
    part = study.learned
    labels = LabelStudy(job, study, with_paint(part.mask, part.events, job.delta))
    least = 2 * len(job.classes)
    if len(labels.usable) < least:
        raise JobError(
            f"Events of the part to learn from that are painted in both frames of a pair: "
            f"{len(labels.usable)}; paint at least {least}."
        )
    return labels


def _measured(study: LabelStudy, row: StudyRow, seed: int) -> Measuring:
    """Learn from some events, and look for those of the other part."""
    job, part, device = study.job, study.opened.learned, study.opened.device
    shown = [study.painted[i] for i in sorted(study.chosen(int(row.x or 0), seed))]
    mask = only_events(part.mask, shown)
    tap, cache = study.opened.tap, job.cache
    if row.line == END_TO_END:  # what it learns is used once, so that it is not kept
        tap, cache = initial_network(seed, **tap_arguments(tap)).to(device), None
    settings = label_settings(job, _features(row.line), seed)
    end = yield from trained(part.movie, mask, tap, settings, device, cache)
    tolerance = Tolerance(job.radius_px, job.frames)
    return (yield from judged(end.classifier, study.opened.judged, None, tolerance, cache))


def _features(way: str) -> FeatureChoice:
    if way == END_TO_END:
        return "fine-tuned"
    return "random" if way == RANDOM else "frozen"


def label_settings(job: StudyLabels, features: FeatureChoice, seed: int) -> TrainHeadSettings:
    """How one classifier of the study is trained; all have the same head."""
    return TrainHeadSettings(
        features=features,
        head=HeadSettings("pyramid"),
        crops=CropSettings(size=job.crop_size, delta=job.delta, seed=seed),
        splitting=SplitSettings(fraction=0),
        steps=job.end_to_end_steps if features == "fine-tuned" else job.steps,
        batch_size=job.batch,
        rehearsals=job.rehearsals,
        seed=seed,
    )
