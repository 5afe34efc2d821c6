"""The course tree, and the real nbgrader on it: release, then grade a right, a half right and an untouched hand-in."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import nbformat
import pytest

from featherweight.authoring import lesson, nbgrader, notebook
from featherweight.errors import FileProblem, LessonError
from featherweight.exercises import catalogue
from featherweight.exercises.source import function_source

ANSWERS = {
    "tiny_norm": "def tiny_norm(values, power):\n    return sum(abs(v) ** power for v in values) ** (1 / power)",
    "mended_tiny_mean": "def mended_tiny_mean(values):\n    return sum(values) / max(len(values), 1)",
}
WRONG = {"tiny_norm": "def tiny_norm(values, power):\n    return sum(values)"}
ROOT = Path(__file__).parents[2]


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
    environment["FEATHERWEIGHT_CHECK_SECONDS"] = "120"  # points must not depend on how busy the machine is
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(
        command, cwd=course, env=environment, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def grade(
    course: Path, name: str, students: dict[str, dict[str, str]], public: bytes | None = None
) -> dict[str, float]:
    """Release assignment `name`, hand in each student's answers, autograde; student → points.

    public: a workbook that was not released by nbgrader, which the student `public` fills in and hands in.
    """
    run(course, "generate_assignment", name)
    for student, answers in students.items():
        folder = course / "submitted" / student / name
        shutil.copytree(course / "release" / name, folder)
        if student == "public":
            (folder / f"{name}.ipynb").write_bytes(public)
        handed_in = nbformat.read(folder / f"{name}.ipynb", as_version=4)
        for exercise, answer in answers.items():
            by_id(handed_in, exercise).source = answer
        nbformat.write(handed_in, folder / f"{name}.ipynb")
    run(course, "autograde", name, "--ExecutePreprocessor.timeout=200")
    query = """select student.id, sum(grade.auto_score) from grade
        join submitted_notebook on grade.notebook_id = submitted_notebook.id
        join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id
        join student on submitted_assignment.student_id = student.id group by student.id"""
    with closing(sqlite3.connect(course / "gradebook.db")) as database:
        return dict(database.execute(query).fetchall())


@pytest.mark.slow
def test_nbgrader_releases_and_grades_a_lesson(project, tmp_path):
    course = tmp_path / "course"
    nbgrader.build_nbgrader(course, root=project.root, exercises=project.exercises)
    workbook = notebook.notebook_bytes(notebook.learner(lesson.read(project.source), project.exercises))
    students = {"right": ANSWERS, "partial": ANSWERS | WRONG, "wrong": WRONG, "untouched": {}, "public": ANSWERS}
    points = {"right": 5.0, "partial": 3.0, "wrong": 0.0, "untouched": 0.0, "public": 5.0}
    assert grade(course, "01_tiny", students, workbook) == points
    text = (course / "release" / "01_tiny" / "01_tiny.ipynb").read_text()
    released = nbformat.reads(text, as_version=4)
    assert by_id(released, "tiny_norm").source.endswith("# YOUR CODE HERE\n    raise NotImplementedError()")
    assert "len(values) + 1" in by_id(released, "mended_tiny_mean").source
    assert "sum(abs" not in text


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_nbgrader_grades_the_real_first_lesson(tmp_path):
    course, own = tmp_path / "course", [exercise for exercise in catalogue() if exercise.lesson == 1]
    _, path = nbgrader.build_nbgrader(course, ["01"], root=ROOT)
    right = {exercise.name: function_source(exercise.reference, exercise.name) for exercise in own}
    mistaken = own[0].name, function_source(own[0].misconceptions[0].wrong, own[0].name)
    total = sum(exercise.points for exercise in own)
    students = {"right": right, "wrong": right | dict([mistaken]), "untouched": {}}
    points = {"right": total, "wrong": total - own[0].points, "untouched": 0}
    assert grade(course, path.stem, students) == points
