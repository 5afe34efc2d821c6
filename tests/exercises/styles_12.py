"""Right answers to lesson 12 in other people's styles: exercise name → functions."""

import heapq
from collections import deque
from itertools import count as numbers

import numpy as np
import torch
import torch.nn.functional as F


def rank_by_roots(weight, rank):
    u, s, v = torch.svd(weight)
    root = s[:rank].sqrt()
    return u[:, :rank] * root, (v[:, :rank] * root).T


def rank_in_numpy(weight, rank):
    u, s, vh = np.linalg.svd(weight.numpy())
    return u[:, :rank], np.diag(s[:rank]).astype(vh.dtype) @ vh[:rank]


def rank_by_eigenvectors(weight, rank):
    _, vectors = torch.linalg.eigh(weight.T @ weight)
    best = vectors[:, -rank:]
    return [weight @ best, best.T]


def rank_by_turns(weight, rank):
    right = torch.linalg.qr(torch.randn(weight.shape[1], rank, dtype=weight.dtype))[0].T
    for _ in range(400):
        left = torch.linalg.qr(weight @ right.T)[0]
        right = torch.linalg.qr(weight.T @ left)[0].T
    return weight @ right.T, right


def merge_by_baddbmm(weight, down, up, alpha):
    return torch.addmm(weight, up, down, alpha=alpha / len(down))


def merge_in_place(weight, down, up, alpha):
    weight += torch.einsum("mr,rn->mn", up, down) * alpha / up.size(1)
    return weight


def merge_by_outer_products(weight, down, up, alpha):
    for column, row in zip(up.T, down, strict=True):
        weight = weight + alpha / down.shape[0] * torch.outer(column, row)
    return weight


def merge_in_numpy(weight, down, up, alpha):
    return (weight.numpy() + (up.numpy() @ down.numpy()) * weight.numpy().dtype.type(alpha / down.shape[0])).tolist()


def share_by_loops(weight, initial_centroids):
    values, centroids = weight.flatten().tolist(), initial_centroids.tolist()
    for _ in range(101):
        indices = [min(range(len(centroids)), key=lambda k: abs(value - centroids[k])) for value in values]
        moved = list(centroids)
        for k in range(len(centroids)):
            own = [value for value, index in zip(values, indices, strict=True) if index == k]
            moved[k] = sum(own) / len(own) if own else moved[k]
        if moved == centroids:
            break
        centroids = moved
    return torch.tensor(indices).reshape(weight.shape), torch.tensor(centroids, dtype=weight.dtype)


def share_by_squares(weight, initial_centroids):
    c = initial_centroids.clone()
    for _ in range(100):
        indices = torch.argmin((weight.unsqueeze(-1) - c) ** 2, dim=-1)
        moved = torch.stack([weight[indices == k].mean() if (indices == k).any() else c[k] for k in range(len(c))])
        if torch.allclose(moved, c, rtol=0, atol=0):
            break
        c = moved
    return indices, c


def share_in_numpy(weight, initial_centroids):
    w, c = weight.numpy(), initial_centroids.numpy().copy()
    while True:
        indices = np.abs(w[..., None] - c).argmin(-1)
        moved = c.copy()
        for k in np.unique(indices):
            moved[k] = w[indices == k].mean()
        if np.array_equal(moved, c):
            return indices, c
        c = moved


def gradient_by_bincount(gradient, indices, count):
    return torch.bincount(indices.flatten(), weights=gradient.flatten(), minlength=count).to(gradient.dtype)


def gradient_by_one_hot(gradient, indices, count):
    return F.one_hot(indices.reshape(-1), count).to(gradient.dtype).T @ gradient.reshape(-1)


def gradient_by_autograd(gradient, indices, count):
    centroids = torch.zeros(count, dtype=gradient.dtype, requires_grad=True)
    centroids[indices].backward(gradient)
    return centroids.grad


def gradient_by_loops(gradient, indices, count):
    found = [0.0] * count
    for slope, k in zip(gradient.flatten().tolist(), indices.flatten().tolist(), strict=True):
        found[k] += slope
    return found


def gradient_by_masks(gradient, indices, count):
    return torch.stack([gradient[indices == k].sum() for k in range(count)])


def code_by_a_heap(counts):
    order = numbers()
    heap = [(count, next(order), symbol) for symbol, count in enumerate(counts) if count]
    heapq.heapify(heap)
    while len(heap) > 1:
        (one, _, left), (other, _, right) = heapq.heappop(heap), heapq.heappop(heap)
        heapq.heappush(heap, (one + other, next(order), (left, right)))
    code = [""] * len(counts)

    def walk(node, bits):
        if isinstance(node, tuple):
            walk(node[0], bits + "1")
            walk(node[1], bits + "0")
        else:
            code[node] = bits or "1"

    if heap:
        walk(heap[0][2], "")
    return code


