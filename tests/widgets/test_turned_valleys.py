"""Valleys are turned and nothing else, methods that add up gradients turn along, and the best rates are the best."""

import numpy as np
import pytest
import torch

from featherweight.lab.methods import walk
from featherweight.widgets import turned_valleys as valleys
from featherweight.widgets.racers import RACERS

ANGLES = torch.tensor(valleys.ANGLES, dtype=torch.float64)


def same(number):
    return torch.full_like(ANGLES, number)


def turned_walks(name, rate, condition=100.0):
    """Points (steps + 1, angles, 2), and those at angle 0 turned by hand."""
    slope = valleys.slope_in(valleys.hessians(ANGLES, same(condition)))
    points = walk(RACERS[name].rule, slope, valleys.starts(ANGLES), rate, 100)
    return points, torch.einsum("aij,tj->tai", valleys.turns(ANGLES), points[:, 0])


@pytest.mark.parametrize("condition", valleys.CONDITIONS)
def test_a_turn_keeps_the_curvatures_and_the_direction(condition):
    hessians = valleys.hessians(ANGLES, same(condition))
    expected = torch.tensor([1.0, condition], dtype=torch.float64).expand(len(ANGLES), 2)
    torch.testing.assert_close(torch.linalg.eigvalsh(hessians), expected, rtol=1e-9, atol=1e-9)
    along = torch.stack([torch.deg2rad(ANGLES).cos(), torch.deg2rad(ANGLES).sin()], dim=-1)
    torch.testing.assert_close(valleys.slope_in(hessians)(along), along, rtol=1e-9, atol=1e-9)


def test_ends_of_the_turn():
    first, last = valleys.hessians(ANGLES, same(10.0))[[0, -1]]
    torch.testing.assert_close(first, torch.diag(torch.tensor([1.0, 10.0], dtype=torch.float64)))
    torch.testing.assert_close(last, torch.diag(torch.tensor([10.0, 1.0], dtype=torch.float64)))


def test_at_45_degrees_both_weights_have_the_same_curvature():
    for condition in valleys.CONDITIONS:
        hessian = valleys.hessians(torch.tensor([45.0], dtype=torch.float64), torch.tensor([float(condition)]).double())
        assert torch.diagonal(hessian[0]).tolist() == pytest.approx([(1 + condition) / 2] * 2)


@pytest.mark.parametrize(("name", "rate"), [("sgd_step", 0.015), ("momentum_step", 0.02)])
def test_descent_and_momentum_turn_with_the_valley(name, rate):
    points, turned = turned_walks(name, rate)
    torch.testing.assert_close(points, turned, rtol=0, atol=1e-10)


@pytest.mark.parametrize("name", ["adagrad_step", "rmsprop_step", "adam_step"])
def test_a_rate_per_weight_does_not(name):
    points, turned = turned_walks(name, 0.1)
    assert (points - turned).abs().amax((0, 2))[1:-1].min() > 0.1
    torch.testing.assert_close(points[:, -1], turned[:, -1], rtol=0, atol=1e-10)  # 90°: the axes swap


def test_descent_is_the_closed_form():
    points, _ = turned_walks("sgd_step", 0.015)
    factors = (1 - 0.015 * np.array([1.0, 100.0])) ** np.arange(101)[:, None]
    np.testing.assert_allclose(points[:, 0], valleys.START.numpy() * factors, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("distances", "step"),
    [
        ([1, 0.5, 0.1, 0.05], 2),
        ([1, 0.05, 0.5, 0.05], 3),
        ([1, 0.05, 0.05, 0.5], 4),
        ([1, 0.5, 0.5, 0.5], 4),
        ([1, 0.05, torch.nan, 0.05], 3),
        ([1, 0.05, torch.inf, torch.nan], 4),
    ],
    ids=["arrives", "comes back", "leaves at the end", "never", "NaN between", "diverges"],
)
def test_arrival_is_to_be_there_and_to_stay(distances, step):
    assert int(valleys.arrives_at(torch.tensor(distances, dtype=torch.float64))) == step


@pytest.mark.parametrize("name", valleys.METHODS)
@pytest.mark.parametrize(("angle", "condition"), [(0, 1000), (45, 100), (45, 10)])
def test_no_rate_of_the_grid_is_better(name, angle, condition):
    best = valleys.best_walks()[name, angle, condition]
    place = torch.tensor([angle], dtype=torch.float64), torch.tensor([condition], dtype=torch.float64)
    slope, start = valleys.slope_in(valleys.hessians(*place)), valleys.starts(place[0])
    points = walk(RACERS[name].rule, slope, start.expand(46, 2), valleys.RATES[:, None], valleys.STEPS)
    steps = valleys.arrives_at(points.norm(dim=-1)).tolist()
    assert min(steps) == (best.arrival or valleys.STEPS + 1) == steps[valleys.RATES.tolist().index(best.rate)]
    assert best.arrival is None or max(steps) > best.arrival


def test_best_rates_are_inside_the_grid():
    for best in valleys.best_walks().values():
        assert valleys.RATES[0] < best.rate < valleys.RATES[-1]


def test_descent_takes_the_best_constant_rate():
    for condition in valleys.CONDITIONS[:3]:
        rate = valleys.best_walks()["sgd_step", 0, condition].rate
        assert rate == pytest.approx(2 / (1 + condition), rel=0.26)  # a step of the grid


def test_steps_of_descent_and_momentum_know_no_angle():
    for name in ("sgd_step", "momentum_step"):
        for condition in valleys.CONDITIONS:
            assert len({valleys.best_walks()[name, angle, condition].arrival for angle in valleys.ANGLES}) == 1


def test_along_the_axes_adam_knows_no_condition_number():
    runs = [valleys.best_walks()["adam_step", angle, k] for angle in (0, 90) for k in valleys.CONDITIONS]
    assert len({(run.rate, run.arrival) for run in runs}) == 1
