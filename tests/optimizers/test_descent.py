"""Gradient descent against its closed form and torch.optim."""

import pytest
import torch

from featherweight.lab.surfaces import quadratic, random_quadratic
from featherweight.optimizers.descent import clip_gradient, dynamic_gradient_descent, gradient_descent

START = torch.linspace(-2, 3, 6, dtype=torch.float64)


@pytest.mark.parametrize("condition", [1.5, 10.0, 100.0])
@pytest.mark.parametrize("share", [0.1, 0.9, 1.2])
def test_equals_the_closed_form(condition, share):
    hessian, steps = random_quadratic(6, condition, seed=3), 12
    rate = share * 2 / condition
    walk = gradient_descent(quadratic(hessian).gradient, START, rate, steps)
    factor = torch.eye(6, dtype=torch.float64) - rate * hessian
    for k in range(steps + 1):
        expected = torch.linalg.matrix_power(factor, k) @ START
        torch.testing.assert_close(walk[k], expected, rtol=1e-12, atol=1e-12 * START.norm().item())


@pytest.mark.parametrize("decay", [1.0, 0.9, 0.5])
def test_dynamic_descent_equals_torch(decay):
    hessian = random_quadratic(6, 10, seed=4)
    weight = torch.nn.Parameter(START.clone())
    optimizer = torch.optim.SGD([weight], lr=0.15)
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, decay)
    walk = dynamic_gradient_descent(quadratic(hessian).gradient, START, 0.15, decay, 100)
    for point in walk[1:]:
        weight.grad = hessian @ weight.detach()
        optimizer.step()
        schedule.step()
        torch.testing.assert_close(point, weight.detach(), rtol=1e-12, atol=1e-14)


def test_leaves_the_start_alone_and_keeps_its_dtype():
    start = torch.tensor([1.0, 2.0])
    walk = gradient_descent(lambda x: x, start, 0.5, 0)
    assert walk.shape == (1, 2)
    assert walk.dtype == torch.float32
    assert start.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("size", [0.1, 1.0, 7.0])
def test_clipping_equals_torch(size):
    gradient = size * torch.tensor([[0.6, 0.0], [0.0, 0.8]], dtype=torch.float64)
    weight = torch.nn.Parameter(torch.zeros(2, 2, dtype=torch.float64))
    weight.grad = gradient.clone()
    torch.nn.utils.clip_grad_norm_([weight], 1.0)
    torch.testing.assert_close(
        clip_gradient(gradient, 1.0), weight.grad, rtol=2e-6, atol=0
    )  # torch adds 1e-6 to the norm


def test_clipping_leaves_a_zero_gradient_zero():
    assert clip_gradient(torch.zeros(3), 1.0).tolist() == [0.0, 0.0, 0.0]
