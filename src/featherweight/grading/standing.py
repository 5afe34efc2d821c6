"""From what was graded to what counts: one mark per student and lesson, by rule.

The rules: which of several submissions counts, what being late costs, and points given by hand above all. Everything
here is a pure function of records, changes by hand and the roster.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from featherweight.errors import InputError
from featherweight.exercises.exercise import Exercise
from featherweight.grading.handed import MOODLE
from featherweight.grading.names import plain, shown
from featherweight.grading.records import Override, Record
from featherweight.grading.roster import Person, Roster
from featherweight.grading.score import Result

__all__ = ["ATTEMPTS", "Mark", "Rules", "Scored", "Standing", "standings"]

ATTEMPTS = ("best", "last")


@dataclass(frozen=True)
class Rules:
    """attempts: of several submissions of a lesson, the "best" or the "last" counts (by path: part 10 is after part 9).

    late_off: per cent of the points that a late submission loses; 0 keeps all, 100 none.
    Raises InputError for anything else.
    """

    attempts: str = "best"
    late_off: int = 0

    def __post_init__(self) -> None:
        if self.attempts not in ATTEMPTS:
            raise InputError(f"attempts {self.attempts!r}; wanted {' or '.join(ATTEMPTS)}.")
        if not 0 <= self.late_off <= 100:
            raise InputError(f"late_off {self.late_off}; wanted 0 to 100, in per cent.")


NOBODY, USUAL = Roster(), Rules()


@dataclass(frozen=True)
class Scored:
    """One exercise of a mark. raw: before, points: after what being late costs. note: why changed by hand."""

    result: Result
    raw: float
    points: float
    note: str = ""
    by_hand: bool = False


@dataclass(frozen=True)
class Mark:
    """One student's lesson. record: the submission that counts, or None. others: paths of those that do not."""

    lesson: int
    worth: int
    record: Record | None = None
    scored: tuple[Scored, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def raw(self) -> float:
        return round(sum((one.raw for one in self.scored), 0.0), 2)

    @property
    def points(self) -> float:
        return round(sum((one.points for one in self.scored), 0.0), 2)

    @property
    def counts(self) -> bool:
        """Whether there is anything to count: a submission, or points given by hand."""
        return bool(self.record or self.scored)

    @property
    def late(self) -> bool:
        return self.record is not None and self.record.late

    @property
    def sandboxed(self) -> bool:
        return self.record is None or self.record.sandboxed

    @property
    def participants(self) -> int:
        """Moodle's participants in the paths, who may be namesakes, or one student in two assignments."""
        paths = (self.record.path, *self.others) if self.record else ()
        return len({found[2] for found in map(MOODLE.match, paths) if found})

    @property
    def state(self) -> str:
        """In words: graded, late, by hand or missing; the first three may come together."""
        words = ["graded"] if self.record else []
        words += ["late"] if self.late else []
        words += ["by hand"] if any(one.by_hand for one in self.scored) else []
        return ", ".join(words) or "missing"


@dataclass(frozen=True)
class Standing:
    """One student: a mark for every lesson of the course, and the notebooks that could not be read."""

    person: Person
    marks: tuple[Mark, ...] = ()
    unreadable: tuple[Record, ...] = ()

    @property
    def points(self) -> float:
        return round(sum((mark.points for mark in self.marks), 0.0), 2)

    @property
    def worth(self) -> int:
        return sum(mark.worth for mark in self.marks)

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders or files of what was handed in, where they are called otherwise than the student."""
        records = [*(mark.record for mark in self.marks if mark.record), *self.unreadable]
        return tuple(sorted({one.student for one in records} - {self.person.name or self.person.key}))

    @property
    def flags(self) -> tuple[str, ...]:
        """What a human should look at."""
        return tuple(sorted({flag for mark in self.marks if mark.record for flag in mark.record.flags}))

    @property
    def sandboxed(self) -> bool:
        return all(mark.sandboxed for mark in self.marks) and all(one.sandboxed for one in self.unreadable)


def standings(
    records: Sequence[Record],
    overrides: Sequence[Override] = (),
    roster: Roster = NOBODY,
    rules: Rules = USUAL,
    book: Iterable[Exercise] = (),
) -> tuple[Standing, ...]:
    """Everyone in the roster, in the records or changed by hand, by name. book: exercises that no record may hold yet.

    Raises InputError for a change by hand to an exercise that is in neither.
    """
    known = _known(records, book)
    for change in overrides:
        if change.exercise not in known:
            raise InputError(
                f"Points by hand for {shown(change.student)} in {shown(change.exercise)}, an exercise that is neither "
                "in the book nor in the gradebook; wanted one that is: name the file of private exercises."
            )
    of_lesson = {result.exercise: record.lesson for record in records for result in record.results}
    lessons = sorted({*of_lesson.values(), *(known[change.exercise][0] for change in overrides)})
    theirs, changes = _by_person(records, roster), _by_person(overrides, roster)
    people = {*roster.people, *theirs, *changes}
    return tuple(
        _standing(person, lessons, theirs[person], {one.exercise: one for one in changes[person]}, known, rules)
        for person in sorted(people, key=lambda one: (_by_letters(one.name or one.key), one.key))
    )


def _by_letters(name: str) -> str:
    """A name to sort by, in which an accent makes no other letter: Çelik stands before Doe."""
    return re.sub(r"[\u0300-\u036f]", "", unicodedata.normalize("NFKD", name)).casefold()


def _known(records: Sequence[Record], book: Iterable[Exercise]) -> dict[str, tuple[int, int]]:
    """Exercise → lesson and points."""
    known = {exercise.name: (exercise.lesson, exercise.points) for exercise in book}
    return known | {one.exercise: (record.lesson, one.worth) for record in records for one in record.results}


def _by_person(rows: Sequence, roster: Roster) -> dict[Person, list]:
    found = defaultdict(list)
    for row in rows:
        found[roster.person(row.student) or Person(row.student)].append(row)
    return found


def _standing(
    person: Person,
    lessons: Sequence[int],
    records: Sequence[Record],
    changes: Mapping[str, Override],
    known: Mapping[str, tuple[int, int]],
    rules: Rules,
) -> Standing:
    marks = []
    for lesson in lessons:
        tried = [one for one in records if one.verdict == "graded" and one.lesson == lesson]
        here = {name: change for name, change in changes.items() if known[name][0] == lesson}
        worth = sum(points for number, points in known.values() if number == lesson)
        marks.append(_mark(lesson, worth, sorted(tried, key=_order), here, known, rules))
    return Standing(person, tuple(marks), tuple(one for one in records if one.verdict != "graded"))


def _order(record: Record) -> tuple:
    """By path, numbers as numbers."""
    parts = re.split(r"([0-9]+)", record.path)
    digits = [part.lstrip("0") if place % 2 else part for place, part in enumerate(parts)]
    return ([(len(part) if place % 2 else 0, part) for place, part in enumerate(digits)], record.student)


def _mark(lesson, worth, tried, changes, known, rules) -> Mark:
    """The mark of one lesson from the submissions of it, in order."""
    marks = [Mark(lesson, worth, record, _scored(record, changes, known, rules)) for record in tried]
    if not marks:
        return Mark(lesson, worth, None, _scored(None, changes, known, rules))
    chosen = marks[-1] if rules.attempts == "last" else max(reversed(marks), key=lambda mark: mark.points)
    others = tuple(one.record.path for one in marks if one is not chosen)
    return Mark(lesson, worth, chosen.record, chosen.scored, others)


def _scored(record: Record | None, changes, known, rules) -> tuple[Scored, ...]:
    results = record.results if record else ()
    absent = sorted(set(changes) - {one.exercise for one in results})
    results = (*results, *(Result(name, "missing", 0, known[name][1]) for name in absent))
    kept = 100 - rules.late_off if record and record.late else 100
    return tuple(_one(result, changes.get(result.exercise), kept) for result in results)


def _one(result: Result, change: Override | None, kept: int) -> Scored:
    if change:
        return Scored(result, change.points, change.points, plain(change.note), True)
    return Scored(result, result.points, round(result.points * kept / 100, 2))
