"""Right answers to lesson 2 in other people's styles: exercise name → functions."""

from itertools import accumulate

import numpy as np
import torch
import torch.nn.functional as F


def batches_by_loop(xs, ys, size, seed):
    g = torch.Generator()
    g.manual_seed(seed)
    order, batches = torch.randperm(len(xs), generator=g), []
    for first in range(0, len(xs), size):
        chosen = order[first : first + size]
        batches.append((xs[chosen], ys[chosen]))
    return batches


def batches_by_numpy(inputs, labels, batch_size, seed):
    order = np.random.default_rng(seed).permutation(len(labels)).tolist()
    return [
        [inputs[order[k : k + batch_size]], labels[order[k : k + batch_size]]] for k in range(0, len(order), batch_size)
    ]


def batches_by_global_seed(inputs, labels, batch_size, seed):
    torch.manual_seed(seed)
    order = torch.randperm(inputs.shape[0])
    return list(zip(inputs[order].split(batch_size), labels[order].split(batch_size), strict=True))


def batches_by_keys(inputs, labels, batch_size, seed):
    keys = torch.rand(len(labels), generator=torch.Generator().manual_seed(seed))
    return tuple((inputs[part], labels[part]) for part in keys.argsort().split(batch_size))


def subgradient_by_softshrink(x, g, price):
    return torch.where(x == 0, g.sign() * F.relu(g.abs() - price), g + price * torch.sign(x))


def subgradient_by_loop(x, smooth_gradient, price):
    def one(x, g):
        if x != 0:
            return g + (price if x > 0 else -price)
        return max(g - price, 0.0) + min(g + price, 0.0)

    found = [one(*pair) for pair in zip(x.flatten().tolist(), smooth_gradient.flatten().tolist(), strict=True)]
    return torch.tensor(found, dtype=x.dtype).reshape(x.shape)


def subgradient_by_mask(x, smooth_gradient, price):
    answer = smooth_gradient + price * x.sign()
    zero = x == 0
    slope = smooth_gradient[zero]
    answer[zero] = slope - slope.clamp(-price, price)
    return answer


def softshrink(x, threshold):
    return F.softshrink(x, threshold)


def rest_of_a_clamp(x, threshold):
    return x - x.clamp(-threshold, threshold)


def two_relus(x, t):
    return F.relu(x - t) - F.relu(-x - t)


def shrink_numpy(x, threshold):
    x = x.numpy()
    return np.where(np.abs(x) > threshold, x - threshold * np.sign(x), np.zeros_like(x))


def best_by_loop(values):
    best, found = values[0], []
    for value in values:
        best = min(best, value)
        found.append(best)
    return torch.stack(found)


def best_by_accumulate(values):
    return list(accumulate(values.tolist(), min))


def best_by_numpy(values):
    return np.minimum.accumulate(values.numpy())


def best_by_prefixes(losses):
    return torch.stack([losses[: k + 1].min() for k in range(len(losses))])


def average_by_definition(values, beta):
    rows = []
    for t in range(1, len(values) + 1):
        weights = torch.tensor([(1 - beta) * beta ** (t - k) for k in range(1, t + 1)]).to(values.dtype)
        rows.append(torch.tensordot(weights, values[:t], 1) / weights.sum())
    return torch.stack(rows)


def average_by_weight(values, beta):
    total, weight, out = 0.0 * values[0], 0.0, torch.empty_like(values)
    for k, value in enumerate(values):
        total, weight = beta * total + value, beta * weight + 1
        out[k] = total / weight
    return out


def average_in_place(values, beta):
    m, out = torch.zeros_like(values[0]), []
    for t in range(len(values)):
        m.mul_(beta).add_(values[t], alpha=1 - beta)
        out.append(m / (1 - beta ** (t + 1)))
    return out


def ista_by_softshrink(parameter, smooth_gradient, learning_rate, price):
    return F.softshrink(parameter - learning_rate * smooth_gradient, learning_rate * price)


def ista_by_clamp(w, g, lr, lam):
    w = w - lr * g
    return w - torch.clamp(w, -lr * lam, lr * lam)


STYLES = {
    "minibatches": [batches_by_loop, batches_by_numpy, batches_by_global_seed, batches_by_keys],
    "minimum_norm_subgradient": [subgradient_by_softshrink, subgradient_by_loop, subgradient_by_mask],
    "soft_threshold": [softshrink, rest_of_a_clamp, two_relus, shrink_numpy],
    "best_so_far": [best_by_loop, best_by_accumulate, best_by_numpy, best_by_prefixes],
    "exponential_average": [average_by_definition, average_by_weight, average_in_place],
    "mended_ista_step": [ista_by_softshrink, ista_by_clamp],
}
