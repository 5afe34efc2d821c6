"""`check` a learner's function: judge it, say which mistake it is, and hand back what the lesson goes on with."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor

from featherweight import runtime
from featherweight.errors import FeatherweightError, InputError
from featherweight.exercises import by_name, catalogue
from featherweight.exercises.adapted import adapted
from featherweight.exercises.compare import describe
from featherweight.exercises.diagnose import (
    STAND_INS_CALLED,
    Failure,
    Outcome,
    Sheet,
    diagnose,
    first_failure,
    outcomes,
    sheet,
)
from featherweight.exercises.exercise import Exercise
from featherweight.exercises.limits import OutOfTime
from featherweight.exercises.missing_names import explain_missing_names
from featherweight.exercises.probes import call
from featherweight.exercises.source import is_untouched, learner_source
from featherweight.exercises.verdict import Verdict

__all__ = ["CheckFailed", "StandIn", "check", "hint", "judge", "seconds_allowed"]

SEED = 20_240
"""Seed of the cases that `check` draws; the grader draws its own."""
explain_missing_names()  # every lesson's set-up imports this module


class CheckFailed(FeatherweightError):
    """Raised in strict mode (FEATHERWEIGHT_STRICT=1, nbgrader) by anything but a passed check."""


class StandIn:
    """The book's own function under the learner's name: marked, so that it never passes a check."""

    def __init__(self, exercise: Exercise, verdict: Verdict) -> None:
        functools.update_wrapper(self, exercise.reference)
        self.__name__ = exercise.name
        self.exercise, self.verdict = exercise, verdict

    def __call__(self, *args, **kwargs):
        called = STAND_INS_CALLED.get()
        if called is not None:
            called.add(self.exercise.name)
        return self.exercise.reference(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<stand-in for {self.exercise.name}: the book's own, until yours passes>"


def check(function: Callable, name: str | None = None):
    """Judge a learner's function and show the verdict; returns it if it passed, a stand-in for it otherwise.

    name: the exercise, where the function's own name does not say it.
    Raises InputError where no exercise can be told, and CheckFailed in strict mode for anything but a pass.
    """
    exercise = _exercise_of(function, name, sys._getframe(1).f_globals)
    verdict = function.verdict if isinstance(function, StandIn) else judge(exercise, function)
    _show(verdict)
    _record(verdict, function)
    if verdict.state == "passed":
        with _undisturbed():
            return adapted(exercise, function, SEED)
    if runtime.strict():
        raise CheckFailed(verdict.line)
    return StandIn(exercise, verdict)


def hint(name: str) -> None:
    """Show the next hint for an exercise: the first on the first call, up to the third."""
    exercise = by_name(name)
    given = _HINTS_GIVEN[name] = min(_HINTS_GIVEN.get(name, 0) + 1, len(exercise.hints))
    print(f"{name}, hint {given} of {len(exercise.hints)}: {exercise.hints[given - 1]}")


_HINTS_GIVEN: dict[str, int] = {}


def seconds_allowed() -> float:
    """Seconds that one check may spend in the learner's code: FEATHERWEIGHT_CHECK_SECONDS, or 10."""
    text = os.environ.get("FEATHERWEIGHT_CHECK_SECONDS", "10")
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise InputError(f"FEATHERWEIGHT_CHECK_SECONDS is {text!r}; wanted a number of seconds above 0.")
    return seconds


def judge(exercise: Exercise, function: Callable, seed: int = SEED) -> Verdict:
    """The verdict on a function, without showing or recording it."""
    if isinstance(function, StandIn) or is_untouched(learner_source(function), exercise):
        return _not_started(exercise)
    if not callable(function):
        return _wrong(exercise, f"{exercise.name} is {describe(function)}, expected a function.")
    asked, seconds = sheet(exercise, seed), seconds_allowed()
    try:
        with _undisturbed() as called:
            mine = outcomes(exercise, function, asked.cases, seconds)
    except OutOfTime:
        return _timeout(exercise, seconds)
    if exercise.name in called:
        return _not_started(exercise, "it calls the stand-in that bears its own name")
    if any(_says_so(found) for found in mine):
        return _not_started(exercise)
    with _undisturbed():
        failure = first_failure(asked, mine)
        return _passed(exercise, mine) if failure is None else _failed(asked, mine, failure)


@contextmanager
def _undisturbed():
    """On the CPU, the learner's random state kept; yields the names of the stand-ins that are called."""
    state, called = torch.random.get_rng_state(), set()
    token = STAND_INS_CALLED.set(called)
    try:
        with torch.device("cpu"), torch.enable_grad():
            yield called
    finally:
        STAND_INS_CALLED.reset(token)
        torch.random.set_rng_state(state)


