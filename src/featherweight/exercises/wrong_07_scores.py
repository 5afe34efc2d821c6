"""Wrong answers of lesson 7 to scores and break-even, one function each. `scores_07` says what is wrong."""

import math
from itertools import pairwise

import torch


def averages_before_squaring(weight, gradients):
    return (gradients.mean(0) * weight).flatten(1).sum(1).square()


def squares_each_weight(weight, gradients):
    return (gradients * weight).square().flatten(2).sum(2).mean(0)


def adds_up_sizes(weight, gradients):
    return (gradients * weight).abs().flatten(2).sum(2).mean(0)


def takes_the_size_of_slopes(weight, gradients):
    return (gradients * weight).flatten(2).sum(2).abs().mean(0)


def keeps_the_sign(weight, gradients):
    return (gradients * weight).flatten(2).sum(2).mean(0)


def adds_up_batches(weight, gradients):
    return (gradients * weight).flatten(2).sum(2).square().sum(0)


def scores_the_inputs(weight, gradients):
    return (gradients * weight).sum(1).flatten(2).sum(2).square().mean(0) if weight.dim() > 2 else (
        (gradients * weight).sum(1).square().mean(0)
    )  # fmt: skip


def leaves_the_kernel(weight, gradients):
    return (gradients * weight).sum(2).square().mean(0)


def sums_the_last_axis(weight, gradients):
    return (gradients * weight).sum(-1).square().mean(0)


def forgets_the_weight(weight, gradients):
    return gradients.flatten(2).sum(2).square().mean(0)


def forgets_the_gradient(weight, gradients):
    return weight.flatten(1).square().sum(1)


def takes_the_norm(weight, gradients):
    return weight.flatten(1).norm(dim=1)


def averages_over_weights(weight, gradients):
    return (gradients * weight).flatten(2).mean(2).square().mean(0)


def takes_the_root(weight, gradients):
    return (gradients * weight).flatten(2).sum(2).square().mean(0).sqrt()


def keeps_the_batches(weight, gradients):
    return (gradients * weight).flatten(2).sum(2).square()


def flattens_too_much(weight, gradients):
    return (gradients * weight).flatten(1).sum(1).square().mean(0)


def takes_the_variance(weight, gradients):
    slopes = (gradients * weight).flatten(2).sum(2)
    return slopes.var(0, correction=0)


def squares_the_gradients(weight, gradients):
    return (gradients.square() * weight.square()).mean(0).flatten(1).sum(1).sqrt()


def stops_at_the_point_below(densities, csr_ms, dense_ms):
    if csr_ms[0] > dense_ms:
        return 0.0
    for number in range(1, len(csr_ms)):
        if csr_ms[number] > dense_ms:
            return densities[number - 1]
    return densities[-1]


def stops_at_the_best_measured(densities, csr_ms, dense_ms):
    return max([density for density, ms in zip(densities, csr_ms, strict=True) if ms <= dense_ms], default=0.0)


def stops_at_the_point_above(densities, csr_ms, dense_ms):
    if csr_ms[0] > dense_ms:
        return 0.0
    for density, ms in zip(densities, csr_ms, strict=True):
        if ms > dense_ms:
            return density
    return densities[-1]


def takes_the_nearest(densities, csr_ms, dense_ms):
    return densities[min(range(len(csr_ms)), key=lambda number: abs(csr_ms[number] - dense_ms))]


def takes_the_middle(densities, csr_ms, dense_ms):
    if csr_ms[0] > dense_ms:
        return 0.0
    for number in range(1, len(csr_ms)):
        if csr_ms[number] > dense_ms:
            return (densities[number - 1] + densities[number]) / 2
    return densities[-1]


def takes_the_last_crossing(densities, csr_ms, dense_ms):
    if csr_ms[-1] <= dense_ms:
        return densities[-1]
    for number in reversed(range(1, len(csr_ms))):
        low, high = csr_ms[number - 1], csr_ms[number]
        if low <= dense_ms < high:
            way = (dense_ms - low) / (high - low)
            return densities[number - 1] + way * (densities[number] - densities[number - 1])
    return 0.0


