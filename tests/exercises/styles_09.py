"""Right answers to lesson 9 in other people's styles: exercise name → functions."""

import numpy as np
import torch
import torch.nn.functional as F


class Step(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, low, high):
        ctx.save_for_backward((x >= low) & (x <= high))
        return torch.clamp(torch.round(x), low, high)

    @staticmethod
    def backward(ctx, upstream):
        (inside,) = ctx.saved_tensors
        return upstream * inside, None, None


def straight_by_a_function_of_its_own(x, low, high):
    return Step.apply(x, low, high)


def straight_by_a_hook(x, low, high):
    answer = x * 1.0
    answer.register_hook(lambda upstream: torch.where((x < low) | (x > high), 0.0, upstream))
    with torch.no_grad():
        rounded = x.round().clamp(low, high)
    return answer + (rounded - answer).detach()


def straight_by_where(x, low, high):
    rounded = torch.round(x).clamp(low, high).detach()
    return torch.where((low <= x) & (x <= high), x - x.detach() + rounded, rounded)


def straight_by_min_and_max(x, low, high):
    with torch.no_grad():
        rest = x.clamp(low, high).round() - x.clamp(low, high)
    return torch.clamp(x, min=low, max=high) + rest


def lsq_by_autograd(x, scale, low, high, upstream):
    s = scale.clone().requires_grad_()
    v = x / s
    inside = (v > low) & (v < high)
    code = v.round().clamp(low, high).detach()
    (torch.where(inside, v - v.detach() + code, code) * s * upstream).sum().backward()
    return s.grad / (x.numel() * high) ** 0.5


def lsq_by_loops(x, scale, low, high, upstream):
    s, total = float(scale), 0.0
    for value, slope in zip(x.flatten().tolist(), upstream.flatten().tolist(), strict=True):
        level = value / s
        if level <= low:
            total += slope * low
        elif level >= high:
            total += slope * high
        else:
            total += slope * (round(level) - level)
    return total / (x.numel() * high) ** 0.5


def lsq_in_numpy(x, scale, low, high, upstream):
    v, g = x.numpy() / scale.numpy(), upstream.numpy()
    slope = np.where(v <= low, low, np.where(v >= high, high, np.rint(v) - v))
    return (slope * g).sum(dtype=g.dtype) / np.sqrt(g.dtype.type(v.size * high))


def lsq_by_masks(x, scale, low, high, upstream):
    v = torch.div(x, scale)
    inside, above, below = (v > low) & (v < high), v >= high, v <= low
    slope = inside * (torch.round(v) - v) + above * high + below * low
    return torch.dot(slope.reshape(-1), upstream.reshape(-1)) * (x.numel() * high) ** -0.5


def ternary_by_thresholds(weight):
    scale = torch.mean(torch.abs(weight))
    return (weight > scale / 2).to(torch.int8) - (weight < -scale / 2).to(torch.int8), scale


def ternary_with_an_epsilon(weight):
    scale = weight.abs().mean()
    return torch.clamp(torch.round(weight / (scale + 1e-5)), -1, 1).to(torch.int8), scale


def ternary_in_numpy(weight):
    w = weight.numpy()
    scale = np.abs(w).mean()
    return np.clip(np.rint(w / scale if scale else w), -1, 1).astype(np.int8), scale


def ternary_by_loops(weight):
    scale = float(weight.abs().mean())
    codes = [max(-1, min(1, round(w / scale))) if scale else 0 for w in weight.flatten().tolist()]
    return [torch.tensor(codes, dtype=torch.int8).reshape(weight.shape), scale]


def nibbles_by_loops(codes):
    found = []
    for i in range(0, len(codes), 2):
        first = int(codes[i])
        second = int(codes[i + 1]) if i + 1 < len(codes) else 0
        found.append(first + 16 * second)
    return torch.tensor(found, dtype=torch.uint8)


def nibbles_in_numpy(codes):
    c = codes.numpy()
    even = np.pad(c, (0, len(c) % 2)).reshape(-1, 2)
    return even[:, 0] | (even[:, 1] << 4)


def nibbles_by_pad(codes):
    low, high = F.pad(codes, (0, len(codes) & 1)).view(-1, 2).unbind(1)
    return high * 16 + low


