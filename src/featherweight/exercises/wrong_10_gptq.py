"""Wrong answers of lesson 10 to GPTQ, one function each. `lesson_10` says what is wrong."""

import torch


def _damped(hessian, damping):
    return hessian + damping * hessian.diagonal().mean() * torch.eye(len(hessian)).to(hessian)


def _upper(damped):
    return torch.linalg.cholesky(torch.linalg.inv(damped), upper=True)


def _rounded(column, scale, bits):
    top = 2 ** (bits - 1) - 1
    return (column / scale).round().clamp(-top, top) * scale


def _pass_on(weight, scale, bits, upper, order):
    """Column by column in an order, with the error of each passed on by a triangular matrix of the same order."""
    left, found = weight.clone(), torch.zeros_like(weight)
    for place, j in enumerate(order):
        found[:, j] = _rounded(left[:, j], scale[:, 0], bits)
        error = (left[:, j] - found[:, j]) / upper[place, place]
        later = order[place + 1 :]
        left[:, later] -= torch.outer(error, upper[place, place + 1 :])
    return found


def rounds_only(weight, hessian, scale, bits, damping):
    return _rounded(weight, scale, bits)


def damped_by(damp):
    """`gptq_layer` with another damping of (hessian, damping)."""

    def wrong(weight, hessian, scale, bits, damping):
        return _pass_on(weight, scale, bits, _upper(damp(hessian, damping)), list(range(weight.shape[1])))

    return wrong


damps_not = damped_by(lambda hessian, damping: hessian)
damps_by_a_number = damped_by(lambda hessian, damping: hessian + damping * torch.eye(len(hessian)).to(hessian))
damps_each_by_itself = damped_by(lambda hessian, damping: hessian + damping * hessian.diagonal().diag())
damps_every_entry = damped_by(lambda hessian, damping: hessian + damping * hessian.diagonal().mean())
damps_by_the_sum = damped_by(lambda h, damping: h + damping * h.diagonal().sum() * torch.eye(len(h)).to(h))
damps_by_the_mean_of_all = damped_by(lambda h, damping: h + damping * h.mean() * torch.eye(len(h)).to(h))


def passed_by(matrix):
    """`gptq_layer` with another matrix to pass errors on by, of the damped hessian."""

    def wrong(weight, hessian, scale, bits, damping):
        upper = matrix(_damped(hessian, damping))
        return _pass_on(weight, scale, bits, upper, list(range(weight.shape[1])))

    return wrong


factors_the_hessian = passed_by(lambda damped: torch.linalg.cholesky(damped, upper=True))
keeps_the_whole_inverse = passed_by(lambda damped: torch.cholesky_inverse(torch.linalg.cholesky(damped)))
keeps_the_hessian = passed_by(lambda damped: damped)
inverts_the_factor = passed_by(lambda damped: torch.linalg.inv(torch.linalg.cholesky(damped)).T)


def erring(pass_on):
    """`gptq_layer` that passes errors on otherwise: (left, j, column before less after rounding, upper) → left."""

    def wrong(weight, hessian, scale, bits, damping):
        upper = _upper(_damped(hessian, damping))
        left, found = weight.clone(), torch.zeros_like(weight)
        for j in range(weight.shape[1]):
            found[:, j] = _rounded(left[:, j], scale[:, 0], bits)
            left = pass_on(left, j, left[:, j] - found[:, j], upper)
        return found

    return wrong


def _taken_off(left, j, error):
    """What is left, after `error` (outputs, inputs) is taken off the columns behind j."""
    later = torch.arange(left.shape[1]) > j
    return left - error * later


adds_the_error = erring(lambda left, j, e, u: _taken_off(left, j, -torch.outer(e / u[j, j], u[j])))
divides_by_nothing = erring(lambda left, j, e, u: _taken_off(left, j, torch.outer(e, u[j])))
divides_by_the_square = erring(lambda left, j, e, u: _taken_off(left, j, torch.outer(e / u[j, j] ** 2, u[j])))
spreads_evenly = erring(lambda left, j, e, u: _taken_off(left, j, -torch.outer(e, torch.ones_like(u[j])) / len(u)))


def passes_to_the_next_only(weight, hessian, scale, bits, damping):
    upper = _upper(_damped(hessian, damping))
    left, found = weight.clone(), torch.zeros_like(weight)
    for j in range(weight.shape[1]):
        found[:, j] = _rounded(left[:, j], scale[:, 0], bits)
        if j + 1 < weight.shape[1]:
            left[:, j + 1] -= (left[:, j] - found[:, j]) / upper[j, j] * upper[j, j + 1]
    return found


def measures_from_the_first_weights(weight, hessian, scale, bits, damping):
    upper = _upper(_damped(hessian, damping))
    left, found = weight.clone(), torch.zeros_like(weight)
    for j in range(weight.shape[1]):
        found[:, j] = _rounded(left[:, j], scale[:, 0], bits)
        left[:, j + 1 :] -= torch.outer((weight[:, j] - found[:, j]) / upper[j, j], upper[j, j + 1 :])
    return found


def forgets_to_round_the_last(weight, hessian, scale, bits, damping):
    upper = _upper(_damped(hessian, damping))
    left = weight.clone()
    for j in range(weight.shape[1] - 1):
        error = (left[:, j] - _rounded(left[:, j], scale[:, 0], bits)) / upper[j, j]
        left[:, j:] -= torch.outer(error, upper[j, j:])
    return left


def ordered(order):
    """`gptq_layer` that takes the columns in another order, of the damped hessian."""

    def wrong(weight, hessian, scale, bits, damping):
        damped = _damped(hessian, damping)
        at = order(damped)
        return _pass_on(weight, scale, bits, _upper(damped[at][:, at]), at)

    return wrong


goes_backwards = ordered(lambda damped: list(reversed(range(len(damped)))))
takes_the_loudest_first = ordered(lambda damped: damped.diagonal().argsort(descending=True).tolist())


def gridded(rounded):
    """`gptq_layer` with another grid: (column, scale, bits) → numbers."""

    def wrong(weight, hessian, scale, bits, damping):
        upper = _upper(_damped(hessian, damping))
        left, found = weight.clone(), torch.zeros_like(weight)
        for j in range(weight.shape[1]):
            found[:, j] = rounded(left[:, j], scale[:, 0], bits)
            left[:, j + 1 :] -= torch.outer((left[:, j] - found[:, j]) / upper[j, j], upper[j, j + 1 :])
        return found

    return wrong


clips_nothing = gridded(lambda column, scale, bits: (column / scale).round() * scale)
has_one_code_too_many = gridded(lambda c, s, bits: (c / s).round().clamp(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) * s)
cuts_off = gridded(lambda c, s, bits: (c / s).trunc().clamp(1 - 2 ** (bits - 1), 2 ** (bits - 1) - 1) * s)
rounds_down = gridded(lambda c, s, bits: (c / s).floor().clamp(1 - 2 ** (bits - 1), 2 ** (bits - 1) - 1) * s)


def returns_codes(weight, hessian, scale, bits, damping):
    upper = _upper(_damped(hessian, damping))
    return (_pass_on(weight, scale, bits, upper, list(range(weight.shape[1]))) / scale).round()


def takes_rows(weight, hessian, scale, bits, damping):
    upper = _upper(_damped(hessian, damping))
    left, found = weight.clone(), torch.zeros_like(weight)
    for i in range(len(weight)):
        found[i] = _rounded(left[i], scale[i], bits)
        error = (left[i] - found[i]) / upper[i, i]
        left[i + 1 :] -= torch.outer(upper[i, i + 1 : len(weight)], error)
    return found
