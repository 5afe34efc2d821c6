"""A folder's gradebook, the roster and the rules, read into what reports and exports are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from featherweight.errors import FileProblem
from featherweight.exercises.exercise import Exercise
from featherweight.grading.gradebook import FILE_NAME, Gradebook
from featherweight.grading.records import Override, Record
from featherweight.grading.roster import Roster, read_roster
from featherweight.grading.standing import NOBODY, USUAL, Rules, Standing, standings

__all__ = ["Course", "course", "read_course"]


@dataclass(frozen=True)
class Course:
    """records, overrides: the gradebook's. everyone: by name. book: exercises by name.

    notes: lines for the instructor about the roster.
    """

    records: tuple[Record, ...]
    overrides: tuple[Override, ...]
    everyone: tuple[Standing, ...]
    book: Mapping[str, Exercise]
    notes: tuple[str, ...] = ()


def course(
    records: Sequence[Record],
    overrides: Sequence[Override] = (),
    roster: Roster = NOBODY,
    rules: Rules = USUAL,
    book: Sequence[Exercise] = (),
) -> Course:
    """Put together what was graded and who it belongs to."""
    students = [*(one.student for one in records), *(one.student for one in overrides)]
    return Course(
        *(tuple(records), tuple(overrides), standings(records, overrides, roster, rules, book)),
        {exercise.name: exercise for exercise in book},
        tuple(roster.notes(students)) if roster.people else (),
    )


def read_course(
    grades: str | Path, roster: str | Path | None = None, rules: Rules = USUAL, book: Sequence[Exercise] = ()
) -> Course:
    """Read a folder that `featherweight grade --out` wrote. Raises FileProblem where it holds no gradebook."""
    if not (Path(grades) / FILE_NAME).is_file():
        raise FileProblem(f"There is no {FILE_NAME} in {grades}; wanted the folder of `featherweight grade … --out`.")
    with Gradebook(grades) as gradebook:
        records, overrides = gradebook.records(), gradebook.overrides()
    return course(records, overrides, read_roster(roster) if roster else NOBODY, rules, book)
