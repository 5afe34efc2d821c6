"""Right answers to lesson 10 in other people's styles: exercise name → functions."""

import math
import struct

import numpy as np
import torch


def q8_with_struct(values):
    found = []
    for row in values.reshape(-1, 32).tolist():
        d = np.float32(max(map(abs, row))) / np.float32(127)
        inverse = np.float32(1) / d if d else np.float32(0)
        codes = [math.copysign(math.floor(abs(np.float32(x) * inverse) + 0.5), x) for x in row]
        found.append(list(struct.pack("<e32b", d, *map(int, codes))))
    return torch.tensor(found, dtype=torch.uint8)


def q8_in_numpy(values):
    rows = values.numpy().reshape(-1, 32)
    d = np.abs(rows).max(axis=1, keepdims=True) / np.float32(127)
    x = np.divide(rows, d, out=np.zeros_like(rows), where=d != 0)
    codes = (np.sign(x) * np.floor(np.abs(x) + 0.5)).astype(np.int8)
    return np.concatenate([d.astype("<f2").view(np.uint8), codes.view(np.uint8)], axis=1)


def q8_by_double(values):
    rows = values.view(-1, 32) if values.is_contiguous() else values.reshape(-1, 32)
    d = rows.abs().max(dim=1).values / 127
    x = torch.nan_to_num(rows.double() / d.double().unsqueeze(1))
    codes = torch.where(x < 0, (x - 0.5).ceil(), (x + 0.5).floor())
    packed = torch.empty(len(rows), 34, dtype=torch.uint8)
    packed[:, :2] = d.to(torch.float16).view(torch.uint8).reshape(-1, 2)
    packed[:, 2:] = codes.to(torch.int8).view(torch.uint8)
    return packed


def q4_with_struct(values):
    found = []
    for row in values.reshape(-1, 32).tolist():
        largest = max(row, key=abs)
        d = np.float32(largest) / np.float32(-8)
        inverse = np.float32(1) / d if d else np.float32(0)
        codes = [min(15, int(np.float32(x) * inverse + np.float32(8.5))) for x in row]
        found.append([*struct.pack("<e", d), *(codes[i] + 16 * codes[i + 16] for i in range(16))])
    return torch.tensor(found, dtype=torch.uint8)


def q4_in_numpy(values):
    rows = values.numpy().reshape(-1, 32)
    largest = rows[np.arange(len(rows)), np.abs(rows).argmax(axis=1)]
    d = (largest / -8)[:, None]
    x = np.divide(rows, d, out=np.zeros_like(rows), where=d != 0)
    codes = np.minimum(15, np.floor(x + np.float32(8.5))).astype(np.uint8)
    low, high = np.hsplit(codes, 2)
    return np.hstack([d.astype("<f2").view(np.uint8), low + (high << 4)])


def q4_by_place(values):
    rows = values.reshape(-1, 32)
    place = rows.abs().max(dim=1, keepdim=True).indices
    d = torch.take_along_dim(rows, place, 1).div(-8)
    x = torch.nan_to_num(rows / d)
    codes = torch.clamp((x + 8.5).to(torch.int32), 0, 15).view(-1, 2, 16)
    return torch.hstack([d.half().view(torch.uint8), (codes[:, 0] + codes[:, 1] * 16).to(torch.uint8)])


def codes_by_distance(values, table, block):
    codes, absmax = [], []
    for part in values.flatten().split(block):
        largest = part.abs().max()
        absmax.append(largest)
        scaled = part / largest if largest > 0 else part
        codes.append((scaled[:, None] - table[None]).abs().argmin(dim=1))
    return torch.cat(codes).to(torch.uint8), torch.stack(absmax)


def codes_in_numpy(values, table, block):
    flat, entries = values.numpy().ravel(), table.numpy()
    absmax = np.array([np.abs(flat[i : i + block]).max() for i in range(0, len(flat), block)])
    wide = np.repeat(np.where(absmax == 0, 1, absmax), block)[: len(flat)]
    codes = np.searchsorted((entries[1:] + entries[:-1]) / 2, flat / wide, side="left")
    return codes.astype(np.uint8), absmax


