"""A verdict comes within its time: 100 ms beyond the computing for a pass, 1 s for a diagnosis with its picture."""

import time
from dataclasses import replace

import pytest

from featherweight.bench.checks import diagnosis_seconds, pass_overhead_seconds
from featherweight.exercises import by_name, catalogue

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("exercise", catalogue(), ids=lambda exercise: exercise.name)
def test_verdicts_are_quick(exercise):
    assert pass_overhead_seconds(exercise) < 0.1
    assert diagnosis_seconds(exercise) < 1.0


def test_a_slow_check_is_seen():
    exercise = by_name("largest_stable_rate")

    def dawdle(inputs, answer, expected):
        time.sleep(0.2)

    slow = replace(exercise, compare=replace(exercise.compare, rule=dawdle))
    assert pass_overhead_seconds(slow, rounds=1) > 0.1
