"""Layers for training with low bits: a real weight behind each rounded one, and activations of few values.

The functions that the reader writes in lesson 9 come in as `Rules`, with the book's own as defaults. A layer's weights
share one scale, biases stay float32, and no layer is left out.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from featherweight.compression import low_bit
from featherweight.errors import InputError

__all__ = ["FORMS", "Form", "LowBitLinear", "Pact", "Rules", "Sign", "form_of"]


@dataclass(frozen=True)
class Form:
    """How the weights of a layer are written.

    bits: for each weight. low, high: the outermost codes. scale: what one step of the grid is: "largest" (the largest
    weight gets the outermost code), "learned" (LSQ) or "mean" (of the weights' sizes).
    """

    bits: float
    low: int
    high: int
    scale: str


WIDTHS = (8, 4, 3, 2)
FORMS = {
    **{f"{bits} bits, largest": Form(bits, 1 - 2 ** (bits - 1), 2 ** (bits - 1) - 1, "largest") for bits in WIDTHS},
    **{f"{bits} bits, learned": Form(bits, -(2 ** (bits - 1)), 2 ** (bits - 1) - 1, "learned") for bits in WIDTHS},
    "ternary": Form(math.log2(3), -1, 1, "mean"),
    "1 bit": Form(1.0, -1, 1, "mean"),
}


def form_of(name: str) -> Form:
    """The form of a name. Raises InputError for another name."""
    if name not in FORMS:
        raise InputError(f"There is no form {name!r}; wanted one of {'; '.join(FORMS)}.")
    return FORMS[name]


@dataclass(frozen=True)
class Rules:
    """The functions a low-bit layer calls: the reader's or the book's."""

    straight_through: Callable[..., Tensor] = low_bit.straight_through
    lsq_gradient: Callable[..., Tensor] = low_bit.lsq_gradient
    ternary_absmean: Callable[..., tuple[Tensor, Tensor]] = low_bit.ternary_absmean


class _LearnedStep(torch.autograd.Function):
    """scale · clip(round(weight / scale)), whose gradient in the scale is what `rule` says."""

    @staticmethod
    def forward(ctx, weight: Tensor, scale: Tensor, low: int, high: int, rule: Callable) -> Tensor:
        ctx.save_for_backward(weight, scale)
        ctx.rest = low, high, rule
        return scale * (weight / scale).round().clamp(low, high)

    @staticmethod
    def backward(ctx, upstream: Tensor) -> tuple:
        (weight, scale), (low, high, rule) = ctx.saved_tensors, ctx.rest
        inside = (weight / scale >= low) & (weight / scale <= high)
        return upstream * inside, rule(weight, scale, low, high, upstream), None, None, None


class LowBitLinear(nn.Linear):
    """A linear layer that computes with rounded weights and trains the real ones behind them.

    layer: whose weights and bias it begins with. form: a name in FORMS. A learned step begins at 2 · mean |w| / √high
    (arXiv:1902.08153, section 2.1). Ternary weights and signs pass the gradient to every real weight, however large.
    """

    def __init__(self, layer: nn.Linear, form: str, rules: Rules | None = None) -> None:
        weight = layer.weight.detach()
        super().__init__(layer.in_features, layer.out_features, device=weight.device, dtype=weight.dtype)
        self.load_state_dict({"weight": weight, "bias": layer.bias.detach()})
        self.form, self.rules = form_of(form), rules or Rules()
        if self.form.scale == "learned":
            self.scale = nn.Parameter(2 * weight.abs().mean() / math.sqrt(self.form.high))

    def quantized(self) -> Tensor:
        """The weights it computes with: few values, with gradients for the real ones."""
        form, weight = self.form, self.weight
        if form.scale == "learned":
            return _LearnedStep.apply(weight, self.scale, form.low, form.high, self.rules.lsq_gradient)
        if form.scale == "largest":
            scale = weight.detach().abs().max() / form.high
            return scale * self.rules.straight_through(weight / scale, form.low, form.high)
        return self._by_mean(weight.detach()) + (weight - weight.detach())  # its values exactly, the weight's gradient

    def _by_mean(self, weight: Tensor) -> Tensor:
        if self.form.bits == 1:
            return low_bit.binary(weight)
        codes, scale = self.rules.ternary_absmean(weight)
        return codes * scale

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.quantized(), self.bias)


class Sign(nn.Module):
    """−1 where x < threshold, else +1; the gradient passes straight through within 1 of the threshold.

    Source: binarized networks, arXiv:1602.02830, section 1.3.
    """

    def __init__(self, threshold: float = 0.0) -> None:
        super().__init__()
        self.threshold = threshold

    def forward(self, x: Tensor) -> Tensor:
        inside = (x - self.threshold).clamp(-1, 1)
        return torch.where(x >= self.threshold, 1.0, -1.0) + (inside - inside.detach())


class Pact(nn.Module):
    """Activations of 2^bits values from 0 to alpha, which is learned (`low_bit.pact`)."""

    def __init__(self, bits: int, alpha: float = 4.0) -> None:
        super().__init__()
        self.bits, self.alpha = bits, nn.Parameter(torch.tensor(alpha))

    def forward(self, x: Tensor) -> Tensor:
        return low_bit.pact(x, self.alpha, self.bits)
