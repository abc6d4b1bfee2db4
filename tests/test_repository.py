"""The pages of the repository tell the truth about it."""

from __future__ import annotations

import re
import subprocess
import tomllib
from functools import cache
from importlib import resources
from pathlib import Path

import pytest
import yaml

from tests.command_line import commands_by_verb, verb_at

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
CODE_BLOCK = re.compile(r"```(\w+)[^\n]*\n(.*?)```", re.DOTALL)

# A folder of somebody's machine, as opposed to a path relative to the checkout.
MACHINE_PATH = re.compile(r"(?<![\w.:/~}-])/(?:home|Users|root|work|tmp|mnt|opt)/|\b[A-Z]:\\\\")


@cache
def tracked_text_files() -> tuple[Path, ...]:
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listing.returncode != 0:
        pytest.skip("this is no git checkout, so nothing says which files belong to the project.")
    files = (ROOT / name for name in listing.stdout.split("\0") if name)
    return tuple(file for file in files if file.is_file() and is_text(file))


def is_text(file: Path) -> bool:
    return b"\0" not in file.read_bytes()[:8000] and file.suffix != ".svg"


def blocks(page: Path, language: str) -> list[str]:
    found = CODE_BLOCK.findall(page.read_text("utf8"))
    return [text for name, text in found if name == language]


def commands(program: str) -> list[tuple[str, str]]:
    """List (page, command line) for all shell blocks of all pages, continued lines joined."""
    lines = [
        (page.name, line.strip().removeprefix("$ "))
        for page in PAGES
        for language in ("bash", "sh", "console")
        for block in blocks(page, language)
        for line in block.replace("\\\n", " ").splitlines()
    ]
    return [(page, line) for page, line in lines if line.split(" ")[0] == program]


def make_targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text("utf8")
    return set(re.findall(r"^([a-z0-9-]+):", makefile, flags=re.MULTILINE))


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in tracked_text_files()
        for number, line in enumerate(file.read_text("utf8").splitlines(), start=1)
        if MACHINE_PATH.search(line) and file != Path(__file__)
    ]
    assert found == []


def test_make_commands_in_the_pages_exist() -> None:
    named = {line.split()[1] for _, line in commands("make")}
    assert {"demo", "test"} <= named
    assert named <= make_targets()


def test_command_lines_in_the_pages_use_verbs_and_options_that_exist() -> None:
    verbs = commands_by_verb()
    wrong = []
    for page, line in commands("cell-events"):
        words = line.split()[1:] or ["--help"]
        if words[0] == "--help":
            continue
        options = {word.partition("=")[0] for word in words if word.startswith("--")}
        parameters = getattr(verbs.get(verb_at(words)), "params", [])
        known = {name for option in parameters for name in option.opts}
        if not known or not options - {"--help"} <= known:
            wrong.append(f"{page}: {line}")
    assert wrong == []


def test_every_verb_is_shown_on_the_command_line_page() -> None:
    lines = [line.split()[1:] for page, line in commands("cell-events") if page == "cli.md"]
    assert set(commands_by_verb()) <= {verb_at(words) for words in lines}


def test_command_line_page_explains_every_option() -> None:
    page = (ROOT / "docs" / "cli.md").read_text("utf8")
    options = {
        option
        for command in commands_by_verb().values()
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--")
    }
    assert {option for option in options if f"`{option}`" not in page} == set()


def test_command_line_page_states_the_defaults_that_are_numbers() -> None:
    page = (ROOT / "docs" / "cli.md").read_text("utf8")
    for verb, command in commands_by_verb().items():
        defaults = {option: item.default for item in command.params for option in item.opts}
        section = re.split(r"^## ", page.partition(f"## {verb}\n")[2], flags=re.MULTILINE)[0]
        for row in re.findall(r"^\| (`--.*) \|$", section, flags=re.MULTILINE):
            options, stated = (
                re.findall(r"`(--[a-z-]+)`", row.split(" | ")[0]),
                row.split(" | ")[-1],
            )
            numbers = [float(word) for word in stated.split(", ") if re.fullmatch(r"[0-9.]+", word)]
            if numbers and defaults[options[0]] not in (None, [1]):
                assert numbers == [defaults[option] for option in options], (verb, row)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_examples_import_names_that_exist(page: Path) -> None:
    for block in blocks(page, "python"):
        imports = [line for line in block.splitlines() if re.match(r"(from|import) ", line)]
        exec("\n".join(imports), {})
        compile(block, page.name, "exec")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_to_files_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf8"))
    local = [link for link in links if not re.match(r"https?:|mailto:", link)]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_version_is_the_same_wherever_it_stands() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]["version"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf8"))
    assert citation["version"] == version


def test_manifest_bears_the_name_of_the_distribution() -> None:
    manifest = resources.files("cell_events").joinpath("napari.yaml").read_text("utf8")
    assert yaml.safe_load(manifest)["name"] == "napari-cell-events"