def codes_by_counting(values, table, block):
    flat = values.reshape(-1)
    absmax = torch.stack([part.abs().amax() for part in flat.split(block)])
    wide = absmax.repeat_interleave(block)[: flat.numel()]
    middles = 0.5 * (table[:-1] + table[1:])
    codes = sum((flat > m * wide).to(torch.uint8) for m in middles)
    zero = (table == 0).nonzero().item()
    return [torch.where(wide == 0, torch.tensor(zero, dtype=torch.uint8), codes), absmax]


def gptq_by_least_squares(weight, hessian, scale, bits, damping):
    n, top = weight.shape[1], 2 ** (bits - 1) - 1
    H = hessian + torch.eye(n, dtype=hessian.dtype) * (damping * torch.trace(hessian) / n)
    W = weight.clone()
    for j in range(n):
        q = torch.clamp(torch.round(W[:, j] / scale[:, 0]), -top, top) * scale[:, 0]
        if j + 1 < n:
            W[:, j + 1 :] += (W[:, j] - q)[:, None] * torch.linalg.solve(H[j + 1 :, j + 1 :], H[j + 1 :, j])
        W[:, j] = q
    return W


def gptq_by_elimination(weight, hessian, scale, bits, damping):
    w, top = weight.clone(), 2 ** (bits - 1) - 1
    inverse = torch.linalg.inv(hessian + damping * hessian.diagonal().mean() * torch.eye(len(hessian)).double())
    for j in range(w.size(1)):
        q = (w[:, j : j + 1] / scale).round().clamp(min=-top, max=top) * scale
        moved = w - (w[:, j : j + 1] - q) / inverse[j, j] * inverse[j]
        w = torch.cat([w[:, :j], q, moved[:, j + 1 :]], dim=1)
        inverse = inverse - inverse[:, j : j + 1] * inverse[j] / inverse[j, j]
    return w


def gptq_in_numpy(weight, hessian, scale, bits, damping):
    W, H, s = weight.numpy().copy(), hessian.numpy(), scale.numpy()
    top = 2 ** (bits - 1) - 1
    U = np.linalg.cholesky(np.linalg.inv(H + damping * np.mean(np.diag(H)) * np.eye(len(H)))).T
    for j in range(W.shape[1]):
        q = np.clip(np.round(W[:, j : j + 1] / s), -top, top) * s
        W[:, j + 1 :] -= (W[:, j : j + 1] - q) / U[j, j] @ U[j : j + 1, j + 1 :]
        W[:, j : j + 1] = q
    return W


def smooth_by_loops(weight, activations, alpha):
    weight, activations = weight.clone(), activations.clone()
    for j in range(weight.shape[1]):
        loud, strong = activations[:, j].abs().max(), weight[:, j].abs().max()
        if loud > 0 and strong > 0:
            s = loud**alpha * strong ** (alpha - 1)
            weight[:, j] *= s
            activations[:, j] /= s
    return weight, activations


def smooth_in_place(weight, activations, alpha):
    x, w = (t.abs().max(dim=0).values for t in (activations, weight))
    s = torch.exp(alpha * x.log() - (1 - alpha) * w.log())
    s[(x == 0) | (w == 0)] = 1
    return [weight.mul_(s), activations.div_(s)]


def smooth_in_numpy(weight, activations, alpha):
    w, x = weight.numpy(), activations.numpy()
    loud, strong = np.abs(x).max(0), np.abs(w).max(0)
    silent = (loud == 0) | (strong == 0)
    s = np.where(silent, 1, np.where(silent, 1, loud) ** alpha / np.where(silent, 1, strong) ** (1 - alpha))
    return w * s.astype(w.dtype), x / s.astype(x.dtype)


