"""The course tree, and the real nbgrader on it: release, then grade a right, a half right and an untouched hand-in."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from featherweight.authoring import lesson, nbgrader
from featherweight.errors import FileProblem, LessonError

ANSWERS = {
    "tiny_norm": "def tiny_norm(values, power):\n    return sum(abs(v) ** power for v in values) ** (1 / power)",
    "mended_tiny_mean": "def mended_tiny_mean(values):\n    return sum(values) / max(len(values), 1)",
}
WRONG = {"tiny_norm": "def tiny_norm(values, power):\n    return sum(values)"}
STUDENTS = {"right": (ANSWERS, 5.0), "partial": (ANSWERS | WRONG, 3.0), "wrong": (WRONG, 0.0), "untouched": ({}, 0.0)}


@pytest.fixture
def source(project):
    return nbgrader.source_notebook(lesson.read(project.source), project.exercises)


def by_id(notebook, name):
    return next(cell for cell in notebook.cells if cell.id == name)


def test_a_solution_stands_between_the_marks(source):
    assert by_id(source, "tiny_norm").source.splitlines() == [
        "def tiny_norm(values: list, power: float) -> float:",
        '    """The `power`-norm of some numbers, power 1 or more."""',
        "    ### BEGIN SOLUTION",
        "    total = sum(abs(value) ** power for value in values)  # the answer",
        "    return math.pow(total, 1.0 / power)",
        "    ### END SOLUTION",
    ]


def test_a_bug_hunt_stays_outside_the_marks(source):
    cell = by_id(source, "mended_tiny_mean")
    assert "len(values) + 1" in cell.source and "SOLUTION" not in cell.source
    assert "nbgrader" not in cell.metadata


def test_check_cells_are_graded(source):
    points = {cell.id: cell.metadata["nbgrader"]["points"] for cell in source.cells if cell.id.startswith("check-")}
    assert points == {"check-tiny_norm": 2, "check-mended_tiny_mean": 3}


def test_a_folder_in_use_is_refused(project, tmp_path):
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "mine.txt").write_text("")
    with pytest.raises(FileProblem, match="course exists and is not empty; wanted a new folder"):
        nbgrader.build_nbgrader(tmp_path / "course", root=project.root, exercises=project.exercises)
    assert os.listdir(tmp_path / "course") == ["mine.txt"]


def test_a_lesson_that_breaks_rules_is_not_released(project, tmp_path):
    project.spoil('tags=["widget"]', 'tags=["wigdet"]')
    with pytest.raises(LessonError, match="wigdet"):
        nbgrader.build_nbgrader(tmp_path / "course", root=project.root, exercises=project.exercises)
    assert not (tmp_path / "course").exists()


def run(course: Path, *arguments: str) -> str:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # nbgrader calls alembic
    environment = {**os.environ, "HOME": str(course), "PATH": path, "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(
        command, cwd=course, env=environment, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def hand_in(course: Path, student: str, answers: dict[str, str]) -> None:
    folder = course / "submitted" / student / "01_tiny"
    shutil.copytree(course / "release" / "01_tiny", folder)
    notebook = nbformat.read(folder / "01_tiny.ipynb", as_version=4)
    for name, answer in answers.items():
        by_id(notebook, name).source = answer
    nbformat.write(notebook, folder / "01_tiny.ipynb")


def scores(course: Path) -> dict[str, float]:
    query = """select student.id, sum(grade.auto_score) from grade
        join submitted_notebook on grade.notebook_id = submitted_notebook.id
        join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id
        join student on submitted_assignment.student_id = student.id group by student.id"""
    with sqlite3.connect(course / "gradebook.db") as database:
        return dict(database.execute(query).fetchall())


@pytest.mark.slow
def test_nbgrader_releases_and_grades_the_course(project, tmp_path):
    course = tmp_path / "course"
    nbgrader.build_nbgrader(course, root=project.root, exercises=project.exercises)
    run(course, "generate_assignment", "01_tiny")
    released = nbformat.read(course / "release" / "01_tiny" / "01_tiny.ipynb", as_version=4)
    assert by_id(released, "tiny_norm").source.endswith("# YOUR CODE HERE\n    raise NotImplementedError()")
    assert "len(values) + 1" in by_id(released, "mended_tiny_mean").source
    assert "sum(abs" not in (course / "release" / "01_tiny" / "01_tiny.ipynb").read_text()
    for student, (answers, _) in STUDENTS.items():
        hand_in(course, student, answers)
    log = run(course, "autograde", "01_tiny")
    assert scores(course) == {student: points for student, (_, points) in STUDENTS.items()}, log
    assert "AutogradeApp | WARNING" not in log
