"""A step on a sample, a step where there is no slope, and averages that calm both.

Sources: SGD, Robbins & Monro, Annals of Mathematical Statistics 22, 1951; subgradients and the O(1/√T) bound, Boyd,
"Subgradient Methods", Stanford EE364b notes; ISTA, Daubechies et al., arXiv:math/0307152, and Beck & Teboulle, SIAM
Journal on Imaging Sciences 2, 2009; iterate averaging, Polyak & Juditsky 1992, and Izmailov et al., arXiv:1803.05407.

| paper | code              | shape                 |
|-------|-------------------|-----------------------|
| x     | `x`, `parameter`  | any                   |
| g     | `gradient`        | as x                  |
| λ     | `price`           | scalar, per unit of x |
| β     | `beta`            | scalar                |
"""

import torch
from torch import Tensor

__all__ = [
    "best_so_far",
    "exponential_average",
    "ista_step",
    "minibatches",
    "minimum_norm_subgradient",
    "sgd_step",
    "soft_threshold",
]


def minibatches(inputs: Tensor, labels: Tensor, batch_size: int, seed: int) -> list[tuple[Tensor, Tensor]]:
    """One epoch: every example once, in an order drawn from `seed`, cut into batches.

    inputs: (n, …). labels: (n,). batch_size: 1 or more; the last batch holds what is left over.
    seed: of a fresh torch.Generator; another seed is another order, the same seed the same one.
    Returns a list of (inputs, labels), inputs and labels of an example still together.
    """
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
    return [(inputs[batch], labels[batch]) for batch in order.split(batch_size)]


def sgd_step(parameter: Tensor, gradient: Tensor, learning_rate: float) -> Tensor:
    """One step of stochastic gradient descent: descent, on the gradient of a sample. Returns a new tensor."""
    return parameter - learning_rate * gradient


def minimum_norm_subgradient(x: Tensor, smooth_gradient: Tensor, price: float) -> Tensor:
    """The shortest subgradient of f(x) + price · |x|, where f is smooth.

    Away from zero the slope of the price is price · sign(x), and there is no choice. At zero it
    may be anything from −price to +price: choose what leaves the least, nothing at all if it can.

    x: any shape. smooth_gradient: the gradient of f at x, same shape. price: ≥ 0.
    Returns a tensor of x's shape and dtype.
    """
    at_zero = smooth_gradient - smooth_gradient.clamp(-price, price)
    return torch.where(x == 0, at_zero, smooth_gradient + price * x.sign())


def soft_threshold(x: Tensor, threshold: float) -> Tensor:
    """Shrink every entry towards zero by `threshold`, and stop at zero.

    The proximal step of threshold · |x|: the z that minimizes ½(z − x)² + threshold · |z|.

    x: any shape. threshold: ≥ 0, in the units of x. Returns a new tensor of x's shape and dtype.
    """
    return x.sign() * (x.abs() - threshold).clamp(min=0)


def ista_step(parameter: Tensor, smooth_gradient: Tensor, learning_rate: float, price: float) -> Tensor:
    """One step of ISTA: descend on the smooth part, then pay the price of size. Lands on zero exactly.

    parameter, smooth_gradient: one shape. price: ≥ 0, of one unit of size. Returns a new tensor.
    """
    moved = parameter - learning_rate * smooth_gradient
    return moved.sign() * (moved.abs() - learning_rate * price).clamp(min=0)


def best_so_far(values: Tensor) -> Tensor:
    """The smallest value up to each place: what a method has to show that may also go uphill.

    values: (n,). Returns a tensor (n,) of the same dtype that never rises.
    """
    return values.cummin(0).values


def exponential_average(values: Tensor, beta: float) -> Tensor:
    """A running average that forgets, corrected for its start at zero.

    After value t (from 1) the average is Σ (1 − beta) · beta**(t − k) · value_k over k ≤ t,
    divided by 1 − beta**t: the weights add up to 1 at every t, and the first average is the
    first value.

    values: (n, …), averaged along the first axis. beta: 0 ≤ beta < 1. Returns the shape and dtype of values.
    """
    average, averages = torch.zeros_like(values[0]), []
    for step, value in enumerate(values, start=1):
        average = beta * average + (1 - beta) * value
        averages.append(average / (1 - beta**step))
    return torch.stack(averages)
