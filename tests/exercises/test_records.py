"""Rows merge like sets, and a damaged file is refused with its reason."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from featherweight.errors import FileProblem
from featherweight.exercises.records import (
    ExerciseRecord,
    PredictionRecord,
    Progress,
    fingerprint,
    parse,
    serialize,
)

PASSED = ExerciseRecord("adam_step", "aa", "passed", 1, "2025-01-02", "2025-01-02")
WRONG = ExerciseRecord("adam_step", "bb", "wrong", 3, "2025-01-01", "2025-01-01")
GUESS = PredictionRecord("ravine", 1, 80, False, "2025-01-01")
DONE = Progress((PASSED, WRONG), (GUESS,))

words = st.text(max_size=8)
moments = st.datetimes().map(lambda moment: moment.isoformat(timespec="microseconds"))
names = st.sampled_from(["adam_step", "sgd_step"])
states = st.sampled_from(["passed", "wrong", "error", "timeout"])
exercise_rows = st.builds(ExerciseRecord, names, st.sampled_from("ab"), states, st.integers(1, 9), moments, moments)
prediction_rows = st.builds(
    PredictionRecord,
    words,
    st.integers(0, 2) | words,
    st.none() | st.floats(0, 1) | words,
    st.none() | st.booleans(),
    moments,
)
progresses = st.builds(
    lambda exercises, predictions: Progress().merged(Progress(tuple(exercises), tuple(predictions))),
    st.lists(exercise_rows, max_size=6),
    st.lists(prediction_rows, max_size=6, unique_by=lambda row: row.at),
)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(
            "def f(x):\n    return x", "def f(x):  # a comment\n\n    return  x", True, id="layout and comments"
        ),
        pytest.param("def f(x):\n    return x", 'def f(x):\n    """Doc."""\n    return x', True, id="docstring"),
        pytest.param("    def f(x):\n        return x", "def f(x):\n    return x", True, id="indented"),
        pytest.param("def f(x):\n    return x", "def f(x):\n    return -x", False, id="other code"),
        pytest.param("def f(x:", "def f(y:", False, id="not Python"),
        pytest.param(None, "", True, id="no code"),
        pytest.param("'\ud800'", "'\udfff'", False, id="lone surrogates"),
    ],
)
def test_the_fingerprint_is_of_the_code_alone(one, other, same):
    assert (fingerprint(one) == fingerprint(other)) is same


def test_an_exercise_is_as_good_as_its_best_version():
    found = DONE.of("adam_step")
    assert (found.state, found.tries, found.first, found.last) == ("passed", 4, "2025-01-01", "2025-01-02")
    assert DONE.of("sgd_step") is None


def test_a_try_of_the_same_code_counts_and_the_best_state_stays():
    again = Progress((PASSED,)).adding(replace(PASSED, state="timeout", last="2025-01-09"))
    assert again.exercises == (replace(PASSED, tries=2, last="2025-01-09"),)


def test_the_first_guess_counts_and_the_later_is_kept():
    done = DONE.adding(replace(GUESS, choice=2, correct=True, at="2025-01-05"))
    assert done.prediction("ravine") == GUESS
    assert len(done.predictions) == 2
    assert done.prediction("valley") is None


@pytest.mark.slow
@settings(max_examples=40)
@given(progresses, progresses, progresses)
def test_merging_is_idempotent_commutative_and_associative(a, b, c):
    def as_sets(done):
        return set(done.exercises), set(done.predictions)

    assert a.merged(a) == a
    assert a.merged(b).merged(b) == a.merged(b)
    assert as_sets(a.merged(b)) == as_sets(b.merged(a))
    assert as_sets(a.merged(b).merged(c)) == as_sets(a.merged(b.merged(c)))


@settings(max_examples=40)
@given(progresses)
def test_a_file_reads_back_as_it_was_written(done):
    assert parse(serialize(done).encode(), "it") == done


@settings(max_examples=40)
@given(st.data())
def test_a_truncated_file_is_refused(data):
    whole = serialize(DONE).encode().rstrip()
    end = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(FileProblem, match="not whole JSON"):
        parse(whole[:end], "it")


@settings(max_examples=40)
@given(
    st.binary()
    | st.text().map(str.encode)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ).map(lambda value: json.dumps(value).encode())
)
def test_a_foreign_file_is_refused(data):
    with pytest.raises(FileProblem, match=r"^it "):
        parse(data, "it")


def _with(**changes) -> bytes:
    return json.dumps({**json.loads(serialize(DONE)), **changes}).encode()


def _row(**changes) -> list:
    return [{**json.loads(serialize(DONE))["exercises"][0], **changes}]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(b"", "not whole JSON", id="empty"),
        pytest.param(b"\xff\xfe", "not whole JSON", id="not UTF-8"),
        pytest.param(b"[" * 100_000, "not whole JSON", id="nested too deep"),
        pytest.param(b'{"cells": []}', "not a featherweight progress file", id="a notebook"),
        pytest.param(_with(version=2), "has version 2; wanted 1", id="from the future"),
        pytest.param(_with(exercises=None), "has no list of exercises", id="no rows"),
        pytest.param(_with(exercises=["adam_step"]), "a row that is not one of name, code", id="a row of text"),
        pytest.param(_with(exercises=_row(more=1)), "a row that is not one of name, code", id="an unknown field"),
        pytest.param(_with(exercises=_row(tries="3")), "holds tries = '3'", id="a wrong type"),
        pytest.param(serialize(DONE).replace(": 80,", ": NaN,").encode(), "holds confidence = nan", id="NaN"),
        pytest.param(serialize(DONE).replace(": 80,", ": 1e999,").encode(), "holds confidence = inf", id="infinity"),
    ],
)
def test_a_damaged_file_is_refused_with_its_reason(data, says):
    with pytest.raises(FileProblem, match=says):
        parse(data, "it")
