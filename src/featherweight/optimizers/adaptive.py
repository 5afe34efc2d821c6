"""A memory of gradients, a rate for every weight, and both at once: momentum, Adagrad, RMSprop, Adam.

Sources: momentum, Polyak 1964 and Sutskever et al. 2013 (Nesterov's form); Adagrad, Duchi et al., JMLR 12, 2011,
equation 1; RMSprop, Tieleman & Hinton, Coursera lecture 6.5, 2012; Adam, Kingma & Ba, arXiv:1412.6980, algorithm 1;
AMSGrad, Reddi et al., arXiv:1904.09237, algorithm 2; AdamW, Loshchilov & Hutter, arXiv:1711.05101, algorithm 2.
Deviations: `momentum_step` accumulates as PyTorch does, while Adam averages; both conventions have a name here.
AMSGrad takes the maximum before the correction, as PyTorch does.

| paper | code            | shape            |
|-------|-----------------|------------------|
| θ     | `parameter`     | any              |
| g     | `gradient`      | as θ             |
| m     | `first_moment`  | as θ             |
| v     | `second_moment` | as θ             |
| t     | `step`          | scalar, from 1   |
| η     | `learning_rate` | scalar           |
| ε     | `epsilon`       | scalar, outside √ |
| λ     | `decay`         | scalar           |
"""

import torch
from torch import Tensor

__all__ = [
    "adagrad_step",
    "adam_step",
    "adamw_step",
    "amsgrad_step",
    "averaged_momentum_step",
    "momentum_step",
    "nesterov_step",
    "rmsprop_step",
]


def momentum_step(
    parameter: Tensor, gradient: Tensor, velocity: Tensor, learning_rate: float, momentum: float
) -> tuple[Tensor, Tensor]:
    """One step of a heavy ball: the velocity adds up gradients and loses a share of itself.

    parameter, gradient, velocity: one shape; the velocity starts at zero.
    learning_rate: units of the parameter per unit of velocity. momentum: share kept, 0 to 1.
    The gradient enters whole (PyTorch's convention), so a steady gradient g ends up as a
    velocity of g/(1 − momentum).
    Returns (parameter, velocity), new tensors.
    """
    velocity = momentum * velocity + gradient
    parameter = parameter - learning_rate * velocity
    return parameter, velocity


def averaged_momentum_step(
    parameter: Tensor, gradient: Tensor, first_moment: Tensor, learning_rate: float, beta1: float
) -> tuple[Tensor, Tensor]:
    """Momentum in Adam's convention: the first moment is an average of gradients, not their sum.

    The same walk as `momentum_step` with the rate times (1 − beta1).
    Returns (parameter, first_moment), new tensors.
    """
    first_moment = beta1 * first_moment + (1 - beta1) * gradient
    parameter = parameter - learning_rate * first_moment
    return parameter, first_moment


def nesterov_step(
    parameter: Tensor, gradient: Tensor, velocity: Tensor, learning_rate: float, momentum: float
) -> tuple[Tensor, Tensor]:
    """A heavy ball that looks ahead: the step is the gradient plus where the velocity will carry it.

    parameter, gradient, velocity: one shape; the velocity starts at zero. Returns (parameter, velocity).
    """
    velocity = momentum * velocity + gradient
    parameter = parameter - learning_rate * (gradient + momentum * velocity)
    return parameter, velocity


def adagrad_step(
    parameter: Tensor, gradient: Tensor, squares: Tensor, learning_rate: float, epsilon: float
) -> tuple[Tensor, Tensor]:
    """One Adagrad step: each weight's rate shrinks with all that its gradients have ever been.

    parameter, gradient, squares: one shape; `squares` is the sum of squared gradients so far
    and starts at zero. epsilon is added to the root, not under it.
    Returns (parameter, squares), new tensors.
    """
    squares = squares + gradient**2
    parameter = parameter - learning_rate * gradient / (squares.sqrt() + epsilon)
    return parameter, squares


