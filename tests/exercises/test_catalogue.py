"""Proof that the checks teach: every exercise of the book, with right answers, wrong ones and none."""

import ast
import inspect
import runpy
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from featherweight.errors import InputError
from featherweight.exercises import by_name, catalogue
from featherweight.exercises.check import judge
from featherweight.exercises.diagnose import sheet
from featherweight.exercises.source import STUB_LINE, stub_source

STYLES = {
    name: styles
    for path in sorted(Path(__file__).parent.glob("styles_*.py"))
    for name, styles in runpy.run_path(str(path))["STYLES"].items()
}
BOOK = tuple(replace(exercise, picture=None) for exercise in catalogue())  # pictures are tested with `check`
EXERCISES = [pytest.param(e, id=e.name) for e in BOOK]
FAST = 2
"""Wrong answers of an exercise that are tried in the fast run; the others are in the slow one."""
WRONG = [
    pytest.param(e, m, wrong, id=f"{e.name}-{m.name}" + f" ({number})" * (number > 1), marks=marks)
    for e in BOOK
    for place, m in enumerate(e.misconceptions)
    for marks in ([pytest.mark.slow] * (place >= FAST),)
    for number, wrong in enumerate((m.wrong, *m.also), start=1)
]
RENAMED = [
    pytest.param(e, m, marks=[pytest.mark.slow] * (number > 0), id=f"{e.name}-{m.name}")
    for e in BOOK
    for number, m in enumerate(e.misconceptions)
]
RIGHT = [pytest.param(by_name(n), f, id=f"{n}-{f.__name__}") for n, styles in STYLES.items() for f in styles]
SEEDS = (1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow))


class Renamer(ast.NodeTransformer):
    """Give every argument and local variable of a function another name."""

    def __init__(self, names):
        self.names = {name: f"renamed_{number}" for number, name in enumerate(sorted(names))}

    def visit_Name(self, node):
        node.id = self.names.get(node.id, node.id)
        return node

    def visit_arg(self, node):
        node.arg = self.names.get(node.arg, node.arg)
        return node


def renamed(function):
    """The same function with other variable names, compiled anew; free variables of a closure stay as they are."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    code = function.__code__
    tree = ast.fix_missing_locations(Renamer({*code.co_varnames, *code.co_cellvars}).visit(tree))
    free = dict(zip(code.co_freevars, [cell.cell_contents for cell in function.__closure__ or ()], strict=True))
    space = dict(function.__globals__) | free
    exec(compile(tree, "<renamed>", "exec"), space)
    return space[function.__name__]


def compiled(source, name):
    space = {}
    exec("import math\nimport torch\nimport torch.nn.functional as F\nfrom torch import Tensor\n" + source, space)
    return space[name]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_reference_passes(exercise, seed):
    assert judge(exercise, exercise.reference, seed).state == "passed"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("exercise", "function"), RIGHT)
def test_other_styles_pass(exercise, function, seed):
    verdict = judge(exercise, function, seed)
    assert verdict.state == "passed", verdict.line


@pytest.mark.parametrize("exercise", EXERCISES)
def test_at_least_two_other_styles_are_tried(exercise):
    assert len(STYLES.get(exercise.name, ())) >= 2


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_stub_is_not_started_and_passes_nothing(exercise):
    stub = stub_source(exercise)
    if exercise.starts_from is None:
        assert stub.endswith(STUB_LINE)
        assert judge(exercise, compiled(stub, exercise.name)).state == "not started"
    else:
        assert judge(exercise, compiled(stub, exercise.name), 1).state in ("wrong", "error")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("exercise", "misconception", "wrong"), WRONG)
def test_each_misconception_is_caught_and_named(exercise, misconception, wrong, seed):
    verdict = judge(exercise, wrong, seed)
    assert verdict.state in ("wrong", "error")
    assert verdict.misconception == misconception.name


@pytest.mark.parametrize(("exercise", "misconception"), RENAMED)
def test_each_misconception_is_named_under_other_variable_names(exercise, misconception):
    for wrong in (misconception.wrong, *misconception.also):
        assert judge(exercise, renamed(wrong), 1).misconception == misconception.name


@pytest.mark.slow
@pytest.mark.parametrize("exercise", EXERCISES)
def test_no_two_misconceptions_look_the_same(exercise):
    found = [theirs for _, theirs, _ in sheet(exercise, 1).tried]
    assert len(found) == sum(1 + len(m.also) for m in exercise.misconceptions)
    for i, one in enumerate(found):
        for other in found[:i]:
            assert not all(_same(exercise, a, b) for a, b in zip(one, other, strict=True))


def _same(exercise, a, b):
    if a.error is not None or b.error is not None:
        return type(a.error) is type(b.error)
    return exercise.compare.same(a.answer, b.answer)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_cases_are_plain_and_depend_on_the_seed_alone(exercise):
    import torch

    def plain(value):
        if isinstance(value, list | tuple):
            return all(map(plain, value))
        return isinstance(value, torch.Tensor | int | float | bool | str)

    one, again = exercise.cases(7), exercise.cases(7)
    assert all(plain(value) for case in one for value in case.values())
    assert repr(one) == repr(again)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_every_exercise_explains_itself(exercise):
    assert exercise.misconceptions
    assert exercise.oracle
    assert all(m.says.endswith((".", "?", "!", "…")) for m in exercise.misconceptions)
    assert exercise.reference.__doc__.count("\n") >= 3


def test_names_are_unique_and_in_lesson_order():
    names, lessons = [e.name for e in catalogue()], [e.lesson for e in catalogue()]
    assert len(set(names)) == len(names)
    assert lessons == sorted(lessons)


def test_an_unknown_name_gets_the_nearest_ones():
    with pytest.raises(InputError, match=r"no exercise called 'gradient_decent'; did you mean gradient_descent"):
        by_name("gradient_decent")
