"""Every exercise of the book across the real boundary: right answers, every misconception and the stub, as notebooks.

All are handed in by one student, so that they cost one sandbox. An exercise that joins the book is tested as it is.
"""

import json
import runpy
from dataclasses import dataclass
from pathlib import Path

import pytest

from featherweight.exercises import catalogue
from featherweight.exercises.diagnose import Sheet
from featherweight.exercises.source import function_source, standalone_source, stub_source
from featherweight.grading.handed import Handed
from featherweight.grading.settings import Settings
from featherweight.grading.student import grade_student

SETTINGS = Settings("correct horse battery")
STYLES = {
    name: [(path.read_text(encoding="utf-8"), style.__name__) for style in styles]
    for path in sorted((Path(__file__).parents[1] / "exercises").glob("styles_*.py"))
    for name, styles in runpy.run_path(str(path))["STYLES"].items()
}
EXERCISES = [pytest.param(exercise, id=exercise.name) for exercise in catalogue()]
EACH = pytest.mark.parametrize("exercise", EXERCISES)

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Typed:
    """What a learner types into an exercise's cell. kind: right, wrong or stub. raises: in the first case it misses."""

    kind: str
    label: str
    text: str
    raises: bool = False


def typed(exercise):
    """Everything that is handed in for one exercise."""
    yield Typed("right", "the book's own", function_source(exercise.reference, exercise.name))
    for text, style in STYLES.get(exercise.name, ()):
        yield Typed("right", style, f"{text}\n{exercise.name} = {style}\n")
    yield Typed("stub", "stub", stub_source(exercise))
    asked = Sheet(exercise, SETTINGS.seed(exercise.lesson))
    theirs = iter(asked.tried)
    for misconception in exercise.misconceptions:
        for wrong in (misconception.wrong, *misconception.also):
            _, outcomes, missed = next(theirs)
            text = standalone_source(wrong, exercise.name)
            yield Typed("wrong", misconception.name, text, outcomes[min(missed)].error is not None)


def handed(exercise, number, text):
    """A notebook of one cell, which has the exercise's id."""
    cell = {"cell_type": "code", "id": exercise.name, "source": text, "metadata": {}, "outputs": []}
    notebook = {"cells": [cell | {"execution_count": None}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return Handed("everybody", f"{exercise.name}/{number}.ipynb", json.dumps(notebook).encode())


@pytest.fixture(scope="module")
def graded():
    """Exercise → (what was typed, its result, the verdicts of the lesson's other exercises)."""
    everything = [(exercise, one) for exercise in catalogue() for one in typed(exercise)]
    notebooks = [handed(exercise, number, one.text) for number, (exercise, one) in enumerate(everything)]
    found = {exercise: [] for exercise in catalogue()}
    for (exercise, one), record in zip(everything, grade_student(notebooks, SETTINGS), strict=True):
        assert (record.verdict, record.sandboxed, record.lesson) == ("graded", True, exercise.lesson), record
        results = {result.exercise: result for result in record.results}
        own = results.pop(exercise.name)
        found[exercise].append((one, own, {result.verdict for result in results.values()}))
    return found


def of_kind(graded, exercise, kind):
    return [(one, result) for one, result, _ in graded[exercise] if one.kind == kind]


@EACH
def test_right_answers_get_full_marks_in_any_style(exercise, graded):
    right = of_kind(graded, exercise, "right")
    assert len(right) >= 3, "the book's own and two more: add to tests/exercises/styles_NN.py"
    for one, result in right:
        assert (result.verdict, result.points, result.found) == ("passed", exercise.points, ""), one.label


@EACH
def test_the_stub_is_not_started(exercise, graded):
    [(_, result)] = of_kind(graded, exercise, "stub")
    assert (result.verdict, result.points) == ("not started", 0)


@EACH
def test_every_misconception_is_caught(exercise, graded):
    wrong = of_kind(graded, exercise, "wrong")
    assert wrong
    for one, result in wrong:
        assert (result.verdict, result.points) == ("error" if one.raises else "wrong", 0), one.label


def test_nearly_every_misconception_is_named(graded):
    pairs = [(one.label, result.misconception) for e in graded for one, result in of_kind(graded, e, "wrong")]
    missed = [pair for pair in pairs if pair[0] != pair[1]]
    assert len(pairs) > 600 and len(missed) <= 0.05 * len(pairs), missed


@EACH
def test_what_is_not_handed_in_is_missing(exercise, graded):
    alone = sum(other.lesson == exercise.lesson for other in catalogue()) == 1
    assert all(others == (set() if alone else {"missing"}) for _, _, others in graded[exercise])
