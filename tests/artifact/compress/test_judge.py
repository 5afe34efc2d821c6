"""The interval of a loss: its coverage by simulation, its ends, and what too few examples can show."""

import math

import pytest
import torch

from featherweight.artifact.compress.goal import Goal
from featherweight.artifact.compress.judge import drop, least_bound, within


def pair(both, lost, won, neither=0):
    """What two networks get right: both, only the first, only the second, neither."""
    counts = torch.tensor([both, lost, won, neither])
    first = torch.tensor([True, True, False, False]).repeat_interleave(counts)
    return first, torch.tensor([True, False, True, False]).repeat_interleave(counts)


@pytest.mark.parametrize(("lost", "won"), [(0, 0), (7, 0), (12, 3), (0, 9)])
def test_the_interval_is_agresti_and_mins(lost, won):
    """Oracle: their formula written as cells of a table with half an example each."""
    found = drop(*pair(400 - lost - won, lost, won))
    a, b, n = lost + 0.5, won + 0.5, 402
    middle, half = (a - b) / n, 1.959964 * math.sqrt(a + b - (a - b) ** 2 / n) / n
    assert found.estimate == pytest.approx(100 * (lost - won) / 400)
    assert (found.low, found.high) == pytest.approx((100 * (middle - half), 100 * (middle + half)), abs=1e-4)


@pytest.mark.parametrize("shares", [(0.95, 0.02, 0.01, 0.02), (0.99, 0.005, 0.005, 0.0), (0.8, 0.1, 0.02, 0.08)])
def test_it_covers_as_often_as_it_says(shares):
    """Simulated: 95% to within what 2,000 draws of 300 examples allow, and never far below."""
    draws = torch.distributions.Multinomial(300, torch.tensor(shares))
    torch.manual_seed(0)
    truth, inside = 100 * (shares[1] - shares[2]), 0
    for counts in draws.sample((2000,)).long().tolist():
        found = drop(*pair(*counts))
        inside += found.low <= truth <= found.high
    assert inside / 2000 >= 0.935


def test_without_disagreement_it_is_not_empty():
    found = drop(*pair(200, 0, 0))
    assert found.estimate == 0
    assert found.high == pytest.approx(least_bound(200))
    assert 0.5 < found.high < 1.5
    assert least_bound(2000) < 0.11


@pytest.mark.parametrize(
    ("both", "lost", "most", "good"),
    [
        (1000, 2, 1.0, True),  # 0.2 points, at most 0.6
        (1000, 9, 1.0, False),  # 0.9 points, and perhaps 1.5
        (100, 0, 1.0, True),  # too few to show 1.0: the loss itself counts
        (100, 1, 1.0, True),
        (100, 2, 1.0, False),
    ],
)
def test_good_enough(both, lost, most, good):
    assert within(*pair(both, lost, 0), Goal(None, most)) is good


def test_where_only_bytes_count_everything_is_good_enough():
    assert within(*pair(0, 100, 0), Goal(1000, None))
