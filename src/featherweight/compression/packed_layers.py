"""Packed layers: a linear layer that is stored in 1, 1.6 or 4 bits per weight, in memory and on disk.

The weights are unpacked at every call and multiplied as floats, so these layers save bytes and no time. Only
`BinaryLinear.signs_only` multiplies packed bits, and rounds its inputs to signs for that.

| layer           | a weight is                     | `packed`, uint8                             | `scale`, float32 |
|-----------------|---------------------------------|---------------------------------------------|------------------|
| `BinaryLinear`  | ± scale                         | (outputs, ⌈inputs / 8⌉), `pack_signs`       | ()               |
| `TernaryLinear` | −scale, 0 or scale              | (⌈outputs · inputs / 5⌉,), `pack_trits`     | ()               |
| `FourBitLinear` | code · scale, code from −8 to 7 | (⌈outputs · inputs / 2⌉,), nibbles code + 8 | (outputs, 1)     |

The bias, if there is one, stays in float32. `size` is (inputs, outputs) as int32: bytes alone do not say where a row
ends, and 13 inputs would load as 14.
"""

from __future__ import annotations

from typing import Self

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from featherweight.compression.low_bit import ternary_absmean
from featherweight.compression.packing import (
    pack_nibbles,
    pack_signs,
    pack_trits,
    unpack_nibbles,
    unpack_signs,
    unpack_trits,
    xnor_popcount_matmul,
)
from featherweight.errors import InputError

__all__ = ["BinaryLinear", "FourBitLinear", "TernaryLinear"]

LARGEST, SMALLEST = 1e30, torch.finfo(torch.float32).tiny
"""Of a weight, whose mean must stay finite; of a step, which something is divided by."""


class _Packed(nn.Module):
    """A linear layer of which the state is `packed`, `scale`, `bias` and `size`, all buffers: it is not trained."""

    def __init__(self, inputs: int, outputs: int, bias: bool = True) -> None:
        super().__init__()
        if min(inputs, outputs) < 1:
            raise InputError(
                f"{type(self).__name__} got {inputs} inputs and {outputs} outputs; wanted at least 1 of each."
            )
        self.inputs, self.outputs = inputs, outputs
        packed, scale = self._shapes()
        self.register_buffer("packed", torch.zeros(packed, dtype=torch.uint8))
        self.register_buffer("scale", torch.zeros(scale))
        self.register_buffer("bias", torch.zeros(outputs) if bias else None)
        self.register_buffer("size", torch.tensor([inputs, outputs], dtype=torch.int32))

    def _load_from_state_dict(self, state_dict, prefix, *rest) -> None:
        """Raises InputError for the state of a layer of another size, whose bytes may well fit."""
        size = state_dict.get(f"{prefix}size", self.size).tolist()
        if size != [self.inputs, self.outputs]:
            raise InputError(
                f"{type(self).__name__} of {self.inputs} inputs and {self.outputs} outputs got the state of one of "
                f"{' and '.join(map(str, size))}; wanted the same: make it as large as the one that was saved."
            )
        super()._load_from_state_dict(state_dict, prefix, *rest)

    @classmethod
    def _like(cls, layer: nn.Linear) -> tuple[Self, Tensor]:
        """An empty packed layer of a linear layer's size, with its bias, and its weight, ready to be packed."""
        if not isinstance(layer, nn.Linear):
            raise InputError(f"{cls.__name__} got a {type(layer).__name__}; wanted a torch.nn.Linear to pack.")
        made = cls(layer.in_features, layer.out_features, layer.bias is not None)
        for name, tensor in (("weight", layer.weight), ("bias", layer.bias)):
            wrong = 0 if tensor is None else int((~(tensor.abs() <= LARGEST)).sum())
            if wrong:
                raise InputError(
                    f"{cls.__name__} got a {name} with {wrong} of {tensor.numel()} entries NaN, infinite or beyond "
                    "1e30; wanted finite ones: find the step at which training diverged, and pack what was before it."
                )
        made.to(layer.weight.device)
        if layer.bias is not None:
            made.bias.copy_(layer.bias.detach())
        return made, layer.weight.detach().float()

    @property
    def weight(self) -> Tensor:
        """What the layer multiplies by: (outputs, inputs), in the dtype of `scale`. Made anew at every call."""
        return self._codes().to(self.scale.dtype) * self.scale

    def forward(self, inputs: Tensor) -> Tensor:
        """inputs: (…, inputs). Returns (…, outputs)."""
        return F.linear(inputs, self.weight, self.bias)

    def extra_repr(self) -> str:
        return f"{self.inputs}, {self.outputs}, bias={self.bias is not None}"


