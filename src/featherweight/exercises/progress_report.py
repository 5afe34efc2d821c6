"""What `progress()` shows: a table in a notebook, and lines of text everywhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from featherweight.exercises.progress import PredictionRecord, Progress

__all__ = ["ExerciseRow", "LessonRow", "PredictionRow", "ProgressReport", "report"]

OUTCOMES = {True: "right", False: "wrong", None: "not judged"}


@dataclass(frozen=True)
class ExerciseRow:
    """One exercise: its state (passed, wrong, error, timeout, not started) and how often it was checked."""

    name: str
    state: str
    tries: int

    def __str__(self) -> str:
        tries = f", {self.tries} {'try' if self.tries == 1 else 'tries'}" if self.tries else ""
        return f"{self.name} {self.state}{tries}"


@dataclass(frozen=True)
class LessonRow:
    """One lesson's exercises."""

    title: str
    exercises: tuple[ExerciseRow, ...]

    def __str__(self) -> str:
        passed = sum(row.state == "passed" for row in self.exercises)
        return f"{self.title}: {passed} of {len(self.exercises)} passed ({'; '.join(map(str, self.exercises))})"


@dataclass(frozen=True)
class PredictionRow:
    """The first guess at a question, and how many followed."""

    first: PredictionRecord
    later: int

    def __str__(self) -> str:
        later = (
            f", guessed again {self.later} times" if self.later > 1 else ", guessed again once" if self.later else ""
        )
        sure = "" if self.first.confidence is None else f" (sure: {self.first.confidence})"
        return f"Prediction {self.first.key}: {self.first.choice}{sure}, {OUTCOMES[self.first.correct]}{later}"


@dataclass(frozen=True)
class ProgressReport:
    """Lessons in order, then predictions in the order they were committed. `str()` has a line for each."""

    lessons: tuple[LessonRow, ...]
    predictions: tuple[PredictionRow, ...]

    def __str__(self) -> str:
        return "\n".join(map(str, [*self.lessons, *self.predictions])) or "Nothing is recorded yet."

    def __repr__(self) -> str:
        return str(self)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": self.html()}

    def html(self) -> str:
        """Two tables without scripts or styles of their own."""
        exercises = [
            (lesson.title, row.name, row.state, row.tries or "") for lesson in self.lessons for row in lesson.exercises
        ]
        guesses = [
            (row.first.key, row.first.choice, row.first.confidence, OUTCOMES[row.first.correct])
            for row in self.predictions
        ]
        return _table("Exercises", ("Lesson", "Exercise", "State", "Tries"), exercises) + _table(
            "Predictions", ("Question", "Your guess", "How sure", "Outcome"), guesses
        )


def _table(caption: str, heads: tuple[str, ...], rows: list[tuple]) -> str:
    if not rows:
        return ""
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    lines = ["<tr>" + "".join(f"<td>{escape(str(value))}</td>" for value in row) + "</tr>" for row in rows]
    return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def report(done: Progress, catalogue: Sequence | None = None) -> ProgressReport:
    """Lay out what is done along the catalogue (default: the book's); exercises it does not know come last."""
    if catalogue is None:
        from featherweight.exercises import catalogue as book

        catalogue = book()
    names: dict[str, list[str]] = {}
    for exercise in catalogue:
        names.setdefault(f"Lesson {exercise.lesson}", []).append(exercise.name)
    known = {exercise.name for exercise in catalogue}
    others = sorted({record.name for record in done.exercises} - known)
    if others:
        names["Not in this release"] = others
    lessons = tuple(LessonRow(title, tuple(_exercise(done, name) for name in row)) for title, row in names.items())
    return ProgressReport(lessons, _predictions(done))


def _exercise(done: Progress, name: str) -> ExerciseRow:
    record = done.of(name)
    return ExerciseRow(name, record.state, record.tries) if record else ExerciseRow(name, "not started", 0)


def _predictions(done: Progress) -> tuple[PredictionRow, ...]:
    keys = [record.key for record in done.predictions]
    return tuple(PredictionRow(done.prediction(key), keys.count(key) - 1) for key in dict.fromkeys(keys))
