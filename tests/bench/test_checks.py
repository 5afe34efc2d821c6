"""The measurement of a verdict sees what it costs. How long each one takes is a matter of `make bench`."""

import time
from dataclasses import replace

import pytest

from featherweight.bench import checks as bench
from featherweight.exercises import by_name
from featherweight.exercises.check import SEED


@pytest.fixture(scope="module")
def quick():
    """An exercise with two of its misconceptions."""
    exercise = by_name("largest_stable_rate")
    return replace(exercise, misconceptions=exercise.misconceptions[:2])


@pytest.fixture(scope="module")
def dawdling(quick):
    """The same, of which the comparison of a case takes 0.02 s."""

    def dawdle(inputs, answer, expected):
        time.sleep(0.02)
        return None if abs(answer - expected) <= 1e-9 else "it differs"

    return replace(quick, name="dawdling", compare=replace(quick.compare, rule=dawdle))


def test_a_slow_pass_is_seen(dawdling):
    row = bench.pass_row("lesson 01", [dawdling], rounds=1)
    assert row.measured >= 20 * len(dawdling.cases(SEED)) and row.allowed == 100
    assert row.beside.startswith("the answer's own computing, ") and row.ratio.median > 1


@pytest.mark.slow
def test_the_slowest_exercise_is_the_one_that_is_shown(quick, dawdling):
    rows = [bench.pass_row("lesson 01", [quick, dawdling], 1), *bench.wrong_rows("lesson 01", [quick, dawdling], 1)]
    assert [row.what.endswith(": dawdling") for row in rows] == [True] * 3


@pytest.mark.slow
def test_the_first_wrong_answer_waits_for_what_is_worked_out_then(dawdling):
    first, later = bench.wrong_rows("lesson 01", [dawdling], rounds=2)
    assert first.measured > later.measured >= 20
    assert first.allowed == later.allowed == 1000 and later.beside.startswith("a pass, ")


def test_a_slow_wrong_answer_is_the_one_that_is_shown(quick):
    fast, slow = quick.misconceptions

    def wrong(*arguments, **named):
        time.sleep(0.02)
        return slow.wrong(*arguments, **named)

    book = replace(quick, misconceptions=(fast, replace(slow, wrong=wrong)))
    _, row = bench.wrong_rows("lesson 01", [book], rounds=1)
    assert row.measured >= 20 * len(quick.cases(SEED))


def test_every_lesson_of_a_book_has_its_rows(quick):
    rows = list(bench.lesson_check_rows([quick, replace(quick, lesson=2)], rounds=1))
    assert [row.what[:9] for row in rows] == ["lesson 01"] * 3 + ["lesson 02"] * 3
