"""Wrong answers of lesson 10 to smoothing and to AWQ's scales, one function each. `scales_10` says what is wrong."""

import math

import torch


def _safe(weight, activations, scale):
    """The scale, 1 where a channel of weight or activations is silent."""
    both = (activations != 0).any(0) & (weight != 0).any(0)
    return torch.where(both, scale, 1.0)


def _smoothing(weight, activations, alpha):
    return _safe(weight, activations, activations.abs().amax(0) ** alpha / weight.abs().amax(0) ** (1 - alpha))


def smooth_by(scaling):
    """`smooth` with another scale of (weight, activations, alpha)."""

    def wrong(weight, activations, alpha):
        scale = _safe(weight, activations, scaling(weight, activations, alpha))
        return weight * scale, activations / scale

    return wrong


swaps_the_exponents = smooth_by(lambda w, x, alpha: x.abs().amax(0) ** (1 - alpha) / w.abs().amax(0) ** alpha)
shares_one_exponent = smooth_by(lambda w, x, alpha: (x.abs().amax(0) / w.abs().amax(0)) ** alpha)
multiplies_the_maxima = smooth_by(lambda w, x, alpha: x.abs().amax(0) ** alpha * w.abs().amax(0) ** (1 - alpha))
ignores_the_weights = smooth_by(lambda w, x, alpha: x.abs().amax(0) ** alpha)
ignores_alpha = smooth_by(lambda w, x, alpha: (x.abs().amax(0) / w.abs().amax(0)) ** 0.5)
takes_means = smooth_by(lambda w, x, alpha: x.abs().mean(0) ** alpha / w.abs().mean(0) ** (1 - alpha))
takes_the_mean_activation = smooth_by(lambda w, x, alpha: x.abs().mean(0) ** alpha / w.abs().amax(0) ** (1 - alpha))
forgets_the_sign = smooth_by(lambda w, x, alpha: x.amax(0) ** alpha / w.amax(0) ** (1 - alpha))
takes_one_loudness = smooth_by(lambda w, x, alpha: x.abs().amax() ** alpha / w.abs().amax(0) ** (1 - alpha))
takes_one_strength = smooth_by(lambda w, x, alpha: x.abs().amax(0) ** alpha / w.abs().amax() ** (1 - alpha))
turns_the_scale = smooth_by(lambda w, x, alpha: w.abs().amax(0) ** (1 - alpha) / x.abs().amax(0) ** alpha)
averages_the_maxima = smooth_by(lambda w, x, alpha: alpha * x.abs().amax(0) + (1 - alpha) / w.abs().amax(0))
takes_outputs = smooth_by(lambda w, x, alpha: x.abs().amax(0) ** alpha / w.abs().amax(1) ** (1 - alpha))
takes_examples = smooth_by(lambda w, x, alpha: x.abs().amax(1) ** alpha / w.abs().amax(0) ** (1 - alpha))


def scales_weights_only(weight, activations, alpha):
    return weight * _smoothing(weight, activations, alpha), activations


def scales_activations_only(weight, activations, alpha):
    return weight, activations / _smoothing(weight, activations, alpha)


def multiplies_both(weight, activations, alpha):
    scale = _smoothing(weight, activations, alpha)
    return weight * scale, activations * scale


def divides_both(weight, activations, alpha):
    scale = _smoothing(weight, activations, alpha)
    return weight / scale, activations / scale


def gives_the_activations_first(weight, activations, alpha):
    scale = _smoothing(weight, activations, alpha)
    return activations / scale, weight * scale


def gives_the_scale(weight, activations, alpha):
    return _smoothing(weight, activations, alpha)


def divides_by_zero(weight, activations, alpha):
    scale = activations.abs().amax(0) ** alpha / weight.abs().amax(0) ** (1 - alpha)
    return weight * scale, activations / scale


def keeps_from_zero(weight, activations, alpha):
    loud, strong = activations.abs().amax(0).clamp(min=1e-5), weight.abs().amax(0).clamp(min=1e-5)
    scale = loud**alpha / strong ** (1 - alpha)
    return weight * scale, activations / scale


def _size(activations):
    size = activations.abs().mean(0)
    return torch.where(size > 0, size, 1.0)


def _grid(scaled, bits):
    step = scaled.abs().amax(1, keepdim=True) / (2 ** (bits - 1) - 1)
    return (scaled / step).round() * step


def _off(weight, activations, rounded):
    return float((activations @ (rounded - weight).T).square().sum())


def _least(scales, errors):
    return scales[min(range(len(errors)), key=errors.__getitem__)]


