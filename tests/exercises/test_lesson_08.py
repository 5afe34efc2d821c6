import pytest
import torch

from featherweight.exercises import by_name
from featherweight.exercises.check import judge

BUG_HUNT = by_name("mended_dynamic_map")


def test_the_handed_over_map_is_not_started_and_its_own_misconception(handed_over):
    assert handed_over(BUG_HUNT) == ("not started", "evenly spaced entries")


@pytest.mark.parametrize("signed", [True, False])
def test_what_is_handed_over_is_wrong_in_its_spacing_alone(signed):
    """Length, order, signs, 0 and 1 are right: the fault is the one that the lesson is about."""
    wrong, right = BUG_HUNT.starts_from(signed), BUG_HUNT.reference(signed)
    assert wrong.shape == right.shape and wrong.dtype == right.dtype
    assert (wrong.diff() > 0).all() and (wrong.sign() == right.sign()).all() and wrong[-1] == 1
    assert wrong[wrong > 0][0] > 1e3 * right[right > 0][0]


def int64_codes(tensor, scale, zero_point, low, high):
    return (torch.round(tensor / scale) + zero_point).clamp(low, high).long()


def quantile_range(tensor, low, high):
    values = torch.cat([torch.zeros(1), tensor.flatten()])
    smallest, largest = torch.quantile(values, 0.001).item(), torch.quantile(values, 0.999).item()
    scale = (largest - smallest) / (high - low)
    return (scale, low - round(smallest / scale)) if scale else (1.0, low)


def test_a_right_answer_in_another_dtype_says_so():
    line = judge(by_name("quantize"), int64_codes).line
    assert "yours dtype int64, expected dtype int32" in line and "codes in another whole dtype" in line


def test_a_range_of_quantiles_is_wrong_and_nobodys_misconception():
    verdict = judge(by_name("scale_and_zero_point"), quantile_range)
    assert verdict.state == "wrong" and not verdict.misconception


@pytest.mark.parametrize(
    ("name", "misconception", "says"),
    [
        ("quantize", "halfway up", "yours 4, expected 3 (off by 1)"),
        ("quantize", "codes left as floats", "yours dtype float32, expected dtype int32"),
        ("scale_and_zero_point", "a zero point with a fraction", "zero_point: yours "),
        ("scale_and_zero_point", "nothing divided by nothing", "ZeroDivisionError"),
        ("scale_and_zero_point", "the smallest of nothing", "RuntimeError"),
        ("per_channel_scale", "a flat list of scales", "yours shape (2,), expected shape (2, 1)"),
        ("integer_linear", "a sum in float32", "(off by 1)"),
        ("integer_linear", "the zero point taken off in a byte", "Case 1 of 8"),
        ("quantize_state", "entries for indices", "indices: yours dtype float32, expected dtype uint8"),
        ("quantize_state", "one scale for all", "absmax: yours shape (1,), expected shape (3,)"),
        ("mended_dynamic_map", "too many entries", "yours shape (14,), expected shape (8,)"),
    ],
)
def test_the_verdict_says_what_differs_first(name, misconception, says, line_on):
    assert says in line_on(name, misconception)
