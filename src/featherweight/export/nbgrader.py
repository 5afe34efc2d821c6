"""The CSV that `nbgrader export` writes: a row per assignment and student, the same columns in the same order.

As nbgrader does, what was not handed in is a row of zeros. Unlike nbgrader, cells are quoted where they have to be.
Source: nbgrader.plugins.export.CsvExportPlugin.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from featherweight.exercises.exercise import Exercise
from featherweight.export.cells import table
from featherweight.grading.roster import Person
from featherweight.grading.standing import Mark, Standing

__all__ = ["COLUMNS", "files"]

COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
)


def files(everyone: Sequence[Standing], book: Mapping[str, Exercise]) -> dict[str, bytes]:
    """nbgrader.csv"""
    lessons = zip(*(one.marks for one in everyone), strict=True)
    rows = [_row(one.person, mark) for marks in lessons for one, mark in zip(everyone, marks, strict=True)]
    return {"nbgrader.csv": table(COLUMNS, rows)}


def _row(person: Person, mark: Mark) -> tuple:
    student = person.login or person.key
    scores = (mark.raw, round(mark.raw - mark.points, 2), mark.points, float(mark.worth))
    return (f"lesson_{mark.lesson:02d}", "", "", student, *_last_first(person.name), person.email, *map(str, scores))


def _last_first(name: str) -> tuple[str, str]:
    if "," in name:
        last, _, first = name.partition(",")
        return last.strip(), first.strip()
    first, _, last = name.rpartition(" ")
    return last, first
