"""The class at a glance: how many reached how much, each lesson in a row, and exercises × misconceptions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, median

from featherweight.grading.score import VERDICTS, Result
from featherweight.grading.standing import Mark, Standing

__all__ = ["Bin", "Heat", "LessonRow", "distribution", "heat", "lesson_rows", "summary_sentence"]


@dataclass(frozen=True)
class Bin:
    """Students who reached a share of the points. label: as "70–79%". share: of the fullest bin, 0 to 100."""

    label: str
    count: int
    share: int


@dataclass(frozen=True)
class LessonRow:
    """One lesson. handed: submissions that count; the others are missing. average, middle: points of these.

    tenths: how many of these reached which tenth of the points; full marks belong to the last.
    """

    lesson: int
    worth: int
    handed: int
    missing: int
    late: int
    average: float
    middle: float
    tenths: tuple[int, ...] = (0,) * 10


@dataclass(frozen=True)
class Heat:
    """One lesson's exercises × what became of them, in students.

    exercises: names, in order. handed: students with a submission that counts. verdicts, misconceptions: a row each,
    its name and a count for every exercise; misconceptions that were met only, the most frequent first.
    """

    lesson: int
    handed: int
    exercises: tuple[str, ...]
    verdicts: tuple[tuple[str, tuple[int, ...]], ...]
    misconceptions: tuple[tuple[str, tuple[int, ...]], ...]

    def most(self) -> list[tuple[int, str, str]]:
        """Count, misconception and exercise, the most frequent first."""
        cells = [
            (count, name, exercise)
            for name, counts in self.misconceptions
            for exercise, count in zip(self.exercises, counts, strict=True)
            if count
        ]
        return sorted(cells, key=lambda cell: (-cell[0], cell[1], cell[2]))


def distribution(everyone: Sequence[Standing]) -> tuple[Bin, ...]:
    """Ten bins of a tenth of all points; full marks belong to the last."""
    counts = _tenths(everyone)
    most = max(*counts, 1)
    labels = [f"{10 * tenth}–{10 * tenth + (10 if tenth == 9 else 9)}%" for tenth in range(10)]
    return tuple(Bin(label, counts[tenth], 100 * counts[tenth] // most) for tenth, label in enumerate(labels))


def _tenths(those: Sequence[Standing | Mark]) -> tuple[int, ...]:
    """How many reached which tenth of the points."""
    counts = Counter(min(round(1000 * one.points) // (100 * one.worth), 9) for one in those if one.worth)
    return tuple(counts[tenth] for tenth in range(10))


def lesson_rows(everyone: Sequence[Standing]) -> tuple[LessonRow, ...]:
    """A row per lesson."""
    return tuple(_lesson_row(marks) for marks in zip(*(one.marks for one in everyone), strict=True))


def _lesson_row(marks: Sequence[Mark]) -> LessonRow:
    points = [mark.points for mark in marks if mark.counts]
    tenths = _tenths([mark for mark in marks if mark.counts])
    return LessonRow(
        *(marks[0].lesson, marks[0].worth, len(points), len(marks) - len(points), sum(mark.late for mark in marks)),
        *((mean(points), median(points)) if points else (0.0, 0.0)),
        tenths,
    )


def heat(everyone: Sequence[Standing]) -> tuple[Heat, ...]:
    """A table for every lesson that somebody handed in."""
    tables = []
    for marks in zip(*(one.marks for one in everyone), strict=True):
        sheets = [[one.result for one in mark.scored] for mark in marks if mark.record]
        if sheets:
            tables.append(_heat(marks[0].lesson, sheets))
    return tuple(tables)


def _heat(lesson: int, sheets: Sequence[Sequence[Result]]) -> Heat:
    exercises = tuple(dict.fromkeys(result.exercise for sheet in sheets for result in sheet))
    verdicts = Counter((one.verdict, one.exercise) for sheet in sheets for one in sheet)
    named = Counter((one.misconception, one.exercise) for sheet in sheets for one in sheet if one.misconception)
    rows = [(name, _row(named, name, exercises)) for name in {name for name, _ in named}]
    return Heat(
        *(lesson, len(sheets), exercises),
        tuple((name, _row(verdicts, name, exercises)) for name in VERDICTS),
        tuple(sorted(rows, key=lambda row: (-sum(row[1]), row[0]))),
    )


def _row(counts: Counter, name: str, exercises: Sequence[str]) -> tuple[int, ...]:
    return tuple(counts[name, exercise] for exercise in exercises)


def summary_sentence(tables: Sequence[Heat], most: int = 3) -> str:
    """Heat maps in a sentence: "Most frequent: 31 of 80 “no bias correction” (adam_step)."."""
    cells = [(-count, name, exercise, table.handed) for table in tables for count, name, exercise in table.most()]
    if not cells:
        return f"No misconception was named in {sum(table.handed for table in tables)} submissions."
    words = [f"{-count} of {handed} “{name}” ({exercise})" for count, name, exercise, handed in sorted(cells)[:most]]
    return f"Most frequent: {'; '.join(words)}."
