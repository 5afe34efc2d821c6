"""LeNet-300-100 without a single float: int8 codes, int32 sums, and a multiplier that is an integer, too.

The scheme is Jacob et al.'s (arXiv:1712.05877, sections 2.1 to 2.4) with ONNX's choices: int8 codes from −128 to 127,
weights symmetric with one scale for each output channel. Activations are affine, and their range is the largest that
some training digits produced. The bias has the scale of the sum, so it is added before anything is rescaled.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from featherweight.compression import quantization

__all__ = [
    "HIGH",
    "LOW",
    "IntegerLayer",
    "codes_of",
    "fixed_point",
    "integer_layers",
    "nonzeros",
    "rescaled",
    "run",
    "state",
]

LOW, HIGH = -128, 127
PIXEL = (1 / 255, -128)
"""Scale and zero point of a pixel: its own byte, less 128."""


@dataclass(frozen=True)
class IntegerLayer:
    """weight: int8 (out, in). bias: int32 (out,). scales: of the weights (out,). multiplier, shift: int64 (out,), for
    scale_in · scales / scale_out. Zero points: of the codes that come in and go out. No scale is used by `run`.
    """

    weight: Tensor
    bias: Tensor
    scales: Tensor
    scale_in: float
    scale_out: float
    multiplier: Tensor
    shift: Tensor
    zero_in: int
    zero_out: int


def fixed_point(factors: Tensor) -> tuple[Tensor, Tensor]:
    """Positive factors as multiplier · 2^−shift, both int64; 31 bits of multiplier (arXiv:1712.05877, equation 6)."""
    fraction, exponent = torch.frexp(factors.double())
    multiplier = (fraction * 2**31).round().to(torch.int64).clamp(max=2**31 - 1)
    return multiplier, 31 - exponent.to(torch.int64)


def rescaled(sums: Tensor, layer: IntegerLayer) -> Tensor:
    """int32 sums (batch, out) → int8 codes: times the factor, rounded, plus the zero point, clamped."""
    product = sums.to(torch.int64) * layer.multiplier
    rounded = (product + (1 << (layer.shift - 1))) >> layer.shift
    return (rounded + layer.zero_out).clamp(LOW, HIGH).to(torch.int8)


def codes_of(inputs: Tensor) -> Tensor:
    """Pixels in 0…1 as int8 codes."""
    return quantization.quantize(inputs, *PIXEL, LOW, HIGH).to(torch.int8)


@torch.no_grad()
def integer_layers(network: nn.Sequential, inputs: Tensor, per_channel: bool = True) -> list[IntegerLayer]:
    """Quantize linear layers with a ReLU between any two, on the CPU. inputs: (n, in), where ranges are taken from."""
    (scale_in, zero_in), made = PIXEL, []
    linears = [layer for layer in network if isinstance(layer, nn.Linear)]
    for layer in linears:
        inputs = layer(inputs) if layer is linears[-1] else layer(inputs).relu()
        scale_out, zero_out = quantization.scale_and_zero_point(inputs.cpu(), LOW, HIGH)
        weight, bias = layer.weight.cpu(), layer.bias.cpu().double()
        scales = quantization.per_channel_scale(weight, 8)
        scales = scales if per_channel else scales.max().expand(scales.shape)
        codes = quantization.quantize(weight, scales, 0, -127, 127).to(torch.int8)
        sums = scale_in * scales.flatten().double()
        bias = (bias / sums).round().to(torch.int32)
        made.append(
            IntegerLayer(
                codes, bias, scales.flatten(), scale_in, scale_out, *fixed_point(sums / scale_out), zero_in, zero_out
            )
        )
        scale_in, zero_in = scale_out, zero_out
    return made


def nonzeros(layers: Sequence[IntegerLayer]) -> int:
    """Number of codes of weights and biases that are not zero."""
    return sum(int(torch.count_nonzero(part)) for layer in layers for part in (layer.weight, layer.bias))


def state(layers: Sequence[IntegerLayer]) -> dict[str, Tensor]:
    """All that a file must hold, one scale or one for each channel as they are; for `measure.bytes_on_disk`."""
    found = {}
    for number, layer in enumerate(layers):
        alike = bool((layer.multiplier == layer.multiplier[0]).all())
        parts = {"weight": layer.weight, "bias": layer.bias}
        parts["multiplier"] = layer.multiplier[: 1 if alike else None].to(torch.int32)
        parts["shift"] = layer.shift[: 1 if alike else None].to(torch.int8)
        parts["zeros"] = torch.tensor([layer.zero_in, layer.zero_out], dtype=torch.int8)
        found |= {f"{number}.{name}": part for name, part in parts.items()}
    return found


def run(layers: Sequence[IntegerLayer], codes: Tensor, linear: Callable | None = None) -> Tensor:
    """int8 codes (batch, in) → int8 codes (batch, 10). linear: in place of the book's `integer_linear`.

    The ReLU needs no step of its own: behind it the zero point is the smallest code, and clamping does it.
    """
    linear = linear or quantization.integer_linear
    for layer in layers:
        codes = rescaled(linear(codes, layer.zero_in, layer.weight, layer.bias), layer)
    return codes
