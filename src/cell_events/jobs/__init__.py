"""Every button is a command: one frozen dataclass and one function for each verb.

`run(job)` yields `Progress` and at the end one `Result`. A job travels as JSON (`to_json`,
`from_json`), and `to_command` gives the command line that repeats it. Torch is loaded when a job
that needs it runs, not before.
"""

from cell_events.jobs.anomalies_detect import AnomaliesDetect
from cell_events.jobs.anomalies_train import AnomaliesTrain
from cell_events.jobs.calibrate import Calibrate
from cell_events.jobs.checks import JobError
from cell_events.jobs.command import to_command
from cell_events.jobs.demo import Demo
from cell_events.jobs.detect import Detect
from cell_events.jobs.evaluate import Evaluate
from cell_events.jobs.explain import Explain
from cell_events.jobs.export import Export
from cell_events.jobs.import_tarrow import ImportTarrow
from cell_events.jobs.info import Info
from cell_events.jobs.measure import Measure
from cell_events.jobs.mitosis_map import MitosisMap
from cell_events.jobs.mitosis_plan import MitosisPlan
from cell_events.jobs.mitosis_train import MitosisTrain
from cell_events.jobs.movie_source import MovieSource
from cell_events.jobs.prepare import Prepare
from cell_events.jobs.pretrain import Pretrain
from cell_events.jobs.registry import VERBS, Job, from_json, run, to_json, verb_of
from cell_events.jobs.reports import Progress, Report, Result, report_to_json
from cell_events.jobs.segments_detect import SegmentsDetect
from cell_events.jobs.segments_pretrain import SegmentsPretrain
from cell_events.jobs.segments_train import SegmentsTrain
from cell_events.jobs.study_labels import StudyLabels
from cell_events.jobs.study_mitosis import StudyMitosis
from cell_events.jobs.study_recognition import StudyRecognition
from cell_events.jobs.train import Train
from cell_events.jobs.update import Update

__all__ = [
    "VERBS",
    "AnomaliesDetect",
    "AnomaliesTrain",
    "Calibrate",
    "Demo",
    "Detect",
    "Evaluate",
    "Explain",
    "Export",
    "ImportTarrow",
    "Info",
    "Job",
    "JobError",
    "Measure",
    "MitosisMap",
    "MitosisPlan",
    "MitosisTrain",
    "MovieSource",
    "Prepare",
    "Pretrain",
    "Progress",
    "Report",
    "Result",
    "SegmentsDetect",
    "SegmentsPretrain",
    "SegmentsTrain",
    "StudyLabels",
    "StudyMitosis",
    "StudyRecognition",
    "Train",
    "Update",
    "from_json",
    "report_to_json",
    "run",
    "to_command",
    "to_json",
    "verb_of",
]
