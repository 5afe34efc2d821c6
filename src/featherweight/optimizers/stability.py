"""The curvature decides the rate: 2/L is the edge of stability, 2/(L + μ) the fastest constant rate.

Source: Polyak, "Introduction to Optimization", 1987, section 1.4, theorem 3; for f(x) = ½ xᵀHx with
H symmetric and positive definite.

| paper | code                      | shape  |
|-------|---------------------------|--------|
| H     | `hessian`                 | (d, d) |
| L     | largest eigenvalue of H   | scalar |
| μ     | smallest eigenvalue of H  | scalar |
"""

import torch
from torch import Tensor

__all__ = ["best_constant_rate", "largest_stable_rate"]


def largest_stable_rate(hessian: Tensor) -> float:
    """The learning rate above which gradient descent diverges on f(x) = ½ xᵀHx.

    Along an eigenvector with curvature λ one step multiplies the error by 1 − rate · λ.
    The walk stays bounded while every such factor lies between −1 and 1.

    hessian: shape (d, d), symmetric, all eigenvalues positive. Returns a float.
    """
    return 2.0 / torch.linalg.eigvalsh(hessian).max().item()  # the steepest direction is the first to break out


def best_constant_rate(hessian: Tensor) -> float:
    """The constant learning rate with the fastest guaranteed convergence on f(x) = ½ xᵀHx.

    hessian: shape (d, d), symmetric, all eigenvalues positive.
    Returns a float: 2 / (L + μ), at which the slowest factor is (κ − 1)/(κ + 1) with κ = L/μ.
    """
    curvatures = torch.linalg.eigvalsh(hessian)
    return 2.0 / (curvatures.max() + curvatures.min()).item()
