"""Which project a movie belongs to: found beside it, begun, moved, changed, or locked."""

import shutil

import pytest
import tifffile
from napari.components import ViewerModel

from cell_events.gui.layers.layer_axes import placement
from cell_events.gui.project_desk import LookedAt, ProjectDesk
from cell_events.project import Project, ProjectError
from tests.gui.small_movies import opened, pixels, written


@pytest.fixture
def viewer():
    return ViewerModel()


@pytest.fixture
def new_desk(qapp):
    """Function that gives a desk, as another window would have one."""

    def new_desk():
        made.append(ProjectDesk())
        return made[-1]

    made = []
    yield new_desk
    for desk in made:
        desk.close()


def written_with_channels(path):
    data = pixels(shape=(6, 2, 40, 50))
    tifffile.imwrite(path, data, imagej=True, metadata={"axes": "TCYX"})
    return path


def look(desk, layer, axes="TYX", plane=None):
    return desk.look_at(layer, placement(layer, axes, plane))


def test_a_project_begins_beside_its_movie_and_is_found_there_again(new_desk, viewer, tmp_path):
    movie = opened(viewer, written(tmp_path / "my cells.tif"))
    desk = new_desk()
    assert look(desk, movie).movie_id is None
    assert desk.project is None
    assert not list(tmp_path.glob("*.cellevents"))  # looking leaves nothing behind
    assert desk.take_in(look(desk, movie)).movie_id == "movie-1"
    assert desk.project.path == tmp_path / "my-cells.cellevents"
    assert desk.is_writable
    desk.close()
    again = new_desk()
    assert look(again, movie).movie_id == "movie-1"
    assert again.project.path == tmp_path / "my-cells.cellevents"


def test_a_movie_in_no_file_or_in_a_chosen_folder_has_its_project_there(
    new_desk, viewer, tmp_path, projects_at_home
):
    desk = new_desk()
    desk.take_in(look(desk, viewer.add_image(pixels(), name="no file")))
    assert desk.project.path == projects_at_home / "no-file.cellevents"
    desk.close()
    desk.new_projects = tmp_path / "chosen"
    desk.take_in(look(desk, opened(viewer, written(tmp_path / "cells.tif"))))
    assert desk.project.path == tmp_path / "chosen" / "cells.cellevents"


def test_two_movies_become_two_of_one_project_and_keep_their_ids(new_desk, viewer, tmp_path):
    first = opened(viewer, written(tmp_path / "a" / "first.tif", seed=1))
    second = opened(viewer, written(tmp_path / "b" / "second.tif", seed=2))
    desk = new_desk()
    assert desk.take_in(look(desk, first)).movie_id == "movie-1"
    assert desk.take_in(look(desk, second)).movie_id == "movie-2"
    assert look(desk, first).movie_id == "movie-1"
    assert desk.take_in(look(desk, second)).movie_id == "movie-2"
    assert [movie.name for movie in desk.project.movies.values()] == ["first", "second"]
    assert desk.source_of("movie-2").path == tmp_path / "b" / "second.tif"
    assert not (tmp_path / "b" / "second.cellevents").exists()


def test_a_moved_movie_is_recognised_by_its_pixels(new_desk, viewer, tmp_path):
    desk = new_desk()
    desk.take_in(look(desk, opened(viewer, written(tmp_path / "here" / "cells.tif"))))
    (tmp_path / "there").mkdir()
    shutil.move(tmp_path / "here" / "cells.tif", tmp_path / "there" / "renamed.tif")
    assert desk.source_of("movie-1") is None
    assert desk.project.missing_movies() == ["movie-1"]
    assert look(desk, opened(viewer, tmp_path / "there" / "renamed.tif")).movie_id == "movie-1"
    assert desk.source_of("movie-1").path == tmp_path / "there" / "renamed.tif"
    desk.close()
    with Project.open(tmp_path / "here" / "cells.cellevents") as project:
        assert project.movies["movie-1"].path == tmp_path / "there" / "renamed.tif"


def test_a_copy_elsewhere_does_not_replace_a_movie_that_is_still_there(new_desk, viewer, tmp_path):
    path = written(tmp_path / "here" / "cells.tif")
    desk = new_desk()
    desk.take_in(look(desk, opened(viewer, path)))
    copy = written(tmp_path / "there" / "cells.tif")
    assert look(desk, opened(viewer, copy)).movie_id == "movie-1"
    assert desk.source_of("movie-1").path == path


