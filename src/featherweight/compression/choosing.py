"""Choosing among compressed networks, and what may then be claimed of the choice.

Sources: the non-dominated set, Pareto's, as in Deb, "Multi-objective optimization", 2001, chapter 2; non-inferiority by
a one-sided bound of a paired difference, Liu et al., Statistics in Medicine 21, 2002; the reliability diagram, DeGroot
and Fienberg, The Statistician 32, 1983; why a choice needs data of its own, Cawley and Talbot, Journal of Machine
Learning Research 11, 2010.
Deviations: the bound takes a normal quantile, fit for hundreds of examples; the curve has a point for each stated value
and no bins, since the book's cards know three.

| source                     | code                                | shape               |
|----------------------------|-------------------------------------|---------------------|
| objectives f₁, f₂          | `sizes`, `errors`                   | (networks,)         |
| dᵢ, per example            | `dense` − `small`, right or not     | (examples,)         |
| d̄ + z · s_d / √n          | `paired_upper_bound`                | ()                  |
| forecasts, outcomes        | `stated`, `right`                   | (predictions,)      |
"""

import math

import torch
from torch import Tensor

__all__ = ["calibration_curve", "chosen_within", "paired_upper_bound", "pareto_front"]


def pareto_front(sizes: Tensor, errors: Tensor) -> Tensor:
    """The networks that no other one beats.

    One network beats another if it is at most as large and makes at most as many errors, and is
    strictly better in one of the two. Two that are equal in both do not beat each other.

    sizes: (networks,), in bytes. errors: (networks,). No NaN; there may be none at all.
    Returns the numbers (places in the given order) of those that nothing beats, int64, by rising
    size; of equal sizes the lower number first.
    """
    no_larger = sizes[:, None] <= sizes
    no_worse = errors[:, None] <= errors
    better = (sizes[:, None] < sizes) | (errors[:, None] < errors)
    beaten = (no_larger & no_worse & better).any(0)
    front = (~beaten).nonzero().flatten()
    return front[sizes[front].argsort(stable=True)]


def paired_upper_bound(dense: Tensor, small: Tensor, z: float) -> Tensor:
    """How much accuracy a compressed network may have lost, at most, as far as one test set can tell.

    On each example the loss is 1 where only the dense network is right, −1 where only the small
    one is, and else 0. The bound is the mean of these plus z standard errors of that mean; the
    variance is the unbiased one, with examples − 1.

    dense, small: (examples,), bool, which examples each gets right, the same ones in the same
    order; at least 2. z: a normal quantile, such as 1.645 for 95% on one side.
    Returns the bound as a share, not per cent: (), float64. Non-inferior within one point: below 0.01.
    """
    loss = dense.double() - small.double()
    return loss.mean() + z * loss.std() / math.sqrt(len(loss))


def calibration_curve(stated: Tensor, right: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """How often someone is right who says how sure they are.

    stated: (predictions,), float, the probability that each was said to have. right: (predictions,), bool.
    Returns (levels, shares, counts): each different stated value once, rising; the share of the
    predictions at that level which were right, in the dtype of stated; how many there were, int64.
    """
    levels, which = stated.unique(return_inverse=True)
    counts = which.bincount(minlength=len(levels))
    hits = torch.zeros_like(levels).index_add(0, which, right.to(stated.dtype))
    return levels, hits / counts, counts


def chosen_within(sizes: Tensor, validation: Tensor, test: Tensor, budget: float) -> tuple[int, float]:
    """Choose a recipe that fits the budget, and say what to expect of it.

    Of the recipes whose size is at most budget, the one with the least mean validation errors
    over its seeds; of equal ones the smallest, then the one with the lowest number.

    sizes: (recipes,), in bytes, at least one of them within budget. validation, test: (recipes,
    seeds), errors; test errors choose nothing.
    Returns (number, errors): its place in the given order, and its mean test errors over the seeds.
    """
    means = torch.where(sizes <= budget, validation.double().mean(1), math.inf)
    tied = torch.where(means == means.min(), sizes.double(), math.inf)
    number = int(tied.argmin())
    return number, float(test[number].double().mean())
