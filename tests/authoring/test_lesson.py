"""Reading a lesson source: cells, tags and ids; and what is no lesson."""

import pytest

from featherweight.authoring import lesson
from featherweight.authoring.lesson import Import, imported
from featherweight.errors import FileProblem, LessonError


def test_a_lesson_is_read_in_document_order(project):
    one = lesson.read(project.source)
    assert (one.name, one.number, one.stray) == ("01_tiny", 1, ())
    assert one.cells[0].kind == "markdown" and one.cells[0].tags == ("part-opening",)
    assert one.cells[0].first_line == "# A tiny lesson"


def test_ids_are_fixed_and_exercises_bear_their_names(project):
    ids = [cell.id for cell in lesson.read(project.source).cells]
    assert ids[:2] == ["01-000", "01-001"]
    assert [name for name in ids if not name.startswith("01-")] == [
        *("tiny_norm", "check-tiny_norm", "mended_tiny_mean", "check-mended_tiny_mean"),
    ]
    assert len(set(ids)) == len(ids)


def test_blank_lines_between_cells_do_not_matter(project):
    before = lesson.read(project.source)
    project.spoil("check(tiny_norm)\n", "check(tiny_norm)\n\n\n\n")
    project.spoil("import sys\n\n", "import sys\n")
    assert lesson.read(project.source) == before


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from a.b import c", Import("a.b", "c", "c")),
        ("from a.b import c as d", Import("a.b", "c", "d")),
        ("import a", None),
        ("from a import b, c", None),
        ("from . import b", None),
        ("from a import b  # here", None),
        ("from a import b\nb()", None),
        ("from a import (\n    b)", None),
        ("from a import", None),
    ],
)
def test_an_exercise_cell_is_one_import(source, found):
    assert imported(source) == found


@pytest.mark.parametrize("name", ["1_x.py", "01-x.py", "01_X.py", "topic.py"])
def test_a_misnamed_file_is_refused(tmp_path, name):
    with pytest.raises(LessonError, match=rf"{name}: got that file name, wanted NN_topic\.py in lower case; rename it"):
        lesson.read(tmp_path / name)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "01_x.py").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FileProblem, match=r"01_x\.py: cannot be read .* wanted a Python file in UTF-8"):
        lesson.read(tmp_path / "01_x.py")


@pytest.mark.parametrize("line", ["#     formats: ipynb,py:percent", "#     jupytext_version: 1.19.6"])
def test_pairing_and_tool_versions_in_the_header_are_noted(project, line):
    indent = "  " if "version" in line else ""
    after = "#       format_version: '1.3'\n" if indent else "#   jupytext:\n"
    project.spoil(after, f"{after}#{indent}{line[1:]}\n")
    assert lesson.read(project.source).stray == (line[1:].split(":")[0].strip(),)


def test_a_malformed_header_is_refused(project):
    project.spoil("#   kernelspec:", "#     {kernelspec: [")
    with pytest.raises(
        LessonError, match=r"01_tiny\.py: Jupytext cannot read it .*; is its header as Jupytext writes it"
    ):
        lesson.read(project.source)
