"""The cases of lesson 7: layers with neurons to score and delete, residual streams, and times with a crossing."""

import torch
from torch import Tensor

__all__ = ["crossings", "gradients_by_batch", "normed_pairs", "pairs", "streams"]


def _generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _normal(generator: torch.Generator, *shape: int) -> Tensor:
    return torch.randn(shape, generator=generator, dtype=torch.float64)


def _pattern(generator: torch.Generator, size: int, kept: int) -> Tensor:
    """`kept` of `size` places True, and the first of them False where there is a choice."""
    keep = torch.zeros(size, dtype=torch.bool)
    keep[1 + torch.randperm(size - 1, generator=generator)[:kept]] = True
    return torch.ones_like(keep) if kept >= size else keep


def gradients_by_batch(seed: int) -> list[dict]:
    """Layers of either kind; slopes of both signs that nearly cancel over the batches, as near a minimum."""
    g = _generator(seed)
    shapes = [(2, 2), (3, 4), (4, 4), (5, 2), (3, 2, 2, 2), (2, 3, 1, 2), (1, 6), (4, 1, 3, 3)]
    cases = []
    for number, shape in enumerate(shapes):
        batches = (2, 4, 3, 5, 4, 2, 3, 1)[number]
        gradients = _normal(g, batches, *shape)
        if batches > 1:
            gradients = gradients - 0.95 * gradients.mean(0)
        cases.append({"weight": _normal(g, *shape), "gradients": gradients})
    single = {name: tensor.float() for name, tensor in cases[1].items()}
    silent = {"weight": torch.zeros(2, 3, dtype=torch.float64), "gradients": _normal(g, 2, 2, 3)}
    return [*cases, single, silent]


def pairs(seed: int) -> list[dict]:
    """Two layers with a ReLU between them: linear, and convolutions; biases of both signs, in any pattern."""
    g = _generator(seed)
    grid = [
        ((4, 3), (2, 4), 2),
        ((5, 5), (5, 5), 3),
        ((6, 2), (3, 6), 1),
        ((4, 3), (2, 4), 4),
        ((3, 4), (4, 3), 2),
        ((4, 2, 3, 3), (3, 4, 2, 2), 2),
        ((5, 1, 2, 2), (5, 5, 3, 3), 4),
        ((6, 2, 1, 1), (2, 6, 1, 2), 1),
    ]
    cases = []
    for shape, after, kept in grid:
        bias = _normal(g, shape[0])
        keep = _pattern(g, shape[0], kept)
        gone = (~keep).nonzero().flatten()
        bias[gone] = bias[gone].abs() * torch.tensor([(-1.0) ** number for number in range(len(gone))]).double()
        weights = {"weight": _normal(g, *shape), "bias": bias, "next_weight": _normal(g, *after)}
        cases.append({**weights, "next_bias": _normal(g, after[0]), "keep": keep})
    single = {name: t.float() if t.is_floating_point() else t for name, t in cases[1].items()}
    return [*cases, single]


def normed_pairs(seed: int) -> list[dict]:
    """A convolution, batch normalization as after training, a ReLU, and a convolution without padding."""
    g = _generator(seed)
    grid = [(4, 1, 2, 3, 2), (5, 2, 3, 1, 2), (6, 1, 1, 2, 3), (3, 2, 2, 2, 1), (4, 1, 3, 1, 4), (7, 1, 2, 2, 1)]
    cases = []
    for number, (channels, inputs, outputs, size, kept) in enumerate(grid):
        names = ("scale", "shift", "mean")
        norm = {name: _normal(g, channels) for name in names} | {"variance": 0.2 + _normal(g, channels).square()}
        keep = _pattern(g, channels, kept)
        norm["scale"][~keep] = norm["scale"][~keep].abs()
        norm["mean"][~keep] = -norm["mean"][~keep].abs()  # so that most deleted channels have something to say
        case = {"weight": _normal(g, channels, inputs, 2, 2), **norm, "epsilon": (0.1, 0.01, 0.5)[number % 3]}
        case |= {"next_weight": _normal(g, outputs, channels, size, size + 1), "next_bias": _normal(g, outputs)}
        cases.append({**case, "keep": keep})
    return cases


def streams(seed: int) -> list[dict]:
    """Layers that share channels, of unlike size and kind; many channels in most, so that faults choose otherwise."""
    g = _generator(seed)
    grid = [
        (4, [(1,), (2,)], [(3,)], 2),
        (12, [(2,), (3,)], [(4,), (2,)], 6),
        (14, [(2, 3, 3), (3, 1, 1)], [(4, 1, 2)], 5),
        (11, [(2, 1, 1), (3, 2, 2)], [(2, 2, 1), (6, 1, 1)], 4),
        (3, [(4,)], [(3,)], 3),
        (16, [(1,), (2,), (12,)], [(5,)], 9),
        (12, [(12, 2, 2), (12, 1, 1)], [(12, 1, 1)], 5),
        (20, [(3,), (7,)], [(2,), (9,)], 9),
        (18, [(1, 2, 2), (5, 1, 1)], [(8, 2, 2)], 8),
        (30, [(3,), (2,)], [(4,), (6,)], 15),
        (40, [(4,), (3,)], [(5,)], 21),
    ]
    cases = []
    for channels, writers, readers, count in grid:
        rows = [_normal(g, channels, *shape) ** 3 for shape in writers]
        columns = [_normal(g, shape[0], channels, *shape[1:]) ** 3 for shape in readers]
        cases.append({"writers": rows, "readers": columns, "count": count})
    single = {name: [t.float() for t in cases[1][name]] for name in ("writers", "readers")}
    return [*cases, {**single, "count": 5}]


def crossings(seed: int) -> list[dict]:
    """Times that rise with density and cross the dense time somewhere, twice, nowhere, or not at all."""
    g = _generator(seed)
    draws = torch.rand(12, generator=g, dtype=torch.float64).tolist()
    grid = [
        ([0.01, 0.05, 0.1, 0.3, 0.5], [0.1, 0.4, 0.7, 2.2, 3.5], 0.8 + 1.2 * draws[0]),
        ([0.02, 0.1, 0.5], [0.3, 0.9, 4.0], 1.0 + draws[1]),
        ([0.05, 0.1, 0.2, 0.4, 1.0], [0.2, 0.5, 0.9, 2.0, 6.0], 2.2 + draws[2]),
        ([0.05, 0.1, 0.2, 0.4, 0.8], [0.2, 1.4, 0.9, 1.8, 3.0], 1.0 + 0.2 * draws[3]),
        ([0.1, 0.2, 0.4, 0.6, 0.8], [0.3, 0.8, 2.0, 1.2, 3.0], 1.4 + 0.3 * draws[4]),
        ([0.01, 0.1, 0.4], [1.1, 1.8, 3.0], 0.5 + 0.5 * draws[5]),
        ([0.02, 0.1, 0.3, 0.6], [0.1, 0.2, 0.5, 0.9], 1.0 + draws[6]),
        ([0.2, 0.7], [0.5, 3.0], 0.8 + 2 * draws[7]),
        ([0.3], [0.5], 0.7 + draws[8]),
        ([0.3], [0.5], 0.1 + 0.3 * draws[9]),
    ]
    return [{"densities": d, "csr_ms": ms, "dense_ms": round(dense, 3)} for d, ms, dense in grid]
