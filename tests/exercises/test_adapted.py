import importlib.util
import inspect
from pathlib import Path

import numpy as np
import pytest
import torch

from featherweight.exercises import by_name
from featherweight.exercises.adapted import _kinds, _returned, adapted
from featherweight.exercises.check import check, judge


def styles(lesson):
    spec = importlib.util.spec_from_file_location(f"styles_{lesson}", Path(__file__).with_name(f"styles_{lesson}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return [pytest.param(name, f, id=f"{name}-{f.__name__}") for name, all_ in module.STYLES.items() for f in all_]


@pytest.mark.parametrize(("name", "function"), [*styles("01"), *styles("02"), *styles("05")])
def test_every_passed_style_serves_the_lesson_in_the_books_types(name, function):
    exercise = by_name(name)
    served = adapted(exercise, function, seed=1)
    assert _kinds(_returned(exercise, served, 2)) == _kinds(_returned(exercise, exercise.reference, 2))
    assert judge(exercise, served).state == "passed"


def test_a_function_of_the_right_types_stays_itself():
    exercise = by_name("wanda_scores")
    assert adapted(exercise, exercise.reference, seed=1) is exercise.reference


def in_numpy(weight):
    groups = np.abs(weight.numpy()).reshape(-1, 4)
    return (groups.argsort(axis=1).argsort(axis=1) >= 2).reshape(weight.shape)


def test_check_hands_back_tensors_and_keeps_the_text():
    served = check(in_numpy, name="two_four_mask")
    mask = served(torch.arange(8.0).view(1, 8))
    assert isinstance(mask, torch.Tensor) and mask.int().tolist() == [[0, 0, 1, 1, 0, 0, 1, 1]]
    assert "argsort" in inspect.getsource(served)
    assert check(served, name="two_four_mask") is not None
