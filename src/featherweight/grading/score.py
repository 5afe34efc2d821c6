"""From a student's cells to one typed verdict per exercise. Everything is drawn, computed and compared out here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

from featherweight.exercises.diagnose import Failure, Outcome, Sheet, diagnose, first_failure
from featherweight.exercises.exercise import Exercise
from featherweight.exercises.limits import OutOfTime
from featherweight.grading.session import Broken, Session

__all__ = ["VERDICTS", "Entry", "Result", "score"]

VERDICTS = ("passed", "wrong", "not started", "error", "timeout", "memory", "crashed", "missing")
NO_MEMORY = ("can't allocate memory", "not enough memory", "out of memory", "Unable to allocate")


@dataclass(frozen=True)
class Entry:
    """What a notebook holds for one exercise. state: "started", "not started" or "missing"."""

    exercise: Exercise
    state: str


@dataclass(frozen=True)
class Result:
    """One exercise of one notebook. found: what was seen, without any hidden input. misconception: its name, or ""."""

    exercise: str
    verdict: str
    points: int
    worth: int
    found: str = ""
    misconception: str = ""


def score(
    session: Session, cells: Sequence[str], entries: Sequence[Entry], seed: int, seconds: float
) -> tuple[Result, ...]:
    """Judge every exercise of a notebook.

    cells: the student's code in document order. seed: of the hidden cases. seconds: that each exercise may take.
    """
    return tuple(Notebook(session, cells, seed, seconds).results(entries))


class Notebook:
    """One notebook's conversation: begun when the first answer is wanted, and again after the sandbox broke."""

    def __init__(self, session: Session, cells: Sequence[str], seed: int, seconds: float) -> None:
        self.session, self.cells, self.seed, self.seconds = session, list(cells), seed, seconds
        self.open = False

    def results(self, entries: Sequence[Entry]):
        for entry in entries:
            if entry.state != "started":
                yield _result(entry.exercise, entry.state)
            else:
                yield self.judged(entry.exercise)
        if self.open:
            self.session.end()

    def judged(self, exercise: Exercise) -> Result:
        asked = Sheet(exercise, self.seed)
        try:
            found = self._asked(exercise, asked)
        except OutOfTime:
            self.open = False
            return _result(exercise, "timeout", f"stopped after {self.seconds:g} seconds")
        except Broken as problem:
            self.open = False
            return _result(exercise, "crashed", str(problem))
        return _verdict(asked, found)

    def _asked(self, exercise: Exercise, asked: Sheet) -> list[Outcome]:
        if not self.open:
            self.session.begin(self.cells, self.seconds)
            self.open = True
        until = monotonic() + self.seconds
        return [self.session.ask(exercise, inputs, max(until - monotonic(), 0.01)) for inputs in asked.cases]


def _verdict(asked: Sheet, found: list[Outcome]) -> Result:
    failure = first_failure(asked, found)
    if failure is None:
        return _result(asked.exercise, "passed")
    error = failure.outcome.error
    if isinstance(error, MemoryError) or (error is not None and any(text in str(error) for text in NO_MEMORY)):
        return _result(asked.exercise, "memory", "it asked for more memory than there is")
    if isinstance(error, NotImplementedError) and str(error) in ("", "your turn"):
        return _result(asked.exercise, "not started")
    named = diagnose(asked, found)
    return _result(
        asked.exercise, "error" if error is not None else "wrong", _seen(failure), named.name if named else ""
    )


def _seen(failure: Failure) -> str:
    """What was seen in the first wrong case, without what was asked or expected there."""
    if failure.outcome.error is not None:
        line = f" at {failure.outcome.line}" if failure.outcome.line else ""
        return f"{type(failure.outcome.error).__name__}: {failure.outcome.error}{line}"
    difference = failure.difference
    if difference.kind == "values":
        return "values differ" + (f" at {difference.where}" if difference.where else "")
    return f"{difference.kind}: yours {difference.yours}, expected {difference.expected}"


def _result(exercise: Exercise, verdict: str, found: str = "", misconception: str = "") -> Result:
    points = exercise.points if verdict == "passed" else 0
    return Result(exercise.name, verdict, points, exercise.points, found, misconception)
