"""Who may import whom: the table of docs/architecture.md, read from the imports themselves."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "cell_events"

VOCABULARY = frozenset({"movie", "events"})
CORE = VOCABULARY | {
    "tracks",
    "engine",
    "simulation",
    "time_arrow",
    "recognition",
    "mitosis",
    "dry_mass",
    "series",
    "trust",
}

MAY_IMPORT: dict[str, frozenset[str]] = {
    "__init__": VOCABULARY,
    "movie": frozenset(),
    "events": frozenset(),
    "tracks": VOCABULARY,
    "simulation": VOCABULARY,
    "review": VOCABULARY,
    "engine": VOCABULARY,
    "time_arrow": VOCABULARY | {"engine"},
    "recognition": VOCABULARY | {"engine", "time_arrow"},
    "mitosis": VOCABULARY | {"engine"},
    "dry_mass": VOCABULARY | {"engine", "tracks"},
    "series": VOCABULARY | {"engine", "tracks"},
    "trust": VOCABULARY | {"engine"},
    "project": VOCABULARY | {"engine"},
    "jobs": CORE,
    "worker": CORE | {"jobs"},
    "cli": CORE | {"jobs"},
    "gui": VOCABULARY
    | {"tracks", "review", "project", "simulation", "dry_mass", "series", "trust", "jobs"},
}
# A part is a folder or a file; a part that outgrew its file has others beside it.
FILES_BESIDE = {
    "movie": (
        "decoded_cache",
        "frames",
        "physical_units",
        "planes",
        "sampling",
        "sources",
        "stored_axes",
        "tiff_folder",
        "tiff_images",
        "tiff_metadata",
        "tiff_planes",
        "tiff_source",
        "zarr_source",
        "zarr_windows",
    ),
    "events": ("csv_columns", "event", "matching", "whole_files"),
    "tracks": (
        "track_branches",
        "track_candidates",
        "track_ctc",
        "track_divisions",
        "track_files",
        "track_geff",
        "track_linking",
        "track_sources",
        "track_spots",
        "track_trackmate",
        "track_trackmate_csv",
    ),
    "cli": ("progress_bar",),
    "worker": ("worker_finish", "worker_inbox", "worker_priority", "worker_progress"),
}
BELONGS_TO = {file: part for part, files in FILES_BESIDE.items() for file in files}

USE_TORCH = {"engine", "time_arrow", "recognition", "mitosis", "dry_mass", "series", "trust"}
USE_TORCH_IN_FUNCTIONS = {"jobs"}
USE_QT = {"gui"}
QT = {"PyQt5", "PyQt6", "PySide6", "magicgui", "napari", "pyqtgraph", "qtpy", "superqt"}

LIGHT = [
    "cell_events",
    "cell_events.cli",
    "cell_events.jobs",
    "cell_events.project",
    "cell_events.gui",
]


class Import(NamedTuple):
    """One import statement: who asks for what, and whether at module level."""

    file: Path
    part: str
    target: str
    at_module_level: bool


def part_of(dotted: str) -> str:
    """Name the part that a module of ours, such as `cell_events.engine.tiles`, belongs to."""
    name = dotted.split(".")[1] if "." in dotted else "__init__"
    return BELONGS_TO.get(name, name)


def imported_names(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.Import):
        return [alias.name for alias in statement.names]
    if isinstance(statement, ast.ImportFrom) and statement.module == "cell_events":
        return [f"cell_events.{alias.name}" for alias in statement.names]
    if isinstance(statement, ast.ImportFrom) and statement.module:
        return [statement.module]
    return []


def is_for_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def walk_statements(node: ast.AST, at_module_level: bool) -> Iterator[tuple[ast.stmt, bool]]:
    """Yield every statement that can run, and whether it runs when the module is imported."""
    for child in ast.iter_child_nodes(node):
        if is_for_types_only(child):
            continue
        if isinstance(child, ast.stmt):
            yield child, at_module_level
        inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
        yield from walk_statements(child, at_module_level and not inside)


def all_imports() -> Iterator[Import]:
    for file in sorted(PACKAGE.rglob("*.py")):
        part = part_of(f"cell_events.{file.relative_to(PACKAGE).parts[0].removesuffix('.py')}")
        for statement, at_module_level in walk_statements(ast.parse(file.read_text("utf8")), True):
            for target in imported_names(statement):
                yield Import(file.relative_to(ROOT), part, target, at_module_level)


IMPORTS = list(all_imports())


def is_ours(name: str) -> bool:
    return name.partition(".")[0] == "cell_events"


def test_every_part_stands_in_the_table_and_every_row_is_a_part() -> None:
    names = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or path.is_dir()}
    with_code = {
        name
        for name in names
        if (PACKAGE / f"{name}.py").exists() or any((PACKAGE / name).rglob("*.py"))
    }
    assert {BELONGS_TO.get(name, name) for name in with_code} == set(MAY_IMPORT)


def test_parts_import_only_what_the_table_allows() -> None:
    forbidden = [
        f"{found.file} imports {found.target}"
        for found in IMPORTS
        if is_ours(found.target)
        and found.target != "cell_events"
        and (target := part_of(found.target)) != found.part
        and target in MAY_IMPORT  # a name such as __version__ is no part
        and target not in MAY_IMPORT[found.part]
    ]
    assert forbidden == []


def test_torch_is_imported_by_the_networks_and_inside_functions_of_jobs_only() -> None:
    forbidden = [
        f"{found.file} imports {found.target}"
        for found in IMPORTS
        if found.target.partition(".")[0] == "torch"
        and found.part not in USE_TORCH
        and (found.at_module_level or found.part not in USE_TORCH_IN_FUNCTIONS)
    ]
    assert forbidden == []


def test_only_gui_knows_napari_and_qt() -> None:
    forbidden = [
        f"{found.file} imports {found.target}"
        for found in IMPORTS
        if found.target.partition(".")[0] in QT and found.part not in USE_QT
    ]
    assert forbidden == []


def modules_loaded_by(statement: str) -> set[str]:
    code = f"{statement}\nimport sys\nprint('\\n'.join(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    return set(run.stdout.split())


@pytest.mark.parametrize("module", LIGHT)
def test_light_modules_load_no_torch(module: str) -> None:
    assert "torch" not in modules_loaded_by(f"import {module}")


def test_every_module_of_the_plugin_loads_without_torch() -> None:
    names = [
        f"cell_events.{'.'.join(file.relative_to(PACKAGE).with_suffix('').parts)}"
        for file in sorted((PACKAGE / "gui").rglob("*.py"))
        if file.stem != "__init__"
    ]
    assert "torch" not in modules_loaded_by(f"import {', '.join(names)}")


@pytest.mark.parametrize("module", [module for module in LIGHT if module != "cell_events.gui"])
def test_modules_without_widgets_load_no_qt(module: str) -> None:
    assert not modules_loaded_by(f"import {module}") & QT


def test_architecture_page_has_a_row_for_every_part() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf8")
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in row.replace("`", " ").split()}
    assert set(MAY_IMPORT) - {"__init__"} <= named
