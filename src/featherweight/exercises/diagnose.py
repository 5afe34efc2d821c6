"""From a function to what can be said about it: outcomes case by case, the first difference, the misconception."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from time import monotonic

import numpy as np
import torch
from torch import Tensor

from featherweight.exercises.compare import Difference
from featherweight.exercises.exercise import Exercise, Misconception
from featherweight.exercises.limits import OutOfTime, run_within

__all__ = [
    "STAND_INS_CALLED",
    "Failure",
    "Outcome",
    "Sheet",
    "copied",
    "diagnose",
    "first_failure",
    "outcome",
    "outcomes",
    "sheet",
]

STAND_INS_CALLED: ContextVar[set | None] = ContextVar("stand_ins_called", default=None)
"""Names of the stand-ins called while an answer runs; None outside a check."""

ENGINE = str(Path(__file__).parent)
ENOUGH = 0.75
"""Share of the cases wrong in an answer or a misconception that must be alike in both for it to be named."""

TRIAL_SECONDS = 10.0
"""What a misconception may take; one that takes longer is not compared."""


@dataclass(frozen=True)
class Outcome:
    """What one case gave: an answer, or an exception with the learner's own line; and the inputs that were changed."""

    answer: object = None
    error: BaseException | None = None
    line: str = ""
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Failure:
    """The first case that failed: its number from 1, its inputs, and a difference or an outcome with an error."""

    case: int
    inputs: Mapping
    outcome: Outcome
    expected: object
    difference: Difference | None = field(default=None)


@dataclass(frozen=True, eq=False)
class Sheet:
    """What one seed asks of an exercise, what is expected, and what its misconceptions answer: worked out once."""

    exercise: Exercise
    seed: int

    @cached_property
    def cases(self) -> tuple[Mapping, ...]:
        return tuple(self.exercise.cases(self.seed))

    @cached_property
    def expected(self) -> list:
        return [self.exercise.read(inputs, self._given(inputs)) for inputs in self.cases]

    def _given(self, inputs: Mapping):
        """What the reference gives for a case."""
        return self.exercise.probe(self.exercise.reference, **{name: copied(value) for name, value in inputs.items()})

    @cached_property
    def tried(self) -> list[tuple[Misconception, list[Outcome], set[int]]]:
        """Every misconception with the outcomes of each of its implementations, and the cases these get wrong."""
        found = []
        for misconception in self.exercise.misconceptions:
            for wrong in (misconception.wrong, *misconception.also):
                with suppress(OutOfTime):
                    theirs = outcomes(self.exercise, wrong, self.cases, TRIAL_SECONDS)
                    found.append((misconception, theirs, self.wrong_cases(theirs)))
        return found

    def wrong_cases(self, found: list[Outcome]) -> set[int]:
        """The places of the cases whose outcome is not the expected answer."""
        triples = enumerate(zip(self.cases, found, self.expected, strict=True))
        return {i for i, (inputs, mine, right) in triples if _is_wrong(self.exercise, inputs, mine, right)}


@lru_cache(maxsize=64)
def sheet(exercise: Exercise, seed: int) -> Sheet:
    """The sheet of a seed, kept: a learner's second try does not wait for what the first one worked out."""
    return Sheet(exercise, seed)


def copied(value):
    """A deep copy of plain inputs: tensors cloned, lists and tuples rebuilt."""
    if isinstance(value, Tensor):
        return value.clone()
    if isinstance(value, list | tuple):
        return type(value)(copied(part) for part in value)
    return value


def outcomes(exercise: Exercise, function: Callable, cases, seconds: float) -> list[Outcome]:
    """Run every case within `seconds` in all. Raises OutOfTime; any other exception is an outcome."""
    deadline = monotonic() + seconds
    return [outcome(exercise, function, inputs, max(deadline - monotonic(), 0.01)) for inputs in cases]