def test_a_changed_movie_is_refused_with_the_reason_and_not_taken_in(new_desk, viewer, tmp_path):
    desk = new_desk()
    path = written(tmp_path / "cells.tif")
    desk.take_in(look(desk, opened(viewer, path)))
    other_pixels = opened(viewer, written(path, seed=1))
    reason = "shape and type are the same, but the pixels differ"
    with pytest.raises(ProjectError, match=reason):
        look(desk, other_pixels)
    with pytest.raises(ProjectError, match=reason):
        desk.take_in(LookedAt(other_pixels, placement(other_pixels, "TYX")))
    other_shape = opened(viewer, written(path, shape=(5, 40, 50)))
    with pytest.raises(ProjectError, match=r"\(5, 40, 50\), expected \(6, 40, 50\)"):
        look(desk, other_shape)
    assert list(desk.project.movies) == ["movie-1"]


def test_a_second_window_reads_and_may_not_take_in_or_relocate(new_desk, viewer, tmp_path):
    path = written(tmp_path / "here" / "cells.tif")
    movie = opened(viewer, path)
    first, second = new_desk(), new_desk()
    first.take_in(look(first, movie))
    first.project.snapshot()  # waits until all is on disk
    assert look(second, movie).movie_id == "movie-1"
    assert second.project.read_only
    assert not second.is_writable
    assert "is open in another window" in second.project.locked_by
    other = opened(viewer, written(tmp_path / "other.tif", seed=3))
    with pytest.raises(ProjectError, match="is open in another window"):
        second.take_in(look(second, other))
    with pytest.raises(ProjectError, match="is open in another window"):
        second.set_value("name the kinds", "kinds", ["mitosis"])
    (tmp_path / "there").mkdir()
    shutil.move(path, tmp_path / "there" / "cells.tif")
    moved = opened(viewer, tmp_path / "there" / "cells.tif")
    assert look(second, moved).movie_id == "movie-1"  # it can be looked at, wherever it lies
    first.close()
    second.close()
    assert second.open(tmp_path / "here" / "cells.cellevents").read_only is False


def test_channels_of_one_file_are_movies_of_their_own(new_desk, viewer, tmp_path):
    movie = opened(viewer, written_with_channels(tmp_path / "cells.tif"))
    desk = new_desk()
    assert desk.take_in(look(desk, movie, "TCYX", 1)).movie_id == "movie-1"
    assert look(desk, movie, "TCYX", 0).movie_id is None
    assert desk.take_in(look(desk, movie, "TCYX", 0)).movie_id == "movie-2"
    assert look(desk, movie, "TCYX", 1).movie_id == "movie-1"
    assert [desk.source_of(f"movie-{i}").channel for i in (1, 2)] == [1, 0]


def test_the_plane_that_was_picked_is_remembered(new_desk, viewer, tmp_path):
    path = written_with_channels(tmp_path / "cells.tif")
    movie, copy = opened(viewer, path), viewer.add_image(pixels(shape=(6, 2, 40, 50)))
    desk = new_desk()
    assert desk.picked(movie) is None
    look(desk, copy, "TZYX", "max")  # in no file: as long as napari runs
    desk.take_in(look(desk, movie, "TCYX", 1))
    desk.close()
    assert [desk.picked(layer) for layer in (copy, movie)] == [("TZYX", "max"), ("TCYX", 1)]
    assert new_desk().picked(opened(viewer, path)) == ("TCYX", 1)


def test_a_setting_is_one_edit_and_the_same_value_is_none(new_desk, viewer):
    desk = new_desk()
    desk.set_value("name the kinds", "kinds", ["mitosis"])  # without a project: nothing
    desk.take_in(look(desk, viewer.add_image(pixels())))
    desk.set_value("name the kinds", "kinds", ["mitosis"])
    desk.set_value("name the kinds again", "kinds", ["mitosis"])
    assert desk.project.undo_title == "name the kinds"
    desk.project.undo()
    assert desk.project.value("kinds") is None


def test_opening_another_project_closes_the_one_before(new_desk, viewer, tmp_path, qtbot):
    desk = new_desk()
    changes = []
    desk.changed.connect(lambda: changes.append(desk.project and desk.project.name))
    for name in ("one", "two"):
        desk.take_in(look(desk, opened(viewer, written(tmp_path / f"{name}.tif"))))
        desk.close()
    one = desk.open(tmp_path / "one.cellevents")
    assert desk.open(tmp_path / "one.cellevents") is one
    desk.open(tmp_path / "two.cellevents")
    with Project.open(tmp_path / "one.cellevents") as project:
        assert not project.read_only
    with pytest.raises(ProjectError, match="is no project of napari-cell-events"):
        desk.open(tmp_path)
    assert desk.project.name == "two"  # a wrong folder leaves the open project open
    assert changes == ["one", None, "two", None, "one", None, "two"]
