"""Wrong answers of lesson 9 to the gradient of a step, one function each. `learned_09` says what is wrong."""

import math

import torch


def lsq_with(slope, share=lambda x, low, high: 1 / math.sqrt(x.numel() * high)):
    """`lsq_gradient` with other slopes, from (x / scale, low, high), or divided by something else."""

    def wrong(x, scale, low, high, upstream):
        return (upstream * slope(x / scale, low, high)).sum() * share(x, low, high)

    return wrong


def _slope(level, low, high):
    code = level.round().clamp(low, high)
    return torch.where((level > low) & (level < high), code - level, code)


forgets_the_share = lsq_with(_slope, lambda x, low, high: 1.0)
divides_by_the_root_of_the_count = lsq_with(_slope, lambda x, low, high: 1 / math.sqrt(x.numel()))
divides_by_the_root_of_the_code = lsq_with(_slope, lambda x, low, high: 1 / math.sqrt(high))
forgets_the_root = lsq_with(_slope, lambda x, low, high: 1 / (x.numel() * high))
takes_the_mean = lsq_with(_slope, lambda x, low, high: 1 / x.numel())
takes_the_low_code = lsq_with(_slope, lambda x, low, high: 1 / math.sqrt(x.numel() * max(-low, 1)))
turns_the_difference_over = lsq_with(
    lambda v, low, high: torch.where((v > low) & (v < high), v - v.round(), v.round().clamp(low, high))
)
turns_everything_over = lsq_with(lambda v, low, high: -_slope(v, low, high))
forgets_the_fraction = lsq_with(lambda v, low, high: v.round().clamp(low, high))
forgets_the_rounding = lsq_with(
    lambda v, low, high: torch.where((v > low) & (v < high), -v, v.round().clamp(low, high))
)
lets_nothing_outside_count = lsq_with(
    lambda v, low, high: torch.where((v > low) & (v < high), v.round() - v, torch.zeros_like(v))
)
lets_only_the_outside_count = lsq_with(
    lambda v, low, high: torch.where((v > low) & (v < high), torch.zeros_like(v), v.clamp(low, high))
)
never_leaves_the_range = lsq_with(lambda v, low, high: v.round() - v)
subtracts_outside_as_well = lsq_with(lambda v, low, high: v.round().clamp(low, high) - v)
takes_sizes_outside = lsq_with(
    lambda v, low, high: torch.where((v > low) & (v < high), v.round() - v, v.round().clamp(low, high).abs())
)


def forgets_upstream(x, scale, low, high, upstream):
    return _slope(x / scale, low, high).sum() / math.sqrt(x.numel() * high)


def multiplies_the_sums(x, scale, low, high, upstream):
    return _slope(x / scale, low, high).sum() * upstream.sum() / math.sqrt(x.numel() * high)


def keeps_an_entry_for_each(x, scale, low, high, upstream):
    return upstream * _slope(x / scale, low, high) / math.sqrt(x.numel() * high)


def subtracts_in_units_of_x(x, scale, low, high, upstream):
    level = x / scale
    code = level.round().clamp(low, high)
    slope = torch.where((level > low) & (level < high), code * scale - x, code)
    return (upstream * slope).sum() / math.sqrt(x.numel() * high)


def multiplies_by_the_scale(x, scale, low, high, upstream):
    return _slope(x * scale, low, high).mul(upstream).sum() / math.sqrt(x.numel() * high)