def outcome(exercise: Exercise, function: Callable, inputs: Mapping, seconds: float) -> Outcome:
    """Run one case on a copy of its inputs."""
    handed = {name: copied(value) for name, value in inputs.items()}
    try:
        answer = run_within(seconds, exercise.probe, function, **handed)
        answer = exercise.read(inputs, _settled(answer))
    except (Exception, SystemExit) as error:
        return Outcome(error=error, line=_own_line(error))
    changed = tuple(name for name, value in inputs.items() if not _equal(value, handed[name]))
    return Outcome(answer=answer, changed=changed)


def _settled(answer):
    """The answer's value now, so that a later change of a shared tensor cannot reach it."""
    if isinstance(answer, Tensor):
        return answer.detach().clone()
    if isinstance(answer, np.ndarray):
        return answer.copy()
    if type(answer) in (list, tuple):
        return type(answer)(_settled(part) for part in answer)
    return answer


def _equal(one, other) -> bool:
    if isinstance(one, Tensor):
        return isinstance(other, Tensor) and one.shape == other.shape and bool(torch.equal(one, other))
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_equal, one, other))
    return one == other


def _own_line(error: BaseException) -> str:
    """Where the learner's code raised: "line 4: x = y"; empty if the call itself did not fit."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if not f.filename.startswith(ENGINE)]
    own = [f for f in frames if "site-packages" not in f.filename] or frames
    return f"line {own[-1].lineno}: {own[-1].line}" if own and own[-1].line else ""


def first_failure(sheet: Sheet, found: list[Outcome]) -> Failure | None:
    """The first case whose outcome is not the expected answer."""
    for number, (inputs, mine, right) in enumerate(zip(sheet.cases, found, sheet.expected, strict=True), start=1):
        difference = _difference(sheet.exercise, inputs, mine, right)
        if mine.error is not None or difference is not None:
            return Failure(number, inputs, mine, right, difference)
    return None


def _difference(exercise: Exercise, inputs, mine: Outcome, right) -> Difference | None:
    if mine.error is not None:
        return None
    difference = exercise.compare.difference(mine.answer, right, inputs)
    if difference is None and exercise.forbids_in_place and mine.changed:
        return Difference("values", "", f"changes its input {mine.changed[0]}", "an input left as it was")
    return difference


def _is_wrong(exercise: Exercise, inputs, mine: Outcome, right) -> bool:
    return mine.error is not None or _difference(exercise, inputs, mine, right) is not None


def diagnose(sheet: Sheet, found: list[Outcome]) -> Misconception | None:
    """The misconception with the same outcomes; failing that, the one that explains most of the wrong cases.

    That one gives the same in the first wrong case, which is the one that is shown. A case that is wrong in the
    misconception and right here counts against it: what it says would not be true of this answer.
    """
    wrong = sheet.wrong_cases(found)
    best, most = None, 0.0
    for misconception, theirs, their_wrong in sheet.tried:
        if not _alike(sheet, min(wrong), found, theirs):
            continue
        alike = {i for i in range(len(found)) if _alike(sheet, i, found, theirs)}
        if len(alike) == len(found):
            return misconception
        either = wrong | their_wrong
        share = len(alike & either) / len(either)
        if share > most:
            best, most = misconception, share
    return best if most >= ENOUGH and len(wrong) > 1 else None


def _alike(sheet: Sheet, case: int, found: list[Outcome], theirs: list[Outcome]) -> bool:
    """Whether two outcomes of a case are the same. A changed input tells right answers apart; wrong ones say more."""
    compare, mine, other = sheet.exercise.compare, found[case], theirs[case]
    if mine.error is not None or other.error is not None:
        return type(mine.error) is type(other.error)
    if not compare.same(mine.answer, other.answer):
        return False
    one_changes = sheet.exercise.forbids_in_place and bool(mine.changed) != bool(other.changed)
    return not one_changes or not compare.same(mine.answer, sheet.expected[case])
