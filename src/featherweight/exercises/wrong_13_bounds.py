"""Wrong answers of lesson 13 to the bound of a loss and to the curve of calibration. `bounds_13` says what is wrong."""

import math

import torch


def lost(dense, small):
    return dense - small


def deviation(loss):
    return loss.std()


def root(n):
    return math.sqrt(n)


def bound_with(loss=lost, spread=deviation, share=root):
    """`paired_upper_bound` of another loss, or with another spread, or divided by something else."""

    def wrong(dense, small, z):
        each = loss(dense.double(), small.double())
        return each.mean() + z * spread(each) / share(len(each))

    return wrong


turned_around = bound_with(loss=lambda dense, small: small - dense)
takes_sizes = bound_with(loss=lambda dense, small: (dense - small).abs())
only_counts_losses = bound_with(loss=lambda dense, small: (dense - small).clamp(min=0))
forgets_the_root_of_n = bound_with(share=lambda n: 1)
divides_by_n = bound_with(share=lambda n: n)
divides_by_one_less = bound_with(share=lambda n: math.sqrt(n - 1))
takes_the_variance = bound_with(spread=lambda loss: loss.var())
takes_the_biased_deviation = bound_with(spread=lambda loss: loss.std(correction=0))
in_per_cent = bound_with(loss=lambda dense, small: 100 * (dense - small))


def is_the_lower_bound(dense, small, z):
    loss = dense.double() - small.double()
    return loss.mean() - z * loss.std() / math.sqrt(len(loss))


def forgets_the_pairs(dense, small, z):
    a, b = dense.double(), small.double()
    return a.mean() - b.mean() + z * ((a.var() + b.var()) / len(a)).sqrt()


def takes_one_standard_error(dense, small, z):
    loss = dense.double() - small.double()
    return loss.mean() + loss.std() / math.sqrt(len(loss))


def always_two_sided(dense, small, z):
    loss = dense.double() - small.double()
    return loss.mean() + 1.96 * loss.std() / math.sqrt(len(loss))


def gives_the_mean_alone(dense, small, z):
    return (dense.double() - small.double()).mean()


def gives_the_half_width(dense, small, z):
    loss = dense.double() - small.double()
    return z * loss.std() / math.sqrt(len(loss))


def leaves_out_the_agreed(dense, small, z):
    loss = (dense.double() - small.double())[dense != small]
    if len(loss) < 2:
        return loss.sum() * 0.0
    return loss.mean() + z * loss.std() / math.sqrt(len(loss))


def measures_against_the_dense(dense, small, z):
    loss = dense.double() - small.double()
    return (loss.mean() + z * loss.std() / math.sqrt(len(loss))) / dense.double().mean()


def curve_with(
    shares=lambda hits, counts, levels: hits / counts,
    kept=lambda hits, counts: counts > 0,
    order=lambda levels: levels.argsort(),
):
    """`calibration_curve` with other shares, of some levels only, or in another order."""

    def wrong(stated, right):
        levels, which = stated.unique(return_inverse=True)
        counts = which.bincount(minlength=len(levels))
        hits = torch.zeros_like(levels).index_add(0, which, right.to(stated.dtype))
        found = shares(hits, counts, levels)
        some = order(levels)[kept(hits, counts)[order(levels)]]
        return levels[some], found[some], counts[some]

    return wrong


counts_the_hits = curve_with(shares=lambda hits, counts, levels: hits)
shares_of_all = curve_with(shares=lambda hits, counts, levels: hits / counts.sum())
shares_of_hits = curve_with(shares=lambda hits, counts, levels: hits / hits.sum().clamp(min=1))
shares_of_the_wrong = curve_with(shares=lambda hits, counts, levels: 1 - hits / counts)
surplus_of_sureness = curve_with(shares=lambda hits, counts, levels: levels - hits / counts)
up_to_the_level = curve_with(shares=lambda hits, counts, levels: hits.cumsum(0) / counts.cumsum(0))
drops_levels_without_a_hit = curve_with(kept=lambda hits, counts: hits > 0)
drops_lonely_levels = curve_with(kept=lambda hits, counts: counts > 1)
surest_first = curve_with(order=lambda levels: levels.argsort(descending=True))


def in_order_of_appearance(stated, right):
    levels = torch.stack([v for i, v in enumerate(stated) if not (stated[:i] == v).any()]) if len(stated) else stated
    shares = torch.stack([right[stated == v].to(stated.dtype).mean() for v in levels]) if len(levels) else levels
    counts = torch.tensor([int((stated == v).sum()) for v in levels], dtype=torch.int64)
    return levels, shares, counts


def counts_only_the_right(stated, right):
    levels, which = stated.unique(return_inverse=True)
    hits = torch.zeros(len(levels), dtype=torch.int64).index_add(0, which, right.long())
    return levels, hits.to(stated.dtype) / which.bincount(minlength=len(levels)), hits


def bins_by_tenths(stated, right):
    tenths = (stated * 10).floor() / 10
    levels, which = tenths.unique(return_inverse=True)
    counts = which.bincount(minlength=len(levels))
    hits = torch.zeros_like(levels).index_add(0, which, right.to(stated.dtype))
    return levels, hits / counts, counts


def averages_everything(stated, right):
    if len(stated) == 0:
        return stated, stated, torch.zeros(0, dtype=torch.int64)
    one = right.to(stated.dtype).mean().reshape(1)
    return stated.mean().reshape(1), one, torch.tensor([len(stated)])


def a_point_for_each_prediction(stated, right):
    order = stated.argsort(stable=True)
    return stated[order], right[order].to(stated.dtype), torch.ones(len(stated), dtype=torch.int64)


def forgets_the_counts(stated, right):
    levels, which = stated.unique(return_inverse=True)
    counts = which.bincount(minlength=len(levels))
    return levels, torch.zeros_like(levels).index_add(0, which, right.to(stated.dtype)) / counts


def counts_as_floats(stated, right):
    levels, which = stated.unique(return_inverse=True)
    counts = which.bincount(minlength=len(levels)).to(stated.dtype)
    return levels, torch.zeros_like(levels).index_add(0, which, right.to(stated.dtype)) / counts, counts
