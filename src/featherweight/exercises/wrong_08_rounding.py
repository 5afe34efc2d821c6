"""Wrong answers of lesson 8 to rounding, one function each. `rounding_08` says what is wrong."""

import torch


def quantize_with(steps=False, shifted=False, clipped=False, cast=False):
    """`quantize` with another way to take one of its four steps."""

    def wrong(tensor, scale, zero_point, low, high):
        found = steps(tensor, scale) if steps else torch.round(tensor / scale)
        found = shifted(found, zero_point) if shifted else found + zero_point
        found = clipped(found, low, high) if clipped else found.clamp(low, high)
        return cast(found) if cast else found.to(torch.int32)

    return wrong


cuts_off = quantize_with(steps=lambda x, s: torch.trunc(x / s))
rounds_down = quantize_with(steps=lambda x, s: torch.floor(x / s))
rounds_half_up = quantize_with(steps=lambda x, s: torch.floor(x / s + 0.5))
rounds_half_away = quantize_with(steps=lambda x, s: torch.sign(x) * torch.floor((x / s).abs() + 0.5))
multiplies = quantize_with(steps=lambda x, s: torch.round(x * s))
forgets_the_scale = quantize_with(steps=lambda x, s: torch.round(x))
subtracts = quantize_with(shifted=lambda steps, z: steps - z)
forgets_the_zero_point = quantize_with(shifted=lambda steps, z: steps)
forgets_to_clip = quantize_with(clipped=lambda codes, low, high: codes)
clips_above_only = quantize_with(clipped=lambda codes, low, high: codes.clamp(max=high))
clips_below_only = quantize_with(clipped=lambda codes, low, high: codes.clamp(min=low))
leaves_the_last_out = quantize_with(clipped=lambda codes, low, high: codes.clamp(low, high - 1))
clips_to_bytes = quantize_with(clipped=lambda codes, low, high: codes.clamp(0, 255))
clips_to_signed_bytes = quantize_with(clipped=lambda codes, low, high: codes.clamp(-128, 127))
wraps = quantize_with(clipped=lambda codes, low, high: (codes - low) % (high - low + 1) + low)
leaves_floats = quantize_with(cast=lambda codes: codes)
gives_bytes = quantize_with(cast=lambda codes: codes.to(torch.int32).to(torch.uint8))
gives_signed_bytes = quantize_with(cast=lambda codes: codes.to(torch.int32).to(torch.int8))
gives_longs = quantize_with(cast=lambda codes: codes.long())


def wraps_a_byte(tensor, scale, zero_point, low, high):
    codes = (torch.round(tensor / scale) + zero_point).to(torch.int32)
    return (codes.to(torch.uint8) if low == 0 else codes.to(torch.int8)).to(torch.int32)


def rounds_last(tensor, scale, zero_point, low, high):
    return torch.round(tensor / scale + zero_point).clamp(low, high).to(torch.int32)


def cuts_off_last(tensor, scale, zero_point, low, high):
    return (tensor / scale + zero_point).clamp(low, high).to(torch.int32)


def clips_first(tensor, scale, zero_point, low, high):
    return (torch.round(tensor / scale).clamp(low, high) + zero_point).to(torch.int32)


def clips_numbers(tensor, scale, zero_point, low, high):
    return (torch.round(tensor.clamp(low, high) / scale) + zero_point).to(torch.int32)


def clips_numbers_as_well(tensor, scale, zero_point, low, high):
    return (torch.round(tensor.clamp(low, high) / scale) + zero_point).clamp(low, high).to(torch.int32)


def shifts_numbers(tensor, scale, zero_point, low, high):
    return torch.round((tensor + zero_point) / scale).clamp(low, high).to(torch.int32)


def shifts_numbers_down(tensor, scale, zero_point, low, high):
    return torch.round((tensor - zero_point) / scale).clamp(low, high).to(torch.int32)


def goes_all_the_way_back(tensor, scale, zero_point, low, high):
    codes = (torch.round(tensor / scale) + zero_point).clamp(low, high)
    return (codes - zero_point) * scale


def stretches_to_fit(tensor, scale, zero_point, low, high):
    smallest, largest = tensor.min(), tensor.max()
    share = (tensor - smallest) / (largest - smallest)
    return torch.round(low + share * (high - low)).to(torch.int32)
