"""SAM: take the gradient where the loss is worst nearby, so that the walk prefers wide valleys.

Source: Foret et al., arXiv:2010.01412, algorithm 1 with p = 2.

| paper | code        | shape  |
|-------|-------------|--------|
| w     | `parameter` | any    |
| ρ     | `radius`    | scalar, in the units of w |
"""

import torch
from torch import Tensor

__all__ = ["sam_gradient"]


def sam_gradient(gradient, parameter: Tensor, radius: float) -> Tensor:
    """The gradient at the steepest point of a small ball around the weights.

    Climb from `parameter` by `radius` along its own gradient, and take the gradient there.

    gradient: a function of a point; parameter: any shape, left as it is; radius: ≥ 0.
    Where the slope is zero there is no direction to climb, and the gradient stays zero.
    Returns a tensor of the parameter's shape.
    """
    slope = gradient(parameter)
    norm = torch.linalg.vector_norm(slope)
    uphill = torch.where(norm > 0, slope / norm, 0.0)
    return gradient(parameter + radius * uphill)
