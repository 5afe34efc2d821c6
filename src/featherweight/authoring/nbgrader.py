"""A course tree for nbgrader, which releases a lesson (`nbgrader generate_assignment NAME`) and autogrades it.

Exercise cells hold the solution between nbgrader's marks. A bug hunt's cell carries no nbgrader metadata at all:
ClearSolutions empties every cell marked as a solution that has no marks inside, and the handed-over code must stay.
Its check cell is graded like any other.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path

from nbformat import NotebookNode

from featherweight.authoring import build, files, notebook, rules
from featherweight.authoring.lesson import Lesson
from featherweight.errors import FileProblem, LessonError
from featherweight.exercises import catalogue
from featherweight.exercises.exercise import Exercise
from featherweight.exercises.source import function_source

__all__ = ["build_nbgrader", "source_notebook"]

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
CONFIG = '''"""nbgrader's settings for the featherweight course; release a lesson: nbgrader generate_assignment NAME"""

c = get_config()  # noqa: F821 — traitlets defines it

c.CourseDirectory.course_id = "featherweight"
c.ClearSolutions.begin_solution_delimeter = "BEGIN SOLUTION"
c.ClearSolutions.end_solution_delimeter = "END SOLUTION"
c.Execute.timeout = 120  # seconds per cell: lessons train small networks
'''


def build_nbgrader(
    directory: str | Path,
    lessons: Sequence[str] = (),
    *,
    root: Path | None = None,
    exercises: Sequence[Exercise] | None = None,
) -> list[Path]:
    """Write a course tree into `directory`, one assignment per lesson; return the files written. Executes nothing.

    Raises FileProblem if `directory` holds anything already, LessonError for a lesson that breaks a rule.
    """
    directory, root = Path(directory), root or build.find_root()
    exercises = catalogue() if exercises is None else exercises
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise FileProblem(f"{directory} exists and is not empty; wanted a new folder for the course: choose another.")
    made = {"nbgrader_config.py": CONFIG.encode("utf-8")}
    for one in build.load(root, lessons):
        if problems := rules.problems(one, exercises):
            raise LessonError(problems[0])
        made[f"source/{one.name}/{one.name}.ipynb"] = notebook.notebook_bytes(source_notebook(one, exercises))
    files.write_all(directory, made)
    return [directory / name for name in made]


def source_notebook(one: Lesson, exercises: Sequence[Exercise]) -> NotebookNode:
    """The instructor's version of a workbook: solutions between marks, no Jupytext pairing."""
    made = notebook.learner(one, exercises)
    del made.metadata["jupytext"]
    by_name = {exercise.name: exercise for exercise in exercises}
    for cell in made.cells:
        exercise = by_name.get(cell.id)
        if exercise is None:
            continue
        if exercise.starts_from is None:
            cell.source = _marked(function_source(exercise.reference, exercise.name))
        else:
            del cell.metadata["nbgrader"]
    return made


def _marked(source: str) -> str:
    """A function's source with nbgrader's marks around its body; the docstring stays outside."""
    function, lines = ast.parse(source).body[0], source.splitlines()
    documented = ast.get_docstring(function) is not None
    start = function.body[0].end_lineno if documented else function.body[0].lineno - 1
    indent = " " * function.body[0].col_offset
    return "\n".join([*lines[:start], indent + BEGIN, *lines[start:], indent + END])
