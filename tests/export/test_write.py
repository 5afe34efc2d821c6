"""Every kind of export, written into a folder."""

import pytest

from featherweight.errors import FileProblem, InputError
from featherweight.export.write import KINDS, MAKERS, export_files, write_export


@pytest.mark.parametrize("kind", KINDS)
def test_files_are_written_as_they_are_made_and_nowhere_else(made_up, tmp_path, kind):
    course = made_up.hostile_course()
    lines = write_export(course, kind, tmp_path / "out")
    found = {
        path.relative_to(tmp_path / "out").as_posix(): path.read_bytes()
        for path in tmp_path.rglob("*")
        if path.is_file()
    }
    assert found == export_files(course, kind) and found
    assert lines[0].startswith(str(tmp_path / "out"))


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_course_is_no_failure(tmp_path, kind):
    from featherweight.grading.course import course

    assert write_export(course([]), kind, tmp_path)


def test_notes_on_the_roster_are_handed_on(made_up, tmp_path):
    assert write_export(made_up.small_course(), "csv", tmp_path)[1:] == ["In the roster, nothing handed in: Cy Young."]


def test_a_kind_that_is_none(made_up):
    with pytest.raises(InputError, match="There is no export to 'excel'; wanted one of canonical, canvas, csv, "):
        export_files(made_up.small_course(), "excel")
    assert set(KINDS) == {*MAKERS, "canonical"}


def test_a_place_that_cannot_be_written(made_up, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FileProblem, match=r"Could not write grades\.csv"):
        write_export(made_up.small_course(), "csv", tmp_path / "file")
