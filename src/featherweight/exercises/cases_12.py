"""The cases of lesson 12: matrices to cut, weights to share, counts to make codes from, masks, layers to be stored."""

import torch
from torch import Tensor

from featherweight.compression.coding import canonical_code

__all__ = ["changes", "clusters", "code_rows", "counts", "layers", "masks", "matrices", "shared_gradients"]

DOUBLE = torch.float64


def _generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _normal(generator: torch.Generator, *shape: int) -> Tensor:
    return torch.randn(shape, generator=generator, dtype=DOUBLE)


def _single(case: dict) -> dict:
    return {name: value.float() if isinstance(value, Tensor) else value for name, value in case.items()}


def _whole(generator: torch.Generator, low: int, high: int, count: int) -> list[int]:
    return torch.randint(low, high, (count,), generator=generator).tolist()


def matrices(seed: int) -> list[dict]:
    """Wide, tall and square ones whose singular values are far apart, and ranks from one to all; one of a low rank."""
    g = _generator(seed)
    grid = [
        (4, 6, 2),
        (7, 3, 1),
        (5, 5, 3),
        (6, 4, 3),
        (2, 5, 1),
        (4, 4, 1),
        (4, 4, 4),
        (3, 7, 3),
        (1, 4, 1),
        (5, 1, 1),
    ]
    cases = [{"weight": _apart(g, rows, columns), "rank": rank} for rows, columns, rank in grid]
    low = {"weight": _apart(g, 5, 2) @ _apart(g, 2, 6), "rank": 3}
    return [*cases, low, _single(cases[0])]


def _apart(generator: torch.Generator, rows: int, columns: int) -> Tensor:
    """A matrix in which each singular value is a good half of the one before."""
    less = min(rows, columns)
    left, right = (torch.linalg.qr(_normal(generator, size, less))[0] for size in (rows, columns))
    sizes = 3 * (0.5 + 0.1 * torch.rand(less, generator=generator, dtype=DOUBLE)).cumprod(0)
    return left * sizes @ right.T


def changes(seed: int) -> list[dict]:
    """Weights with a trained change: wide, tall, square; ranks 1 to as many as there are; alphas of every sign."""
    g = _generator(seed)
    grid = [
        (4, 6, 2, 3.0),
        (5, 3, 3, 8.0),
        (4, 4, 2, 5.0),
        (5, 5, 1, 2.0),
        (3, 3, 3, 4.0),
        (2, 7, 4, 7),
        (3, 4, 2, -1.5),
        (1, 5, 1, 16.0),
        (3, 2, 2, 0.0),
    ]
    cases = []
    for m, n, rank, alpha in grid:
        factors = {"down": _normal(g, rank, n), "up": _normal(g, m, rank)}
        cases.append({"weight": _normal(g, m, n), **factors, "alpha": alpha})
    return [*cases, _single(cases[1])]


def clusters(seed: int) -> list[dict]:
    """Weights and first centroids: many rounds to go, clusters that stay empty, exact ties, centroids in disorder."""
    g = _generator(seed)
    found = [
        _settling(g, (2, 3), lambda w: w.sort().values[[1, 2, 4]] + 0.02, rounds=2),
        _settling(g, (40,), lambda w: w.sort().values[:10:2] + 0.001, rounds=12),
        _settling(g, (12,), lambda w: torch.tensor([0.3, 9.0, -0.4, -8.0], dtype=DOUBLE)),
        _settling(g, (3, 2, 2, 2), lambda w: torch.tensor([1.2, -0.1, 0.6, -1.0], dtype=DOUBLE)),
        _settling(g, (4, 5), lambda w: torch.tensor([0.7, -0.6, -0.6], dtype=DOUBLE)),
        _settling(g, (9,), lambda w: torch.tensor([2.0], dtype=DOUBLE)),
        _settling(g, (1,), lambda w: torch.tensor([0.5, -0.5], dtype=DOUBLE)),
        _settling(g, (5,), lambda w: w[[3, 1, 4, 0, 2]] + 0.001),
    ]
    step = 2.0 ** -int(seed % 4)
    tied = torch.tensor([-4.0, -3, -2, 0, 2, 4, 8], dtype=DOUBLE) * step
    found.append({"weight": tied, "initial_centroids": torch.tensor([6.0, -2, 2, 40], dtype=DOUBLE) * step})
    swapped = torch.tensor([2.0, -2, 6, -20], dtype=DOUBLE) * step
    return [*found, {"weight": tied, "initial_centroids": swapped}, _single(found[3])]


