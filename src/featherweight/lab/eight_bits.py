"""Networks of the house in 8 bits, by simulation: every weight and every input of a layer is rounded, sums are float32.

That is what an integer kernel computes, up to the rounding of float32 sums, and it works for every layer.
"""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn

from featherweight.compression import quantization

__all__ = ["RoundInputs", "in_eight_bits", "stored"]


class RoundInputs(nn.Module):
    """An affine code of 8 bits and back, its range fixed beforehand."""

    def __init__(self, scale: float, zero_point: int) -> None:
        super().__init__()
        self.scale, self.zero_point = scale, zero_point

    def forward(self, x: Tensor) -> Tensor:
        codes = quantization.quantize(x, self.scale, self.zero_point, 0, 255)
        return quantization.dequantize(codes, self.scale, self.zero_point)


@torch.no_grad()
def in_eight_bits(network: nn.Sequential, inputs: Tensor, per_channel: bool = True) -> nn.Sequential:
    """A copy with rounded weights, and with `RoundInputs` before each layer that has any. inputs: for the ranges."""
    made = []
    for layer in copy.deepcopy(network):
        if isinstance(layer, nn.Linear | nn.Conv2d):
            made.append(RoundInputs(*quantization.scale_and_zero_point(inputs, 0, 255)))
            layer.weight.copy_(quantization.symmetric(layer.weight, 8, per_channel))
        inputs = layer(inputs)
        made.append(layer)
    return nn.Sequential(*made)


def stored(weights: dict[str, Tensor], per_channel: bool = True) -> dict[str, Tensor]:
    """Codes of one byte and the scales of each tensor, for `measure.bytes_on_disk`."""
    found = {}
    for name, weight in weights.items():
        scale = quantization.per_channel_scale(weight, 8)
        scale = scale if per_channel else scale.max().reshape(1)
        found[name] = quantization.quantize(weight, scale, 0, -127, 127).to(torch.int8)
        found[f"{name} scale"] = scale
    return found