class BinaryLinear(_Packed):
    """One bit per weight: `binary` of the layer that it is made from."""

    @classmethod
    def from_linear(cls, layer: nn.Linear) -> Self:
        """layer: of finite weights, at least one. Raises InputError for any other."""
        made, weight = cls._like(layer)
        made.packed.copy_(pack_signs(weight))
        made.scale.copy_(weight.abs().mean())
        return made

    def signs_only(self, inputs: Tensor) -> Tensor:
        """What comes out if the inputs are signs as well, each example times the mean of its |inputs| (XNOR-Net).

        No weight is unpacked. inputs: (examples, inputs), another function of them than in `forward`; an example with
        a NaN gives NaN. Returns (examples, outputs).
        """
        products = xnor_popcount_matmul(pack_signs(inputs), self.packed, self.inputs)
        found = products * inputs.abs().mean(1, keepdim=True) * self.scale
        return found if self.bias is None else found + self.bias

    def _shapes(self):
        return (self.outputs, -(-self.inputs // 8)), ()

    def _codes(self) -> Tensor:
        return unpack_signs(self.packed, self.inputs)


class TernaryLinear(_Packed):
    """1.6 bits per weight, five to a byte: `ternary_absmean` of the layer that it is made from."""

    @classmethod
    def from_linear(cls, layer: nn.Linear) -> Self:
        """layer: of finite weights, at least one. Raises InputError for any other."""
        made, weight = cls._like(layer)
        codes, scale = ternary_absmean(weight)
        made.packed.copy_(pack_trits(codes.flatten()))
        made.scale.copy_(scale)
        return made

    def _shapes(self):
        return (-(-self.outputs * self.inputs // 5),), ()

    def _codes(self) -> Tensor:
        return unpack_trits(self.packed, self.outputs * self.inputs).reshape(self.outputs, self.inputs)


class FourBitLinear(_Packed):
    """Four bits per weight, and one float for each output."""

    @classmethod
    def from_linear(cls, layer: nn.Linear, scale: Tensor | None = None) -> Self:
        """Round to the nearest of 16 values in each row.

        layer: of finite weights, at least one. scale: (), (outputs,) or (outputs, 1), positive: a learned step, say;
        without it the largest |weight| of a row is code ±7, and a row of (all but) zeros has scale 1.
        Raises InputError for another layer or scale.
        """
        made, weight = cls._like(layer)
        if scale is None:
            scale = weight.abs().amax(1, keepdim=True) / 7
            scale = torch.where(scale >= SMALLEST, scale, 1.0)
        made.scale.copy_(_checked(scale, made.outputs))
        codes = (weight / made.scale).round().clamp(-8, 7) + 8
        made.packed.copy_(pack_nibbles(codes.to(torch.uint8).flatten()))
        return made

    def _shapes(self):
        return (-(-self.outputs * self.inputs // 2),), (self.outputs, 1)

    def _codes(self) -> Tensor:
        codes = unpack_nibbles(self.packed, self.outputs * self.inputs).reshape(self.outputs, self.inputs)
        return codes.to(torch.int8) - 8


def _checked(scale: Tensor, outputs: int) -> Tensor:
    """A step for each row, as (outputs, 1), or for all of them, as ()."""
    scale = torch.as_tensor(scale).detach()
    if scale.shape not in ((), (outputs,), (outputs, 1)):
        raise InputError(
            f"FourBitLinear got a scale of shape {tuple(scale.shape)}; wanted one number, or one for each "
            f"of {outputs} outputs."
        )
    if not bool(((scale >= SMALLEST) & scale.isfinite()).all()):
        raise InputError(
            "FourBitLinear got a scale that is NaN, infinite, below 1e-38 or not positive; wanted steps above 0: "
            "leave it out to take them from the weights."
        )
    return scale.reshape(-1, 1) if scale.dim() else scale
