"""Grading worksheets that Moodle's assignment imports, one per lesson.

Moodle wants `Identifier` ("Participant 123"), `Grade` and `Last modified (grade)`, in its own language; here, English.
A participant's number belongs to one assignment. The folder that Moodle made of a submission ends in it, so it is taken
from there, and from the roster only where no submission has one. The feedback is HTML for Moodle, so it is escaped.
Source: mod/assign/feedback/offline/importgradeslib.php and mod/assign/feedback/comments/locallib.php of moodle/moodle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from featherweight.exercises.exercise import Exercise
from featherweight.export.cells import table
from featherweight.grading.feedback import number, tell
from featherweight.grading.handed import MOODLE
from featherweight.grading.standing import Mark, Standing

__all__ = ["COLUMNS", "files"]

COLUMNS = (
    *("Identifier", "Full name", "Email address", "Status", "Grade", "Maximum grade"),
    *("Last modified (grade)", "Feedback comments"),
)


def files(everyone: Sequence[Standing], book: Mapping[str, Exercise]) -> dict[str, bytes]:
    """moodle-lesson-NN.csv for every lesson. A student without a submission has no grade, which Moodle leaves alone."""
    lessons = zip(*(one.marks for one in everyone), strict=True)
    return {
        f"moodle-lesson-{marks[0].lesson:02d}.csv": table(
            COLUMNS, [_row(one, mark, book) for one, mark in zip(everyone, marks, strict=True)]
        )
        for marks in lessons
    }


def _row(one: Standing, mark: Mark, book: Mapping[str, Exercise]) -> tuple:
    grade = mark.points if mark.counts else ""
    status = mark.state if one.sandboxed else f"{mark.state}, unsandboxed"
    who = (_identifier(one, mark), one.person.name or one.person.key, one.person.email)
    return (*who, status, grade, mark.worth, "", _comment(mark, book))


def _identifier(one: Standing, mark: Mark) -> str:
    found = MOODLE.match(mark.record.path) if mark.record else None
    if found:
        return f"Participant {found[2]}"
    given = one.person.identifier
    return f"Participant {given}" if given.isdecimal() else given


def _comment(mark: Mark, book: Mapping[str, Exercise]) -> str:
    lines = [
        f"{escape(one.exercise)}, {number(one.points)} of {one.worth}: {escape(one.text)}"
        for one in tell(mark.scored, book)
    ]
    return "<br>".join(lines)