def break_even_with(sparsity=False, turned=False):
    """`csr_break_even` with one fault or two."""

    def wrong(densities, csr_ms, dense_ms):
        found = densities[-1]
        if csr_ms[0] > dense_ms:
            found = 0.0
        else:
            for number in range(1, len(csr_ms)):
                low, high = csr_ms[number - 1], csr_ms[number]
                if high > dense_ms:
                    way = (high - dense_ms if turned else dense_ms - low) / (high - low)
                    found = densities[number - 1] + way * (densities[number] - densities[number - 1])
                    break
        return 1 - found if sparsity else found

    return wrong


def trusts_proportion(densities, csr_ms, dense_ms):
    return min(densities[-1], densities[-1] * dense_ms / csr_ms[-1])


def trusts_proportion_without_end(densities, csr_ms, dense_ms):
    return densities[-1] * dense_ms / csr_ms[-1]


def draws_one_line(densities, csr_ms, dense_ms):
    if csr_ms[0] > dense_ms:
        return 0.0
    if csr_ms[-1] <= dense_ms:
        return densities[-1]
    way = (dense_ms - csr_ms[0]) / (csr_ms[-1] - csr_ms[0])
    return densities[0] + way * (densities[-1] - densities[0])


def grants_the_first_density(densities, csr_ms, dense_ms):
    for number in range(1, len(csr_ms)):
        low, high = csr_ms[number - 1], csr_ms[number]
        if low <= dense_ms < high:
            way = (dense_ms - low) / (high - low)
            return densities[number - 1] + way * (densities[number] - densities[number - 1])
    return densities[0] if csr_ms[0] > dense_ms else densities[-1]


def promises_every_density(densities, csr_ms, dense_ms):
    if csr_ms[0] > dense_ms:
        return 0.0
    for number in range(1, len(csr_ms)):
        low, high = csr_ms[number - 1], csr_ms[number]
        if high > dense_ms:
            way = (dense_ms - low) / (high - low)
            return densities[number - 1] + way * (densities[number] - densities[number - 1])
    return 1.0


def finds_a_crossing_or_nothing(densities, csr_ms, dense_ms):
    for number in range(1, len(csr_ms)):
        low, high = csr_ms[number - 1], csr_ms[number]
        if low <= dense_ms < high:
            way = (dense_ms - low) / (high - low)
            return densities[number - 1] + way * (densities[number] - densities[number - 1])
    return None


def goes_through_zero(densities, csr_ms, dense_ms):
    points = [(0.0, 0.0), *zip(densities, csr_ms, strict=True)]
    for (d0, low), (d1, high) in pairwise(points):
        if high > dense_ms:
            return d0 + (dense_ms - low) / (high - low) * (d1 - d0)
    return densities[-1]


def interpolates_logarithms(densities, csr_ms, dense_ms):
    if csr_ms[0] > dense_ms:
        return 0.0
    for number in range(1, len(csr_ms)):
        low, high = csr_ms[number - 1], csr_ms[number]
        if high > dense_ms:
            way = math.log(dense_ms / low) / math.log(high / low)
            return densities[number - 1] * (densities[number] / densities[number - 1]) ** way
    return densities[-1]


def returns_the_speedup(densities, csr_ms, dense_ms):
    return dense_ms / csr_ms[0]


def wins_where_dense_is_faster(densities, csr_ms, dense_ms):
    for number in range(1, len(csr_ms)):
        low, high = csr_ms[number - 1], csr_ms[number]
        if high > dense_ms >= low:
            way = (dense_ms - low) / (high - low)
            return densities[number - 1] + way * (densities[number] - densities[number - 1])
    return densities[-1] if csr_ms[0] > dense_ms else 0.0


def fits_a_straight_line(densities, csr_ms, dense_ms):
    x = torch.tensor(densities, dtype=torch.float64)
    y = torch.tensor(csr_ms, dtype=torch.float64)
    slope = ((x - x.mean()) * (y - y.mean())).sum() / (x - x.mean()).square().sum()
    return float(x.mean() + (dense_ms - y.mean()) / slope)
