"""Wrong answers of lesson 8 to the steps of ranges and channels, one function each. `ranges_08` says what is wrong."""

import torch


def range_with(ends=False, steps=False, place=False, nothing=False):
    """`scale_and_zero_point` with another way to find one of its parts.

    ends: tensor → smallest, largest. steps: low, high → number of steps. place: smallest, largest, scale, low, high →
    zero point. nothing: low → what a tensor of zeros gets.
    """

    def wrong(tensor, low, high):
        if ends:
            smallest, largest = (float(end) for end in ends(tensor))
        else:
            values = tensor.flatten().tolist()
            smallest, largest = min([0.0, *values]), max([0.0, *values])
        if smallest == largest:
            return nothing(low) if nothing else (1.0, low)
        scale = (largest - smallest) / (steps(low, high) if steps else high - low)
        if place:
            return scale, place(smallest, largest, scale, low, high)
        return scale, low - round(smallest / scale)

    return wrong


leaves_zero_out = range_with(ends=lambda t: (t.min(), t.max()) if t.numel() else (0, 0))
forgets_negatives = range_with(ends=lambda t: (0, max([0, *t.flatten().tolist()])))
covers_both_sides = range_with(ends=lambda t: (-t.abs().max(), t.abs().max()) if t.numel() else (0, 0))
counts_codes = range_with(steps=lambda low, high: high - low + 1)
knows_255_only = range_with(steps=lambda low, high: 255)
divides_by_high = range_with(steps=lambda low, high: high)
forgets_to_round_the_place = range_with(place=lambda smallest, largest, scale, low, high: low - smallest / scale)
cuts_the_place_off = range_with(place=lambda smallest, largest, scale, low, high: low + int(-smallest / scale))
rounds_the_place_half_up = range_with(
    place=lambda smallest, largest, scale, low, high: low + int(-smallest / scale + 0.5)
)
rounds_with_low = range_with(place=lambda smallest, largest, scale, low, high: round(low - smallest / scale))
adds_the_place = range_with(place=lambda smallest, largest, scale, low, high: low + round(smallest / scale))
forgets_low = range_with(place=lambda smallest, largest, scale, low, high: -round(smallest / scale))
comes_from_above = range_with(place=lambda smallest, largest, scale, low, high: high - round(largest / scale))
rounds_the_number = range_with(place=lambda smallest, largest, scale, low, high: low - round(smallest))
multiplies_the_place = range_with(place=lambda smallest, largest, scale, low, high: low - round(smallest * scale))
says_zero = range_with(place=lambda smallest, largest, scale, low, high: 0)
gives_zeros_the_code_zero = range_with(nothing=lambda low: (1.0, 0))
gives_zeros_no_step = range_with(nothing=lambda low: (0.0, low))


def turns_the_scale_over(tensor, low, high):
    values = [0.0, *tensor.flatten().tolist()]
    smallest, largest = min(values), max(values)
    if smallest == largest:
        return 1.0, low
    scale = (high - low) / (largest - smallest)
    return scale, low - round(smallest * scale)


def turns_the_scale_over_only(tensor, low, high):
    values = [0.0, *tensor.flatten().tolist()]
    smallest, largest = min(values), max(values)
    if smallest == largest:
        return 1.0, low
    scale = (high - low) / (largest - smallest)
    return scale, low - round(smallest / scale)


def divides_nothing_by_nothing(tensor, low, high):
    values = [0.0, *tensor.flatten().tolist()]
    scale = (max(values) - min(values)) / (high - low)
    return scale, low - round(min(values) / scale)


def divides_tensors_of_nothing(tensor, low, high):
    smallest, largest = tensor.min().clamp(max=0), tensor.max().clamp(min=0)
    scale = (largest - smallest) / (high - low)
    return float(scale), low - int(torch.round(smallest / scale))


def looks_into_an_empty_tensor(tensor, low, high):
    smallest, largest = min(0.0, float(tensor.min())), max(0.0, float(tensor.max()))
    if smallest == largest:
        return 1.0, low
    scale = (largest - smallest) / (high - low)
    return scale, low - round(smallest / scale)


