"""Answers that are typed into a notebook: each gets the verdict that it announces, and leaves no other name behind."""

import linecache

import pytest

from featherweight.bench import mistakes
from featherweight.errors import FeatherweightError
from featherweight.exercises import by_name
from featherweight.exercises.check import judge

SOME = [by_name(name) for name in ("gradient_descent", "adam_step", "mended_find_ticket", "pack_q4_0")]


def typed(text, name):
    """What a cell with this text defines; its text can be read, as in a notebook."""
    space = {}
    exec(mistakes.PRELUDE, space)
    before = set(space)
    linecache.cache["<cell>"] = (len(text), None, text.splitlines(keepends=True), "<cell>")
    exec(compile(text, "<cell>", "exec"), space)
    assert set(space) - before - {"_made"} == {name}
    return space[name]


@pytest.mark.slow
@pytest.mark.parametrize("exercise", SOME, ids=lambda each: each.name)
def test_an_exercise_has_a_wrong_answer_that_is_named(exercise):
    text, verdict = mistakes.wrong(exercise)
    assert verdict in judge(exercise, typed(text, exercise.name)).line


@pytest.mark.parametrize("exercise", SOME, ids=lambda each: each.name)
def test_the_right_answer_passes(exercise):
    text, verdict = mistakes.right(exercise)
    assert judge(exercise, typed(text, exercise.name)).line.startswith(verdict)


@pytest.mark.parametrize("exercise", SOME, ids=lambda each: each.name)
def test_an_answer_that_raises_and_one_that_never_returns(exercise, monkeypatch):
    monkeypatch.setenv("FEATHERWEIGHT_CHECK_SECONDS", "0.2")
    for make in (mistakes.raising, mistakes.hanging):
        text, verdict = make(exercise)
        found = judge(exercise, typed(text, exercise.name))
        assert verdict in found.line and found.state in ("error", "timeout")


def test_an_exercise_whose_mistakes_cannot_be_typed_is_named(monkeypatch):
    monkeypatch.setattr(mistakes, "_is_named", lambda *given: False)
    with pytest.raises(
        FeatherweightError, match=r"No misconception of cosine_rate can be typed into a notebook; wanted"
    ):
        mistakes.wrong(by_name("cosine_rate"))
