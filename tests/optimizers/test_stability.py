"""The edge of stability against power iteration and against what a walk does on either side of it."""

import pytest
import torch

from featherweight.lab.surfaces import largest_curvature, quadratic, random_quadratic
from featherweight.optimizers.descent import gradient_descent
from featherweight.optimizers.stability import best_constant_rate, largest_stable_rate


@pytest.mark.parametrize("condition", [2.0, 30.0, 400.0])
def test_the_edge_equals_power_iteration(condition):
    hessian = random_quadratic(5, condition, seed=2)
    surface = quadratic(hessian)
    assert largest_stable_rate(hessian) == pytest.approx(2 / largest_curvature(surface, surface.start, 200), rel=1e-10)


@pytest.mark.parametrize(("share", "converges"), [(0.999, True), (1.001, False)])
def test_a_walk_agrees_on_either_side(share, converges):
    surface = quadratic(random_quadratic(4, 20, seed=5))
    walk = gradient_descent(
        surface.gradient, surface.start, share * largest_stable_rate(random_quadratic(4, 20, seed=5)), 20_000
    )
    assert (walk[-1].norm() < 1e-6).item() is converges


def test_no_constant_rate_is_faster_than_the_best_one():
    hessian = random_quadratic(6, 25, seed=6)
    eye, best = torch.eye(6, dtype=torch.float64), best_constant_rate(hessian)

    def slowest(rate):
        return torch.linalg.eigvalsh(eye - rate * hessian).abs().max().item()

    assert slowest(best) == pytest.approx(24 / 26, rel=1e-9)
    assert all(slowest(best * factor) > slowest(best) for factor in (0.9, 0.99, 1.01, 1.1))