def _settling(generator: torch.Generator, shape: tuple[int, ...], first, rounds: int = 1) -> dict:
    """Draws that take so many rounds at least, and in none of them a weight is almost a tie."""
    for _ in range(10_000):
        weight = _normal(generator, *shape).reshape(-1)
        start = first(weight)
        needed, clear = _rounds(weight, start)
        if needed >= rounds and clear > 1e-4:
            break
    return {"weight": weight.reshape(shape), "initial_centroids": start}


def _rounds(weight: Tensor, centroids: Tensor) -> tuple[int, float]:
    """The rounds that k-means takes, and the least lead of a nearest centroid over another one on the way."""
    before, clear = None, float("inf")
    for number in range(90):
        distances = (weight[:, None] - centroids).abs()
        nearest = distances.argmin(1)
        lead = distances - distances.gather(1, nearest[:, None])
        others = lead[(centroids != centroids[nearest][:, None]).expand_as(lead)]
        clear = min(clear, float(others.min())) if len(others) else clear
        if before is not None and torch.equal(nearest, before):
            return number, clear
        members = [weight[nearest == k] for k in range(len(centroids))]
        means = [own.mean() if len(own) else old for own, old in zip(members, centroids, strict=True)]
        before, centroids = nearest, torch.stack(means)
    return 0, 0.0


def shared_gradients(seed: int) -> list[dict]:
    """Gradients of shared weights; centroids that many weights share, or one, or none, in the middle and at the end."""
    g = _generator(seed)
    grid = [((2, 4), 5), ((3, 5), 4), ((12,), 7), ((2, 3, 2, 2), 3), ((1,), 1), ((1,), 4), ((6,), 1), ((0,), 3)]
    cases = []
    for shape, count in grid:
        used = max(1, count - 1)
        indices = torch.randint(0, used, shape, generator=g)
        indices = torch.where(indices == 1, 0, indices) if used > 2 else indices
        cases.append({"gradient": 0.5 + _normal(g, *shape), "indices": indices, "count": count})
    return [*cases, {**cases[1], "gradient": cases[1]["gradient"].float()}]


def counts(seed: int) -> list[dict]:
    """Counts with and without zeros and ties, of one symbol, of none; flat ones, steep ones, and those that trap."""
    g = _generator(seed)
    found = [
        [5, 0, 2, 1, 1],
        [15, 7, 6, 6, 5],
        [3, 3, 2, 2, 2, 2],
        [0, 0, 7, 0],
        [1],
        [4, 4, 4, 4],
        [2, 1],
        [1, 13, 2, 5, 3, 8, 1],
        [64, 1, 8, 32, 2, 16, 4],
        [1, 0, 0, 900, 1, 1, 1],
        _whole(g, 1, 60, 12),
        [value if value > 4 else 0 for value in _whole(g, 0, 20, 17)],
        [1 + value**4 for value in _whole(g, 0, 9, 11)],
        [0, 0, 0],
        [],
    ]
    return [{"counts": each} for each in found]


