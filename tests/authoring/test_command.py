"""What `featherweight build` says and when it fails."""

import nbformat
import pytest

from featherweight.authoring import command, execute
from featherweight.errors import InputError, LessonError

MADE = ["solutions/01_tiny.ipynb", "notebooks/01_tiny.ipynb", "notebooks/01_tiny.py", "MISCONCEPTIONS.md"]


@pytest.fixture
def here(project, monkeypatch):
    """The project as working folder; its tagged cell prints what it would."""
    printed = [nbformat.v4.new_output("stream", name="stdout", text="5.0\n")]
    monkeypatch.setattr(execute, "run", lambda name, made, folder: {cell.id: printed for cell in made.cells})
    monkeypatch.chdir(project.root)
    return project


def lines(project, *arguments, **options) -> list[str]:
    return list(command.build(*arguments, exercises=project.exercises, **options))


@pytest.mark.parametrize("lesson", [None, 1, "01"])
def test_a_build_names_what_it_wrote_and_the_check_agrees(here, lesson):
    assert lines(here, lesson) == [f"wrote {here.root / name}" for name in MADE]
    assert lines(here, lesson, check=True) == ["Every workbook is what its lesson makes."]


def test_a_check_prints_every_problem_and_fails(here):
    said = []
    with pytest.raises(LessonError, match=r"got 4 of the problems above, wanted none; mend the lessons"):
        said.extend(command.build(check=True, exercises=here.exercises))
    assert [line.partition(" is missing")[0] for line in said] == MADE


def test_a_course_tree_is_named(here):
    assert lines(here, nbgrader=here.root / "course") == [
        f"wrote {here.root / 'course' / name}" for name in ("nbgrader_config.py", "source/01_tiny/01_tiny.ipynb")
    ]


@pytest.mark.parametrize("options", [{"force": True}, {"nbgrader": "course"}], ids=str)
def test_a_check_writes_nothing_and_goes_with_nothing(here, options):
    with pytest.raises(InputError, match="Got --check with --nbgrader or --force; wanted it alone"):
        lines(here, check=True, **options)
