"""From a student's cells to one typed verdict per exercise. Everything is drawn, computed and compared out here.

A statement that never ends or takes the sandbox down is left out and the cells begin again, a few times; after that
every exercise is judged with its own cells and those that belong to none. So no exercise costs another its verdict.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from time import monotonic

from featherweight.exercises.diagnose import Failure, Outcome, Sheet, diagnose, first_failure
from featherweight.exercises.exercise import Exercise
from featherweight.exercises.limits import OutOfTime
from featherweight.grading.session import Absent, Broken, OutOfMemory, Place, Session

__all__ = ["VERDICTS", "Entry", "Result", "defined", "score"]

VERDICTS = ("passed", "wrong", "not started", "error", "timeout", "memory", "crashed", "missing")
NO_MEMORY = ("can't allocate memory", "not enough memory", "out of memory", "Unable to allocate")
TRIES = 3
"""How often the whole notebook is begun again before every exercise is judged apart."""

DEFINES = re.compile(r"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)|^(\w+)[ \t]*=(?!=)", re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """What a notebook holds for one exercise. state: "started", "not started" or "missing"."""

    exercise: Exercise
    state: str


@dataclass(frozen=True)
class Result:
    """One exercise of one notebook. misconception: its name, or "".

    found: what was seen, for the instructor alone: the text of a student's exception may carry a hidden input.
    """

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

    cells: the student's code in document order. seed: of the hidden cases. seconds: that each exercise may take, and
    that the cells may take to be executed.
    """
    return tuple(Notebook(session, cells, [entry.exercise for entry in entries], seed, seconds).results(entries))


@lru_cache(maxsize=256)
def _sheet(exercise: Exercise, seed: int) -> Sheet:
    """What is asked and expected, worked out once for all students."""
    return Sheet(exercise, seed)


class Notebook:
    """One notebook's conversation: begun when the first answer is wanted, and again after the sandbox broke."""

    def __init__(
        self, session: Session, cells: Sequence[str], exercises: Sequence[Exercise], seed: int, seconds: float
    ) -> None:
        self.session, self.cells, self.seed, self.seconds = session, list(cells), seed, seconds
        self.notes: list[Exception | None] = [None] * len(self.cells)
        self.lost: dict[Place, tuple[str, str]] = {}
        self.tries = TRIES
        names = {exercise.name for exercise in exercises}
        self.owners = [defined(text) & names for text in self.cells]

    def results(self, entries: Sequence[Entry]) -> Iterator[Result]:
        for entry in entries:
            yield self.judged(entry.exercise) if entry.state == "started" else _result(entry.exercise, entry.state)
        self.session.end()

    def judged(self, exercise: Exercise) -> Result:
        """The verdict on one exercise, whatever its code does."""
        asked = _sheet(exercise, self.seed)
        try:
            self._begin(exercise)
            until = monotonic() + self.seconds
            given = [self.session.ask(exercise, inputs, until - monotonic()) for inputs in asked.cases]
        except Absent:
            return _result(exercise, *self._why_absent(exercise))
        except (OutOfTime, Broken) as problem:
            return _result(exercise, *self._trouble(problem))
        return _verdict(asked, [_read(exercise, *pair) for pair in zip(asked.cases, given, strict=True)])

    def _begin(self, exercise: Exercise) -> None:
        """Execute the cells, unless they have been; with the exercise's own alone once the whole failed too often."""
        if self.tries and self.session.begun:
            return
        while self.tries:
            try:
                self.notes = self.session.begin(self.cells, self.seconds, self.lost)
                return
            except (OutOfTime, Broken) as problem:
                self.tries -= 1
                self._leave_out(problem)
        alone = [
            text if owners <= {exercise.name} else "" for text, owners in zip(self.cells, self.owners, strict=True)
        ]
        try:
            self.notes = self.session.begin(alone, self.seconds, self.lost)
        except (OutOfTime, Broken) as problem:
            self._leave_out(problem)
            raise

    def _leave_out(self, problem: BaseException) -> None:
        if self.session.at is not None:
            self.lost[self.session.at] = self._trouble(problem)

    def _trouble(self, problem: BaseException) -> tuple[str, str]:
        """A verdict and what was seen, for what ended a sandbox."""
        if isinstance(problem, OutOfTime):
            return "timeout", f"stopped after {self.seconds:g} seconds"
        return ("memory" if isinstance(problem, OutOfMemory) else "crashed"), str(problem)

    def _why_absent(self, exercise: Exercise) -> tuple[str, str]:
        """Why the cells defined no such function: what befell the exercise's own cells, else any."""
        own = [exercise.name in owners for owners in self.owners]
        for mine in (True, False):
            lost = [trouble for (cell, _), trouble in sorted(self.lost.items()) if own[cell] is mine]
            notes = [note for cell, note in enumerate(self.notes) if own[cell] is mine and note is not None]
            if lost:
                return lost[0]
            if notes:
                return ("memory", "") if _no_memory(notes[0]) else ("error", f"{type(notes[0]).__name__}: {notes[0]}")
        return "error", f"NameError: no function is called {exercise.name}"


def defined(text: str) -> set[str]:
    """The names that a cell gives to functions, classes and values; of a cell that is no Python, what looks like it."""
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {name for pair in DEFINES.findall(text) for name in pair if name}
    named = (node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef))
    return {*named, *(node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))}


def _read(exercise: Exercise, inputs: Mapping, given: Outcome) -> Outcome:
    """An outcome with what is compared of its answer."""
    if exercise.reading is None or given.error is not None:
        return given
    try:
        return replace(given, answer=exercise.read(inputs, given.answer))
    except Exception as problem:  # a hostile answer may have any value of any type
        return Outcome(error=problem)


def _verdict(asked: Sheet, found: list[Outcome]) -> Result:
    try:
        failure = first_failure(asked, found)
        named = diagnose(asked, found) if failure is not None else None
    except Exception as problem:  # an instructor's own rule, which no test of ours has met
        seen = f"an answer that cannot be compared ({type(problem).__name__}): look at the exercise's rule"
        return _result(asked.exercise, "wrong", seen)
    if failure is None:
        return _result(asked.exercise, "passed")
    error = failure.outcome.error
    if _no_memory(error):
        return _result(asked.exercise, "memory", "it asked for more memory than there is")
    if isinstance(error, NotImplementedError) and str(error) in ("", "your turn"):
        return _result(asked.exercise, "not started")
    verdict = "error" if error is not None else "wrong"
    return _result(asked.exercise, verdict, _seen(failure), named.name if named else "")


def _no_memory(error: BaseException | None) -> bool:
    return isinstance(error, MemoryError) or any(text in str(error) for text in NO_MEMORY)


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
