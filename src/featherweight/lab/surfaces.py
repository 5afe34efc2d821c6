"""Losses to walk on: quadratics whose curvature is known, and softmax regression on real data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from featherweight.errors import InputError

__all__ = ["Surface", "largest_curvature", "quadratic", "random_quadratic", "softmax_regression"]


@dataclass(frozen=True)
class Surface:
    """A loss with its gradient.

    loss: (…, d) → (…) or (d,) → scalar. gradient: (d,) → (d,). start: where walks begin, (d,).
    """

    loss: Callable[[Tensor], Tensor]
    gradient: Callable[[Tensor], Tensor]
    start: Tensor


def quadratic(hessian: Tensor, start: Tensor | None = None) -> Surface:
    """f(x) = ½ xᵀHx with its minimum at 0. hessian: (d, d), symmetric. start: (d,), all ones by default."""
    if hessian.ndim != 2 or hessian.shape[0] != hessian.shape[1] or not torch.equal(hessian, hessian.mT):
        raise InputError(
            f"Got a matrix of shape {tuple(hessian.shape)}; wanted a square, symmetric one: use (A + A.T)/2."
        )
    start = torch.ones(len(hessian), dtype=hessian.dtype) if start is None else start
    return Surface(lambda x: 0.5 * torch.einsum("...i,ij,...j->...", x, hessian, x), lambda x: hessian @ x, start)


def random_quadratic(size: int, condition: float, seed: int) -> Tensor:
    """A Hessian (size, size), float64, with eigenvalues spread evenly in the logarithm from 1 to `condition`."""
    generator = torch.Generator().manual_seed(seed)
    rotation, _ = torch.linalg.qr(torch.randn(size, size, generator=generator, dtype=torch.float64))
    curvatures = torch.logspace(0, 1, size, base=condition, dtype=torch.float64)
    hessian = rotation @ torch.diag(curvatures) @ rotation.T
    return (hessian + hessian.T) / 2


def softmax_regression(inputs: Tensor, labels: Tensor, classes: int = 10, penalty: float = 0.01) -> Surface:
    """Mean cross-entropy of a linear classifier plus ½ penalty · |w|²; w holds (features + 1) × classes numbers, flat.

    inputs: (n, features). labels: (n,), whole numbers below `classes`. penalty: 1 per unit of weight, > 0; it is also
    the smallest curvature. The start is all zeros.
    """
    rows = torch.cat([inputs, torch.ones_like(inputs[:, :1])], dim=1).double()
    ones = F.one_hot(labels, classes).double()

    def loss(w: Tensor) -> Tensor:
        return F.cross_entropy(rows @ w.view(-1, classes), labels) + penalty * 0.5 * (w * w).sum()

    def gradient(w: Tensor) -> Tensor:
        surplus = torch.softmax(rows @ w.view(-1, classes), dim=1) - ones
        return (rows.T @ surplus / len(rows)).flatten() + penalty * w

    return Surface(loss, gradient, torch.zeros(rows.shape[1] * classes, dtype=rows.dtype, device=rows.device))


def largest_curvature(surface: Surface, point: Tensor, rounds: int = 60, seed: int = 0) -> float:
    """The largest eigenvalue of the Hessian at `point` (d,), by power iteration on Hessian-vector products."""
    vector = torch.randn(len(point), generator=torch.Generator().manual_seed(seed), dtype=torch.float64).to(point)
    curvature = 0.0
    for _ in range(rounds):
        vector = vector / vector.norm()
        product = torch.autograd.functional.hvp(surface.loss, point, vector)[1]
        curvature = (vector @ product).item()
        vector = product
    return curvature
