"""Gradient descent: walk against the gradient, and the step must be small for the steepest direction.

Source: Cauchy, "Méthode générale pour la résolution des systèmes d'équations simultanées", Comptes Rendus 25, 1847;
modern analysis in Nesterov, "Introductory Lectures on Convex Optimization", section 1.2.3.
Clipping: Pascanu, Mikolov & Bengio, arXiv:1211.5063, algorithm 1.
Deviation: the decayed form counts its updates from 0, so that the first one uses the full rate.

| paper | code            | shape        |
|-------|-----------------|--------------|
| x_k   | `points[k]`     | (d,)         |
| ∇f    | `gradient`      | (d,) → (d,)  |
| η     | `learning_rate` | scalar       |
| γ     | `decay`         | scalar       |
"""

import torch
from torch import Tensor

__all__ = ["clip_gradient", "dynamic_gradient_descent", "gradient_descent"]


def gradient_descent(gradient, start: Tensor, learning_rate: float, steps: int) -> Tensor:
    """Walk downhill from `start`, and keep every point on the way.

    Each step moves against the gradient of the point where you stand:
    x ← x − learning_rate · gradient(x).

    gradient: a function from a point of shape (d,) to the gradient there, of shape (d,).
    start: shape (d,). learning_rate: units of x per unit of gradient.
    steps: how many moves, 0 or more.
    Returns a tensor of shape (steps + 1, d) with the dtype of `start`: the start itself
    first, then the point after each step. `start` is not changed.
    """
    points = [start]
    for _ in range(steps):
        points.append(points[-1] - learning_rate * gradient(points[-1]))
    return torch.stack(points)


def dynamic_gradient_descent(gradient, start: Tensor, learning_rate: float, decay: float, steps: int) -> Tensor:
    """Gradient descent whose rate shrinks by the factor `decay` from one update to the next.

    The first update uses `learning_rate` itself, the second `learning_rate · decay`,
    the k-th `learning_rate · decay**(k − 1)`.

    gradient: a function from a point of shape (d,) to the gradient there, of shape (d,).
    start: shape (d,). learning_rate: units of x per unit of gradient.
    decay: between 0 and 1. steps: how many moves, 0 or more.
    Returns a tensor of shape (steps + 1, d): the start itself first, then the point after
    each update.
    """
    points = [start]
    rate = learning_rate
    for _ in range(steps):
        points.append(points[-1] - rate * gradient(points[-1]))
        rate = rate * decay
    return torch.stack(points)


def clip_gradient(gradient: Tensor, max_norm: float) -> Tensor:
    """Shorten a gradient that is longer than `max_norm`, and keep its direction.

    gradient: any shape. max_norm: > 0, in the units of the gradient.
    Returns a tensor of the gradient's shape and dtype whose Euclidean norm is at most `max_norm`.
    """
    norm = torch.linalg.vector_norm(gradient)
    return gradient * (max_norm / norm).clamp(max=1.0)
