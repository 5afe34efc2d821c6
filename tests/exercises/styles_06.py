"""Right answers to lesson 6 in other people's styles: exercise name → functions."""

import numpy as np
import torch
import torch.nn.functional as F


def rewind_by_slices(weights, initial, masks):
    for i in range(len(weights)):
        weights[i][:] = torch.where(masks[i], initial[i], torch.zeros_like(initial[i]))


def rewind_in_two_steps(network, first, keep):
    with torch.no_grad():
        for w, w0, m in zip(network, first, keep, strict=True):
            w.copy_(w0)
            w[~m] = 0
    return network


def rewind_by_zeroing(weights, initial, masks):
    for weight, start, mask in zip(weights, initial, masks, strict=True):
        weight.zero_()
        weight[mask] = start[mask]


def rewind_the_data(weights, initial, masks):
    [weight.data.copy_(start.mul(mask)) for weight, start, mask in zip(weights, initial, masks, strict=True)]


def round_in_numpy(trained, initial, masks, fraction):
    alive = np.concatenate([mask.numpy().ravel() for mask in masks])
    sizes = np.concatenate([np.abs(weight.numpy()).ravel() for weight in trained])
    places = np.flatnonzero(alive)
    order = places[np.argsort(sizes[places], kind="stable")]
    alive[order[: round(fraction * len(places))]] = False
    new, start = [], 0
    for mask in masks:
        new.append(alive[start : start + mask.numel()].reshape(tuple(mask.shape)))
        start += mask.numel()
    return new, [value.numpy() * keep for value, keep in zip(initial, new, strict=True)]


def round_one_by_one(trained, initial, masks, share):
    new = [mask.clone() for mask in masks]
    for _ in range(round(share * sum(int(mask.sum()) for mask in masks))):
        sizes = [torch.where(m, w.abs(), torch.inf).flatten().tolist() for w, m in zip(trained, new, strict=True)]
        _, layer, place = min((size, i, k) for i, each in enumerate(sizes) for k, size in enumerate(each))
        new[layer].view(-1)[place] = False
    return tuple(new), tuple(torch.where(m, w, 0) for w, m in zip(initial, new, strict=True))


def round_by_threshold(trained, initial, masks, fraction):
    survivors = torch.cat([weight[mask].abs() for weight, mask in zip(trained, masks, strict=True)]).sort().values
    count = round(fraction * len(survivors))
    threshold = survivors[count - 1] if count else -1.0
    new = [mask & (weight.abs() > threshold) for weight, mask in zip(trained, masks, strict=True)]
    return [new, [start.masked_fill(~mask, 0.0) for start, mask in zip(initial, new, strict=True)]]


def supermask_by_threshold(x, weights, scores, keep):
    hidden = x
    for i, (w, s) in enumerate(zip(weights, scores, strict=True)):
        count = round(keep * s.numel())
        least = s.flatten().sort(descending=True).values[count - 1] if count else torch.inf
        hidden = F.linear(hidden, torch.where(s >= least, w, torch.zeros_like(w)))
        if i < len(weights) - 1:
            hidden = hidden.clamp(min=0)
    return hidden


def supermask_in_numpy(inputs, weights, scores, keep):
    x = inputs.numpy()
    for i, (weight, score) in enumerate(zip(weights, scores, strict=True)):
        order = np.argsort(score.numpy().ravel())
        mask = np.ones(order.size)
        mask[order[: order.size - round(keep * order.size)]] = 0
        x = x @ (weight.numpy() * mask.reshape(tuple(weight.shape)).astype(x.dtype)).T
        x = np.maximum(x, 0) if i + 1 < len(weights) else x
    return x


def supermask_through_sequential(inputs, weights, scores, keep):
    layers = []
    for weight, score in zip(weights, scores, strict=True):
        drop = score.numel() - round(keep * score.numel())
        masked = weight.clone()
        masked.view(-1)[score.reshape(-1).topk(drop, largest=False).indices] = 0
        layer = torch.nn.Linear(weight.shape[1], weight.shape[0], bias=False, dtype=weight.dtype)
        layer.weight = torch.nn.Parameter(masked)
        layers += [layer, torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])(inputs)


def find_functionally(weight, train, fraction, rounds):
    first, mask = weight.clone(), torch.ones(len(weight), dtype=torch.bool)
    for _ in range(rounds):
        now = first * mask
        train(now, mask, now.new_zeros(len(now)))
        alive = mask.nonzero().flatten()
        going = alive[now[alive].abs().argsort()[: round(fraction * len(alive))]]
        mask = mask.index_fill(0, going, False)
    return first * mask, mask


def find_and_return_a_list(w, train, p, n):
    w0, v = w.detach().clone(), torch.zeros_like(w)
    keep = torch.full_like(w, True, dtype=torch.bool)
    for _ in range(n):
        v.zero_()
        train(w, keep, v)
        sizes = w.abs().masked_fill(~keep, float("inf"))
        keep = keep.clone()
        keep[sizes.topk(round(p * keep.sum().item()), largest=False).indices] = False
        w[:] = torch.where(keep, w0, 0.0)
    return [w, keep]


def find_with_masked_start(weight, train, fraction, rounds):
    initial = weight.clone()
    mask = torch.ones_like(weight).bool()
    for _ in range(rounds):
        train(weight, mask, torch.zeros_like(weight))
        weight[~mask] = torch.inf
        mask[weight.abs().argsort()[: round(fraction * int(mask.sum()))]] = False
        initial *= mask
        weight.copy_(initial)
    return weight, mask


STYLES = {
    "rewind": [rewind_by_slices, rewind_in_two_steps, rewind_by_zeroing, rewind_the_data],
    "imp_round": [round_in_numpy, round_one_by_one, round_by_threshold],
    "supermask_forward": [supermask_by_threshold, supermask_in_numpy, supermask_through_sequential],
    "mended_find_ticket": [find_functionally, find_and_return_a_list, find_with_masked_start],
}
