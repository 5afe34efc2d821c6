"""Losses whose gradients and curvatures are known some other way."""

import pytest
import torch

from featherweight.errors import InputError
from featherweight.lab import data
from featherweight.lab.surfaces import largest_curvature, quadratic, random_quadratic, softmax_regression

POINTS = torch.randn(3, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def by_autograd(surface, x):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(surface.loss(x), x)[0]


@pytest.mark.parametrize("x", POINTS)
def test_a_quadratics_gradient_is_its_derivative(x):
    surface = quadratic(random_quadratic(4, 7, seed=0))
    torch.testing.assert_close(surface.gradient(x), by_autograd(surface, x), rtol=1e-12, atol=1e-12)


def test_a_quadratic_takes_many_points_at_once():
    surface = quadratic(random_quadratic(4, 7, seed=0))
    torch.testing.assert_close(surface.loss(POINTS), torch.stack([surface.loss(x) for x in POINTS]))


def test_curvatures_are_as_asked_for():
    eigenvalues = torch.linalg.eigvalsh(random_quadratic(5, 40, seed=1))
    assert eigenvalues[[0, -1]].tolist() == pytest.approx([1, 40])


def test_softmax_regression_has_the_gradient_and_curvature_of_its_loss():
    digits = data.digits()
    surface = softmax_regression(digits.train_inputs[:50], digits.train_labels[:50])
    x = torch.randn(650, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    torch.testing.assert_close(surface.gradient(x), by_autograd(surface, x), rtol=1e-10, atol=1e-12)
    whole = torch.autograd.functional.hessian(surface.loss, x)
    assert largest_curvature(surface, x, 200) == pytest.approx(torch.linalg.eigvalsh(whole)[-1].item(), rel=1e-3)


@pytest.mark.parametrize("matrix", [torch.ones(2, 3), torch.ones(3), torch.tensor([[1.0, 2.0], [3.0, 4.0]])])
def test_refuses_what_is_no_hessian(matrix):
    with pytest.raises(InputError, match=r"wanted a square, symmetric one"):
        quadratic(matrix)