def awq_by_min(weight, activations, grid, bits):
    size = activations.abs().mean(dim=0)
    size[size == 0] = 1

    def error(s):
        top = 2 ** (bits - 1) - 1
        w = weight * s
        step = w.abs().max(dim=1, keepdim=True).values / top
        q = torch.clamp(torch.round(w / step), -top, top) * step
        return float(torch.sum(((activations / s) @ q.T - activations @ weight.T) ** 2))

    return min((size**e for e in grid), key=error)


def awq_in_numpy(weight, activations, grid, bits):
    w, x = weight.numpy(), activations.numpy()
    size = np.abs(x).mean(0)
    size = np.where(size == 0, 1.0, size)
    scales = size ** np.array(grid)[:, None]
    errors = []
    for s in scales:
        step = np.abs(w * s).max(1)[:, None] / (2 ** (bits - 1) - 1)
        errors.append((((np.round(w * s / step) * step / s - w) @ x.T) ** 2).sum())
    return scales[int(np.argmin(errors))]


def awq_with_a_hessian(W, X, grid, bits):
    H = X.T @ X
    mean = X.abs().sum(0) / len(X)
    found = []
    for e in grid:
        s = torch.where(mean == 0, torch.ones_like(mean), mean.clamp(min=1e-30).pow(e))
        scaled = W * s
        step = scaled.abs().amax(dim=1)[:, None] / (2 ** (bits - 1) - 1)
        d = torch.round(scaled / step) * step / s - W
        found.append(((d @ H * d).sum().item(), len(found), s))
    return min(found)[2]


def product_by_indices(activations, weight, threshold):
    loud = (activations.abs() > threshold).any(dim=0)
    total = activations[:, loud] @ weight[:, loud].T
    x, w = activations[:, ~loud], weight[:, ~loud]
    if x.shape[1] == 0:
        return total
    a, b = (t.abs().max(dim=1, keepdim=True).values / 127 for t in (x, w))
    a[a == 0], b[b == 0] = 1, 1
    whole = torch.round(x / a).long() @ torch.round(w / b).long().T
    return total + whole * (a @ b.T)


def product_in_numpy(activations, weight, threshold):
    x, w = activations.numpy(), weight.numpy()
    loud = np.abs(x).max(0) > threshold
    a = np.abs(x * ~loud).max(1) / 127
    b = np.abs(w * ~loud).max(1) / 127
    a, b = np.where(a == 0, 1, a), np.where(b == 0, 1, b)
    codes = np.rint(x * ~loud / a[:, None]).astype(np.int32), np.rint(w * ~loud / b[:, None]).astype(np.int32)
    return (codes[0] @ codes[1].T) * np.outer(a, b) + (x * loud) @ w.T


def product_by_loops(activations, weight, threshold):
    inputs = range(activations.shape[1])
    loud = [bool((activations[:, j].abs() > threshold).any()) for j in inputs]
    regular = [j for j in inputs if not loud[j]]
    found = torch.zeros(len(activations), len(weight), dtype=activations.dtype)
    for i, x in enumerate(activations.tolist()):
        for k, w in enumerate(weight.tolist()):
            a = max((abs(x[j]) for j in regular), default=0) / 127 or 1.0
            b = max((abs(w[j]) for j in regular), default=0) / 127 or 1.0
            whole = sum(round(x[j] / a) * round(w[j] / b) for j in regular)
            found[i, k] = whole * a * b + sum(x[j] * w[j] for j in inputs if loud[j])
    return found


STYLES = {
    "pack_q8_0": [q8_with_struct, q8_in_numpy, q8_by_double],
    "pack_q4_0": [q4_with_struct, q4_in_numpy, q4_by_place],
    "nf4_codes": [codes_by_distance, codes_in_numpy, codes_by_counting],
    "gptq_layer": [gptq_by_least_squares, gptq_by_elimination, gptq_in_numpy],
    "smooth": [smooth_by_loops, smooth_in_place, smooth_in_numpy],
    "awq_scales": [awq_by_min, awq_in_numpy, awq_with_a_hessian],
    "mended_int8_with_outliers": [product_by_indices, product_in_numpy, product_by_loops],
}