def awq_by(size):
    """`awq_scales` with another size of the channels, of (weight, activations)."""

    def wrong(weight, activations, grid, bits):
        scales = [size(weight, activations) ** exponent for exponent in grid]
        errors = [_off(weight, activations, _grid(weight * scale, bits) / scale) for scale in scales]
        return _least(scales, errors)

    return wrong


def _heard(activations, size):
    return torch.where(activations.abs().amax(0) > 0, size, 1.0)


takes_the_largest = awq_by(lambda w, x: _heard(x, x.abs().amax(0)))
takes_root_mean_squares = awq_by(lambda w, x: _heard(x, x.square().mean(0).sqrt()))
takes_sums = awq_by(lambda w, x: _heard(x, x.abs().sum(0)))
takes_the_weights = awq_by(lambda w, x: w.abs().mean(0))
takes_signed_means = awq_by(lambda w, x: _heard(x, x.mean(0)))
turns_the_sizes = awq_by(lambda w, x: 1 / _size(x))
takes_means_over_inputs = awq_by(lambda w, x: x.abs().mean(1))


def awq_erring(error):
    """`awq_scales` that judges by another error, of (weight, activations, rounded)."""

    def wrong(weight, activations, grid, bits):
        scales = [_size(activations) ** exponent for exponent in grid]
        return _least(scales, [error(weight, activations, _grid(weight * s, bits) / s) for s in scales])

    return wrong


compares_weights = awq_erring(lambda w, x, q: float((q - w).square().sum()))
adds_up_sizes = awq_erring(lambda w, x, q: float((x @ (q - w).T).abs().sum()))
takes_the_worst_output = awq_erring(lambda w, x, q: float((x @ (q - w).T).abs().max()))
adds_up_signed = awq_erring(lambda w, x, q: float((x @ (q - w).T).sum().abs()))
takes_the_most = awq_erring(lambda w, x, q: -float((x @ (q - w).T).square().sum()))


def awq_rounding(rounded):
    """`awq_scales` that rounds otherwise: (weight, scale, bits) → weights to compare."""

    def wrong(weight, activations, grid, bits):
        scales = [_size(activations) ** exponent for exponent in grid]
        return _least(scales, [_off(weight, activations, rounded(weight, s, bits)) for s in scales])

    return wrong


def _by_steps(scaled, step):
    return (scaled / step).round() * step


undoes_nothing = awq_rounding(lambda w, s, bits: _grid(w * s, bits))
scales_down_first = awq_rounding(lambda w, s, bits: _grid(w / s, bits) * s)
has_one_step_for_all = awq_rounding(
    lambda w, s, bits: _by_steps(w * s, (w * s).abs().amax() / (2 ** (bits - 1) - 1)) / s
)
has_a_step_per_input = awq_rounding(
    lambda w, s, bits: _by_steps(w * s, (w * s).abs().amax(0) / (2 ** (bits - 1) - 1)) / s
)
counts_all_codes = awq_rounding(
    lambda w, s, bits: _by_steps(w * s, (w * s).abs().amax(1, keepdim=True) / (2**bits - 1)) / s
)
counts_one_step_more = awq_rounding(
    lambda w, s, bits: _by_steps(w * s, (w * s).abs().amax(1, keepdim=True) / 2 ** (bits - 1)) / s
)
keeps_the_old_step = awq_rounding(
    lambda w, s, bits: _by_steps(w * s, w.abs().amax(1, keepdim=True) / (2 ** (bits - 1) - 1)) / s
)


def returns_the_exponent(weight, activations, grid, bits):
    errors = [_off(weight, activations, _grid(weight * s, bits) / s) for s in (_size(activations) ** e for e in grid)]
    return _least(grid, errors)


def returns_the_rounded(weight, activations, grid, bits):
    found = [_grid(weight * scale, bits) / scale for scale in (_size(activations) ** e for e in grid)]
    return _least(found, [_off(weight, activations, each) for each in found])


def takes_the_last(weight, activations, grid, bits):
    return _size(activations) ** grid[-1]


def takes_the_first(weight, activations, grid, bits):
    return _size(activations) ** grid[0]


def takes_the_middle(weight, activations, grid, bits):
    return _size(activations) ** 0.5


def lets_silence_be_zero(weight, activations, grid, bits):
    best, least = torch.ones(weight.shape[1], dtype=weight.dtype), math.inf
    for exponent in grid:
        scale = activations.abs().mean(0) ** exponent
        error = _off(weight, activations, _grid(weight * scale, bits) / scale)
        if error < least:
            best, least = scale, error
    return best


def brings_the_middle_to_one(weight, activations, grid, bits):
    scales = [_size(activations) ** exponent for exponent in grid]
    scales = [scale / (scale.max() * scale.min()).sqrt() for scale in scales]
    return _least(scales, [_off(weight, activations, _grid(weight * s, bits) / s) for s in scales])
