"""Pruning neurons: what is deleted whole leaves a smaller dense network, which any machine runs faster.

Sources: Taylor scores, Molchanov et al., arXiv:1906.10771, section 3; the scale of batch normalization as a score, Liu
et al., arXiv:1708.06519, section 3; channels that must go together, Fang et al., arXiv:2301.12900, section 3.
Deviations: no penalty pushes the scales of batch normalization towards zero during training; the score of a group is a
plain sum of squares over its layers; the bias of a deleted neuron is not dropped but folded into the next layer.

| paper           | code                                 | shape                                                    |
|-----------------|--------------------------------------|----------------------------------------------------------|
| W               | `weight`                             | (neurons, inputs) or (channels, inputs, height, width)   |
| W one layer on  | `next_weight`                        | (outputs, neurons) or (outputs, channels, height, width) |
| g               | `gradients`                          | (batches, *shape of W)                                   |
| γ, β, μ, σ²     | `scale`, `shift`, `mean`, `variance` | (channels,)                                              |
| m = 1           | `keep`, True = stays                 | (neurons,), bool                                         |
"""

import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = [
    "align_residual",
    "csr_break_even",
    "magnitude_scores",
    "neuron_scores",
    "remove_channels",
    "remove_neurons",
    "slimming_scores",
]


def magnitude_scores(weight: Tensor) -> Tensor:
    """How long each neuron's row of weights is: the 2-norm of all that leads into it.

    weight: (neurons, inputs) or (channels, inputs, height, width). Returns (neurons,), each at least 0.
    """
    return weight.flatten(1).norm(dim=1)


def slimming_scores(scale: Tensor) -> Tensor:
    """How loud batch normalization lets each channel speak: |γ|. scale: (channels,). Returns (channels,)."""
    return scale.abs()


def neuron_scores(weight: Tensor, gradients: Tensor) -> Tensor:
    """How much the loss would change without each neuron, to first order.

    Put a gate z = 1 in front of a neuron's bias: z · (w · x) + b. The slope of the loss in z
    is the sum of gradient · weight over all weights of that neuron. It differs from batch to
    batch, in sign as well, and near a minimum it averages to nothing. So it is squared in
    each batch, and the squares are averaged: score = mean over batches of (Σ g · w)².

    weight: (neurons, inputs), or (channels, inputs, height, width) of a convolution.
    gradients: (batches, *shape of weight), the gradient of the loss in each of some batches.
    Returns scores of shape (neurons,), each at least 0.
    """
    slopes = (gradients * weight).flatten(2).sum(2)
    return slopes.square().mean(0)


def remove_neurons(
    weight: Tensor, bias: Tensor, next_weight: Tensor, next_bias: Tensor, keep: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Delete neurons for good, so that what is left computes what the masked network does.

    Between the two layers is a ReLU. The mask silences a neuron *before* its bias, so a masked
    neuron says relu(bias) to every example. Deleted it says nothing, and the next layer must
    know the constant by itself: it moves into next_bias.

    weight: (neurons, inputs), or (channels, inputs, height, width) of a convolution.
    bias: (neurons,). keep: (neurons,), bool, True = stays; in any pattern.
    next_weight: (outputs, neurons), or (outputs, channels, height, width) of a convolution
    without padding. next_bias: (outputs,).
    Returns the smaller (weight, bias, next_weight, next_bias); the given ones are left alone.
    """
    constant = F.relu(bias[~keep])
    heard = torch.tensordot(next_weight[:, ~keep], constant, dims=([1], [0]))
    folded = next_bias + heard.reshape(len(next_bias), -1).sum(1)
    return weight[keep], bias[keep], next_weight[:, keep], folded


def remove_channels(
    weight: Tensor,
    scale: Tensor,
    shift: Tensor,
    mean: Tensor,
    variance: Tensor,
    epsilon: float,
    next_weight: Tensor,
    next_bias: Tensor,
    keep: Tensor,
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Delete channels of a convolution that is followed by batch normalization and a ReLU.

    In use, batch normalization turns a channel c into
    scale · (c − mean) / √(variance + epsilon) + shift. The mask sets c to 0 before that. What
    comes out is a constant; after the ReLU every tap of the next kernel reads it, and next_bias
    takes all of that over.

    weight: (channels, inputs, height, width), without a bias.
    scale, shift, mean, variance: (channels,). keep: (channels,), bool, True = stays.
    next_weight: (outputs, channels, height, width), no padding. next_bias: (outputs,).
    Returns the smaller (weight, scale, shift, mean, variance, next_weight, next_bias).
    """
    gone = ~keep
    silent = shift[gone] - scale[gone] * mean[gone] / (variance[gone] + epsilon).sqrt()
    taps = next_weight[:, gone].sum(dim=(2, 3))
    folded = next_bias + taps @ F.relu(silent)
    return weight[keep], scale[keep], shift[keep], mean[keep], variance[keep], next_weight[:, keep], folded


def align_residual(writers: list[Tensor], readers: list[Tensor], count: int) -> tuple[list[Tensor], list[Tensor]]:
    """Shrink a residual stream: every layer that adds to it or reads from it loses the same channels.

    The importance of a channel is the sum of its squared weights over all of these layers: its
    row in each writer, its column in each reader. The `count` most important stay, in the
    order in which they stood.

    writers: weights of the layers whose outputs are added up, (channels, inputs, …) each.
    readers: weights of the layers that read the sum, (outputs, channels, …) each.
    count: channels to keep, 1 to all of them.
    Returns the smaller (writers, readers), as two lists.
    """
    rows = [writer.flatten(1) for writer in writers]
    rows += [reader.transpose(0, 1).flatten(1) for reader in readers]
    importance = torch.stack([row.square().sum(1) for row in rows]).sum(0)
    keep = importance.topk(count).indices.sort().values
    return [writer[keep] for writer in writers], [reader[:, keep] for reader in readers]


def csr_break_even(densities: list[float], csr_ms: list[float], dense_ms: float) -> float:
    """How few nonzeros a matrix must have before its sparse product beats the dense one.

    Up to the answer CSR is at least as fast as dense. Between two measured densities time is
    a straight line. Where the times cross more than once, which is noise, the first crossing
    from the sparse end counts. Nothing is guessed outside of what was measured: where CSR is
    slower from the first density on the answer is 0.0, where it never is, the last density.

    densities: share of nonzero entries, rising, 0 to 1. csr_ms: milliseconds at each of them.
    dense_ms: milliseconds of the dense product. Returns a density, as a float.
    """
    if csr_ms[0] > dense_ms:
        return 0.0
    for number in range(1, len(csr_ms)):
        low, high = csr_ms[number - 1], csr_ms[number]
        if high > dense_ms:
            way = (dense_ms - low) / (high - low)
            return densities[number - 1] + way * (densities[number] - densities[number - 1])
    return densities[-1]
