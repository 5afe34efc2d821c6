"""Right answers to lesson 7 in other people's styles: exercise name → functions."""

import numpy as np
import torch
import torch.nn.functional as F


def scores_by_loops(weight, gradients):
    found = []
    for neuron in range(len(weight)):
        slopes = [(batch[neuron] * weight[neuron]).sum() for batch in gradients]
        found.append(sum(slope**2 for slope in slopes) / len(slopes))
    return torch.stack(found)


def scores_in_numpy(weight, gradients):
    w, g = weight.numpy(), gradients.numpy()
    return ((g * w).reshape(g.shape[0], g.shape[1], -1).sum(-1) ** 2).mean(0)


def scores_by_einsum(weight, gradients):
    slopes = torch.einsum("bni,ni->bn", gradients.flatten(2), weight.flatten(1))
    return (slopes * slopes).sum(0) / gradients.shape[0]


def scores_over_all_other_axes(W, G):
    axes = tuple(range(2, G.dim()))
    return G.mul(W).sum(dim=axes).pow(2).mean(dim=0)


def remove_by_places(weight, bias, next_weight, next_bias, keep):
    stay = keep.nonzero().squeeze(1)
    for i in (~keep).nonzero().flatten().tolist():
        if bias[i] > 0:
            column = next_weight[:, i]
            next_bias = next_bias + bias[i] * column.reshape(len(column), -1).sum(1)
    return weight[stay], bias[stay], next_weight.index_select(1, stay), next_bias


def remove_in_numpy(weight, bias, next_weight, next_bias, keep):
    w, b, v, c, k = (t.numpy() for t in (weight, bias, next_weight, next_bias, keep))
    taps = v.reshape(v.shape[0], v.shape[1], -1).sum(2)
    return [w[k], b[k], v[:, k], c + taps @ (np.maximum(b, 0) * ~k)]


def remove_by_asking_the_layer(weight, bias, next_weight, next_bias, keep):
    silent = torch.where(keep, 0.0, bias.clamp(min=0)).to(bias.dtype)
    if next_weight.dim() == 2:
        next_bias = F.linear(silent, next_weight, next_bias)
    else:
        map_ = silent.view(1, -1, 1, 1).expand(1, -1, *next_weight.shape[2:])
        next_bias = F.conv2d(map_, next_weight, next_bias).flatten()
    return weight[keep], bias[keep], next_weight[:, keep], next_bias


def remove_in_place(weight, bias, next_weight, next_bias, keep):
    gone = torch.logical_not(keep)
    outgoing = next_weight[:, gone]
    while outgoing.dim() > 2:
        outgoing = outgoing.sum(-1)
    next_bias += outgoing.matmul(bias[gone].relu())
    return weight[keep], bias[keep], next_weight[:, keep], next_bias


def align_by_loops(writers, readers, count):
    channels = len(writers[0])
    total = [0.0] * channels
    for c in range(channels):
        for w in writers:
            total[c] += float((w[c] ** 2).sum())
        for r in readers:
            total[c] += float((r[:, c] ** 2).sum())
    keep = sorted(sorted(range(channels), key=lambda c: total[c])[channels - count :])
    return [w[keep] for w in writers], [r[:, keep] for r in readers]


def align_by_a_mask(writers, readers, count):
    score = sum((w * w).reshape(len(w), -1).sum(1) for w in writers)
    score = score + sum((r * r).transpose(0, 1).reshape(r.shape[1], -1).sum(1) for r in readers)
    mask = torch.zeros(len(score), dtype=torch.bool)
    mask[torch.argsort(score, descending=True)[:count]] = True
    return tuple(w[mask] for w in writers), tuple(r[:, mask] for r in readers)


def align_by_one_long_row(writers, readers, count):
    rows = torch.cat([w.flatten(1) for w in writers] + [r.movedim(1, 0).flatten(1) for r in readers], dim=1)
    keep = torch.linalg.vector_norm(rows, dim=1).topk(count).indices.sort()[0]
    return [torch.index_select(w, 0, keep) for w in writers], [torch.index_select(r, 1, keep) for r in readers]


def break_even_in_numpy(densities, csr_ms, dense_ms):
    above = np.flatnonzero(np.array(csr_ms) > dense_ms)
    if len(above) == 0:
        return densities[-1]
    i = above[0]
    return 0.0 if i == 0 else np.interp(dense_ms, csr_ms[i - 1 : i + 1], densities[i - 1 : i + 1])


def break_even_by_pairs(d, t, dense):
    if t[0] > dense:
        return 0.0
    for (d0, t0), (d1, t1) in zip(zip(d, t, strict=True), zip(d[1:], t[1:], strict=True), strict=False):
        if t0 <= dense < t1:
            return (d0 * (t1 - dense) + d1 * (dense - t0)) / (t1 - t0)
    return d[-1]


def break_even_in_torch(densities, csr_ms, dense_ms):
    d, t = (torch.tensor(values, dtype=torch.float64) for values in (densities, csr_ms))
    slower = (t > dense_ms).nonzero().flatten()
    if not len(slower):
        return d[-1]
    i = int(slower[0])
    if i == 0:
        return torch.tensor(0.0)
    return torch.lerp(d[i - 1], d[i], (dense_ms - t[i - 1]) / (t[i] - t[i - 1]))


def channels_through_batch_norm(weight, scale, shift, mean, variance, epsilon, next_weight, next_bias, keep):
    nothing = torch.zeros(1, len(scale), *next_weight.shape[2:], dtype=weight.dtype)
    says = F.relu(F.batch_norm(nothing, mean, variance, scale, shift, eps=epsilon))
    says = says * ~keep.view(1, -1, 1, 1)
    folded = F.conv2d(says, next_weight, next_bias).flatten()
    return weight[keep], scale[keep], shift[keep], mean[keep], variance[keep], next_weight[:, keep], folded


def channels_by_loops(weight, scale, shift, mean, variance, epsilon, next_weight, next_bias, keep):
    folded = next_bias.clone()
    for i, stays in enumerate(keep.tolist()):
        if not stays:
            constant = (0 - mean[i]) / torch.sqrt(variance[i] + epsilon) * scale[i] + shift[i]
            folded += max(constant, torch.zeros_like(constant)) * next_weight[:, i].flatten(1).sum(1)
    stay = keep.nonzero().flatten()
    small = [tensor[stay] for tensor in (weight, scale, shift, mean, variance)]
    return (*small, next_weight[:, stay], folded)


def channels_in_numpy(weight, scale, shift, mean, variance, epsilon, next_weight, next_bias, keep):
    k = keep.numpy()
    w, s, b, m, v, n, c = (t.numpy() for t in (weight, scale, shift, mean, variance, next_weight, next_bias))
    constant = np.maximum(b - s * m / np.sqrt(v + epsilon), 0)
    return w[k], s[k], b[k], m[k], v[k], n[:, k], c + n.sum((2, 3))[:, ~k] @ constant[~k]


STYLES = {
    "neuron_scores": [scores_by_loops, scores_in_numpy, scores_by_einsum, scores_over_all_other_axes],
    "remove_neurons": [remove_by_places, remove_in_numpy, remove_by_asking_the_layer, remove_in_place],
    "align_residual": [align_by_loops, align_by_a_mask, align_by_one_long_row],
    "csr_break_even": [break_even_in_numpy, break_even_by_pairs, break_even_in_torch],
    "mended_remove_channels": [channels_through_batch_norm, channels_by_loops, channels_in_numpy],
}
