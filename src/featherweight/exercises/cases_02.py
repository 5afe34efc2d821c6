"""The cases of lesson 2: seed → inputs. They are chosen so that no two misconceptions answer all of them alike."""

import torch
from torch import Tensor

__all__ = ["averages", "epochs", "histories", "ista_steps", "slopes", "thresholds"]


def _generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def epochs(seed: int) -> list[dict]:
    """Sizes that divide and sizes that leave a rest, one example, one batch, rows of numbers and images.

    No two examples are alike, many labels are. The last of the three seeds is the first again.
    """
    g = _generator(seed)
    shapes = [((10, 2), 3), ((12, 3), 4), ((1, 2), 3), ((13, 2), 5), ((9, 2, 2), 9), ((11,), 2), ((8, 1), 20)]
    cases = []
    for number, (shape, batch_size) in enumerate(shapes):
        count = shape[0]
        values = torch.randn(shape, generator=g, dtype=torch.float32 if number % 2 else torch.float64)
        labels = torch.randint(4, (count,), generator=g)
        first, second = torch.randint(1, 10_000, (2,), generator=g).tolist()
        case = {"inputs": values, "labels": labels, "batch_size": batch_size}
        cases.append(case | {"seeds": [first, first + second, first]})
    return cases


def slopes(seed: int) -> list[dict]:
    """Zeros with a slope inside, outside and on the border of the price; nearly zeros; all signs; a matrix; nothing.

    The first is the same for every seed.
    """
    g = _generator(seed)
    by_hand = [0.0, 0.0, 0.0, 2.0, -2.0, 0.5], [0.3, 1.5, -4.0, 0.3, 0.3, -1.5]
    x, slope = (torch.tensor(values).double() for values in by_hand)
    cases = [{"x": x, "smooth_gradient": slope, "price": 1.0}]
    for shape, price in (((7,), 0.4), ((3, 4), 1.7), ((6,), 0.0), ((5,), 0.8), ((9,), 2.5)):
        x = torch.randn(shape, generator=g).double() * 2
        slope = torch.randn(shape, generator=g).double() * 2
        x.flatten()[::2] = 0.0
        cases.append({"x": x, "smooth_gradient": slope, "price": price})
    nearly = torch.tensor([1e-9, -1e-9, 0.0, 1e-4, -1e-4], dtype=torch.float32)
    cases.append({"x": nearly, "smooth_gradient": torch.full((5,), 0.1), "price": 0.5})
    cases.append({"x": torch.zeros(1).double(), "smooth_gradient": torch.tensor([0.7]).double(), "price": 0.7})
    return [*cases, {"x": torch.zeros(0), "smooth_gradient": torch.zeros(0), "price": 1.0}]


def thresholds(seed: int) -> list[dict]:
    """Entries above, on and below the threshold, zeros, both signs, both precisions; thresholds of 0 and above 1."""
    g = _generator(seed)
    cases = [{"x": torch.tensor([-3.0, -1.0, 0.0, 0.5, 2.0, 5.0]).double(), "threshold": 2.0}]
    for shape, threshold in (((9,), 0.7), ((3, 5), 1.4), ((8,), 0.0), ((7,), 0.25), ((2, 2, 2), 3.0)):
        dtype = torch.float32 if threshold == 0.25 else torch.float64
        cases.append({"x": torch.randn(shape, generator=g).to(dtype) * 2, "threshold": threshold})
    cases.append({"x": torch.tensor([0.3]).double(), "threshold": 0.1})
    cases.append({"x": torch.tensor([1e-7, -1e-7, 1e-9]).double(), "threshold": 1e-8})
    return [*cases, {"x": torch.zeros(0), "threshold": 0.5}]


def ista_steps(seed: int) -> list[dict]:
    """Rates on both sides of 1, prices on both sides of the slopes, zeros that stay and zeros that leave."""
    g = _generator(seed)
    parameter, slope = torch.tensor([1.0, 0.2, 0.0, 0.0, -1.0]).double(), torch.tensor([1.0, -1.0, 0.5, 9.0, 2.0])
    cases = [{"parameter": parameter, "smooth_gradient": slope.double(), "learning_rate": 0.5, "price": 1.0}]
    grid = [
        ((8,), 0.1, 2.0),
        ((3, 4), 0.3, 0.5),
        ((9,), 1.5, 0.4),
        ((6,), 0.2, 0.0),
        ((7,), 0.05, 5.0),
        ((1,), 0.4, 0.3),
    ]
    for number, (shape, rate, price) in enumerate(grid):
        dtype = torch.float32 if number == 4 else torch.float64
        x, slope = (torch.randn(shape, generator=g).to(dtype) for _ in range(2))
        x = torch.where(x.abs() < 0.5, 0.0, x).to(dtype)
        cases.append({"parameter": x, "smooth_gradient": 2 * slope, "learning_rate": rate, "price": price})
    return cases


def histories(seed: int) -> list[dict]:
    """Losses that fall, rise, repeat and go below zero; one alone; whole numbers."""
    g = _generator(seed)
    cases = [{"values": torch.tensor([5.0, 3.0, 4.0, 3.0, 1.0, 2.0]).double()}]
    for count, shift in ((8, 3.0), (12, 0.0), (6, -4.0), (9, 5.0)):
        cases.append({"values": torch.randn(count, generator=g).double() + shift})
    cases.append({"values": torch.tensor([2.5]).double()})
    cases.append({"values": torch.rand(7, generator=g) + 1})
    cases.append({"values": torch.arange(1, 6).double()})
    return [*cases, {"values": torch.randint(1, 50, (9,), generator=g)}]


def averages(seed: int) -> list[dict]:
    """Short and long histories of numbers and of vectors, a beta of 0 among them."""
    g = _generator(seed)
    cases = [{"values": torch.tensor([4.0, 4.0, 4.0, 8.0]).double(), "beta": 0.5}]
    for shape, beta in (((6,), 0.9), ((10, 3), 0.8), ((5,), 0.0), ((1,), 0.7), ((4, 2, 2), 0.3), ((30,), 0.99)):
        dtype = torch.float32 if beta == 0.8 else torch.float64
        values: Tensor = torch.randn(shape, generator=g).to(dtype) + 2
        cases.append({"values": values, "beta": beta})
    return cases
