import pytest
import torch

from featherweight.exercises import by_name
from featherweight.exercises.check import judge

BUG_HUNT = by_name("mended_choice")


def no_longer_peeks(sizes, validation, test, budget):
    number = int(validation.double().min(1).values.argmin())
    return number, float(test[number].double().min())


def takes_means(sizes, validation, test, budget):
    number = int(test.double().mean(1).argmin())
    return number, float(test[number].double().mean())


def keeps_within(sizes, validation, test, budget):
    means = torch.where(sizes <= budget, validation.double().mean(1), torch.inf)
    number = int(torch.where(means == means.min(), sizes.double(), torch.inf).argmin())
    return number, float(test[number].double().min())


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        (keeps_within, "the best seed reported"),
    ],
)
def test_mending_some_faults_leaves_the_others_named(answer, left):
    assert judge(BUG_HUNT, answer).misconception == left


def test_the_handed_over_function_has_all_four_faults(handed_over):
    state, named = handed_over(BUG_HUNT)
    assert state == "not started" and named.count(" and ") == 3


@pytest.mark.parametrize(
    ("name", "misconception", "says"),
    [
        ("pareto_front", "equals beat each other", "yours shape ("),
        ("pareto_front", "a mask returned", "yours shape (10,), expected shape ("),
        ("pareto_front", "the largest first", "entry [0]"),
        ("paired_upper_bound", "in per cent", "(off by"),
        ("paired_upper_bound", "unpaired", "(off by"),
        ("calibration_curve", "no counts", "a tuple of 2, expected a tuple of 3"),
        ("calibration_curve", "counts as floats", "counts: yours dtype float64, expected dtype int64"),
        ("calibration_curve", "hits, not shares", "shares, entry ["),
        ("mended_choice", "the errors first", "a whole number"),
        ("mended_choice", "the best seed reported", "the errors: yours "),
    ],
)
def test_the_verdict_says_what_differs_first(name, misconception, says, line_on):
    assert says in line_on(name, misconception)
