"""The cases of lesson 9: numbers to round, steps to learn, codes and signs to pack, layers with latent weights."""

import numpy as np
import torch
from torch import Tensor

__all__ = ["code_rows", "latent_layers", "nibbles", "packed_nibbles", "packed_signs", "roundings", "steps", "weights"]

DOUBLE = torch.float64


def _generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _normal(generator: torch.Generator, *shape: int) -> Tensor:
    return torch.randn(shape, generator=generator, dtype=DOUBLE)


def _single(case: dict) -> dict:
    return {name: value.float() if isinstance(value, Tensor) else value for name, value in case.items()}


def _around(generator: torch.Generator, low: int, high: int, count: int) -> Tensor:
    """Numbers inside, on ties, on both ends, just outside, where rounding still leads inside, and far out; mixed."""
    inside = low + (high - low) * torch.rand(count, generator=generator, dtype=DOUBLE)
    near = 0.1 + 0.3 * torch.rand(4, generator=generator, dtype=DOUBLE)
    edges = torch.tensor([low, high, low + 0.5, high - 0.5, low + 1.5, low - 2.7, high + 3.2], dtype=DOUBLE)
    beyond = torch.stack([low - near[0], high + near[1], low - near[2], high + near[3]])
    found = torch.cat([inside, edges, beyond])
    return found[torch.randperm(len(found), generator=generator)]


