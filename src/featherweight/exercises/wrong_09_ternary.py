"""Wrong answers of lesson 9 to three values for all weights, one each. `ternary_09` says what is wrong."""

import torch


def ternary_with(scale):
    """`ternary_absmean` by another scale, from the weight."""

    def wrong(weight):
        unit = scale(weight)
        codes = (weight / unit.clamp(min=1e-30)).round().clamp(-1, 1)
        return codes.to(torch.int8), unit

    return wrong


takes_the_largest = ternary_with(lambda weight: weight.abs().max())
takes_the_deviation = ternary_with(lambda weight: weight.std() if weight.numel() > 1 else weight.abs().sum() * 0)
takes_the_root_mean_square = ternary_with(lambda weight: weight.square().mean().sqrt())
takes_the_median = ternary_with(lambda weight: weight.abs().median())
averages_with_signs = ternary_with(lambda weight: weight.mean().abs())
averages_each_row = ternary_with(lambda weight: weight.abs().flatten(1).mean(1) if weight.dim() > 1 else weight.abs())


def knows_no_zero(weight):
    scale = weight.abs().mean()
    return torch.where(weight >= 0, 1, -1).to(torch.int8), scale


def takes_the_sign(weight):
    scale = weight.abs().mean()
    return torch.sign(weight).to(torch.int8), scale


def cuts_at_the_mean(weight):
    scale = weight.abs().mean()
    unit = torch.where(scale > 0, scale, 1.0)
    return (weight / unit).trunc().clamp(-1, 1).to(torch.int8), scale


def rounds_down(weight):
    scale = weight.abs().mean()
    unit = torch.where(scale > 0, scale, 1.0)
    return (weight / unit).floor().clamp(-1, 1).to(torch.int8), scale


def rounds_halves_away(weight):
    scale = weight.abs().mean()
    unit = torch.where(scale > 0, scale, 1.0)
    codes = torch.sign(weight) * (weight.abs() / unit + 0.5).floor()
    return codes.clamp(-1, 1).to(torch.int8), scale


def forgets_to_clip(weight):
    scale = weight.abs().mean()
    unit = torch.where(scale > 0, scale, 1.0)
    return (weight / unit).round().to(torch.int8), scale


def clips_before_it_divides(weight):
    scale = weight.abs().mean()
    unit = torch.where(scale > 0, scale, 1.0)
    return (weight.clamp(-1, 1) / unit).round().to(torch.int8), scale


def divides_zero_by_zero(weight):
    scale = weight.abs().mean()
    codes = (weight / scale).round().clamp(-1, 1)
    return torch.where(codes.isnan(), 1, codes).to(torch.int8), scale


def scales_the_codes(weight):
    scale = weight.abs().mean()
    unit = torch.where(scale > 0, scale, 1.0)
    return (weight / unit).round().clamp(-1, 1) * scale, scale


def keeps_float_codes(weight):
    scale = weight.abs().mean()
    unit = torch.where(scale > 0, scale, 1.0)
    return (weight / unit).round().clamp(-1, 1), scale


def gives_the_inverse(weight):
    scale = weight.abs().mean()
    unit = torch.where(scale > 0, scale, 1.0)
    return (weight / unit).round().clamp(-1, 1).to(torch.int8), 1 / unit


def gives_the_scale_first(weight):
    scale = weight.abs().mean()
    unit = torch.where(scale > 0, scale, 1.0)
    return scale, (weight / unit).round().clamp(-1, 1).to(torch.int8)


def averages_the_survivors(weight):
    mean = weight.abs().mean()
    unit = torch.where(mean > 0, mean, 1.0)
    codes = (weight / unit).round().clamp(-1, 1)
    kept = weight.abs()[codes != 0]
    return codes.to(torch.int8), kept.mean() if len(kept) else mean


def cuts_at_seven_tenths(weight):
    mean = weight.abs().mean()
    codes = torch.sign(weight) * (weight.abs() > 0.7 * mean)
    kept = weight.abs()[codes != 0]
    return codes.to(torch.int8), kept.mean() if len(kept) else mean
