"""How long a learner waits for a verdict.

Every exercise and every wrong answer is timed once, which finds the slowest of each lesson; these are timed again, and
their fastest counts. A learner's first wrong answer to an exercise waits for more than the next one: what the known
misconceptions answer is worked out then, and kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby

from featherweight.bench.repeats import ratio, turns
from featherweight.bench.row import Row, number
from featherweight.exercises import catalogue
from featherweight.exercises.check import SEED, judge
from featherweight.exercises.diagnose import sheet
from featherweight.exercises.exercise import Exercise

__all__ = ["lesson_check_rows", "pass_row", "wrong_rows"]

PASS_GOAL, WRONG_GOAL = 100, 1000  # ms: beyond the learner's own computing; with its picture
SLOWEST = 3
"""So many of the slowest wrong answers of a lesson are timed again."""


def lesson_check_rows(book: Sequence[Exercise] | None = None, rounds: int = 5) -> Iterator[Row]:
    """Three rows for each lesson: a pass, the first wrong answer to an exercise, and any later one."""
    book = catalogue() if book is None else book
    judge(book[0], book[0].misconceptions[0].wrong)  # imports what draws a picture: a lesson has done so by then
    lessons = {lesson: list(group) for lesson, group in groupby(book, lambda one: one.lesson)}
    for lesson, exercises in lessons.items():
        where = f"lesson {lesson:02}"
        yield pass_row(where, exercises, rounds)
        yield from wrong_rows(where, exercises, rounds)


def pass_row(where: str, exercises: Sequence[Exercise], rounds: int = 5) -> Row:
    """The pass that costs most beyond running the answer itself on every case."""
    found = {one: _pass(one, 1) for one in exercises}
    slowest = max(found, key=lambda one: _beyond(found[one]))
    times = _pass(slowest, rounds)
    beside = f"the answer's own computing, {number(1000 * min(times['own']))} ms"
    share = ratio(times["check"], times["own"])
    return Row(
        f"{where}, a pass beyond the answer's own computing: {slowest.name}",
        1000 * _beyond(times),
        "ms",
        PASS_GOAL,
        beside=beside,
        ratio=share,
    )


def wrong_rows(where: str, exercises: Sequence[Exercise], rounds: int = 5) -> Iterator[Row]:
    """The longest first wrong answer to an exercise, and the longest that is not the first; with their pictures."""
    first, later = {}, {}
    sheet.cache_clear()
    for exercise in exercises:
        first[exercise] = seconds(partial(judge, exercise, exercise.misconceptions[0].wrong))
        for one in exercise.misconceptions:
            later[exercise, one] = seconds(partial(judge, exercise, one.wrong))
    again = {}
    for exercise, one in sorted(later, key=later.get)[-SLOWEST:]:
        again[exercise, one] = min(seconds(partial(judge, exercise, one.wrong)) for _ in range(rounds))
    exercise, one = max(again, key=again.get)
    second = _wrong_row(f"{where}, a later wrong answer", exercise, partial(judge, exercise, one.wrong), rounds)
    slowest = max(first, key=first.get)
    yield _wrong_row(f"{where}, the first wrong answer", slowest, _afresh(slowest), rounds)
    yield second


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def _wrong_row(what: str, exercise: Exercise, wrong: Callable, rounds: int) -> Row:
    """A wrong answer beside a pass of the same exercise."""
    times = turns({"wrong": wrong, "pass": lambda: judge(exercise, exercise.reference)}, rounds, 0)
    beside = f"a pass, {number(1000 * min(times['pass']))} ms"
    share = ratio(times["wrong"], times["pass"])
    return Row(f"{what}: {exercise.name}", 1000 * min(times["wrong"]), "ms", WRONG_GOAL, beside=beside, ratio=share)


def _afresh(exercise: Exercise) -> Callable[[], object]:
    """An action that judges the first wrong answer as if nothing of the exercise were known yet."""

    def action():
        sheet.cache_clear()
        return judge(exercise, exercise.misconceptions[0].wrong)

    return action


def _pass(exercise: Exercise, rounds: int) -> dict[str, list[float]]:
    """Seconds of a passed check and of its computing alone, in turns; the cases are known already."""
    cases = exercise.cases(SEED)

    def own():
        for inputs in cases:
            exercise.probe(exercise.reference, **inputs)

    judge(exercise, exercise.reference)
    return turns({"check": lambda: judge(exercise, exercise.reference), "own": own}, rounds)


def _beyond(times: dict[str, list[float]]) -> float:
    return max(0.0, min(times["check"]) - min(times["own"]))
