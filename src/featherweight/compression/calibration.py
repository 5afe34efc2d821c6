"""Calibration: what a scale should cover, and two repairs of what rounding shifts. No training, no labels.

Sources: ranges by percentile, Wu et al., arXiv:2004.09602, where it speaks of calibration; ranges by squared error,
Nagel et al., arXiv:2106.08295, on setting ranges; folding batch normalization, Jacob et al., arXiv:1712.05877, section
3.2; correcting the bias, Nagel et al., arXiv:1906.04721, section 4.2. Deviations: percentiles are cut on both sides and
not of |x|; the squared error is searched over clips that shrink both ends by the same factor.

| paper              | code                                 | shape                                               |
|--------------------|--------------------------------------|-----------------------------------------------------|
| q_min, q_max       | `smallest`, `largest`                | two floats                                          |
| W                  | `weight`                             | (outputs, inputs) or (outputs, inputs, h, w)        |
| W̃                  | `quantized`                          | as W                                                |
| b                  | `bias`                               | (outputs,)                                          |
| γ, β, μ, σ²        | `scale`, `shift`, `mean`, `variance` | (outputs,)                                          |
| E[x]               | `mean_input`                         | (inputs,)                                           |
"""

import torch
from torch import Tensor

from featherweight.compression.quantization import dequantize, quantize, refuse_unfit, scale_and_zero_point
from featherweight.errors import InputError

__all__ = ["bias_correction", "fold_batch_norm", "mse_range", "percentile_range"]


def percentile_range(tensor: Tensor, percent: float) -> tuple[float, float]:
    """The range that holds `percent` per cent of the numbers, as much cut off below as above.

    Between two numbers the range is interpolated. Clip with it before finding a scale:
    scale_and_zero_point(tensor.clamp(smallest, largest), low, high).
    Returns (smallest, largest). Raises InputError for NaN, infinity, an empty tensor, and a percent outside (0, 100].
    """
    refuse_unfit(tensor, "percentile_range")
    if not 0 < percent <= 100 or not tensor.numel():
        raise InputError(
            f"percentile_range got percent={percent:g} and {tensor.numel()} numbers; wanted above 0 to 100, and at "
            "least one number."
        )
    ordered = tensor.detach().double().flatten().sort().values
    place = (1 - percent / 100) / 2 * (len(ordered) - 1)
    first, part = int(place), place - int(place)
    ends = [ordered[first : first + 2], ordered.flip(0)[first : first + 2]]
    smallest, largest = (float(torch.lerp(end[0], end[-1], part)) for end in ends)
    return smallest, largest


def mse_range(tensor: Tensor, low: int, high: int, steps: int = 100) -> tuple[float, float]:
    """The range whose codes low … high give the tensor back with the least mean squared error.

    Tried are the tensor's own range and that range shrunk by 1/steps, 2/steps, …; of equals the widest wins. Clipping
    pays where few numbers are far out: they lose much, all others gain a finer step.
    For a symmetric range give torch.cat([tensor, -tensor]) and as many codes below 0 as above.
    Returns (smallest, largest). Raises InputError for NaN and infinity.
    """
    refuse_unfit(tensor, "mse_range")
    values = torch.cat([torch.zeros(1, device=tensor.device), tensor.detach().float().flatten()])
    smallest, largest = (float(end) for end in values.aminmax())
    best, least = (smallest, largest), float("inf")
    for step in range(steps, 0, -1):
        ends = smallest * step / steps, largest * step / steps
        scale, zero_point = scale_and_zero_point(torch.tensor(ends), low, high)
        again = dequantize(quantize(values, scale, zero_point, low, high), scale, zero_point)
        error = float((again - values).square().double().mean())
        if error < least:
            best, least = ends, error
    return best


def fold_batch_norm(
    weight: Tensor, bias: Tensor, scale: Tensor, shift: Tensor, mean: Tensor, variance: Tensor, epsilon: float
) -> tuple[Tensor, Tensor]:
    """One layer that computes what a layer followed by batch normalization does, in use (not in training).

    Quantize the folded weight: it is the one that is multiplied. Folding can spread the channels' sizes far apart,
    which is a reason for a scale per channel.
    weight: (outputs, …). bias, scale, shift, mean, variance: (outputs,). Returns (weight, bias).
    """
    factor = scale / (variance + epsilon).sqrt()
    folded = weight * factor.view(-1, *[1] * (weight.dim() - 1))
    return folded, (bias - mean) * factor + shift


def bias_correction(weight: Tensor, quantized: Tensor, bias: Tensor, mean_input: Tensor) -> Tensor:
    """The bias with which a rounded layer's mean output is what the float layer's was.

    Rounding errors of a row do not cancel where the inputs have a mean: after a ReLU they have one.
    weight, quantized: (outputs, inputs), or (outputs, inputs, height, width) of a convolution without padding.
    bias: (outputs,). mean_input: (inputs,), the mean of each input or channel. Returns (outputs,).
    """
    error = (quantized - weight).reshape(*weight.shape[:2], -1).sum(2)
    return bias - error @ mean_input