def _passed(exercise: Exercise, mine: list[Outcome]) -> Verdict:
    changed = sorted({name for found in mine for name in found.changed})
    note = f" Note: it changes its input {' and '.join(changed)} in place, which is allowed here." if changed else ""
    return Verdict(exercise.name, "passed", f"passed, {len(mine)} cases.{note}", "Yours is in use from here.")


def _not_started(exercise: Exercise, why: str = "") -> Verdict:
    found = f"not started ({why})." if why else "not started."
    return Verdict(exercise.name, "not started", found, "The lesson goes on with ours.", hints=exercise.hints)


def _says_so(found: Outcome) -> bool:
    """Whether the learner's own text raised NotImplementedError; torch raises it, too, where it lacks something."""
    if not isinstance(found.error, NotImplementedError):
        return False
    return str(found.error) in ("", "your turn") or "raise NotImplementedError" in found.line


def _wrong(exercise: Exercise, found: str, state: str = "wrong", **more) -> Verdict:
    goes_on = "The lesson goes on with ours until yours passes."
    return Verdict(exercise.name, state, f"not yet. {found}", goes_on, hints=exercise.hints, **more)


def _timeout(exercise: Exercise, seconds: float) -> Verdict:
    found = f"stopped after {seconds:g} seconds, which is far longer than it needs. Is there a loop that never ends?"
    return _wrong(exercise, found, "timeout")


def _failed(asked: Sheet, mine: list[Outcome], failure: Failure) -> Verdict:
    exercise, place = asked.exercise, f"Case {failure.case} of {len(mine)}"
    named = diagnose(asked, mine)
    more = {"inputs": _inputs_line(exercise, failure.inputs)}
    if named:
        more |= {"misconception": named.name, "says": named.says, "look": named.look}
    if failure.outcome.error is not None:
        error = failure.outcome.error
        line = f" at {failure.outcome.line}" if failure.outcome.line else ""
        return _wrong(exercise, f"{place}: {type(error).__name__}: {error}{line}.", "error", **more)
    joint = ", " if failure.difference.where else ": "
    picture = _picture(exercise, failure)
    alt = f"your answer drawn over the expected one, case {failure.case}" if picture else ""
    return _wrong(exercise, f"{place}{joint}{failure.difference}.", picture=picture, alt=alt, **more)


def _inputs_line(exercise: Exercise, inputs: Mapping) -> str:
    """The case by name; where a probe makes something of it, its docstring's first line says what."""
    values = ", ".join(f"{name} = {_short(value)}" for name, value in inputs.items())
    return values if exercise.probe is call else f"{values}; {exercise.probe.__doc__.splitlines()[0].rstrip('.')}"


def _short(value) -> str:
    if isinstance(value, Tensor):
        return _short(value.tolist()) if value.numel() <= 20 else describe(value)
    if isinstance(value, list | tuple) and len(value) <= 12:
        return f"[{', '.join(map(_short, value))}]"
    return f"{value + 0.0:.4g}" if isinstance(value, float) else describe(value)


def _picture(exercise: Exercise, failure: Failure) -> bytes | None:
    if exercise.picture is None or failure.difference.kind != "values":
        return None
    from featherweight.lab.plots import png

    return png(lambda axes: exercise.picture(axes, failure.inputs, failure.outcome.answer, failure.expected))


def _exercise_of(function, name: str | None, scope: Mapping) -> Exercise:
    """The exercise that is meant: the given name, else the function's, else the name it is bound to by the caller."""
    if name is not None:
        return by_name(name)
    if isinstance(function, StandIn):
        return function.exercise
    known = {exercise.name: exercise for exercise in catalogue()}
    own = getattr(function, "__name__", None)
    if own in known:
        return known[own]
    bound = [key for key, value in scope.items() if value is function and key in known]
    if len(bound) == 1:
        return known[bound[0]]
    if own and own != "<lambda>" and callable(function):
        return by_name(own)
    raise InputError(
        f"check got {describe(function)} and cannot tell which exercise it answers; "
        'wanted the function itself: write x = check(x), or check(x, name="…").'
    )


def _show(verdict: Verdict) -> None:
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
        sys.modules["IPython"].display.display(verdict)
    else:
        print(verdict.line)


def _record(verdict: Verdict, function) -> None:
    from featherweight.exercises.progress import record_verdict

    record_verdict(verdict.name, verdict.state, learner_source(function) or "")