def rmsprop_step(
    parameter: Tensor,
    gradient: Tensor,
    second_moment: Tensor,
    learning_rate: float,
    beta2: float,
    epsilon: float,
) -> tuple[Tensor, Tensor]:
    """One RMSprop step: Adagrad that forgets, with an average of squares in place of their sum.

    parameter, gradient, second_moment: one shape; the moment starts at zero.
    beta2: share of the old average kept. epsilon is added to the root, not under it.
    Returns (parameter, second_moment), new tensors.
    """
    second_moment = beta2 * second_moment + (1 - beta2) * gradient**2
    parameter = parameter - learning_rate * gradient / (second_moment.sqrt() + epsilon)
    return parameter, second_moment


def adam_step(
    parameter: Tensor,
    gradient: Tensor,
    first_moment: Tensor,
    second_moment: Tensor,
    step: int,
    learning_rate: float,
    beta1: float,
    beta2: float,
    epsilon: float,
) -> tuple[Tensor, Tensor, Tensor]:
    """One Adam step: momentum, divided by RMSprop's root, both corrected for their start at zero.

    parameter, gradient, first_moment, second_moment: one shape; the moments start at zero.
    step: number of this step, counted from 1. beta1, beta2: shares of the old averages kept.
    epsilon is added to the corrected root, not under it.
    Returns (parameter, first_moment, second_moment), new tensors; the moments uncorrected.
    """
    first_moment = beta1 * first_moment + (1 - beta1) * gradient
    second_moment = beta2 * second_moment + (1 - beta2) * gradient**2
    mean = first_moment / (1 - beta1**step)
    square = second_moment / (1 - beta2**step)
    parameter = parameter - learning_rate * mean / (square.sqrt() + epsilon)
    return parameter, first_moment, second_moment


def amsgrad_step(
    parameter: Tensor,
    gradient: Tensor,
    first_moment: Tensor,
    second_moment: Tensor,
    largest_moment: Tensor,
    step: int,
    learning_rate: float,
    beta1: float,
    beta2: float,
    epsilon: float,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """One AMSGrad step: Adam whose second moment is replaced by the largest it has ever been.

    All tensors have one shape; the three moments start at zero. step: counted from 1.
    Returns (parameter, first_moment, second_moment, largest_moment), new tensors.
    """
    first_moment = beta1 * first_moment + (1 - beta1) * gradient
    second_moment = beta2 * second_moment + (1 - beta2) * gradient**2
    largest_moment = torch.maximum(largest_moment, second_moment)
    mean = first_moment / (1 - beta1**step)
    square = largest_moment / (1 - beta2**step)
    parameter = parameter - learning_rate * mean / (square.sqrt() + epsilon)
    return parameter, first_moment, second_moment, largest_moment


def adamw_step(
    parameter: Tensor,
    gradient: Tensor,
    first_moment: Tensor,
    second_moment: Tensor,
    step: int,
    learning_rate: float,
    beta1: float,
    beta2: float,
    epsilon: float,
    decay: float,
) -> tuple[Tensor, Tensor, Tensor]:
    """One AdamW step: the weights shrink by a share of themselves first, untouched by Adam's division.

    parameter, gradient, first_moment, second_moment: one shape; the moments start at zero.
    step: counted from 1. decay: the weights lose learning_rate · decay of themselves, before
    the Adam step; the gradient knows nothing of it.
    Returns (parameter, first_moment, second_moment), new tensors; the moments uncorrected.
    """
    parameter = parameter - learning_rate * decay * parameter
    first_moment = beta1 * first_moment + (1 - beta1) * gradient
    second_moment = beta2 * second_moment + (1 - beta2) * gradient**2
    mean = first_moment / (1 - beta1**step)
    square = second_moment / (1 - beta2**step)
    parameter = parameter - learning_rate * mean / (square.sqrt() + epsilon)
    return parameter, first_moment, second_moment
