"""Right answers to lesson 13 in other people's styles: exercise name → functions."""

import math
import statistics

import numpy as np
import torch


def front_by_loops(sizes, errors):
    points = list(zip(sizes.tolist(), errors.tolist(), strict=True))
    kept = []
    for i, (size, wrong) in enumerate(points):
        if not any(s <= size and e <= wrong and (s, e) != (size, wrong) for s, e in points):
            kept.append(i)
    return sorted(kept, key=lambda i: points[i][0])


def front_by_a_sweep(sizes, errors):
    order = sorted(range(len(sizes)), key=lambda i: (float(sizes[i]), float(errors[i]), i))
    front, last = [], (None, math.inf)
    for i in order:
        here = float(sizes[i]), float(errors[i])
        if here[1] < last[1] or here == last:
            front.append(i)
            last = here
    return torch.tensor(front, dtype=torch.int64)


def front_in_numpy(sizes, errors):
    s, e = sizes.numpy(), errors.numpy()
    beats = (s[:, None] <= s) & (e[:, None] <= e) & ((s[:, None] != s) | (e[:, None] != e))
    front = np.flatnonzero(~beats.any(0))
    return front[np.argsort(s[front], kind="stable")]


def bound_by_counts(dense, small, z):
    n, lost, won = len(dense), int((dense & ~small).sum()), int((small & ~dense).sum())
    mean = (lost - won) / n
    variance = (lost + won - n * mean**2) / (n - 1)
    return torch.tensor(mean + z * math.sqrt(variance / n), dtype=torch.float64)


def bound_in_python(dense, small, z):
    loss = [int(a) - int(b) for a, b in zip(dense.tolist(), small.tolist(), strict=True)]
    return statistics.fmean(loss) + z * statistics.stdev(loss) / len(loss) ** 0.5


def bound_in_numpy(dense, small, z):
    loss = dense.numpy().astype(float) - small.numpy()
    return loss.mean() + z * loss.std(ddof=1) / np.sqrt(loss.size)


def curve_by_masks(stated, right):
    levels = torch.unique(stated)
    masks = levels[:, None] == stated
    counts = masks.sum(1)
    return levels, (masks & right).sum(1).to(stated.dtype) / counts, counts


def curve_by_loops(stated, right):
    table = {}
    for level, hit in zip(stated.tolist(), right.tolist(), strict=True):
        table.setdefault(level, []).append(hit)
    levels = sorted(table)
    return levels, [sum(table[level]) / len(table[level]) for level in levels], [len(table[level]) for level in levels]


def curve_in_numpy(stated, right):
    levels, which, counts = np.unique(stated.numpy(), return_inverse=True, return_counts=True)
    hits = np.bincount(which, weights=right.numpy(), minlength=len(levels))
    return levels, (hits / np.maximum(counts, 1)).astype(levels.dtype), counts


def choice_by_sorting(sizes, validation, test, budget):
    ranked = sorted(
        (statistics.fmean(validation[i].tolist()), float(sizes[i]), i) for i in range(len(sizes)) if sizes[i] <= budget
    )
    return ranked[0][2], statistics.fmean(test[ranked[0][2]].tolist())


def choice_by_filtering(sizes, validation, test, budget):
    places = (sizes <= budget).nonzero().flatten()
    places = places[sizes[places].argsort(stable=True)]
    best = places[validation[places].double().mean(1).argmin()]
    return best, test[best].double().mean()


def choice_by_sums(sizes, validation, test, budget):
    totals = validation.sum(1).tolist()
    best = min((i for i in range(len(sizes)) if sizes[i] <= budget), key=lambda i: (totals[i], int(sizes[i])))
    return best, test[best].sum().item() / test.shape[1]


STYLES = {
    "pareto_front": (front_by_loops, front_by_a_sweep, front_in_numpy),
    "paired_upper_bound": (bound_by_counts, bound_in_python, bound_in_numpy),
    "calibration_curve": (curve_by_masks, curve_by_loops, curve_in_numpy),
    "mended_choice": (choice_by_sorting, choice_by_filtering, choice_by_sums),
}
