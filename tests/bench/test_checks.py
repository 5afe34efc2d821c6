"""The measurement of a verdict sees what it costs. How long each one takes is a matter of `make bench`."""

import time
from dataclasses import replace

import pytest

from featherweight.bench.checks import diagnosis_seconds, pass_overhead_seconds
from featherweight.exercises import by_name


@pytest.fixture
def dawdling():
    """An exercise whose comparison takes 0.1 s a case."""
    exercise = by_name("largest_stable_rate")

    def dawdle(inputs, answer, expected):
        time.sleep(0.1)

    return replace(exercise, compare=replace(exercise.compare, rule=dawdle))


@pytest.mark.slow
def test_a_slow_pass_is_seen(dawdling):
    cases = len(dawdling.cases(20_240))
    assert pass_overhead_seconds(dawdling, rounds=1) >= 0.1 * cases


@pytest.mark.slow
def test_a_slow_diagnosis_is_seen(dawdling):
    one = replace(dawdling, misconceptions=dawdling.misconceptions[:1])
    assert diagnosis_seconds(one) >= 0.1
