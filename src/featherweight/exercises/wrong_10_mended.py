"""Wrong answers of lesson 10 to 8-bit products with outliers, one function each. `mended_10` says what is wrong."""

import torch


def _step(values, dim):
    step = values.abs().amax(dim, keepdim=True) / 127
    return torch.where(step > 0, step, 1.0)


def three_faults(activations, weight, threshold):
    loud = activations.amax(0) > threshold
    row, column = activations.abs().amax(1) / 127, weight.abs().amax(1) / 127
    row = torch.where(row > 0, row, 1.0)[:, None]
    column = torch.where(column > 0, column, 1.0)[:, None]
    regular = torch.where(loud, 0.0, activations)
    read = torch.where(loud, 0.0, weight)
    integers = (regular / row).round().to(torch.int8), (read / column).round().to(torch.int8)
    whole = integers[0] @ integers[1].T
    return whole * row * column.T + (activations - regular) @ weight.T


def product_with(unsigned=False, before=False, narrow=False):
    """`int8_with_outliers` with one, two or all of the faults that are handed over."""

    def wrong(activations, weight, threshold):
        loud = (activations if unsigned else activations.abs()).amax(0) > threshold
        regular, read = torch.where(loud, 0.0, activations), torch.where(loud, 0.0, weight)
        row = _step(activations if before else regular, 1)
        column = _step(weight if before else read, 1)
        kept = torch.int8 if narrow else torch.int32
        whole = (regular / row).round().to(kept) @ (read / column).round().to(kept).T
        return whole * row * column.T + (activations - regular) @ weight.T

    return wrong


def parted(part):
    """`int8_with_outliers` that tells outliers otherwise: (activations, threshold) → where, (inputs,) or larger."""

    def wrong(activations, weight, threshold):
        regular = torch.where(part(activations, threshold), 0.0, activations)
        read = torch.where((regular != 0).any(0), weight, 0.0)
        row, column = _step(regular, 1), _step(read, 1)
        whole = (regular / row).round().int() @ (read / column).round().int().T
        return whole * row * column.T + (activations - regular) @ weight.T

    return wrong


takes_the_threshold_too = parted(lambda x, threshold: x.abs().amax(0) >= threshold)
parts_entries = parted(lambda x, threshold: x.abs() > threshold)
asks_the_mean = parted(lambda x, threshold: x.abs().mean(0) > threshold)
asks_the_examples = parted(lambda x, threshold: x.abs().amax(1, keepdim=True) > threshold)
asks_all_examples = parted(lambda x, threshold: x.abs().amin(0) > threshold)
parts_nothing = parted(lambda x, threshold: torch.zeros_like(x, dtype=torch.bool))


def _integers(activations, weight):
    row, column = _step(activations, 1), _step(weight, 1)
    return (activations / row).round().int() @ (weight / column).round().int().T * row * column.T


def _regular(values, loud):
    return torch.where(loud, 0.0, values)


def _outliers(activations, weight, loud):
    return torch.where(loud, activations, 0.0) @ weight.T


def drops_the_outliers(activations, weight, threshold):
    loud = activations.abs().amax(0) > threshold
    return _integers(_regular(activations, loud), _regular(weight, loud))


def counts_the_outliers_twice(activations, weight, threshold):
    loud = activations.abs().amax(0) > threshold
    return _integers(activations, weight) + _outliers(activations, weight, loud)


def rounds_the_outliers_too(activations, weight, threshold):
    loud = activations.abs().amax(0) > threshold
    return _integers(_regular(activations, loud), _regular(weight, loud)) + _integers(
        _regular(activations, ~loud), _regular(weight, ~loud)
    )


def measures_whole_weights(activations, weight, threshold):
    loud = activations.abs().amax(0) > threshold
    return _integers(_regular(activations, loud), weight) + _outliers(activations, weight, loud)


def measures_whole_activations(activations, weight, threshold):
    loud = activations.abs().amax(0) > threshold
    row, column = _step(activations, 1), _step(_regular(weight, loud), 1)
    regular, read = _regular(activations, loud), _regular(weight, loud)
    whole = (regular / row).round().int() @ (read / column).round().int().T
    return whole * row * column.T + _outliers(activations, weight, loud)


def rounded_by(scaled):
    """`int8_with_outliers` with other integers and scales: (regular activations, regular weight) → outputs."""

    def wrong(activations, weight, threshold):
        loud = activations.abs().amax(0) > threshold
        regular, read = torch.where(loud, 0.0, activations), torch.where(loud, 0.0, weight)
        return scaled(regular, read) + (activations - regular) @ weight.T

    return wrong


def _by(regular, read, row, column):
    return (regular / row).round().int() @ (read / column).round().int().T * row * column.T


def _all(values):
    return _step(values.reshape(1, -1), 1)


has_one_scale_for_examples = rounded_by(lambda x, w: _by(x, w, _all(x), _step(w, 1)))
has_one_scale_for_outputs = rounded_by(lambda x, w: _by(x, w, _step(x, 1), _all(w)))
has_one_scale_each = rounded_by(lambda x, w: _by(x, w, _all(x), _all(w)))
divides_by_128 = rounded_by(lambda x, w: _by(x, w, _step(x, 1) * 127 / 128, _step(w, 1) * 127 / 128))
rounds_weights_only = rounded_by(lambda x, w: x @ ((w / _step(w, 1)).round() * _step(w, 1)).T)
rounds_activations_only = rounded_by(lambda x, w: (x / _step(x, 1)).round() * _step(x, 1) @ w.T)
forgets_the_scale_of_weights = rounded_by(
    lambda x, w: ((x / _step(x, 1)).round() @ (w / _step(w, 1)).round().T) * _step(x, 1)
)
forgets_the_scales = rounded_by(lambda x, w: (x / _step(x, 1)).round() @ (w / _step(w, 1)).round().T)
cuts_off = rounded_by(
    lambda x, w: (x / _step(x, 1)).trunc() @ (w / _step(w, 1)).trunc().T * _step(x, 1) * _step(w, 1).T
)
rounds_nothing = rounded_by(lambda x, w: x @ w.T)


def leaves_zero_to_divide(activations, weight, threshold):
    loud = activations.abs().amax(0) > threshold
    regular, read = torch.where(loud, 0.0, activations), torch.where(loud, 0.0, weight)
    row, column = regular.abs().amax(1, keepdim=True) / 127, read.abs().amax(1, keepdim=True) / 127
    return (regular / row).round() @ (read / column).round().T * row * column.T + (activations - regular) @ weight.T
