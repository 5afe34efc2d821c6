"""The bug hunt of lesson 3: every way of mending a part of it, and what is said of the rest."""

from itertools import combinations

import pytest

from featherweight.exercises.check import judge
from featherweight.exercises.mended_03 import FAULTS, HIDDEN, mended_adam_step
from featherweight.exercises.wrong_03_mended import adam_with

SUBSETS = [chosen for size in range(1, len(FAULTS) + 1) for chosen in combinations(FAULTS, size)]


def marked(chosen):
    return pytest.param(chosen, id="-".join(chosen), marks=[pytest.mark.slow] * (1 < len(chosen) < len(FAULTS)))


@pytest.mark.slow
@pytest.mark.parametrize("chosen", [marked(chosen) for chosen in SUBSETS])
def test_every_subset_of_the_faults_is_named_fault_by_fault(chosen):
    verdict = judge(mended_adam_step, adam_with(**{fault: fault in chosen for fault in FAULTS}), 1)
    seen = [fault for fault in chosen if HIDDEN.get(fault) not in chosen]
    assert verdict.misconception == " and ".join(FAULTS[fault][0] for fault in seen)
    assert verdict.says == " ".join(FAULTS[fault][1] for fault in seen)


def test_there_are_63_subsets_and_no_fault_at_all_passes():
    assert len(SUBSETS) == 63
    assert judge(mended_adam_step, adam_with(**dict.fromkeys(FAULTS, False)), 1).state == "passed"


@pytest.mark.slow
def test_the_handed_over_function_has_all_faults_that_can_be_seen(handed_over):
    state, named = handed_over(mended_adam_step, 1)
    assert state == "not started"
    assert named == " and ".join(name for fault, (name, _) in FAULTS.items() if fault not in HIDDEN)


def correction_mended(parameter, gradient, first_moment, second_moment, step, learning_rate, beta1, beta2, epsilon):
    step = 1
    decay = beta1
    first_moment = first_moment + (1 - decay) * gradient
    second_moment = second_moment + decay * (gradient - second_moment)
    mean, square = first_moment / (1 - decay**step), second_moment / (1 - decay**step)
    parameter = parameter - learning_rate * mean / (square.sqrt() + epsilon)
    return parameter, first_moment, second_moment


def test_a_correction_brings_the_forgotten_counter_to_light():
    assert "a step counter set back to 1" in judge(mended_adam_step, correction_mended, 1).misconception


def test_a_root_of_a_negative_number_is_explained():
    flags = dict.fromkeys(FAULTS, False) | {"unsquared": True}
    verdict = judge(mended_adam_step, adam_with(**flags), 1)
    assert "below zero, its root is nan" in verdict.line
