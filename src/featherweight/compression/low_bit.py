"""Low bits: a network learns to live with 1 to 4 bits if it is trained while it rounds.

Sources: straight-through estimator, Bengio et al., arXiv:1308.3432; learned step size (LSQ), Esser et al.,
arXiv:1902.08153, equations 1 to 3 and section 2.2; PACT, Choi et al., arXiv:1805.06085, section 3; DoReFa, Zhou et al.,
arXiv:1606.06160, section 2.3; BinaryConnect, Courbariaux et al., arXiv:1511.00363, algorithm 1; the scale of a binary
weight, Rastegari et al., arXiv:1603.05279, section 3.1; ternary by absmean (BitNet b1.58), Ma et al., arXiv:2402.17764,
equations 1 to 3.
Deviations: one scale for the whole tensor, where XNOR-Net has one for each filter; no ε is added to BitNet's γ: weights
that are all zero are a case of their own; of BinaryConnect the deterministic rounding, and of DoReFa the weights only.

| paper          | code                                   | shape                          |
|----------------|----------------------------------------|--------------------------------|
| v (r in STE)   | `x`                                    | any                            |
| s              | `scale`, one step of the grid          | ()                             |
| −Q_N, Q_P      | `low`, `high`, the outermost codes     | whole numbers                  |
| ∂L/∂v̂         | `upstream`                             | as `x`                         |
| W, w           | `weight`; `latent`, where it is kept   | any; (outputs, inputs)         |
| w_b            | the signs of `latent`, −1 and +1       | as `latent`                    |
| γ, α of XNOR   | the mean of |`weight`|                 | ()                             |
| α of PACT      | `alpha`, where activations are clipped | ()                             |
| η              | `learning_rate`                        | per unit of gradient           |
"""

import math

import torch
from torch import Tensor

__all__ = ["binary", "binary_step", "dorefa", "lsq", "lsq_gradient", "pact", "straight_through", "ternary_absmean"]


def straight_through(x: Tensor, low: int, high: int) -> Tensor:
    """Round to whole numbers from low to high, with a gradient that training can use.

    Forwards: each entry rounded, a half to the even neighbour, then clipped to [low, high].
    Backwards: rounding has slope 0 nearly everywhere, and nothing could learn. So the gradient
    goes straight through, unchanged, where x itself lies in [low, high], both ends included.
    Where x lies outside it is 0: there a small move of x changes nothing.

    x: a tensor of any shape, often one that requires a gradient; it is left as it is.
    low, high: whole numbers, low < high. Returns a tensor of x's shape and dtype, from which
    backward() reaches x.
    """
    inside = x.clamp(low, high)
    return inside + (inside.round() - inside).detach()


def lsq_gradient(x: Tensor, scale: Tensor, low: int, high: int, upstream: Tensor) -> Tensor:
    """The gradient of the loss in the step size, by which a quantizer learns its own scale.

    x is quantized to x̂ = scale · clip(round(x / scale), low, high). With rounding passed
    straight through, the slope of one entry of x̂ in scale is
        low                            where x / scale ≤ low,
        high                           where x / scale ≥ high,
        round(x / scale) − x / scale   in between.
    The slopes, each times its entry of upstream, add up to one number. Thousands of weights pull
    at one scale, so it is divided by √(entries of x · high): then the scale moves, in
    proportion to its size, about as fast as a weight does.

    x: any shape, at least one entry. scale: () and positive. low, high: the outermost codes,
    low ≤ 0 < high; −8 and 7 with four bits. upstream: the gradient of the loss in x̂, as x.
    Returns a tensor of shape (), of x's dtype.
    """
    level = x / scale
    code = level.round().clamp(low, high)
    slope = torch.where((level > low) & (level < high), code - level, code)
    return (upstream * slope).sum() / math.sqrt(x.numel() * high)


