"""The wheel, the source distribution and the editable installation hold what napari looks for."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.slow


def run(*arguments: str | Path, cwd: Path) -> str:
    finished = subprocess.run(
        [str(argument) for argument in arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the source distribution and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("built")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, cwd=ROOT)
    return folder


@pytest.fixture(scope="module")
def editable_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("editable")
    build = "import hatchling.build, sys; hatchling.build.build_editable(sys.argv[1])"
    run(sys.executable, "-c", build, folder, cwd=ROOT)
    return only(folder, "*.whl")


def only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


class FreshEnvironment:
    """An environment that holds one wheel, and sees the dependencies of the running one."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        venv.create(folder, with_pip=False)
        self.folder = folder
        self.programs = folder / ("Scripts" if os.name == "nt" else "bin")
        self.python = self.programs / ("python.exe" if os.name == "nt" else "python")
        self._install(wheel)
        self._see_dependencies_of_the_running_environment()

    def _install(self, wheel: Path) -> None:
        pip = [sys.executable, "-m", "pip", "--python", self.python, "install"]
        run(*pip, "--quiet", "--no-deps", "--no-index", wheel, cwd=self.folder)

    def _see_dependencies_of_the_running_environment(self) -> None:
        base = str(self.folder)
        own = sysconfig.get_path("purelib", "venv", vars={"base": base, "platbase": base})
        theirs = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
        Path(own, "dependencies.pth").write_text("\n".join(sorted(theirs)), encoding="utf8")

    def evaluate(self, expression: str) -> str:
        code = f"import cell_events; print({expression})"
        return run(self.python, "-c", code, cwd=self.folder).strip()

    def validate_manifest(self) -> str:
        return run(
            self.python,
            "-m",
            "npe2",
            "validate",
            "--imports",
            "napari-cell-events",
            cwd=self.folder,
        )


@pytest.fixture(scope="module")
def from_wheel(tmp_path_factory: pytest.TempPathFactory, built: Path) -> FreshEnvironment:
    return FreshEnvironment(tmp_path_factory.mktemp("fresh"), only(built, "*.whl"))


@pytest.fixture(scope="module")
def from_source(tmp_path_factory: pytest.TempPathFactory, editable_wheel: Path) -> FreshEnvironment:
    return FreshEnvironment(tmp_path_factory.mktemp("fresh"), editable_wheel)


def test_manifest_is_one_file_and_a_link_to_it() -> None:
    inside = ROOT / "src" / "cell_events" / "napari.yaml"
    assert inside.is_symlink()
    assert inside.resolve() == ROOT / "napari.yaml"


def test_source_distribution_holds_the_manifest(built: Path) -> None:
    with tarfile.open(only(built, "*.tar.gz")) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"napari.yaml", "pyproject.toml", "LICENSE", "src/cell_events/__init__.py"} <= names
    assert not [name for name in names if name.startswith((".venv", "site/", "demo/"))]


def test_wheel_holds_the_manifest_once_and_the_typing_marker(built: Path) -> None:
    with zipfile.ZipFile(only(built, "*.whl")) as archive:
        names = archive.namelist()
        manifest = archive.read("cell_events/napari.yaml")
    assert names.count("cell_events/napari.yaml") == 1
    assert "cell_events/py.typed" in names
    assert manifest == (ROOT / "napari.yaml").read_bytes()


def test_wheel_holds_every_file_of_the_package(built: Path) -> None:
    package = ROOT / "src" / "cell_events"
    files = {
        f"cell_events/{path.relative_to(package).as_posix()}"
        for path in package.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    with zipfile.ZipFile(only(built, "*.whl")) as archive:
        assert files <= set(archive.namelist())


def test_wheel_works_in_a_fresh_environment(from_wheel: FreshEnvironment) -> None:
    assert Path(from_wheel.evaluate("cell_events.__file__")).is_relative_to(from_wheel.folder)
    assert "valid" in from_wheel.validate_manifest()


def test_command_of_the_wheel_explains_itself(from_wheel: FreshEnvironment) -> None:
    assert "detect" in run(from_wheel.programs / "cell-events", "--help", cwd=from_wheel.folder)


def test_editable_installation_works_in_a_fresh_environment(from_source: FreshEnvironment) -> None:
    assert Path(from_source.evaluate("cell_events.__file__")).is_relative_to(ROOT / "src")
    assert "valid" in from_source.validate_manifest()
