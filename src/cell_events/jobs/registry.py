"""The verbs: how jobs are run, and how they travel as JSON."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from cell_events.jobs.anomalies_detect import AnomaliesDetect
from cell_events.jobs.anomalies_detection import run_anomalies_detect
from cell_events.jobs.anomalies_train import AnomaliesTrain
from cell_events.jobs.anomalies_training import run_anomalies_train
from cell_events.jobs.calibrate import Calibrate, run_calibrate
from cell_events.jobs.checks import JobError
from cell_events.jobs.demo import Demo, run_demo
from cell_events.jobs.detect import Detect, run_detect
from cell_events.jobs.evaluate import Evaluate, run_evaluate
from cell_events.jobs.explain import Explain, run_explain
from cell_events.jobs.export import Export, run_export
from cell_events.jobs.import_tarrow import ImportTarrow, run_import_tarrow
from cell_events.jobs.info import Info, run_info
from cell_events.jobs.measure import Measure
from cell_events.jobs.measuring import run_measure
from cell_events.jobs.mitosis_map import MitosisMap, run_mitosis_map
from cell_events.jobs.mitosis_plan import MitosisPlan, run_mitosis_plan
from cell_events.jobs.mitosis_train import MitosisTrain
from cell_events.jobs.mitosis_training import run_mitosis_train
from cell_events.jobs.overwriting import check_nothing_is_overwritten
from cell_events.jobs.prepare import Prepare, run_prepare
from cell_events.jobs.pretrain import Pretrain, run_pretrain
from cell_events.jobs.reports import Report
from cell_events.jobs.segments_detect import SegmentsDetect
from cell_events.jobs.segments_detection import run_segments_detect
from cell_events.jobs.segments_pretrain import SegmentsPretrain
from cell_events.jobs.segments_pretraining import run_segments_pretrain
from cell_events.jobs.segments_train import SegmentsTrain
from cell_events.jobs.segments_training import run_segments_train
from cell_events.jobs.study_labels import StudyLabels, run_study_labels
from cell_events.jobs.study_mitosis import StudyMitosis, run_study_mitosis
from cell_events.jobs.study_recognition import StudyRecognition, run_study_recognition
from cell_events.jobs.train import Train, run_train
from cell_events.jobs.update import Update, run_update

MitosisJob = MitosisMap | MitosisPlan | MitosisTrain
PaintJob = Pretrain | Train | Prepare | Update | Calibrate
DryMassJob = Measure | AnomaliesTrain | AnomaliesDetect
SegmentsJob = SegmentsPretrain | SegmentsTrain | SegmentsDetect
CurveJob = DryMassJob | SegmentsJob
StudyJob = StudyRecognition | StudyMitosis | StudyLabels
TrustJob = Evaluate | Explain | StudyJob
Job = PaintJob | CurveJob | MitosisJob | TrustJob | Detect | Export | Info | ImportTarrow | Demo

VERBS: Mapping[str, tuple[type[Any], Callable[[Any], Iterator[Report]]]] = {
    "pretrain": (Pretrain, run_pretrain),
    "train": (Train, run_train),
    "prepare": (Prepare, run_prepare),
    "update": (Update, run_update),
    "mitosis map": (MitosisMap, run_mitosis_map),
    "mitosis plan": (MitosisPlan, run_mitosis_plan),
    "mitosis train": (MitosisTrain, run_mitosis_train),
    "measure": (Measure, run_measure),
    "anomalies train": (AnomaliesTrain, run_anomalies_train),
    "anomalies detect": (AnomaliesDetect, run_anomalies_detect),
    "segments pretrain": (SegmentsPretrain, run_segments_pretrain),
    "segments train": (SegmentsTrain, run_segments_train),
    "segments detect": (SegmentsDetect, run_segments_detect),
    "detect": (Detect, run_detect),
    "calibrate": (Calibrate, run_calibrate),
    "evaluate": (Evaluate, run_evaluate),
    "study recognition": (StudyRecognition, run_study_recognition),
    "study mitosis": (StudyMitosis, run_study_mitosis),
    "study labels": (StudyLabels, run_study_labels),
    "explain": (Explain, run_explain),
    "export": (Export, run_export),
    "info": (Info, run_info),
    "import-tarrow": (ImportTarrow, run_import_tarrow),
    "demo": (Demo, run_demo),
}


def verb_of(job: Job) -> str:
    """Name of the command that a job belongs to."""
    for verb, (job_class, _) in VERBS.items():
        if type(job) is job_class:
            return verb
    raise TypeError(f"{type(job).__name__} is not a job.")


def run(job: Job) -> Iterator[Report]:
    """Do a job, yielding progress and at the end one result.

    Nothing happens before the first report is asked for. A caller that wants to stop closes the
    iterator; files are written whole or not at all.

    Raises
    ------
    JobError
        If the job would write over what it reads.
    """
    verb = verb_of(job)
    check_nothing_is_overwritten(verb, job)
    return VERBS[verb][1](job)


def to_json(job: Job) -> dict[str, Any]:
    """Give a job as plain JSON values; the verb is under the key "verb"."""
    encoded: dict[str, Any] = _encoded(job)
    return {"verb": verb_of(job), **encoded}


def from_json(values: Mapping[str, Any]) -> Job:
    """Make the job that `to_json` wrote.

    Raises
    ------
    JobError
        If the verb or a setting is unknown, missing, or of the wrong type.
    """
    verb = str(values.get("verb"))
    if verb not in VERBS:
        raise JobError(f"verb must be one of {', '.join(VERBS)}; got {verb!r}.")
    settings = {name: value for name, value in values.items() if name != "verb"}
    job: Job = _decoded(f"job {verb}", settings, VERBS[verb][0])
    return job


def _encoded(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _encoded(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_encoded(entry) for entry in value]
    return str(value) if isinstance(value, Path) else value


def _decoded(name: str, value: Any, hint: Any) -> Any:
    """Turn plain JSON values into what the type hint of a setting asks for."""
    if is_dataclass(hint):
        return _decoded_dataclass(name, value, hint)
    if get_origin(hint) in (types.UnionType, Union):
        return _decoded_union(name, value, get_args(hint))
    if get_origin(hint) is tuple and isinstance(value, list):
        return tuple(_decoded(name, entry, get_args(hint)[0]) for entry in value)
    if hint is Path and isinstance(value, str):
        return Path(value)
    if hint is float and type(value) is int:
        return float(value)
    if hint in (str, int, float, bool, types.NoneType) and type(value) is hint:
        return value
    raise JobError(f"{name} has the wrong type: {value!r}.")


def _decoded_union(name: str, value: Any, hints: tuple[Any, ...]) -> Any:
    """Take the first alternative that fits."""
    for hint in hints:
        try:
            return _decoded(name, value, hint)
        except JobError:
            continue
    raise JobError(f"{name} has the wrong type: {value!r}.")


def _decoded_dataclass(name: str, value: Any, hint: Any) -> Any:
    hints = get_type_hints(hint)
    if not isinstance(value, Mapping):
        raise JobError(f"{name} must be a JSON object, got {value!r}.")
    unknown = sorted(value.keys() - hints.keys())
    if unknown:
        raise JobError(f"{name} has no setting {unknown[0]!r}; it has {', '.join(hints)}.")
    try:
        return hint(**{key: _decoded(key, entry, hints[key]) for key, entry in value.items()})
    except TypeError as error:
        raise JobError(f"{name} is incomplete: {error}.") from error
