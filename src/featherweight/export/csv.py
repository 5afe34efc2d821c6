"""One CSV for a spreadsheet: a row per student, lesson and exercise, with everything that counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from featherweight.exercises.exercise import Exercise
from featherweight.export.cells import table
from featherweight.grading.standing import Mark, Standing

__all__ = ["COLUMNS", "files"]

COLUMNS = (
    *("student", "name", "email", "login", "sis_id", "lms_id", "section", "lesson", "state", "exercise", "verdict"),
    *("misconception", "points", "worth", "points_before_late", "by_hand", "note", "sandboxed", "file"),
)


def files(everyone: Sequence[Standing], book: Mapping[str, Exercise]) -> dict[str, bytes]:
    """grades.csv, with a byte order mark for Excel. What is missing or unreadable has a row of zero points."""
    return {"grades.csv": table(COLUMNS, (row for one in everyone for row in _rows(one)), bom=True)}


def _rows(one: Standing) -> Iterator[tuple]:
    person = one.person
    who = (person.key, person.name, person.email, person.login, person.sis_id, person.lms_id, person.section)
    for mark in one.marks:
        for row in _of_mark(mark):
            yield (*who, mark.lesson, mark.state, *row)
    for record in one.unreadable:
        yield (*who, "", "unreadable", "", "", "", 0, 0, 0, "no", record.problem, _yes(record.sandboxed), record.path)


def _of_mark(mark: Mark) -> Iterator[tuple]:
    path = mark.record.path if mark.record else ""
    end = (_yes(mark.sandboxed), path)
    if not mark.counts:
        yield ("", "missing", "", 0, mark.worth, 0, "no", "", *end)
    for one in mark.scored:
        found = one.result
        yield (
            *(found.exercise, found.verdict, found.misconception, one.points, found.worth, one.raw),
            *(_yes(one.by_hand), one.note, *end),
        )


def _yes(value: bool) -> str:
    return "yes" if value else "no"
