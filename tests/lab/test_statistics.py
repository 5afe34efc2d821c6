import math

import pytest
import torch
from scipy import stats

from featherweight.errors import InputError
from featherweight.lab.statistics import Interval, mcnemar, mean_interval, paired_difference, wilson


@pytest.mark.parametrize("values", [[1.0, 3.0], [0.95, 0.96, 0.94, 0.955]], ids=["two", "four"])
def test_mean_interval_is_students(values):
    ours = mean_interval(values)
    low, high = stats.t.interval(0.95, len(values) - 1, loc=sum(values) / len(values), scale=stats.sem(values))
    assert (ours.low, ours.high) == pytest.approx((low, high))


@pytest.mark.parametrize(("successes", "trials"), [(0, 10), (10, 10), (941, 1000), (1, 3)])
def test_wilson_is_scipys(successes, trials):
    expected = stats.binomtest(successes, trials).proportion_ci(method="wilson")
    ours = wilson(successes, trials)
    assert (ours.low, ours.high) == pytest.approx((expected.low, expected.high), abs=1e-12)
    assert ours.estimate == successes / trials


def answers(both, only_first, only_second, neither):
    first = torch.tensor([1] * both + [1] * only_first + [0] * only_second + [0] * neither).bool()
    second = torch.tensor([1] * both + [0] * only_first + [1] * only_second + [0] * neither).bool()
    return first, second


@pytest.mark.parametrize(("first", "second"), [(0, 0), (1, 0), (5, 5), (3, 14), (20, 41)])
def test_mcnemar_is_a_fair_coin(first, second):
    expected = stats.binomtest(first, first + second).pvalue if first + second else 1.0
    assert mcnemar(*answers(900, first, second, 7)) == pytest.approx(expected)


def test_paired_difference_covers_the_normal_interval_and_repeats():
    pair = answers(900, 30, 10, 60)
    ours = paired_difference(*pair)
    assert ours == paired_difference(*pair)
    assert ours.estimate == pytest.approx(0.02)
    half = 1.96 * math.sqrt((40 / 1000 - 0.02**2) / 1000)
    assert (ours.low, ours.high) == pytest.approx((0.02 - half, 0.02 + half), abs=0.0011)


def test_shared_errors_cancel():
    assert paired_difference(*answers(500, 0, 0, 500)) == Interval(0, 0, 0)


def test_interval_formats_all_three():
    assert f"{Interval(0.951, 0.936, 0.963):.1%}" == "95.1% (93.6% to 96.3%)"
    assert f"{Interval(-0.5, -1.5, 0.5):+.1f}" == "−0.5 (−1.5 to +0.5)"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mean_interval([1.0]), "Got 1 value"),
        (lambda: wilson(3, 2), "Got 3 of 2"),
        (lambda: wilson(0, 0), "Got 0 of 0"),
        (lambda: mcnemar(torch.ones(3).bool(), torch.ones(4).bool()), r"Got \(3,\)"),
        (lambda: mcnemar(torch.ones(3), torch.ones(3)), "wanted two non-empty bool tensors"),
    ],
    ids=["one seed", "more than all", "no trials", "other test set", "not bool"],
)
def test_what_cannot_be_answered_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()
