"""Right answers to lesson 5 in other people's styles: exercise name → functions."""

import math

import numpy as np
import torch


def mask_in_numpy(tensors, sparsity):
    flat = np.concatenate([t.numpy().ravel() for t in tensors])
    order = np.argsort(np.abs(flat), kind="stable")
    keep = np.ones(flat.size, dtype=bool)
    keep[order[: round(sparsity * flat.size)]] = False
    masks, start = [], 0
    for t in tensors:
        masks.append(keep[start : start + t.numel()].reshape(tuple(t.shape)))
        start += t.numel()
    return masks


def mask_by_loops(layers, share):
    ranking = sorted(
        (abs(value), number, place)
        for number, layer in enumerate(layers)
        for place, value in enumerate(layer.flatten().tolist())
    )
    masks = [torch.full(layer.shape, True) for layer in layers]
    for _, number, place in ranking[: round(share * len(ranking))]:
        masks[number].view(-1)[place] = False
    return masks


def mask_as_tuple_from_the_kept_end(tensors, sparsity):
    squares = torch.cat([t.reshape(-1) ** 2 for t in tensors])
    keep = len(squares) - round(sparsity * len(squares))
    chosen = torch.zeros(len(squares), dtype=torch.bool)
    chosen[torch.sort(squares, descending=True).indices[:keep]] = True
    return tuple(
        piece.reshape(t.shape)
        for piece, t in zip(torch.split(chosen, [t.numel() for t in tensors]), tensors, strict=True)
    )


def step_in_place(weight, gradient, mask, first_moment, second_moment, step, learning_rate, beta1, beta2, epsilon):
    first_moment.mul_(beta1).add_(gradient, alpha=1 - beta1)
    second_moment.mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
    m_hat = first_moment / (1 - beta1**step)
    v_hat = second_moment / (1 - beta2**step)
    weight.sub_(learning_rate * m_hat / (v_hat.sqrt() + epsilon))
    for tensor in (weight, first_moment, second_moment):
        tensor[~mask] = 0
    return weight, first_moment, second_moment


def step_on_survivors(w, g, keep, m, v, t, lr, b1, b2, eps):
    new = [torch.zeros_like(w) for _ in range(3)]
    m1 = b1 * m[keep] + (1 - b1) * g[keep]
    v1 = b2 * v[keep] + (1 - b2) * g[keep] * g[keep]
    rate = lr * math.sqrt(1 - b2**t) / (1 - b1**t)
    w1 = w[keep] - rate * m1 / (v1.sqrt() + eps * math.sqrt(1 - b2**t))
    for out, part in zip(new, (w1, m1, v1), strict=True):
        out[keep] = part
    return new


def step_in_numpy(weight, gradient, mask, first_moment, second_moment, step, learning_rate, beta1, beta2, epsilon):
    w, g, k, m, v = (t.numpy() for t in (weight, gradient, mask, first_moment, second_moment))
    one = w.dtype.type
    m = np.where(k, m + one(1 - beta1) * (g - m), one(0))
    v = np.where(k, one(beta2) * v + one(1 - beta2) * np.square(g), one(0))
    move = one(learning_rate) * m / one(1 - beta1**step) / (np.sqrt(v / one(1 - beta2**step)) + one(epsilon))
    return k * (w - move), m, v


def step_in_single_precision(w, gradient, mask, m, v, step, rate, beta1, beta2, epsilon):
    m = mask * (beta1 * m + (1 - beta1) * gradient)
    v = mask * (beta2 * v + (1 - beta2) * gradient**2)
    return mask * w - mask * rate * (m / (1 - beta1**step)) / ((v / (1 - beta2**step)).sqrt() + epsilon), m, v


def ramp_in_single_precision(step, initial, final, begin, end):
    return final + (initial - final) * (1 - torch.tensor((step - begin) / (end - begin)).clamp(0, 1)) ** 3


