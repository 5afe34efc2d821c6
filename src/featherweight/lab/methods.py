"""The steps of lesson 3 with their usual settings, so that one loop can walk or train with any of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from featherweight.optimizers import adaptive
from featherweight.optimizers.stochastic import sgd_step

__all__ = ["METHODS", "Method", "walk"]

BETAS_EPSILON = (0.9, 0.999, 1e-8)  # Adam's own defaults (arXiv:1412.6980, algorithm 1)


@dataclass(frozen=True)
class Method:
    """A step and all that it wants but the rate. It is itself a rule for `Stepper`.

    step: parameter, gradient, *moments, [number of the step,] rate, *settings → parameter, *moments.
    moments: how many it keeps; each starts at zero. numbered: whether it wants the number of the step, from 1.
    """

    step: Callable
    moments: int
    settings: tuple[float, ...] = ()
    numbered: bool = False

    def __call__(self, parameter: Tensor, gradient: Tensor, *values) -> tuple[Tensor, ...]:
        """values: the moments, the number of the step, the rate and the settings, whether the step counts or not."""
        if not self.numbered:
            values = values[: self.moments] + values[self.moments + 1 :]
        return self.step(parameter, gradient, *values)


def _plain(parameter: Tensor, gradient: Tensor, rate: float) -> tuple[Tensor]:
    return (sgd_step(parameter, gradient, rate),)


METHODS = {
    "sgd": Method(_plain, 0),
    "momentum": Method(adaptive.momentum_step, 1, (0.9,)),
    "nesterov": Method(adaptive.nesterov_step, 1, (0.9,)),
    "adagrad": Method(adaptive.adagrad_step, 1, (1e-10,)),
    "rmsprop": Method(adaptive.rmsprop_step, 1, (0.99, 1e-8)),
    "adam": Method(adaptive.adam_step, 2, BETAS_EPSILON, numbered=True),
    "adamw": Method(adaptive.adamw_step, 2, (*BETAS_EPSILON, 0.01), numbered=True),
    "amsgrad": Method(adaptive.amsgrad_step, 3, BETAS_EPSILON, numbered=True),
}
"""The book's own steps, by name, with PyTorch's default settings."""


def walk(
    method: Method, gradient: Callable[[Tensor], Tensor], start: Tensor, rate: float | Tensor | Callable, steps: int
) -> Tensor:
    """Every point of a walk, (steps + 1, *start.shape).

    rate: a number, a tensor that broadcasts with start (many walks at once), or a function of the step from 1.
    """
    points, moments = [start], [torch.zeros_like(start) for _ in range(method.moments)]
    for step in range(1, steps + 1):
        now = rate(step) if callable(rate) else rate
        new, *moments = method(points[-1], gradient(points[-1]), *moments, step, now, *method.settings)
        points.append(new)
    return torch.stack(points)