def lsq(x: Tensor, scale: Tensor, low: int, high: int) -> Tensor:
    """x on the grid of a learned step: values scale · code, gradients for x and, as `lsq_gradient` has it, for scale.

    x: any shape. scale: (), positive, may require a gradient. low, high: outermost codes, low ≤ 0 < high.
    Returns a tensor of x's shape and dtype.
    """
    share = 1 / math.sqrt(x.numel() * high)
    step = scale * share + (scale - scale * share).detach()  # scale's value, a share of its gradient
    inside = (x / step).clamp(low, high)
    return (inside + (inside.round() - inside).detach()) * step


def ternary_absmean(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Three values for all weights, −scale, 0 and +scale, with the mean size as the scale.

    scale is the mean of |weight| over all entries. The codes are weight / scale, rounded to the
    nearest whole number, a half to the even one, and clipped to −1, 0 and 1. Weights that are
    all zero have scale 0 and codes 0.

    weight: any shape, float, at least one entry.
    Returns (codes, scale): int8 of weight's shape, and a tensor of shape () and weight's dtype.
    """
    scale = weight.abs().mean()
    unit = torch.where(scale > 0, scale, 1.0)
    return (weight / unit).round().clamp(-1, 1).to(torch.int8), scale


def binary(weight: Tensor) -> Tensor:
    """Two values for all weights: the sign, +1 for a zero, times the mean of |weight|.

    Of all scales the mean of |weight| leaves the least squared error (arXiv:1603.05279, section 3.1). No gradient goes
    straight through here: train with `weight + (binary(weight) - weight).detach()`.

    weight: any shape, float, at least one entry. Returns a tensor of its shape and dtype.
    """
    scale = weight.abs().mean()
    return torch.where(weight >= 0, scale, -scale)


def binary_step(latent: Tensor, inputs: Tensor, targets: Tensor, learning_rate: float) -> Tensor:
    """One training step of a linear layer that computes with signs only.

    The layer keeps a real number behind each weight, the latent weight, and computes with its
    sign: −1, or +1 (also for a zero). The loss is half the squared error, summed over outputs
    and averaged over examples. Its gradient in the *signs* moves the *latent* weights, by
    learning_rate times it; many small moves add up, and at last a sign flips. After the step
    the latent weights are clipped to [−1, 1].

    latent: (outputs, inputs). inputs: (examples, inputs). targets: (examples, outputs).
    learning_rate: per unit of gradient. Returns the new latent weights, (outputs, inputs).
    """
    signs = torch.where(latent >= 0, 1.0, -1.0).to(latent.dtype)
    error = inputs @ signs.T - targets
    gradient = error.T @ inputs / len(inputs)
    return (latent - learning_rate * gradient).clamp(-1, 1)


def pact(x: Tensor, alpha: Tensor, bits: int) -> Tensor:
    """Activations clipped to [0, alpha] and rounded to 2^bits values; where they are clipped, alpha learns.

    Gradient in x: 1 where 0 ≤ x < alpha, else 0. In alpha: the sum over all x ≥ alpha.

    x: any shape. alpha: (), positive, may require a gradient. bits: 1 or more. Returns a tensor of x's shape and dtype.
    """
    steps = 2**bits - 1
    clipped = torch.where(x < alpha, x.clamp(min=0), alpha)
    rounded = (clipped * steps / alpha).round() * alpha / steps
    return clipped + (rounded - clipped).detach()


def dorefa(weight: Tensor, bits: int) -> Tensor:
    """Weights squeezed by tanh into [−1, 1] and rounded to 2^bits values there; with one bit sign · mean |weight|.

    The gradient passes the rounding straight through, and the tanh by its own slope (the largest entry counts as a
    constant). No value is 0: an all-zero weight becomes what lies next to 0.

    weight: any shape, float, at least one entry. bits: 1 or more. Returns a tensor of weight's shape and dtype.
    """
    if bits == 1:
        mean = weight.detach().abs().mean()
        signed = torch.where(weight >= 0, mean, -mean)
        return weight + (signed - weight).detach()
    squeezed = weight.tanh()
    largest = squeezed.detach().abs().max().clamp(min=torch.finfo(weight.dtype).tiny)
    share = squeezed / (2 * largest) + 0.5
    rounded = (share * (2**bits - 1)).round() / (2**bits - 1)
    return 2 * (share + (rounded - share).detach()) - 1
