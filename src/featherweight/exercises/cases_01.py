"""The cases of lesson 1: seed → inputs. They are chosen so that no two misconceptions answer all of them alike."""

import torch

__all__ = ["cosines", "decayed_descents", "descents", "exponentials", "hessians"]


def _generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _quadratic(generator: torch.Generator, size: int, dtype=torch.float64) -> torch.Tensor:
    """A symmetric positive definite matrix (size, size) with curvatures from 0.2 to 3 and off-diagonal entries."""
    rotation, _ = torch.linalg.qr(torch.randn(size, size, generator=generator, dtype=torch.float64))
    curvatures = torch.linspace(0.2, 3.0, size, dtype=torch.float64) if size > 1 else torch.tensor([1.3]).double()
    return (rotation @ torch.diag(curvatures) @ rotation.T).to(dtype)


def descents(seed: int) -> list[dict]:
    """Quadratics of 1 to 5 dimensions in both precisions, 0 to 12 steps, stable rates and unstable ones.

    The first is the same for every seed, in numbers that can be followed by hand.
    """
    g = _generator(seed)
    shapes = [(3, 4, 0.2), (1, 6, 0.5), (5, 3, 0.1), (2, 1, 0.25), (2, 0, 0.25), (4, 12, 0.6), (2, 8, 0.9)]
    hessian, start = torch.tensor([[1.0, 0.5], [0.5, 2.0]]).double(), torch.tensor([2.0, -1.0]).double()
    by_hand = {"hessian": hessian, "minimum": torch.zeros_like(start), "start": start}
    cases = [by_hand | {"learning_rate": 0.4, "steps": 5}]
    for number, (size, steps, rate) in enumerate(shapes, start=1):
        dtype = torch.float32 if number % 3 == 2 else torch.float64
        hessian, minimum = _quadratic(g, size, dtype), torch.randn(size, generator=g).to(dtype)
        start = minimum + 3 * torch.randn(size, generator=g).to(dtype)
        cases.append({"hessian": hessian, "minimum": minimum, "start": start, "learning_rate": rate, "steps": steps})
    return cases


def decayed_descents(seed: int) -> list[dict]:
    """The same walks with a decay; 1.0 among them."""
    decays = [0.9, 0.5, 0.99, 0.8, 1.0, 0.7, 0.6, 0.95]
    cases = []
    for case, decay in zip(descents(seed), decays, strict=True):
        steps = {"steps": case.pop("steps")}
        cases.append(case | {"decay": decay} | steps)
    return cases


def hessians(seed: int) -> list[dict]:
    """Symmetric positive definite matrices; some diagonal, one with its eigenvalues out of order."""
    g = _generator(seed)
    made = [_quadratic(g, size) for size in (2, 3, 1, 5, 8, 2)]
    fixed = torch.tensor([[2.0, -1.5], [-1.5, 3.0]], dtype=torch.float64)
    wide = torch.diag(torch.tensor([1e-3, 4.0, 50.0], dtype=torch.float64))
    unordered = torch.diag(torch.tensor([7.0, 0.5, 2.0], dtype=torch.float64))
    return [{"hessian": hessian} for hessian in [fixed, *made, wide, unordered]]


def exponentials(seed: int) -> list[dict]:
    """Before, at and after the peak, with and without warm-up."""
    g = _generator(seed)
    grid = [(1, 0), (2, 0), (10, 0), (1, 1), (3, 1), (1, 5), (3, 5), (5, 5), (6, 5), (12, 5), (1, 2), (100, 10)]
    draw = torch.rand(len(grid), 2, generator=g, dtype=torch.float64).tolist()
    return [
        {"step": step, "base_rate": round(0.05 + 0.2 * a, 3), "decay": round(0.8 + 0.15 * b, 3), "warmup_steps": warmup}
        for (step, warmup), (a, b) in zip(grid, draw, strict=True)
    ]


def cosines(seed: int) -> list[dict]:
    """Before, at and after the peak, and the very last update."""
    g = _generator(seed)
    grid = [
        (1, 0, 10),
        (4, 0, 10),
        (10, 0, 10),
        (1, 4, 20),
        (3, 4, 20),
        (4, 4, 20),
        (5, 4, 20),
        (12, 4, 20),
        (20, 4, 20),
    ]
    grid += [(1, 1, 7), (7, 1, 7), (100, 10, 100), (55, 10, 100), (2, 0, 2)]
    draw = torch.rand(len(grid), 2, generator=g, dtype=torch.float64).tolist()
    rates = [(round(0.1 + 0.4 * a, 3), round(0.01 + 0.02 * b, 3)) for a, b in draw]
    return [
        {"step": s, "base_rate": base, "final_rate": final, "warmup_steps": w, "total_steps": t}
        for (s, w, t), (base, final) in zip(grid, rates, strict=True)
    ]
