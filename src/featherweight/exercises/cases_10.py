"""The cases of lesson 10: blocks to pack, tables to look up, layers to round, and channels that are too loud."""

import torch
from torch import Tensor

from featherweight.compression.codebooks import nf4_table

__all__ = ["layers", "looked_up", "loud_layers", "outliers", "q4_blocks", "q8_blocks", "smoothed"]


def _generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _normal(generator: torch.Generator, *shape: int) -> Tensor:
    return torch.randn(shape, generator=generator, dtype=torch.float64)


def _uniform(generator: torch.Generator, low: float, high: float, *shape: int) -> Tensor:
    return low + (high - low) * torch.rand(shape, generator=generator, dtype=torch.float64)


def _blocks(generator: torch.Generator, count: int, top: int, size: float) -> Tensor:
    """Blocks of 32 of which one value is ±top · step, and no other is near enough to a half for its code to be luck.

    Many are within a tenth of a half, so that a scale that is a little off gives other codes.
    """
    whole = torch.randint(1 - top, top - 1, (count, 32), generator=generator).double()
    parts = _uniform(generator, 0.35, 0.49, count, 32) * (1 - 2 * torch.randint(0, 2, (count, 32), generator=generator))
    values = whole + parts
    at = torch.randint(0, 32, (count, 1), generator=generator)
    signs = torch.tensor([1.0, -1.0], dtype=torch.float64).repeat(count)[:count, None]
    values.scatter_(1, at, top * signs)
    steps = size * _uniform(generator, 0.5, 2.0, count, 1)
    return (values * steps).float()


def _halves(top: float, size: float) -> Tensor:
    """One block whose step is `size`, a power of two, and whose values lie in the middle between two codes."""
    values = torch.arange(32) - 15.5 if top > 30 else torch.arange(32) % 15 - 6.5
    values[5], values[9] = top, 0.0
    return values * size


def q8_blocks(seed: int) -> list[dict]:
    """Blocks of every size and sign, halves, zeros, scales too small for float16, and shapes that are not flat."""
    g = _generator(seed)
    several = torch.cat([_blocks(g, 1, 127, size) for size in (1.0, 30.0, 1e-3, 0.2)])
    with_zeros = torch.cat([_blocks(g, 1, 127, 0.01), torch.zeros(1, 32), _blocks(g, 2, 127, 0.01)])
    cases = [
        _blocks(g, 1, 127, 0.02).flatten(),
        -_blocks(g, 1, 127, 0.5).flatten(),
        _halves(127.0, 0.125),
        _halves(-127.0, 2.0),
        _blocks(g, 3, 127, 0.05).view(3, 32),
        several.flatten(),
        with_zeros.view(2, 64),
        _blocks(g, 6, 127, 1e-9).view(2, 3, 32),
        _blocks(g, 8, 127, 20.0).view(16, 16),
    ]
    return [{"values": values} for values in cases]


def _pair(generator: torch.Generator, first: float) -> Tensor:
    """A block with two values of the same largest size and opposite signs, `first` before the other."""
    block = _blocks(generator, 1, 7, abs(first) / 8).flatten()
    block = block.clamp(-0.9 * abs(first), 0.9 * abs(first))
    block[3], block[20] = first, -first
    return block


def q4_blocks(seed: int) -> list[dict]:
    """As for Q8_0, with the largest value of either sign, of both signs, and of both at once."""
    g = _generator(seed)
    several = torch.cat([_blocks(g, 2, 8, size) for size in (1.0, 30.0, 1e-3)])
    with_zeros = torch.cat([_blocks(g, 1, 8, 0.01), torch.zeros(1, 32), _blocks(g, 2, 8, 0.01)])
    cases = [
        -_blocks(g, 1, 8, 0.5).flatten(),
        _blocks(g, 1, 8, 0.02).flatten(),
        _halves(-8.0, 0.125),
        _halves(8.0, 2.0),
        _pair(g, 4.0),
        _pair(g, -0.5),
        several.flatten(),
        with_zeros.view(2, 64),
        _blocks(g, 40, 8, 0.05).view(40, 32),
        _blocks(g, 6, 8, 1e-8).view(2, 3, 32),
        _blocks(g, 8, 8, 20.0).view(16, 16),
    ]
    return [{"values": values} for values in cases]


