"""Schedule-free SGD: average the iterates as you go, and take the gradient between iterate and average.

Source: Defazio et al., arXiv:2405.15682, where it defines Schedule-Free SGD. The reference package keeps y in the
weights and recovers x; here the two sequences that matter, x and z, are kept, and y is made where it is needed.

| paper | code       | shape |
|-------|------------|-------|
| x     | `average`  | any   |
| z     | `iterate`  | as x  |
| y     | `between`  | as x  |
| β     | `beta`     | scalar |
| γ     | `learning_rate` | scalar |
"""

from torch import Tensor

__all__ = ["schedule_free_step"]


def schedule_free_step(
    average: Tensor, iterate: Tensor, gradient, step: int, learning_rate: float, beta: float
) -> tuple[Tensor, Tensor]:
    """One step of schedule-free SGD.

    The gradient is taken at beta of the average plus 1 − beta of the iterate; the iterate makes
    the step; the average moves to the mean of all iterates so far.

    average, iterate: one shape; both start at the first weights. gradient: a function of a point.
    step: counted from 1. Returns (average, iterate), new tensors; the average is the answer.
    """
    between = (1 - beta) * iterate + beta * average
    iterate = iterate - learning_rate * gradient(between)
    average = average + (iterate - average) / step
    return average, iterate
