"""A project finds its movie again, and refuses another."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tifffile

from cell_events.movie import open_movie
from cell_events.project import MovieReference, Project, ProjectError

PIXELS = np.arange(3 * 8 * 9, dtype=np.uint16).reshape(3, 8, 9)


def written(path: Path, pixels: np.ndarray = PIXELS) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    tifffile.imwrite(path, pixels, photometric="minisblack")
    return path


def test_a_reference_says_how_to_open_the_movie_again(tmp_path: Path) -> None:
    path = written(tmp_path / "movie.tif")
    movie = open_movie(path, axes="TYX", pixel_size_um=0.5)
    reference = MovieReference.of(movie, axes="TYX", pixel_size_um=0.5)
    again = reference.open()
    assert (again.shape, again.pixel_size_um, again.path) == ((3, 8, 9), 0.5, path)
    reference.check(again)


def test_movies_are_kept_and_the_same_one_is_added_once(tmp_path: Path) -> None:
    movie = open_movie(written(tmp_path / "movie.tif"), axes="TYX")
    other = open_movie(PIXELS + 1)
    with Project.create(tmp_path / "p.cellevents") as project:
        reference = MovieReference.of(movie, axes="TYX")
        assert project.add_movie(reference) == project.add_movie(reference) == "movie-1"
        assert project.add_movie(MovieReference.of(other)) == "movie-2"
    with Project.open(tmp_path / "p.cellevents") as project:
        assert project.movies["movie-1"] == reference
        assert project.find_movie(reference.fingerprint) == "movie-1"
        assert project.find_movie("of nothing") is None
        assert project.missing_movies() == ["movie-2"]


def test_a_movie_that_moved_along_with_its_project_is_found(tmp_path: Path) -> None:
    path = written(tmp_path / "here" / "raw" / "movie.tif")
    with Project.create(tmp_path / "here" / "p.cellevents") as project:
        project.add_movie(MovieReference.of(open_movie(path, axes="TYX")))
    moved = (tmp_path / "here").rename(tmp_path / "there")
    with Project.open(moved / "p.cellevents") as project:
        assert project.missing_movies() == []
        assert project.movies["movie-1"].path == moved / "raw" / "movie.tif"


def test_a_movie_that_moved_alone_can_be_relocated(tmp_path: Path) -> None:
    path = written(tmp_path / "movie.tif")
    with Project.create(tmp_path / "p.cellevents") as project:
        project.add_movie(MovieReference.of(open_movie(path, axes="TYX")))
    moved = path.rename(tmp_path / "renamed.tif")
    with Project.open(tmp_path / "p.cellevents") as project:
        assert project.missing_movies() == ["movie-1"]
        project.check_movie("movie-1", open_movie(moved, axes="TYX"))
        project.relocate("movie-1", moved)
    with Project.open(tmp_path / "p.cellevents") as project:
        assert project.movies["movie-1"].path == moved


@pytest.mark.parametrize(
    ("pixels", "reason"),
    [(PIXELS[:2], "shape"), (PIXELS.astype("f4"), "float32"), (PIXELS + 1, "pixels differ")],
)
def test_another_movie_is_refused_with_the_reason(
    tmp_path: Path, pixels: np.ndarray, reason: str
) -> None:
    with Project.create(tmp_path / "p.cellevents") as project:
        name = project.add_movie(MovieReference.of(open_movie(PIXELS)))
        with pytest.raises(ProjectError, match=reason):
            project.check_movie(name, open_movie(pixels))
