import pytest
import torch.nn.functional as F

from featherweight.exercises import by_name
from featherweight.exercises.check import judge

BUG_HUNT = by_name("mended_remove_channels")


def statistics_mended(weight, scale, shift, mean, variance, epsilon, next_weight, next_bias, keep):
    gone = ~keep
    folded = next_bias + next_weight[:, gone].mean(dim=(2, 3)) @ F.relu(shift[gone])
    return weight[keep], scale[keep], shift[keep], mean[keep], variance[keep], next_weight[:, keep], folded


def constant_mended(weight, scale, shift, mean, variance, epsilon, next_weight, next_bias, keep):
    left, gone = int(keep.sum()), ~keep
    silent = shift[gone] - scale[gone] * mean[gone] / (variance[gone] + epsilon) ** 0.5
    folded = next_bias + next_weight[:, gone].mean(dim=(2, 3)) @ F.relu(silent)
    return weight[keep], scale[keep], shift[keep], mean[:left], variance[:left], next_weight[:, keep], folded


def taps_mended(weight, scale, shift, mean, variance, epsilon, next_weight, next_bias, keep):
    left, gone = int(keep.sum()), ~keep
    folded = next_bias + next_weight[:, gone].sum(dim=(2, 3)) @ F.relu(shift[gone])
    return weight[keep], scale[keep], shift[keep], mean[:left], variance[:left], next_weight[:, keep], folded


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        (statistics_mended, "a silent channel taken for its shift and an average over the kernel"),
        (constant_mended, "statistics left behind and an average over the kernel"),
        (taps_mended, "statistics left behind and a silent channel taken for its shift"),
    ],
)
def test_mending_one_fault_leaves_the_other_two_named(answer, left):
    assert judge(BUG_HUNT, answer).misconception == left


def test_the_handed_over_function_has_all_three_faults(handed_over):
    state, named = handed_over(BUG_HUNT)
    assert state == "not started" and named.count(" and ") == 2


@pytest.mark.parametrize(
    ("name", "misconception", "says"),
    [
        ("remove_neurons", "no fold", "next_bias, entry [0]: yours"),
        ("remove_neurons", "the next layer's columns left", "next_weight: yours shape (2, 4), expected shape (2, 2)"),
        ("remove_neurons", "masks instead of deletes", "weight: yours shape (4, 3), expected shape (2, 3)"),
        ("remove_neurons", "minus for not", "RuntimeError"),
        ("align_residual", "readers left whole", "expected shape (3, 2)"),
        ("csr_break_even", "no crossing, no answer", "None (is a return missing?), expected a number"),
        ("mended_remove_channels", "one statistic left behind", "variance, entry [0]"),
    ],
)
def test_the_verdict_says_what_differs_first(name, misconception, says, line_on):
    assert says in line_on(name, misconception)
