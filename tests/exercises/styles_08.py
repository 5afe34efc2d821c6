"""Right answers to lesson 8 in other people's styles: exercise name → functions."""

import math
from bisect import bisect_left

import numpy as np
import torch
import torch.nn.functional as F


def quantize_in_numpy(tensor, scale, zero_point, low, high):
    s, z = (np.asarray(value) for value in (scale, zero_point))
    return np.clip(np.rint(tensor.numpy() / s.astype(np.float32)) + z, low, high).astype(np.int32)


def quantize_number_by_number(tensor, scale, zero_point, low, high):
    scales = torch.as_tensor(scale).expand(tensor.shape).flatten().tolist()
    points = torch.as_tensor(zero_point).expand(tensor.shape).flatten().tolist()
    codes = []
    for x, s, z in zip(tensor.flatten().tolist(), scales, points, strict=True):
        codes.append(max(low, min(high, round(x / s) + z)))
    return torch.tensor(codes, dtype=torch.int32).reshape(tensor.shape)


def quantize_whole_first(x, s, z, low, high):
    q = x.div(s).round_().int()
    q = q.add(z)
    q[q < low] = low
    q[q > high] = high
    return q


def quantize_clipping_steps(tensor, scale, zero_point, low, high):
    steps = (tensor / scale).round().to(torch.int64)
    return (
        torch.minimum(torch.maximum(steps, low - torch.as_tensor(zero_point)), high - torch.as_tensor(zero_point))
        + zero_point
    ).int()


def quantize_faking(tensor, scale, zero_point, low, high):
    steps = tensor.double() / torch.as_tensor(scale, dtype=torch.float64)
    whole = torch.trunc(steps)
    over = steps - whole
    up = (over.abs() > 0.5) | ((over.abs() == 0.5) & (whole.abs() % 2 == 1))
    rounded = torch.where(up, whole + torch.sign(over), whole)
    return torch.clip(rounded + zero_point, min=low, max=high).type(torch.int32)


def range_in_torch(tensor, low, high):
    values = F.pad(tensor.flatten().double(), (0, 1))
    smallest, largest = values.aminmax()
    if smallest == largest:
        return torch.tensor(1.0), low
    scale = (largest - smallest) / (high - low)
    return scale, low - torch.round(smallest / scale).int()


def range_in_numpy(tensor, low, high):
    values = np.append(tensor.numpy().astype(np.float64), 0.0)
    width = np.ptp(values)
    if width == 0:
        return 1.0, low
    scale = width / (high - low)
    return scale, low - int(np.rint(values.min() / scale))


def range_in_float32(x, low, high):
    if x.numel() == 0 or not x.any():
        return [1.0, low]
    smallest, largest = x.min().clamp(max=0.0), x.max().clamp(min=0.0)
    scale = (largest - smallest) / (high - low)
    return [scale.item(), low + round((-smallest / scale).item())]


def scales_by_loops(weight, bits):
    shape = [len(weight)] + [1] * (weight.dim() - 1)
    scales = []
    for channel in weight:
        largest = max(abs(value) for value in channel.flatten().tolist())
        scales.append(largest / (2 ** (bits - 1) - 1) if largest else 1.0)
    return torch.tensor(scales).view(shape)


def scales_over_all_other_axes(w, bits):
    s = w.abs().amax(dim=tuple(range(1, w.dim())), keepdim=True) / ((1 << (bits - 1)) - 1)
    return torch.where(s > 0, s, torch.ones_like(s))


def scales_in_numpy(weight, bits):
    w = weight.numpy()
    size = np.abs(w).max(axis=tuple(range(1, w.ndim)), keepdims=True)
    size[size == 0] = 2 ** (bits - 1) - 1
    return size / np.float32(2 ** (bits - 1) - 1)


def sums_in_float64(inputs, zero_point, weight, bias):
    return F.linear(inputs.double() - zero_point, weight.double(), bias.double()).to(torch.int32)


def sums_by_correcting(inputs, zero_point, weight, bias):
    x, w = inputs.long(), weight.long()
    return (x @ w.T - zero_point * w.sum(1) + bias).int()