def turns_the_pair_round(tensor, low, high):
    values = [0.0, *tensor.flatten().tolist()]
    smallest, largest = min(values), max(values)
    if smallest == largest:
        return low, 1.0
    scale = (largest - smallest) / (high - low)
    return low - round(smallest / scale), scale


def scale_with(largest=False, last=False, nothing=False):
    """`per_channel_scale` with another size of a channel, another last code, or another scale for zeros."""

    def wrong(weight, bits):
        rows = weight.reshape(weight.shape[0], -1)
        size = largest(rows) if largest else rows.abs().amax(1)
        scale = size / (last(bits) if last else 2 ** (bits - 1) - 1)
        scale = nothing(scale) if nothing else torch.where(size == 0, 1.0, scale)
        return scale.reshape(-1, *[1] * (weight.dim() - 1))

    return wrong


forgets_the_sign = scale_with(largest=lambda rows: rows.amax(1))
takes_the_smallest = scale_with(largest=lambda rows: rows.amin(1))
averages_sizes = scale_with(largest=lambda rows: rows.abs().mean(1))
takes_the_deviation = scale_with(largest=lambda rows: rows.std(1, correction=0))
takes_the_norm = scale_with(largest=lambda rows: rows.norm(dim=1))
covers_the_range = scale_with(
    largest=lambda rows: rows.amax(1) - rows.amin(1),
    last=lambda bits: 2**bits - 1,
)
halves_the_range = scale_with(largest=lambda rows: (rows.amax(1) - rows.amin(1)) / 2)
counts_half_of_all = scale_with(last=lambda bits: 2 ** (bits - 1))
counts_all = scale_with(last=lambda bits: 2**bits - 1)
counts_all_codes = scale_with(last=lambda bits: 2**bits)
multiplies_bits = scale_with(last=lambda bits: 2 * (bits - 1) - 1)
knows_127_only = scale_with(last=lambda bits: 127)
leaves_zeros = scale_with(nothing=lambda scale: scale)
puts_a_crumb = scale_with(nothing=lambda scale: scale.clamp(min=1e-8))
adds_a_crumb = scale_with(nothing=lambda scale: scale + 1e-8)


def has_one_for_all(weight, bits):
    size = weight.abs().max()
    return size / (2 ** (bits - 1) - 1)


def repeats_one_for_all(weight, bits):
    scale = (weight.abs().max() / (2 ** (bits - 1) - 1)).repeat(len(weight))
    return scale.reshape(-1, *[1] * (weight.dim() - 1))


def looks_along_inputs(weight, bits):
    size = weight.transpose(0, 1).reshape(weight.shape[1], -1).abs().amax(1)
    scale = torch.where(size == 0, 1.0, size / (2 ** (bits - 1) - 1))
    return scale.reshape(1, -1, *[1] * (weight.dim() - 2))


def looks_along_the_first_axis(weight, bits):
    size = weight.abs().amax(0)
    return torch.where(size == 0, 1.0, size / (2 ** (bits - 1) - 1))


def looks_along_the_last_axis(weight, bits):
    size = weight.abs().amax(-1, keepdim=True)
    return torch.where(size == 0, 1.0, size / (2 ** (bits - 1) - 1))


def looks_along_one_axis(weight, bits):
    size = weight.abs().amax(1, keepdim=True)
    return torch.where(size == 0, 1.0, size / (2 ** (bits - 1) - 1))


def stays_flat(weight, bits):
    size = weight.abs().flatten(1).amax(1)
    return torch.where(size == 0, 1.0, size / (2 ** (bits - 1) - 1))


def always_two_axes(weight, bits):
    size = weight.abs().flatten(1).amax(1, keepdim=True)
    return torch.where(size == 0, 1.0, size / (2 ** (bits - 1) - 1))


def turns_scales_over(weight, bits):
    size = weight.abs().flatten(1).amax(1)
    scale = torch.where(size == 0, 1.0, (2 ** (bits - 1) - 1) / size)
    return scale.reshape(-1, *[1] * (weight.dim() - 1))


def gives_the_largest(weight, bits):
    size = weight.abs().flatten(1).amax(1)
    return torch.where(size == 0, 1.0, size).reshape(-1, *[1] * (weight.dim() - 1))
