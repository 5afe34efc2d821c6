"""Made-up classes for the measurements of grading: workbooks solved with the references, tiny notebooks, and loops."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import nbformat

from featherweight.exercises import by_name, catalogue
from featherweight.exercises.source import function_source

__all__ = ["LOOPS", "answers", "hand_in", "hand_in_lessons", "hand_in_tiny"]

TINY, LOOPING = "largest_stable_rate", "mended_descent"
LOOPS = {"in Python": "while True:\n        pass", "in C": "return sum(range(10**15))"}
"""What a function does that never ends. The second notices no signal: its process has to be killed."""


def answers(lesson: int, loop: str = "") -> dict[str, str]:
    """The source of a lesson's references by the exercise's name.

    loop: how the last of the first lesson never ends, or "" for one that does.
    """
    right = {one.name: function_source(one.reference, one.name) for one in catalogue() if one.lesson == lesson}
    if loop:
        right[LOOPING] = right[LOOPING].split("\n", 1)[0] + f"\n    {LOOPS[loop]}"
    return right


def hand_in(path: Path, given: Mapping[str, str]) -> None:
    """Write a notebook that holds nothing but answers."""
    cells = [nbformat.v4.new_code_cell(text, id=name) for name, text in given.items()]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)


def hand_in_lessons(course: Path, workbooks: Path, students: int, lessons: int) -> list[str]:
    """Write the first released workbooks, solved, where nbgrader collects them; returns the lessons' names.

    course: gets submitted/STUDENT/LESSON/LESSON.ipynb. workbooks: the folder of the released ones.
    """
    released = sorted(workbooks.glob("*.ipynb"))[:lessons]
    for number, path in enumerate(released, 1):
        notebook, right = nbformat.read(path, as_version=4), answers(number)
        for cell in notebook.cells:
            cell.source = right.get(cell.id, cell.source)
        for student in range(students):
            folder = course / "submitted" / f"student{student}" / path.stem
            folder.mkdir(parents=True)
            nbformat.write(notebook, folder / path.name)
    return [path.stem for path in released]


def hand_in_tiny(folder: Path, students: int, each: int) -> None:
    """Write notebooks of one small exercise, solved: `each` of every student's."""
    given = {TINY: answers(by_name(TINY).lesson)[TINY]}
    for student in range(students):
        for number in range(each):
            hand_in(folder / f"student{student}" / f"{number}.ipynb", given)