def nibbles_written_in_place(codes):
    packed = codes[::2].clone()
    packed[: len(codes) // 2] |= codes[1::2] << 4
    return packed


def nibbles_as_a_list(codes):
    even = [*codes.tolist(), 0]
    return [even[i] + (even[i + 1] << 4) for i in range(0, len(codes), 2)]


def codes_written_in_place(packed, count):
    found = torch.empty(2 * len(packed), dtype=torch.uint8)
    found[0::2] = packed % 16
    found[1::2] = packed // 16
    return found[:count]


def codes_in_numpy(packed, count):
    p = packed.numpy()
    return np.stack([p & 0x0F, p >> 4], -1).ravel()[:count]


def codes_by_loops(packed, count):
    return [int(packed[i // 2]) >> 4 * (i % 2) & 15 for i in range(count)]


def codes_by_shifts(packed, count):
    return (
        (packed.unsqueeze(1) >> torch.tensor([0, 4], dtype=torch.uint8)).bitwise_and(15).reshape(-1).narrow(0, 0, count)
    )


def signs_in_numpy(x):
    return np.packbits(x.numpy() >= 0, axis=1, bitorder="little")


def signs_by_powers(x):
    rows, count = x.shape
    bits = torch.zeros(rows, (count + 7) // 8 * 8)
    bits[:, :count] = x >= 0
    return (bits.view(rows, -1, 8) @ 2.0 ** torch.arange(8)).to(torch.uint8)


def signs_by_loops(x):
    packed = torch.zeros(len(x), -(-x.shape[1] // 8), dtype=torch.uint8)
    for i in range(x.shape[1]):
        packed[:, i // 8] |= (x[:, i] >= 0).to(torch.uint8) << (i % 8)
    return packed


def signs_by_padding_with_minus_one(x):
    padded = F.pad(x, (0, -x.shape[1] % 8), value=-1.0).unflatten(1, (-1, 8))
    weights = torch.tensor([1, 2, 4, 8, 16, 32, 64, 128])
    return ((padded >= 0) * weights).sum(-1).byte()


def product_of_unpacked_signs(a, b, count):
    def unpacked(packed):
        bits = (packed[:, :, None] >> torch.arange(8)) & 1
        return bits.flatten(1)[:, :count].float() * 2 - 1

    return (unpacked(a) @ unpacked(b).T).int()


def product_by_a_table(a, b, count):
    ones = torch.tensor([bin(byte).count("1") for byte in range(256)])
    return (count - 2 * ones[(a[:, None, :] ^ b[None, :, :]).long()].sum(-1)).int()


def product_in_numpy(a, b, count):
    differ = np.unpackbits(a.numpy()[:, None] ^ b.numpy()[None], axis=2)
    return (count - 2 * differ.sum(2, dtype=np.int32)).astype(np.int32)


def product_by_masked_xnor(a, b, count):
    agree = ~(a.unsqueeze(1) ^ b.unsqueeze(0))
    if count % 8:
        agree[..., -1] &= (1 << count % 8) - 1
    pairs = agree - ((agree >> 1) & 0x55)
    fours = (pairs & 0x33) + ((pairs >> 2) & 0x33)
    ones = (fours + (fours >> 4)) & 0x0F
    return (2 * ones.sum(2) - count).to(torch.int32)


def product_by_python(a, b, count):
    rows = [[int.from_bytes(bytes(row.tolist()), "little") for row in matrix] for matrix in (a, b)]
    return [[count - 2 * (one ^ other).bit_count() for other in rows[1]] for one in rows[0]]


def step_by_autograd(latent, inputs, targets, learning_rate):
    signs = (2.0 * (latent >= 0) - 1).to(latent.dtype).requires_grad_()
    (0.5 * (inputs @ signs.T - targets).square().sum(1).mean()).backward()
    return F.hardtanh(latent - learning_rate * signs.grad)


def step_by_loops(latent, inputs, targets, learning_rate):
    signs = torch.where(latent < 0, -torch.ones_like(latent), torch.ones_like(latent))
    gradient = torch.zeros_like(latent)
    for x, y in zip(inputs, targets, strict=True):
        gradient += torch.outer(signs @ x - y, x)
    return torch.clip(latent - learning_rate / inputs.shape[0] * gradient, min=-1.0, max=1.0)


def step_in_place(latent, inputs, targets, learning_rate):
    signs = torch.sign(latent)
    signs[signs == 0] = 1
    error = F.linear(inputs, signs) - targets
    latent.sub_(learning_rate * torch.einsum("eo,ei->oi", error, inputs) / len(targets))
    return latent.clamp_(-1, 1)


def step_in_numpy(latent, inputs, targets, learning_rate):
    w, x, y = (t.numpy() for t in (latent, inputs, targets))
    signs = np.where(w >= 0, 1, -1).astype(w.dtype)
    return np.clip(w - learning_rate * ((x @ signs.T - y).T @ x) / len(x), -1, 1).astype(w.dtype)


STYLES = {
    "straight_through": [
        straight_by_a_function_of_its_own,
        straight_by_a_hook,
        straight_by_where,
        straight_by_min_and_max,
    ],
    "lsq_gradient": [lsq_by_autograd, lsq_by_loops, lsq_in_numpy, lsq_by_masks],
    "ternary_absmean": [ternary_by_thresholds, ternary_with_an_epsilon, ternary_in_numpy, ternary_by_loops],
    "pack_nibbles": [nibbles_by_loops, nibbles_in_numpy, nibbles_by_pad, nibbles_written_in_place, nibbles_as_a_list],
    "unpack_nibbles": [codes_written_in_place, codes_in_numpy, codes_by_loops, codes_by_shifts],
    "pack_signs": [signs_in_numpy, signs_by_powers, signs_by_loops, signs_by_padding_with_minus_one],
    "xnor_popcount_matmul": [
        product_of_unpacked_signs,
        product_by_a_table,
        product_in_numpy,
        product_by_masked_xnor,
        product_by_python,
    ],
    "mended_binary_step": [step_by_autograd, step_by_loops, step_in_place, step_in_numpy],
}
