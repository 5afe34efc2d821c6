"""The cases of lesson 4: seed → inputs. They are chosen so that no two misconceptions answer all of them alike."""

import torch

__all__ = ["accumulations", "averages", "climbs", "matrices", "signed_steps"]


def _generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _quadratic(g: torch.Generator, size: int) -> torch.Tensor:
    """A symmetric positive definite matrix (size, size) with curvatures from 0.3 to 2."""
    rotation, _ = torch.linalg.qr(torch.randn(size, size, generator=g, dtype=torch.float64))
    hessian = rotation @ torch.diag(torch.linspace(0.3, 2.0, size, dtype=torch.float64)) @ rotation.T
    return (hessian + hessian.T) / 2


def matrices(seed: int) -> list[dict]:
    """Square, wide and tall, of large and of small norm, one row, one column; the first by hand."""
    g = _generator(seed)
    cases = [{"matrix": torch.tensor([[3.0, 1.0], [0.0, 2.0]]).double(), "steps": 1}]
    grid = [
        ((2, 4), 3, 1.0),
        ((5, 3), 2, 1.0),
        ((4, 4), 5, 1.0),
        ((3, 3), 0, 2.0),
        ((1, 4), 4, 0.3),
        ((4, 1), 1, 5.0),
        ((6, 2), 5, 1e-3),
        ((3, 7), 5, 30.0),
        ((4, 4), 3, 0.1),
    ]
    for number, (shape, steps, size) in enumerate(grid):
        dtype = torch.float32 if number in (3, 9) else torch.float64
        cases.append({"matrix": (size * torch.randn(shape, generator=g)).to(dtype), "steps": steps})
    return cases


def signed_steps(seed: int) -> list[dict]:
    """Moments that agree with the gradient and moments that do not, entries where the mix is 0, rates near 1."""
    g = _generator(seed)
    by_hand = {
        "parameter": torch.tensor([1.0, -2.0, 0.5]).double(),
        "gradient": torch.tensor([4.0, -1.0, 0.0]).double(),
        "first_moment": torch.tensor([-1.0, 2.0, 0.0]).double(),
    }
    cases = [by_hand | {"learning_rate": 0.1, "beta1": 0.5, "beta2": 0.75, "decay": 0.5}]
    grid = [
        ((6,), 0.3, 0.9, 0.99, 0.5),
        ((3, 4), 0.05, 0.8, 0.6, 2.0),
        ((5,), 0.7, 0.6, 0.95, 0.0),
        ((8,), 0.4, 0.95, 0.98, 1.0),
        ((1,), 0.2, 0.3, 0.9, 0.7),
        ((9,), 0.5, 0.7, 0.2, 0.4),
        ((2, 2, 2), 0.25, 0.5, 0.9, 0.8),
    ]
    for number, (shape, rate, beta1, beta2, decay) in enumerate(grid):
        dtype = torch.float32 if number == 3 else torch.float64
        parameter, slope, moment = (torch.randn(shape, generator=g).to(dtype) for _ in range(3))
        tensors = {"parameter": 2 * parameter, "gradient": 2 * slope, "first_moment": moment}
        cases.append(tensors | {"learning_rate": rate, "beta1": beta1, "beta2": beta2, "decay": decay})
    return cases


def averages(seed: int) -> list[dict]:
    """First steps, where average and iterate are alike, and later ones, where they are far apart."""
    g = _generator(seed)
    one = torch.ones(1, dtype=torch.float64)
    by_hand = {"hessian": torch.eye(1).double(), "minimum": 0 * one, "average": 4 * one, "iterate": 2 * one}
    cases = [by_hand | {"step": 4, "learning_rate": 0.5, "beta": 0.75}]
    grid = [
        (3, 1, 0.3, 0.9),
        (4, 2, 0.2, 0.8),
        (2, 5, 0.5, 0.6),
        (5, 30, 0.4, 0.9),
        (3, 3, 0.7, 0.25),
        (2, 7, 0.1, 0.95),
    ]
    for number, (size, step, rate, beta) in enumerate(grid):
        dtype = torch.float32 if number == 3 else torch.float64
        average, iterate, minimum = (3 * torch.randn(size, generator=g, dtype=torch.float64) for _ in range(3))
        iterate = average if step == 1 else iterate
        tensors = {"hessian": _quadratic(g, size), "minimum": minimum, "average": average, "iterate": iterate}
        settings = {"step": step, "learning_rate": rate, "beta": beta}
        cases.append({name: tensor.to(dtype) for name, tensor in tensors.items()} | settings)
    return cases


def climbs(seed: int) -> list[dict]:
    """Vectors and matrices, small and large radii, one of them 0, and a place without slope."""
    g = _generator(seed)
    hessian, parameter = torch.diag(torch.tensor([1.0, 2.0])).double(), torch.tensor([3.0, 2.0]).double()
    by_hand = {"hessian": hessian, "minimum": torch.zeros(2).double(), "parameter": parameter, "radius": 0.5}
    cases = [by_hand]
    for number, (shape, radius) in enumerate([((4,), 0.05), ((2, 3), 0.5), ((3,), 3.0), ((2,), 0.0), ((5,), 0.2)]):
        size, dtype = torch.Size(shape).numel(), torch.float32 if number == 4 else torch.float64
        minimum, parameter = (2 * torch.randn(shape, generator=g, dtype=torch.float64) for _ in range(2))
        tensors = {"hessian": _quadratic(g, size), "minimum": minimum, "parameter": parameter}
        cases.append({name: tensor.to(dtype) for name, tensor in tensors.items()} | {"radius": radius})
    still = 2 * torch.randn(3, generator=g, dtype=torch.float64)
    return [*cases, {"hessian": _quadratic(g, 3), "minimum": still, "parameter": still, "radius": 0.3}]


def accumulations(seed: int) -> list[dict]:
    """Equal pieces and unequal ones, with a rest and without; one piece a step, and more than there are."""
    g = _generator(seed)
    grid = [
        ([1, 3, 2, 2, 4], 2, 2, 0.5),
        ([4, 4, 4, 4], 2, 3, 0.2),
        ([5, 1, 2, 6], 2, 2, 0.3),
        ([3, 3, 3, 3, 3], 2, 2, 0.4),
        ([2, 7, 1, 4, 3, 6, 1], 3, 3, 0.25),
        ([2, 5, 3], 1, 2, 0.3),
        ([6, 2], 4, 2, 0.5),
        ([3, 3, 3], 3, 2, 0.1),
        ([8, 1, 1, 8, 1, 1], 3, 1, 0.6),
    ]
    cases = []
    for number, (sizes, every, width, rate) in enumerate(grid):
        dtype = torch.float32 if number == 5 else torch.float64
        inputs, targets, parameter = (
            torch.randn(shape, generator=g).to(dtype) for shape in ((sum(sizes), width), (sum(sizes),), (width,))
        )
        tensors = {"inputs": inputs, "targets": 2 * targets, "parameter": 2 * parameter}
        cases.append(tensors | {"sizes": sizes, "every": every, "learning_rate": rate})
    return cases