def code_by_two_queues(counts):
    leaves = deque(sorted((count, symbol) for symbol, count in enumerate(counts) if count > 0))
    joined, parts = deque(), {}

    def rarest():
        if not joined or (leaves and leaves[0][0] <= joined[0][0]):
            return leaves.popleft()
        return joined.popleft()

    while len(leaves) + len(joined) > 1:
        one, other = rarest(), rarest()
        name = len(counts) + len(parts)
        parts[name] = (one[1], other[1])
        joined.append((one[0] + other[0], name))
    bits = {len(counts) + len(parts) - 1: ""} if parts else {symbol: "0" for _, symbol in leaves}
    for name in reversed(parts):
        for node, bit in zip(parts[name], "01", strict=True):
            bits[node] = bits[name] + bit
    return tuple(bits.get(symbol, "") for symbol in range(len(counts)))


def canonical_code_from_lengths(counts):
    groups = [[count, [symbol]] for symbol, count in enumerate(counts) if count]
    lengths = [int(len(groups) == 1 and count > 0) for count in counts]
    while len(groups) > 1:
        pair = [groups.pop(groups.index(min(groups))) for _ in range(2)]
        for _, symbols in pair:
            for symbol in symbols:
                lengths[symbol] += 1
        groups.append([pair[0][0] + pair[1][0], pair[0][1] + pair[1][1]])
    code, value, before = [""] * len(counts), 0, 0
    for length, symbol in sorted((length, symbol) for symbol, length in enumerate(lengths) if length):
        value <<= length - before
        code[symbol] = bin(value)[2:].zfill(length)
        value, before = value + 1, length
    return code


def bits_by_startswith(bits, code, count):
    found, place = [], 0
    for _ in range(count):
        symbol = next(s for s, own in enumerate(code) if own and bits.startswith(own, place))
        found.append(symbol)
        place += len(code[symbol])
    return found


def bits_by_a_tree(bits, code, count):
    tree = {}
    for symbol, own in enumerate(code):
        node = tree
        for bit in own[:-1]:
            node = node.setdefault(bit, {})
        if own:
            node[own[-1]] = symbol
    found, node, stream = [], tree, iter(bits)
    while len(found) < count:
        node = node[next(stream)]
        if isinstance(node, int):
            found.append(node)
            node = tree
    return torch.tensor(found)


def bits_by_slices(bits, code, count):
    found, start, end = [], 0, 1
    while len(found) < count:
        if bits[start:end] in code and start < end:
            found.append(code.index(bits[start:end]))
            start = end
        end += 1
    return tuple(found)


def gaps_by_places(mask, bits):
    filler, gaps, before = (1 << bits) - 1, [], -1
    for place in mask.reshape(-1).nonzero().flatten().tolist():
        zeros = place - before - 1
        while zeros >= filler:
            gaps.append(filler)
            zeros -= filler
        gaps.append(zeros)
        before = place
    return gaps


def gaps_in_numpy(mask, bits):
    places = np.flatnonzero(mask.numpy())
    zeros = np.diff(places, prepend=-1) - 1
    filler = 2**bits - 1
    return [entry for z in zeros for entry in [filler] * (z // filler) + [z % filler]]


def gaps_as_a_tensor(mask, bits):
    filler, gaps, zeros = 2**bits - 1, [], 0
    for survives in mask.flatten():
        if survives:
            quotient, rest = divmod(zeros, filler)
            gaps.extend([filler] * quotient)
            gaps.append(rest)
            zeros = 0
        else:
            zeros += 1
    return torch.tensor(gaps, dtype=torch.int64)


def bytes_by_ceil(gaps, gap_bits, indices, code, centroids):
    lengths = [len(bits) for bits in code]
    parts = [8, len(gaps) * gap_bits / 8, sum(lengths[i] for i in indices) / 8, len(lengths), centroids.nbytes]
    return sum(int(np.ceil(part)) for part in parts)


def bytes_by_writing(gaps, gap_bits, indices, code, centroids):
    def written(bits):
        return bytes(int(bits[i : i + 8].ljust(8, "0"), 2) for i in range(0, len(bits), 8))

    file = bytes(8)
    file += written("".join(f"{gap:0{gap_bits}b}" for gap in gaps))
    file += written("".join(code[index] for index in indices))
    file += bytes(len(own) for own in code)
    file += centroids.numpy().tobytes()
    return len(file)


def bytes_by_adding_seven(gaps, gap_bits, indices, code, centroids):
    total = torch.tensor([len(gaps) * gap_bits, sum(len(code[index]) for index in indices)])
    return int(((total + 7) // 8).sum()) + 8 + len(code) + len(centroids) * centroids.itemsize


STYLES = {
    "low_rank": [rank_by_roots, rank_in_numpy, rank_by_eigenvectors, rank_by_turns],
    "merge_lora": [merge_by_baddbmm, merge_in_place, merge_by_outer_products, merge_in_numpy],
    "share_weights": [share_by_loops, share_by_squares, share_in_numpy],
    "centroid_gradient": [
        gradient_by_bincount,
        gradient_by_one_hot,
        gradient_by_autograd,
        gradient_by_loops,
        gradient_by_masks,
    ],
    "huffman_code": [code_by_a_heap, code_by_two_queues, canonical_code_from_lengths],
    "decode_bits": [bits_by_startswith, bits_by_a_tree, bits_by_slices],
    "relative_indices": [gaps_by_places, gaps_in_numpy, gaps_as_a_tensor],
    "mended_stored_bytes": [bytes_by_ceil, bytes_by_writing, bytes_by_adding_seven],
}
