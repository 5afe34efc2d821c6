"""How long a learner waits for a verdict."""

from __future__ import annotations

import time
from collections.abc import Callable

from featherweight.exercises.check import judge
from featherweight.exercises.exercise import Exercise

__all__ = ["diagnosis_seconds", "pass_overhead_seconds"]


def pass_overhead_seconds(exercise: Exercise, seed: int = 20_240, rounds: int = 3) -> float:
    """What a passed check costs beyond running the answer itself on every case; the best of some rounds."""
    cases = exercise.cases(seed)

    def compute():
        for inputs in cases:
            exercise.probe(exercise.reference, **inputs)

    return max(0.0, _best(lambda: judge(exercise, exercise.reference), rounds) - _best(compute, rounds))


def diagnosis_seconds(exercise: Exercise) -> float:
    """The longest wait for a named misconception, its picture included."""
    return max(_best(lambda wrong=one.wrong: judge(exercise, wrong), 1) for one in exercise.misconceptions)


def _best(action: Callable[[], object], rounds: int) -> float:
    return min(_seconds(action) for _ in range(rounds))


def _seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start