def sums_in_numpy(inputs, zero_point, weight, bias):
    x, w = inputs.numpy().astype(np.int32), weight.numpy().astype(np.int32)
    return (x - zero_point) @ w.T + bias.numpy()


def sums_by_broadcasting(inputs, zero_point, weight, bias):
    products = (inputs.int() - zero_point)[:, None, :] * weight.int()[None]
    return products.sum(-1, dtype=torch.int32) + bias


def states_by_distance(tensor, code, block):
    flat = tensor.reshape(-1)
    indices, sizes = torch.zeros(len(flat), dtype=torch.uint8), []
    for start in range(0, len(flat), block):
        piece = flat[start : start + block]
        size = piece.abs().max()
        sizes.append(size)
        scaled = piece / size if size > 0 else piece
        indices[start : start + block] = (scaled[:, None] - code[None, :]).abs().argmin(dim=1).to(torch.uint8)
    return indices.reshape(tensor.shape), torch.stack(sizes) if sizes else torch.zeros(0)


def states_in_numpy(tensor, code, block):
    x, entries = tensor.numpy().ravel(), code.numpy()
    count = math.ceil(len(x) / block)
    padded = np.zeros(count * block, dtype=np.float32)
    padded[: len(x)] = x
    blocks = padded.reshape(count, block)
    absmax = np.abs(blocks).max(1)
    scaled = blocks / np.where(absmax == 0, 1, absmax)[:, None]
    found = np.searchsorted((entries[1:] + entries[:-1]) / 2, scaled.ravel()[: len(x)])
    return found.astype(np.uint8).reshape(tuple(tensor.shape)), absmax


def states_number_by_number(tensor, code, block):
    entries, flat, absmax, found = code.tolist(), tensor.flatten().tolist(), [], []
    for start in range(0, len(flat), block):
        piece = flat[start : start + block]
        absmax.append(max(map(abs, piece)))
        for x in piece:
            q = x / absmax[-1] if absmax[-1] else 0.0
            above = min(bisect_left(entries, q), len(entries) - 1)
            below = max(above - 1, 0)
            found.append(below if q - entries[below] <= entries[above] - q else above)
    return torch.tensor(found, dtype=torch.uint8).reshape(tensor.shape), torch.tensor(absmax, dtype=torch.float32)


def map_with_linspace(signed, bits=8):
    pieces = [torch.tensor([0.0, 1.0])]
    for k in range(bits - 1):
        ends = torch.linspace(0.1, 1, 2 ** (k + (not signed)) + 1, dtype=torch.float64) * 10.0 ** (k - (bits - 2))
        middles = ((ends[1:] + ends[:-1]) / 2).float()
        pieces += [middles, -middles] if signed else [middles]
    return torch.cat(pieces).sort().values


def map_as_a_list(signed, bits=8):
    positive = [
        (0.1 + 0.9 * (2 * p + 1) / (2 * n)) / 10**down
        for down in range(bits - 1)
        for n in [2 ** (bits - 2 - down) * (1 if signed else 2)]
        for p in range(n)
    ]
    return sorted([*positive, *([-v for v in positive] if signed else []), 0.0, 1.0])


def map_in_numpy(signed, bits=8):
    found = np.zeros(0)
    for k in range(bits - 1):
        count = 2**k if signed else 2 ** (k + 1)
        step = 0.9 / count
        found = np.concatenate([found, np.arange(0.1 + step / 2, 1, step)[:count] * 10.0 ** (k + 2 - bits)])
    both = np.concatenate([-found if signed else found[:0], found, [0, 1]])
    return np.sort(both).astype(np.float32)


STYLES = {
    "quantize": [
        quantize_in_numpy,
        quantize_number_by_number,
        quantize_whole_first,
        quantize_clipping_steps,
        quantize_faking,
    ],
    "scale_and_zero_point": [range_in_torch, range_in_numpy, range_in_float32],
    "per_channel_scale": [scales_by_loops, scales_over_all_other_axes, scales_in_numpy],
    "integer_linear": [sums_in_float64, sums_by_correcting, sums_in_numpy, sums_by_broadcasting],
    "quantize_state": [states_by_distance, states_in_numpy, states_number_by_number],
    "mended_dynamic_map": [map_with_linspace, map_as_a_list, map_in_numpy],
}
