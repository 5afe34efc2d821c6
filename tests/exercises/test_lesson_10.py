import pytest
import torch

from featherweight.exercises import by_name
from featherweight.exercises.check import judge

BUG_HUNT = by_name("mended_int8_with_outliers")


def step(values):
    found = values.abs().amax(1, keepdim=True) / 127
    return torch.where(found > 0, found, 1.0)


def outliers_mended(activations, weight, threshold):
    loud = activations.abs().amax(0) > threshold
    row, column = step(activations), step(weight)
    regular, read = activations * ~loud, weight * ~loud
    whole = (regular / row).round().to(torch.int8) @ (read / column).round().to(torch.int8).T
    return whole * row * column.T + (activations - regular) @ weight.T


def scales_mended(activations, weight, threshold):
    loud = activations.amax(0) > threshold
    regular, read = activations * ~loud, weight * ~loud
    row, column = step(regular), step(read)
    whole = (regular / row).round().to(torch.int8) @ (read / column).round().to(torch.int8).T
    return whole * row * column.T + (activations - regular) @ weight.T


def sums_mended(activations, weight, threshold):
    loud = activations.amax(0) > threshold
    row, column = step(activations), step(weight)
    regular, read = activations * ~loud, weight * ~loud
    whole = (regular / row).round().int() @ (read / column).round().int().T
    return whole * row * column.T + (activations - regular) @ weight.T


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        (outliers_mended, "scales from before the split and sums of 8 bits"),
        (scales_mended, "negative outliers missed and sums of 8 bits"),
        (sums_mended, "negative outliers missed and scales from before the split"),
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
        ("pack_q8_0", "halves to even", "block 0, entry [3]: yours 242, expected 241"),
        ("pack_q8_0", "a scale of four bytes", "yours shape (1, 36), expected shape (1, 34)"),
        ("pack_q8_0", "numbers for bytes", "yours shape (1, 33), expected shape (1, 34)"),
        ("pack_q4_0", "the scale without its sign", "block 0, entry [1]"),
        ("pack_q4_0", "a byte for each code", "yours shape (1, 34), expected shape (1, 18)"),
        ("nf4_codes", "codes of eight bytes", "codes: yours dtype int64, expected dtype uint8"),
        ("nf4_codes", "codes alone", "expected a tuple of 2"),
        ("gptq_layer", "no damping", "output 0, entry [1]"),
        ("smooth", "weights only", "activations, entry"),
        ("awq_scales", "the exponent returned", "yours shape (), expected shape (6,)"),
        ("mended_int8_with_outliers", "outliers dropped", "example 0, entry [0]: yours"),
    ],
)
def test_the_verdict_says_what_differs_first(name, misconception, says, line_on):
    assert says in line_on(name, misconception)