def ramp_by_cases(step, initial, final, begin, end):
    if step <= begin:
        return initial
    if step >= end:
        return final
    left = (end - step) / (end - begin)
    return initial * left**3 + final * (1 - left**3)


def ramp_in_torch(step, initial_sparsity, final_sparsity, begin_step, end_step):
    progress = torch.tensor((step - begin_step) / (end_step - begin_step), dtype=torch.float64).clamp(0, 1)
    return final_sparsity - (final_sparsity - initial_sparsity) * torch.pow(1 - progress, 3)


def ramp_in_numpy(step, initial_sparsity, final_sparsity, begin_step, end_step):
    clipped = np.clip(step, begin_step, end_step)
    return (
        np.float64(final_sparsity)
        + (initial_sparsity - final_sparsity) * (1 - (clipped - begin_step) / (end_step - begin_step)) ** 3
    )


def groups_by_loops(weight):
    mask = torch.zeros(weight.shape, dtype=torch.bool)
    for row in range(weight.shape[0]):
        for start in range(0, weight.shape[1], 4):
            four = weight[row, start : start + 4].tolist()
            for i in sorted(range(4), key=lambda i, four=four: -abs(four[i]))[:2]:
                mask[row, start + i] = True
    return mask


def groups_in_numpy(w):
    size = np.abs(w.numpy()).reshape(w.shape[0], -1, 4)
    rank = size.argsort(axis=-1, kind="stable").argsort(axis=-1, kind="stable")
    return (rank >= 2).reshape(w.shape)


def groups_that_drop_two(weight):
    groups = weight.abs().unflatten(1, (-1, 4))
    dropped = groups.argsort(dim=-1)[..., :2]
    return torch.ones_like(groups, dtype=torch.bool).scatter(-1, dropped, False).flatten(1)


def scores_by_loops(weight, activations):
    rows = []
    for i in range(weight.shape[0]):
        rows.append(
            [
                abs(w) * math.sqrt(sum(x * x for x in activations[:, j].tolist()))
                for j, w in enumerate(weight[i].tolist())
            ]
        )
    return rows


def scores_by_matrix(W, X):
    return (W**2 @ torch.diag((X * X).sum(0))).sqrt()


def scores_in_numpy(weight, activations):
    return np.abs(weight.numpy()) * np.linalg.norm(activations.numpy(), axis=0, keepdims=True)


def further_on_the_survivors(weight, mask, sparsity):
    alive = mask.flatten().nonzero().flatten()
    extra = round(sparsity * weight.numel()) - (mask.numel() - len(alive))
    if extra > 0:
        order = weight.flatten()[alive].abs().argsort()
        mask.view(-1)[alive[order[:extra]]] = False
    return mask


def further_in_numpy(weight, mask, sparsity):
    w, keep = np.abs(weight.numpy()).ravel(), mask.numpy().ravel().copy()
    w[~keep] = -np.inf
    keep[np.argsort(w)[: round(sparsity * w.size)]] = False
    return keep.reshape(tuple(weight.shape))


def further_one_by_one(tensor, alive, share):
    result = alive.clone()
    while int((~result).sum()) < round(share * tensor.numel()):
        sizes = torch.where(result, tensor.abs(), math.inf)
        result.view(-1)[sizes.argmin()] = False
    return result


STYLES = {
    "magnitude_mask": [mask_in_numpy, mask_by_loops, mask_as_tuple_from_the_kept_end],
    "masked_step": [step_in_place, step_on_survivors, step_in_numpy, step_in_single_precision],
    "cubic_sparsity": [ramp_by_cases, ramp_in_torch, ramp_in_numpy, ramp_in_single_precision],
    "two_four_mask": [groups_by_loops, groups_in_numpy, groups_that_drop_two],
    "wanda_scores": [scores_by_loops, scores_by_matrix, scores_in_numpy],
    "mended_prune_further": [further_on_the_survivors, further_in_numpy, further_one_by_one],
}
