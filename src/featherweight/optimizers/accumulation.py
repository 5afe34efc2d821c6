"""Large batches that are seen in small pieces: add up the pieces' gradients, then step once.

Source: the definition. The gradient of a mean over examples is the mean of the examples' gradients, so pieces count by
their size. Dividing by the number of pieces instead is right only where all are equally large.

| maths | code             | meaning                                |
|-------|------------------|----------------------------------------|
| nₖ    | `sizes[k]`       | examples in piece k                    |
| gₖ    | `gradient(x, k)` | mean gradient of piece k, taken at x   |
| η     | `learning_rate`  | scalar                                 |
"""

import torch
from torch import Tensor

__all__ = ["accumulated_steps"]


def accumulated_steps(gradient, parameter: Tensor, sizes: list[int], every: int, learning_rate: float) -> Tensor:
    """Gradient descent in large batches, each of them seen in up to `every` pieces.

    Every step is that of the large batch: along the mean gradient of all examples in its pieces,
    taken where the batch began. Pieces that are left over at the end make a smaller batch, and one
    more step.

    gradient: gradient(point, k) is the mean gradient of the examples in piece k, counted from 0.
    parameter: (d,). sizes: examples in each piece, at least one piece. every: pieces per step.
    Returns every point of the walk, the start first: (steps + 1, d).
    """
    points = [parameter]
    for first in range(0, len(sizes), every):
        pieces = range(first, min(first + every, len(sizes)))
        total = sum(sizes[k] * gradient(points[-1], k) for k in pieces)
        count = sum(sizes[k] for k in pieces)
        points.append(points[-1] - learning_rate * total / count)
    return torch.stack(points)
