"""Make a model trained with tarrow ours: the job `import-tarrow`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cell_events.jobs.checks import make_folder_of
from cell_events.jobs.reports import Report, Result


@dataclass(frozen=True, slots=True)
class ImportTarrow:
    """Read a tarrow model folder and write a model file with the same features.

    Attributes
    ----------
    folder
        Holds `model_state.pt` and `model_kwargs.yaml`. No code in them is run.
    model
        Model file to write.
    """

    folder: Path
    model: Path


def run_import_tarrow(job: ImportTarrow) -> Iterator[Report]:
    """Convert; a single result."""
    from cell_events.engine.model_file import save_model
    from cell_events.time_arrow.tarrow_import import import_tarrow

    make_folder_of(job.model)
    network, header = import_tarrow(job.folder)
    header = save_model(job.model, network, header)
    yield Result(
        {
            "model": str(job.model),
            "digest": header.weights_digest,
            "head": header.provenance.get("head", ""),
        }
    )