def roundings(seed: int) -> list[dict]:
    """A range of whole numbers, and numbers in every place that it has; a gradient that comes from above."""
    g = _generator(seed)
    grid = [(-2, 1, 3), (-8, 7, 9), (-1, 1, 3), (0, 3, 7), (0, 15, 13), (-128, 127, 5), (-4, 3, 25)]
    cases = []
    for number, (low, high, count) in enumerate(grid):
        x = _around(g, low, high, count)
        x = x.reshape(2, len(x) // 2) if number in (1, 4) else x
        cases.append({"x": x, "low": low, "high": high, "upstream": 3 * _normal(g, *x.shape)})
    alone = {"x": torch.tensor(0.3, dtype=DOUBLE), "low": -1, "high": 1, "upstream": _normal(g)}
    none = {"x": torch.zeros(0, dtype=DOUBLE), "low": -1, "high": 1, "upstream": torch.zeros(0, dtype=DOUBLE)}
    return [*cases, _single(cases[1]), alone, none]


def steps(seed: int) -> list[dict]:
    """Weights on a grid that is too fine, too coarse, or about right, so that few or many of them lie outside."""
    g = _generator(seed)
    grid = [
        ((6,), 0.6, -2, 1),
        ((3, 4), 0.3, -8, 7),
        ((4, 2, 2, 2), 0.4, -2, 1),
        ((9,), 0.1, 0, 15),
        ((2, 7), 0.05, -4, 3),
        ((5, 3), 5.0, -8, 7),
        ((12,), 0.02, -128, 127),
        ((1,), 0.7, -8, 7),
        ((3, 3), 0.5, -1, 1),
    ]
    cases = []
    for shape, step, low, high in grid:
        scale = torch.tensor(step, dtype=DOUBLE) * (0.8 + 0.4 * torch.rand((), generator=g, dtype=DOUBLE))
        case = {"x": _normal(g, *shape), "scale": scale, "low": low, "high": high}
        cases.append({**case, "upstream": 1 + _normal(g, *shape)})
    ties = torch.tensor([0.25, 0.75, -0.25, -0.75, 0.5, 1.25], dtype=DOUBLE)
    tied = {"x": ties, "scale": torch.tensor(0.5, dtype=DOUBLE), "low": -8, "high": 7, "upstream": 1 + _normal(g, 6)}
    return [*cases, tied, _single(cases[1])]


def weights(seed: int) -> list[dict]:
    """Layers with a mean that is not 0, a few large weights, and none within 2% of a threshold but exact ties."""
    g = _generator(seed)
    shapes = [(2, 3), (4, 5), (3, 6), (20,), (2, 3, 2, 2), (5, 4), (1,)]
    cases = [{"weight": 0.1 * (number + 1) * _clear(g, shape)} for number, shape in enumerate(shapes)]
    ties = torch.tensor([[1.0, -1.0, 2.5], [-3.5, 0.0, 4.0]], dtype=DOUBLE)  # mean 2
    negative = {"weight": -cases[1]["weight"].abs()}
    zeros = {"weight": torch.zeros(3, 2, dtype=DOUBLE)}
    return [*cases, negative, {"weight": ties * 2.0 ** -int(seed % 5)}, zeros, _single(cases[2])]


def _clear(generator: torch.Generator, shape: tuple[int, ...]) -> Tensor:
    """Draws with heavy tails, until each is clearly on one side of half the mean, and of the mean and a half."""
    for _ in range(1000):
        weight = _normal(generator, *shape) ** 3 + 0.3
        share = weight.abs() / weight.abs().mean()
        if min((share - edge).abs().min() for edge in (0.5, 1.5)) > 0.02:
            break
    return weight


def _codes(generator: torch.Generator, count: int) -> Tensor:
    return torch.randint(0, 16, (count,), generator=generator, dtype=torch.uint8)


def nibbles(seed: int) -> list[dict]:
    """Codes of every kind of count. The first five are small and large in turn, and end in a large one."""
    g = _generator(seed)
    first = torch.tensor([3, 10, 7, 1, 12], dtype=torch.uint8) ^ (seed % 2)
    every = torch.randperm(16, generator=g).to(torch.uint8)
    return [{"codes": codes} for codes in (first, *(_codes(g, n) for n in (6, 1, 2, 9, 33, 64)), every, _codes(g, 0))]


def packed_nibbles(seed: int) -> list[dict]:
    """Bytes of the same codes, put together by numpy, and their count."""
    cases = []
    for case in nibbles(seed):
        codes = case["codes"].numpy()
        even = np.append(codes, np.zeros(len(codes) % 2, np.uint8)).reshape(-1, 2)
        cases.append({"packed": torch.from_numpy(even @ np.array([1, 16], np.uint8)), "count": len(codes)})
    return cases


def code_rows(seed: int) -> list[dict]:
    """Rows of numbers of both signs, zeros of both signs among them, of lengths that fill their bytes or do not."""
    g = _generator(seed)
    cases = []
    for rows, count in ((2, 11), (3, 8), (2, 3), (1, 16), (4, 20), (1, 1), (5, 9), (3, 65)):
        x = _normal(g, rows, count).float()
        x.view(-1)[torch.randperm(x.numel(), generator=g)[: x.numel() // 6]] = 0.0
        x[0, 0] = -x[0, 0].abs() if count > 1 else 0.0
        x[-1, -1] = -0.0 if count > 1 else 0.0
        cases.append({"x": x})
    return [*cases, {"x": cases[0]["x"].double()}]


def packed_signs(seed: int) -> list[dict]:
    """Two matrices of packed signs; one case has rows that differ in more places than a byte can count."""
    g = _generator(seed)
    cases = []
    for rows, others, count in ((2, 3, 11), (3, 2, 8), (1, 4, 3), (4, 2, 16), (3, 3, 20), (1, 1, 1), (2, 5, 65)):
        cases.append(_packed(_bits(g, rows, count), _bits(g, others, count), count))
    long = _bits(g, 2, 350)
    opposite = torch.cat([~long, _bits(g, 1, 350)])
    return [*cases, _packed(long, opposite, 350)]


def _bits(generator: torch.Generator, rows: int, count: int) -> Tensor:
    return torch.rand(rows, count, generator=generator) < 0.5


def _packed(a: Tensor, b: Tensor, count: int) -> dict:
    one, other = (torch.from_numpy(np.packbits(bits.numpy(), axis=1, bitorder="little")) for bits in (a, b))
    return {"a": one, "b": other, "count": count}


def latent_layers(seed: int) -> list[dict]:
    """Latent weights in [−1, 1]: a zero, one at an end that the step pushes out, and one that it pulls back in."""
    g = _generator(seed)
    grid = [(2, 3, 4, 0.4), (3, 5, 6, 0.3), (1, 4, 3, 0.5), (4, 4, 4, 0.3), (5, 6, 9, 0.2), (2, 7, 1, 0.2)]
    cases = []
    for outputs, inputs, examples, rate in grid:
        latent = 1.8 * torch.rand(outputs, inputs, generator=g, dtype=DOUBLE) - 0.9
        xs, ys = _normal(g, examples, inputs), 3 * _normal(g, examples, outputs)
        signs = torch.where(latent >= 0, 1.0, -1.0).to(DOUBLE)
        outwards = (-(xs @ signs.T - ys).T @ xs * signs).flatten().argsort()
        flat = latent.view(-1)
        flat[outwards[[0, -1]]] = signs.view(-1)[outwards[[0, -1]]]
        flat[outwards[1:-1][flat[outwards[1:-1]].argmax()]] = 0.0
        cases.append({"latent": latent, "inputs": xs, "targets": ys, "learning_rate": rate})
    return [*cases, _single(cases[1])]
