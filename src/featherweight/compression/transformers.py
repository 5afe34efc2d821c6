"""Transformers: a few input channels are far larger than all others, and what to do before rounding.

Sources: SmoothQuant, Xiao et al., arXiv:2211.10438, equation 4; AWQ, Lin et al., arXiv:2306.00978, section 3.2;
LLM.int8(), Dettmers et al., arXiv:2208.07339, section 3; rotation by Hadamard matrices, Ashkboos et al.,
arXiv:2404.00456, where it speaks of Hadamard transforms.
Deviations: AWQ's own code brings the scales to a geometric middle of 1, searches groups of layers together and clips
weights afterwards; here a scale is the plain power, and one layer is searched. SmoothQuant's own code keeps maxima from
0 by a small number; here a silent channel is left as it is. No rotation is random, and a width that is no power of two
is rotated in blocks.

| paper         | code                     | shape                                        |
|---------------|--------------------------|----------------------------------------------|
| X             | `activations`            | (examples, inputs)                           |
| W             | `weight`, transposed     | (outputs, inputs)                            |
| s             | `scale`                  | (inputs,)                                    |
| α             | `alpha`, one of `grid`   | 0 … 1                                        |
| H_n           | `rotation`               | (n, n), orthogonal, entries ±1/√n            |
"""

import math

import torch
from torch import Tensor

from featherweight.errors import InputError

__all__ = ["awq_scales", "hadamard", "int8_with_outliers", "outlier_split", "rotate", "smooth"]


def smooth(weight: Tensor, activations: Tensor, alpha: float) -> tuple[Tensor, Tensor]:
    """Make a layer easier to round: shrink inputs that are loud, grow the weights that read them.

    Input channel j gets the scale s_j = (largest |activation| of j)^alpha / (largest |weight|
    that reads j)^(1 − alpha). Activations are divided by it, weights multiplied, so that the
    layer computes what it did. Where either of the two is 0 all over, s_j = 1.

    weight: (outputs, inputs). activations: (examples, inputs). alpha: 0 to 1; at 0 the
    weights end up alike, at 1 the activations.
    Returns (weight · s, activations / s), in these shapes; the given ones are left alone.
    """
    loud, strong = activations.abs().amax(0), weight.abs().amax(0)
    both = (loud > 0) & (strong > 0)
    scale = torch.where(both, loud**alpha / strong ** (1 - alpha), 1.0)
    return weight * scale, activations / scale


def awq_scales(weight: Tensor, activations: Tensor, grid: list[float], bits: int) -> Tensor:
    """Protect weights that matter: scale up those that read loud inputs, round, and scale back.

    For an exponent e, s_j = (mean |activation| of channel j)^e; s_j = 1 for a channel that is
    always 0. Round the weights times s, each row (output) to a grid of its own: steps of
    (largest |entry| of the row) / (2^(bits−1) − 1), to the nearest. Divide by s again. The
    error is the sum of squared differences between the layer's outputs with these weights and
    with the given ones.

    weight: (outputs, inputs), no row all zero. activations: (examples, inputs).
    grid: exponents to try. bits: 2 or more.
    Returns the s of the exponent with the least error (of several, the first), of shape (inputs,).
    """
    size = activations.abs().mean(0)
    size = torch.where(size > 0, size, 1.0)
    best, least = torch.ones_like(size), math.inf
    for exponent in grid:
        scale = size**exponent
        scaled = weight * scale
        step = scaled.abs().amax(1, keepdim=True) / (2 ** (bits - 1) - 1)
        rounded = (scaled / step).round() * step / scale
        error = (activations @ (rounded - weight).T).square().sum().item()
        if error < least:
            best, least = scale, error
    return best


def hadamard(n: int) -> Tensor:
    """Sylvester's matrix of ±1/√n, whose rows are orthogonal: it spreads one loud channel over all n.

    n: a power of two. Returns (n, n), float64. Raises InputError for another n.
    """
    if n < 1 or n & (n - 1):
        raise InputError(f"n is {n}; wanted a power of two: rotate blocks of such a size.")
    matrix = torch.ones(1, 1, dtype=torch.float64)
    while len(matrix) < n:
        matrix = torch.cat([torch.cat([matrix, matrix], 1), torch.cat([matrix, -matrix], 1)])
    return matrix / math.sqrt(n)


def rotate(values: Tensor, rotation: Tensor) -> Tensor:
    """Turn the last axis, stretch by stretch: with weight and activations both turned, the layer computes what it did.

    values: (…, inputs): a weight or activations. rotation: (n, n), orthogonal, n a divisor of inputs.
    Returns the shape and dtype of values. Raises InputError where n does not divide inputs.
    """
    size = len(rotation)
    if values.shape[-1] % size:
        raise InputError(f"{values.shape[-1]} inputs and a rotation of {size}; wanted a size that divides the inputs.")
    return (values.unflatten(-1, (-1, size)) @ rotation.to(values)).flatten(-2)


def outlier_split(activations: Tensor, threshold: float) -> tuple[Tensor, Tensor]:
    """Part activations in two: a channel with any |entry| above the threshold is an outlier, in all examples.

    activations: (examples, inputs). threshold: 6.0 in the paper.
    Returns (regular, outliers), each of that shape, zero where the other one has the entry; they add up to activations.
    """
    loud = activations.abs().amax(0) > threshold
    return torch.where(loud, 0.0, activations), torch.where(loud, activations, 0.0)


def int8_with_outliers(activations: Tensor, weight: Tensor, threshold: float) -> Tensor:
    """LLM.int8(): 8-bit integers for the regular input channels, floats for the outliers.

    A channel is an outlier, in all examples, if |activation| is above the threshold in any.
    The regular channels of activations and of weight are rounded to integers, the nearest to
    value / scale, with a scale for each example and one for each output:
    (largest |entry| of its regular channels) / 127, or 1 where all are 0. Products of integers
    are added up exactly, then multiplied by both scales. The outliers' part of the layer is
    computed in floats, not rounded, and added.

    activations: (examples, inputs). weight: (outputs, inputs). threshold: 6.0 in the paper.
    Returns (examples, outputs).
    """
    loud = activations.abs().amax(0) > threshold
    regular, read = torch.where(loud, 0.0, activations), torch.where(loud, 0.0, weight)
    row, column = regular.abs().amax(1) / 127, read.abs().amax(1) / 127
    row = torch.where(row > 0, row, 1.0)[:, None]
    column = torch.where(column > 0, column, 1.0)[:, None]
    exact = (regular / row).round().int() @ (read / column).round().int().T
    return exact * row * column.T + (activations - regular) @ weight.T
