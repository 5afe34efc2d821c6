"""Lion: only the sign of the momentum moves the weights, so every weight takes a step of the same size.

Source: Chen et al., arXiv:2302.06675, program 1.

| paper | code           | shape  |
|-------|----------------|--------|
| θ     | `parameter`    | any    |
| m     | `first_moment` | as θ   |
| η     | `learning_rate`| scalar |
| λ     | `decay`        | scalar |
"""

from torch import Tensor

__all__ = ["lion_step"]


def lion_step(
    parameter: Tensor,
    gradient: Tensor,
    first_moment: Tensor,
    learning_rate: float,
    beta1: float,
    beta2: float,
    decay: float,
) -> tuple[Tensor, Tensor]:
    """One Lion step: mix the gradient into the moment by beta1, and move by the sign of the mix.

    The moment that is kept is mixed by beta2, from the old moment. The weights also lose
    learning_rate · decay of themselves.

    parameter, gradient, first_moment: one shape; the moment starts at zero.
    Returns (parameter, first_moment), new tensors.
    """
    direction = (beta1 * first_moment + (1 - beta1) * gradient).sign()
    parameter = parameter - learning_rate * (direction + decay * parameter)
    first_moment = beta2 * first_moment + (1 - beta2) * gradient
    return parameter, first_moment
