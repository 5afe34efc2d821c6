"""Fronts, bounds, calibration and choices against the same definitions in Python's own numbers."""

import math
import statistics

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from featherweight.compression.choosing import calibration_curve, chosen_within, paired_upper_bound, pareto_front
from featherweight.lab.statistics import paired_difference

points = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=30)


@settings(max_examples=200, deadline=None)
@given(points)
def test_the_front_is_what_no_pair_speaks_against(pairs):
    """Oracle: every pair compared in Python, exactly."""
    kept = [
        i
        for i, (size, errors) in enumerate(pairs)
        if not any(s <= size and e <= errors and (s < size or e < errors) for s, e in pairs)
    ]
    wanted = sorted(kept, key=lambda i: (pairs[i][0], i))
    table = torch.tensor(pairs).reshape(-1, 2)
    assert pareto_front(table[:, 0], table[:, 1]).tolist() == wanted


def test_the_front_of_none_and_of_equals():
    assert pareto_front(torch.zeros(0), torch.zeros(0)).shape == (0,)
    assert pareto_front(torch.ones(3), torch.ones(3)).tolist() == [0, 1, 2]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=60), st.floats(-3, 3))
def test_the_bound_is_mean_plus_standard_errors(pairs, z):
    """Oracle: statistics.fmean and statistics.stdev, 1e-12."""
    dense, small = torch.tensor(pairs).T
    loss = [int(a) - int(b) for a, b in pairs]
    wanted = statistics.fmean(loss) + z * statistics.stdev(loss) / math.sqrt(len(loss))
    assert paired_upper_bound(dense, small, z) == pytest.approx(wanted, rel=1e-12, abs=1e-12)


def test_the_bound_agrees_with_the_bootstrap():
    """On 1,000 examples the normal bound of 97.5% and the bootstrap's differ by less than a tenth of a point."""
    g = torch.Generator().manual_seed(0)
    dense = torch.rand(1000, generator=g) < 0.95
    small = dense ^ (torch.rand(1000, generator=g) < 0.03)
    assert float(paired_upper_bound(dense, small, 1.96)) == pytest.approx(
        paired_difference(dense, small).high, abs=1e-3
    )


def test_equal_networks_have_a_bound_of_zero():
    same = torch.arange(10) < 7
    assert paired_upper_bound(same, same, 1.645) == 0


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([0.1, 0.34, 0.6, 0.9]), st.booleans()), max_size=40))
def test_the_curve_has_a_point_for_each_level(pairs):
    """Oracle: a dictionary of lists."""
    table = {}
    for level, hit in pairs:
        table.setdefault(level, []).append(hit)
    stated = torch.tensor([level for level, _ in pairs], dtype=torch.float64)
    levels, shares, counts = calibration_curve(stated, torch.tensor([hit for _, hit in pairs], dtype=torch.bool))
    assert levels.tolist() == sorted(table) and counts.tolist() == [len(table[level]) for level in sorted(table)]
    assert shares.tolist() == pytest.approx([statistics.fmean(table[level]) for level in sorted(table)], abs=1e-15)
    assert shares.dtype == stated.dtype and counts.dtype == torch.int64


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 5), *[st.integers(0, 4)] * 4), min_size=1, max_size=12), st.data())
def test_the_choice_is_the_least_tuple(rows, data):
    """Oracle: min() over (mean validation errors, size, number)."""
    table = torch.tensor(rows)
    budget = data.draw(st.sampled_from([row[0] for row in rows]))
    wanted = min((sum(row[1:3]) / 2, row[0], number) for number, row in enumerate(rows) if row[0] <= budget)[2]
    found, errors = chosen_within(table[:, 0], table[:, 1:3], table[:, 3:], budget)
    assert found == wanted and errors == sum(rows[wanted][3:]) / 2


def test_a_choice_on_the_test_set_is_too_good():
    """Why the bug hunt matters: of 200 equally good recipes the one chosen by test errors looks better than it is.

    Each makes 50 errors in 1,000 on average; the luckiest of 200 makes about 33.
    """
    g = torch.Generator().manual_seed(0)
    validation, test = torch.binomial(torch.full((2, 200, 1), 1000.0), torch.full((2, 200, 1), 0.05), generator=g)
    sizes = torch.arange(200)
    honest = chosen_within(sizes, validation, test, 1000)[1]
    peeking = chosen_within(sizes, test, test, 1000)[1]
    assert peeking < 38 < honest