def _near(generator: torch.Generator, table: Tensor, length: int, block: int) -> Tensor:
    """Values of which each is clearly nearest to one entry of the table, and one of each block is ±1 times a scale."""
    place = torch.randint(1, len(table) - 1, (length,), generator=generator)
    up = torch.randint(0, 2, (length,), generator=generator).bool()
    gap = torch.where(up, table[place + 1] - table[place], table[place - 1] - table[place]).double()
    values = table[place].double() + _uniform(generator, 0.05, 0.47, length) * gap
    for start in range(0, length, block):
        size = min(block, length - start)
        at = start + int(torch.randint(0, size, (1,), generator=generator))
        values[at] = 1.0 if (start // block) % 2 else -1.0
        values[start : start + size] *= float(_uniform(generator, 0.2, 5.0, 1))
    return values.float()


def looked_up(seed: int) -> list[dict]:
    """Tables of three to sixteen entries; full, short and zero blocks; values in the middle between two entries."""
    g = _generator(seed)
    nf4, five = nf4_table(), torch.tensor([-1.0, -0.25, 0.0, 0.5, 1.0])
    even = torch.tensor([-1.0, -0.5, 0.0, 0.5, 1.0])
    middles = torch.tensor([-4.0, -3.0, -1.0, 1.0, 3.0, 0.0, 4.0, 2.0])
    zeros = _near(g, nf4, 12, 4)
    zeros[4:8] = 0.0
    grid = [
        (_near(g, five, 6, 6), five, 6),
        (_near(g, nf4, 24, 8), nf4, 8),
        (middles, even, 8),
        (_near(g, nf4, 21, 8), nf4, 8),
        (_near(g, nf4, 30, 6).view(5, 6), nf4, 10),
        (_near(g, five, 5, 9), five, 9),
        (zeros, nf4, 4),
        (_near(g, torch.tensor([-1.0, -0.5, 0.0, 0.125, 1.0]), 40, 8), torch.tensor([-1.0, -0.5, 0.0, 0.125, 1.0]), 8),
        (_near(g, nf4, 192, 64).view(2, 3, 32), nf4, 64),
    ]
    return [{"values": values, "table": table, "block": block} for values, table, block in grid]


def layers(seed: int) -> list[dict]:
    """Layers whose inputs depend on each other; wide, tall, of one input; a grid that clips; an input that is dead."""
    g = _generator(seed)
    grid = [
        (2, 3, 3, 0.01, 1.0),
        (4, 6, 4, 0.05, 1.0),
        (3, 8, 2, 0.1, 1.0),
        (6, 4, 3, 0.02, 0.6),
        (5, 12, 4, 0.3, 0.7),
        (8, 8, 3, 0.01, 1.0),
        (1, 10, 3, 0.05, 0.8),
        (3, 1, 4, 0.01, 1.0),
        (4, 9, 3, 0.1, 1.0),
        (10, 12, 4, 0.2, 1.0),
        (12, 10, 4, 0.5, 0.9),
    ]
    cases = []
    for number, (outputs, inputs, bits, damping, room) in enumerate(grid):
        weight = _normal(g, outputs, inputs)
        activations = _normal(g, 3 * inputs, inputs) @ _normal(g, inputs, inputs) * _uniform(g, -1, 1, inputs).exp()
        activations *= (0.3, 1.0, 3.0)[number % 3] / (2 * inputs)
        if number == 8:
            activations[:, 4] = 0.0
        scale = room * weight.abs().amax(1, keepdim=True) / (2 ** (bits - 1) - 1)
        hessian = activations.T @ activations
        cases.append({"weight": weight, "hessian": hessian, "scale": scale, "bits": bits, "damping": damping})
    return cases


def _channels(generator: torch.Generator, outputs: int, inputs: int, examples: int) -> tuple[Tensor, Tensor]:
    """A layer whose input channels are of very unlike loudness, and not the loudest read by the strongest weights."""
    weight = _normal(generator, outputs, inputs) * _uniform(generator, -1.0, 1.0, inputs).exp()
    activations = _normal(generator, examples, inputs) * _uniform(generator, -1.5, 2.5, inputs).exp()
    return weight, activations


def smoothed(seed: int) -> list[dict]:
    """Layers with loud channels, square ones among them; silent channels and weights; alpha from 0 to 1."""
    g = _generator(seed)
    grid = [
        (2, 3, 4, 0.5),
        (4, 4, 4, 0.75),
        (3, 5, 6, 0.25),
        (5, 2, 3, 0.9),
        (4, 6, 1, 0.6),
        (3, 4, 5, 0.0),
        (3, 4, 5, 1.0),
    ]
    cases = []
    for outputs, inputs, examples, alpha in grid:
        weight, activations = _channels(g, outputs, inputs, examples)
        cases.append({"weight": weight, "activations": activations, "alpha": alpha})
    weight, activations = _channels(g, 4, 6, 5)
    activations[:, 1], weight[:, 4], activations[:, 5], weight[:, 5] = 0.0, 0.0, 0.0, 0.0
    cases.append({"weight": weight, "activations": activations, "alpha": 0.4})
    single = {name: cases[2][name].float() for name in ("weight", "activations")}
    return [*cases, {**single, "alpha": 0.65}]


def _choices(weight: Tensor, activations: Tensor, grid: list[float], bits: int) -> set[float]:
    """The exponents with the least sum of squares, sum of sizes, and largest difference of the outputs."""
    size = activations.abs().mean(0)
    found = []
    for exponent in grid:
        scaled = weight * size**exponent
        step = scaled.abs().amax(1, keepdim=True) / (2 ** (bits - 1) - 1)
        off = activations @ ((scaled / step).round() * step / size**exponent - weight).T
        found.append((float(off.square().sum()), float(off.abs().sum()), float(off.abs().max())))
    return {grid[errors.index(min(errors))] for errors in map(list, zip(*found, strict=True))}


def loud_layers(seed: int) -> list[dict]:
    """Layers with loud channels, one of them silent in some, and with channels nearly alike, where little decides.

    In the first two of the fine grids another error chooses another exponent: layers are drawn until it does.
    """
    g = _generator(seed)
    fine = [round(0.05 * number, 2) for number in range(21)]
    grid = [
        (4, 6, 12, fine[::5], 3),
        (6, 8, 20, fine[::2], 3),
        (8, 12, 20, fine, 4),
        (3, 5, 30, [0.9, 0.1, 0.5, 0.3, 0.7], 2),
        (6, 8, 16, fine, 3),
        (12, 10, 16, fine[1:], 3),
        (5, 9, 8, fine[1::2], 4),
        (6, 7, 16, fine[:0:-1], 2),
        (4, 7, 10, [0.4], 3),
        (9, 14, 18, fine, 3),
        (5, 8, 12, fine[2:], 2),
    ]
    cases = []
    for number, (outputs, inputs, examples, exponents, bits) in enumerate(grid):
        weight, activations = _channels(g, outputs, inputs, examples)
        if number == 2:  # weights that are small where their input is loud: scaling evens them out
            weight = _normal(g, outputs, inputs) / activations.abs().mean(0)
        if number in (1, 4):
            while len(_choices(weight, activations, exponents, bits)) < 3:
                weight, activations = _channels(g, outputs, inputs, examples)
        if number in (7, 10):
            activations = _normal(g, examples, inputs) * _uniform(g, -0.4, 0.4, inputs).exp()
        if number in (5, 6, 9):
            activations[:, inputs // 2] = 0.0
        cases.append({"weight": weight, "activations": activations, "grid": exponents, "bits": bits})
    return cases


def outliers(seed: int) -> list[dict]:
    """Activations with loud channels of either sign, at the threshold and above; none, all; rows of zeros."""
    g = _generator(seed)
    grid = [(3, 6, 4, 6.0, -1), (4, 9, 3, 6.0, 1), (2, 20, 5, 3.0, -1), (5, 12, 6, 6.0, 1), (6, 16, 4, 4.0, -1)]
    cases = []
    for examples, inputs, outputs, threshold, sign in grid:
        activations = _normal(g, examples, inputs).clamp(-0.45 * threshold, 0.45 * threshold)
        loud = torch.randperm(inputs, generator=g)[:3].tolist()
        activations[0, loud[0]] = sign * threshold * float(_uniform(g, 3, 9, 1))
        activations[-1, loud[1]] = threshold * float(_uniform(g, 1.5, 4, 1))
        activations[1, loud[2]] = sign * threshold
        weight = _normal(g, outputs, inputs)
        weight[:, loud[0]] *= 4
        cases.append({"activations": activations, "weight": weight, "threshold": threshold})
    activations, weight = _normal(g, 4, 10).clamp(-2, 2), _normal(g, 3, 10)
    cases.append({"activations": activations, "weight": weight, "threshold": 6.0})
    cases.append({"activations": activations, "weight": weight, "threshold": 0.0})
    activations, weight = cases[3]["activations"].clone(), cases[3]["weight"].clone()
    activations[2], weight[4] = 0.0, 0.0
    return [*cases, {"activations": activations, "weight": weight, "threshold": 6.0}]
