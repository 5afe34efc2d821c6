"""Eight bits: a weight becomes a whole number times a scale, at the price of half a step of rounding.

Sources: the affine map and integer-only arithmetic, Jacob et al., arXiv:1712.05877, sections 2.1 and 2.2; one scale per
output channel, Krishnamoorthi, arXiv:1806.08342. Ties round to even and the zero point is added after
rounding, as in ONNX's QuantizeLinear. Deviations: codes are plain int32 tensors, whatever the bits; symmetric codes
leave out the lowest one, −2**(bits − 1), so that a weight and its negative are alike; sums of integers stay int32, and
no fixed-point multiplier brings them back to eight bits.

| paper        | code                | shape                                                 |
|--------------|---------------------|-------------------------------------------------------|
| r            | `tensor`, `weight`  | any; (outputs, inputs) or (outputs, inputs, h, w)     |
| q            | `codes`             | as r, int32                                           |
| S            | `scale`             | one float, or whatever broadcasts: (outputs, 1, …)    |
| Z            | `zero_point`        | one int, or whatever broadcasts                       |
| 0, 2**B − 1  | `low`, `high`       | the first and the last code                           |
| B            | `bits`              | one int                                               |
"""

import torch
from torch import Tensor

from featherweight.errors import InputError

__all__ = [
    "dequantize",
    "integer_linear",
    "per_channel_scale",
    "quantize",
    "refuse_unfit",
    "scale_and_zero_point",
    "symmetric",
]


def quantize(tensor: Tensor, scale: float | Tensor, zero_point: int | Tensor, low: int, high: int) -> Tensor:
    """The code of each number: how many steps of `scale` it is from 0, counted from `zero_point`.

    The number of steps is rounded to the nearest whole number, halfway to the even one: 0.5 to
    0, 1.5 to 2, −2.5 to −2. The zero point is added to the *rounded* number, so an odd one does
    not change which way a tie goes. A code outside low … high becomes the nearer end.

    tensor: any shape, finite. scale: size of a step, above 0. zero_point: the code of 0.0. Both
    are one number, or a tensor that broadcasts against `tensor`.
    low, high: the first and last code: 0 and 255 for uint8, −128 and 127 for int8.
    Returns int32 codes in the shape of tensor.
    """
    steps = torch.round(tensor / scale)
    shifted = steps.double() + zero_point  # float32 holds whole numbers up to 2**24 only
    return shifted.clamp(low, high).to(torch.int32)


def dequantize(codes: Tensor, scale: float | Tensor, zero_point: int | Tensor) -> Tensor:
    """The numbers that codes stand for: scale · (code − zero_point), float32.

    codes: whole numbers of any dtype. scale, zero_point: as `quantize` had them.
    """
    return ((codes.double() - zero_point) * scale).float()


def scale_and_zero_point(tensor: Tensor, low: int, high: int) -> tuple[float, int]:
    """The step and the code of 0.0 with which the codes low … high cover the numbers of a tensor.

    The covered range reaches from the smallest to the largest number and always holds 0.0:
    zeros (padding, a ReLU, a pruned weight) must keep their value exactly. From one end to the
    other there are high − low steps. Were zero_point no whole number, 0.0 would lie between two
    codes: it is low − (smallest / scale), the quotient rounded, halfway to even.

    tensor: any shape, finite. low, high: first and last code.
    Returns (scale, zero_point), a float above 0 and an int from low to high. A tensor that holds
    nothing but zeros, or nothing at all, has scale 1.0 and zero point low.
    """
    values = [0.0, *tensor.flatten().aminmax()] if tensor.numel() else [0.0]
    smallest, largest = float(min(values)), float(max(values))
    scale = (largest - smallest) / (high - low)
    if scale < torch.finfo(torch.float32).tiny:
        return 1.0, low
    return scale, low - round(smallest / scale)


def per_channel_scale(weight: Tensor, bits: int) -> Tensor:
    """One step size for each output channel: its largest weight, positive or negative, is the last code.

    Symmetric: the zero point is 0 and the codes reach from −L to L. Of the 2**bits codes one
    is left unused, so that there are as many below 0 as above it: 127 for eight bits.

    weight: (outputs, inputs), or (outputs, inputs, height, width) of a convolution, finite.
    bits: 2 or more.
    Returns scales in the dtype of weight, shaped (outputs, 1, …) with as many axes as weight.
    A channel of zeros has scale 1.
    """
    largest = weight.abs().flatten(1).amax(1)
    scale = largest / (2 ** (bits - 1) - 1)
    scale[scale == 0] = 1
    return scale.view(-1, *[1] * (weight.dim() - 1))


def integer_linear(inputs: Tensor, zero_point: int, weight: Tensor, bias: Tensor) -> Tensor:
    """A linear layer in whole numbers: every output is a sum of products of codes, exact.

    An input code stands for (code − zero_point) steps; weights are symmetric, their zero point
    is 0. What comes out counts steps of size (input scale · weight scale).

    inputs: (batch, inputs), uint8 or int8. zero_point: an int in the range of that dtype.
    weight: (outputs, inputs), int8. bias: (outputs,), int32, in steps of the output.
    Returns the sums, (batch, outputs), int32. No step in between may wrap around or round:
    int8 ends at 127, float32 holds every whole number only up to 2**24.
    """
    centred = inputs.to(torch.int32) - zero_point
    return centred @ weight.to(torch.int32).T + bias


def symmetric(weight: Tensor, bits: int, per_channel: bool = True) -> Tensor:
    """A weight after rounding to `bits` bits, as the float32 numbers that its codes stand for.

    weight: (outputs, …). per_channel: one scale per output channel, else one for all.
    Raises InputError for NaN, infinity, and fewer than 2 bits.
    """
    refuse_unfit(weight, "symmetric")
    if bits < 2:
        raise InputError(f"symmetric got bits={bits}; wanted 2 or more: one bit has no code besides 0 here.")
    if not weight.numel():
        return weight.float()
    rows = weight.float().reshape(len(weight) if per_channel else 1, -1)
    scale, last = per_channel_scale(rows, bits), 2 ** (bits - 1) - 1
    return dequantize(quantize(rows, scale, 0, -last, last), scale, 0).view(weight.shape)


def refuse_unfit(tensor: Tensor, name: str) -> None:
    """Raise InputError where a tensor holds NaN or infinity: no scale covers them, and any code would be a lie.

    name: the function that was given the tensor.
    """
    unfit = (~torch.isfinite(tensor)).nonzero()
    if len(unfit):
        place, value = unfit[0].tolist(), tensor[tuple(unfit[0])].item()
        raise InputError(
            f"{name} got {len(unfit)} of {tensor.numel()} numbers that are not finite, the first one {value} at "
            f"{place}; wanted finite numbers: look for what made them before rounding."
        )
