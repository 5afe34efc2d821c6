"""The cases of lesson 6. No count is exactly one half, and no two sizes are equal."""

import torch
from torch import Tensor

__all__ = ["loops", "networks", "rewinds", "rounds"]

NAMES = ("trained", "initial", "masks")


def _generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _distinct(generator: torch.Generator, shapes, dtype=torch.float32) -> list[Tensor]:
    """Tenths of either sign in a random order, no two of the same size, none of them zero; later layers are larger."""
    sizes = [torch.Size(shape).numel() for shape in shapes]
    values = (torch.randperm(sum(sizes), generator=generator) + 1) / 10
    values = values * (2 * torch.randint(2, (sum(sizes),), generator=generator) - 1)
    parts = values.to(dtype).split(sizes)
    return [(part * 3.07**i).reshape(shape) for i, (part, shape) in enumerate(zip(parts, shapes, strict=True))]


def _masks(generator: torch.Generator, shapes, gone: float) -> list[Tensor]:
    """Of all entries together the share `gone` is False."""
    sizes = [torch.Size(shape).numel() for shape in shapes]
    kept = torch.randperm(sum(sizes), generator=generator) >= round(gone * sum(sizes))
    return [part.view(shape) for part, shape in zip(kept.split(sizes), shapes, strict=True)]


def rewinds(seed: int) -> list[dict]:
    """Networks of one to three layers, partly, not at all and wholly pruned."""
    g = _generator(seed)
    grid = [
        ([(2, 3)], 0.5),
        ([(3, 4), (2, 3)], 0.4),
        ([(5,), (1, 5), (2, 1)], 0.6),
        ([(4, 3, 2, 2)], 0.8),
        ([(2, 2), (2,)], 0.0),
        ([(3, 1)], 1.0),
    ]
    cases = []
    for number, (shapes, gone) in enumerate(grid):
        dtype = torch.float64 if number % 2 else torch.float32
        trained, initial, moves = (_distinct(g, shapes, dtype) for _ in range(3))
        masks = _masks(g, shapes, gone)
        values = [weight + 0.05 for weight in trained], initial, masks, moves
        cases.append(dict(zip((*NAMES, "moves"), values, strict=True)))
    return cases


def rounds(seed: int) -> list[dict]:
    """Layers of different scale, partly pruned; zeros under the mask first, later whatever training has left there."""
    g = _generator(seed)
    grid = [
        ([(2, 5)], 0.4, 0.5),
        ([(3, 4), (2, 3)], 0.0, 0.2),
        ([(5, 5), (3, 5), (4,)], 0.5, 0.35),
        ([(6, 4), (2, 6)], 0.7, 0.6),
        ([(4, 3, 2, 2), (7,)], 0.3, 0.8),
        ([(1, 17), (2, 1)], 0.6, 0.2),
        ([(3, 4), (2, 3)], 0.5, 0.0),
        ([(3, 4), (2, 3)], 0.5, 1.0),
        ([(2, 3), (5, 1)], 1.0, 0.3),
        ([(1, 1)], 0.0, 1.0),
        ([(0, 3), (3, 3)], 0.3, 0.4),
    ]
    cases = []
    for number, (shapes, gone, fraction) in enumerate(grid):
        dtype = torch.float64 if number % 2 else torch.float32
        trained, initial = _distinct(g, shapes, dtype), _distinct(g, shapes, dtype)
        masks = _masks(g, shapes, gone)
        if number in (0, 3, 4, 5):
            trained = [weight * mask for weight, mask in zip(trained, masks, strict=True)]
        cases.append(dict(zip((*NAMES, "fraction"), (trained, initial, masks, fraction), strict=True)))
    return cases


def networks(seed: int) -> list[dict]:
    """Layers whose scores differ in scale, inputs and scores of both signs."""
    g = _generator(seed)
    grid = [
        ((3, 2), 4, 0.6),
        ((4, 3, 2), 3, 0.65),
        ((5, 7, 3), 6, 0.28),
        ((6, 5, 4, 3), 5, 0.63),
        ((4, 4, 4), 4, 0.43),
        ((9, 1), 2, 0.75),
        ((5, 6, 2), 4, 1.0),
        ((5, 6, 2), 4, 0.0),
        ((1, 1), 1, 1.0),
        ((3, 3), 0, 0.6),
    ]
    cases = []
    for number, (widths, examples, keep) in enumerate(grid):
        dtype = torch.float64 if number % 2 == 0 else torch.float32

        def draw(*shape, dtype=dtype):
            return torch.randn(shape, generator=g, dtype=torch.float64).to(dtype)

        shapes = list(zip(widths[1:], widths, strict=False))
        scores = [draw(*shape) * 2.0**-i for i, shape in enumerate(shapes)]
        weights = [draw(*shape) for shape in shapes]
        cases.append({"inputs": draw(examples, widths[0]), "weights": weights, "scores": scores, "keep": keep})
    return cases


def loops(seed: int) -> list[dict]:
    """Bowls of six to twenty weights, one to four rounds."""
    g = _generator(seed)
    grid = [(8, 0.3, 0.9, 3, 0.5, 3), (6, 0.2, 0.9, 2, 0.3, 1), (12, 0.3, 0.8, 4, 0.3, 2), (20, 0.2, 0.95, 3, 0.4, 4)]
    grid += [(15, 0.3, 0.9, 5, 0.2, 4), (9, 0.1, 0.0, 5, 0.4, 2), (10, 0.2, 0.9, 2, 0.0, 3), (11, 0.2, 0.9, 2, 1.0, 2)]
    names = ("hessian", "minimum", "learning_rate", "momentum", "steps", "fraction", "rounds")
    cases = []
    for size, *settings in grid:
        start, minimum = (torch.randn(size, generator=g, dtype=torch.float64) for _ in range(2))
        mix = torch.randn(size, size, generator=g, dtype=torch.float64)
        hessian = torch.eye(size, dtype=torch.float64) / 2 + mix @ mix.T / (4 * size)
        cases.append({"start": start, **dict(zip(names, (hessian, minimum, *settings), strict=True))})
    return cases
