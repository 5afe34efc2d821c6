"""A CSV that Canvas imports into its gradebook.

Canvas wants `Student` and `ID` first, then `SIS User ID` and `SIS Login ID`, then `Section`; the assignments follow,
and a row of points possible. It finds a student by ID, else by one of the SIS ids, else by the name. An assignment is
found by its title with its number in brackets, `Lesson 3 (1234)`, or by the title alone; an unknown one is created.
No byte order mark: Canvas reads UTF-8 without one, and would take it for a part of the first column's name.
An empty cell is no grade, so what is missing stays missing for Canvas's own rule.
Source: lib/gradebook_importer.rb of instructure/canvas-lms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from featherweight.exercises.exercise import Exercise
from featherweight.export.cells import table
from featherweight.grading.standing import Standing

__all__ = ["STUDENT_COLUMNS", "files"]

STUDENT_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POSSIBLE = "Points Possible"


def files(everyone: Sequence[Standing], book: Mapping[str, Exercise]) -> dict[str, bytes]:
    """canvas.csv"""
    marks = everyone[0].marks if everyone else ()
    header = (*STUDENT_COLUMNS, *(f"Lesson {mark.lesson}" for mark in marks))
    possible = (POSSIBLE, "", "", "", "", *(mark.worth for mark in marks))
    return {"canvas.csv": table(header, [possible, *map(_row, everyone)])}


def _row(one: Standing) -> tuple:
    person = one.person
    # Canvas takes every row whose first cell has these two words in it for the row of points possible.
    name = (person.name or person.key).replace(POSSIBLE, POSSIBLE.lower())
    who = (name, person.lms_id, person.sis_id, person.login, person.section)
    return (*who, *(mark.points if mark.counts else "" for mark in one.marks))