def code_rows(seed: int) -> list[dict]:
    """Rows of codes with and without filling bits that look like codes; symbols that never occur; counts of none."""
    g = _generator(seed)
    grid = [
        ([1, 2, 2], 5),
        ([2, 0, 2, 2, 3, 3], 7),
        ([3, 1, 3, 0, 2], 10),
        ([1], 3),
        ([0, 0, 1], 5),
        ([4, 4, 3, 3, 2, 0, 2, 3], 23),
        ([2, 2, 2, 2], 8),
        ([1, 2, 3, 4, 5, 6, 6], 19),
        ([1, 2, 2], 0),
        ([3] * 8, 9),
    ]
    cases = []
    for number, (lengths, count) in enumerate(grid):
        code = canonical_code(lengths)
        if number in (2, 5):
            code = [bits.translate(str.maketrans("01", "10")) for bits in code]
        known = [symbol for symbol, bits in enumerate(code) if bits]
        symbols = [known[place] for place in _whole(g, 0, len(known), count)]
        bits = "".join(code[symbol] for symbol in symbols)
        cases.append({"bits": bits.ljust(-(-len(bits) // 8) * 8, "0"), "code": code, "count": count})
    return [*cases, {"bits": "00000000", "code": ["0", "10", "11"], "count": 0}]


def masks(seed: int) -> list[dict]:
    """Survivors side by side and far apart: zeros that just fit, or do not, or take two fillers."""
    g = _generator(seed)
    gaps = [(1, 4, 0), (0, 3, 2, 1), (7, 6, 8, 0), (15, 16, 2, 14), (3, 3, 6, 7)]
    cases = [{"mask": _with_gaps(each), "bits": bits} for each, bits in zip(gaps, (2, 2, 3, 4, 2), strict=True)]
    for shape, share, bits in (((4, 6), 0.3, 2), ((3, 20), 0.1, 3), ((2, 3, 4), 0.5, 1), ((50,), 0.06, 3)):
        cases.append({"mask": torch.rand(shape, generator=g) < share, "bits": bits})
    none, alone = torch.zeros(2, 9, dtype=torch.bool), torch.tensor([True])
    full = torch.ones(3, 3, dtype=torch.bool)
    rest = [(none, 2), (alone, 2), (full, 1), (torch.zeros(0, dtype=torch.bool), 3)]
    return [*cases, *({"mask": mask, "bits": bits} for mask, bits in rest)]


def _with_gaps(gaps: tuple[int, ...]) -> Tensor:
    """So many zeros before each survivor, and two after the last."""
    return torch.tensor([place == gap for gap in gaps for place in range(gap + 1)] + [False, False])


def layers(seed: int) -> list[dict]:
    """Layers whose parts end inside a byte and on its end; fillers, symbols without a code, two kinds of floats."""
    g = _generator(seed)
    grid = [
        ([2, 2, 2, 2], 11, 2, 3, torch.float32),
        ([1, 2, 0, 3, 3], 17, 3, 5, torch.float32),
        ([3, 3, 2, 2, 2, 0], 30, 0, 4, torch.float16),
        ([1, 2, 3, 3], 40, 8, 6, torch.float32),
        ([4] * 16, 64, 5, 8, torch.float16),
        ([1], 9, 1, 2, torch.float32),
        ([1, 1], 1, 0, 1, torch.float32),
        ([1, 1, 0], 0, 0, 5, torch.float32),
    ]
    cases = []
    for lengths, count, fillers, bits, dtype in grid:
        code = canonical_code(lengths)
        known = [symbol for symbol, each in enumerate(code) if each]
        known.sort(key=lambda symbol: len(code[symbol]))
        skewed = len(known) * torch.rand(count, generator=g, dtype=DOUBLE) ** 3  # short codes are the frequent ones
        indices = [known[place] for place in skewed.long().tolist()]
        gaps = _whole(g, 0, 2**bits - 1, count) if bits > 1 else [0] * count
        gaps = [2**bits - 1] * fillers + gaps
        centroids = _normal(g, len(code)).to(dtype)
        cases.append({"gaps": gaps, "gap_bits": bits, "indices": indices, "code": code, "centroids": centroids})
    return cases
