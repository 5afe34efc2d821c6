"""The cases of lesson 8: numbers between codes, ranges, layers in whole numbers, and an optimizer's state in blocks."""

import torch
from torch import Tensor

__all__ = ["layers", "maps", "ranges", "roundings", "states", "weights"]


def _generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _whole(generator: torch.Generator, low: int, high: int, *shape: int) -> Tensor:
    """Whole numbers from low to high, both included, in float64."""
    return torch.randint(low, high + 1, shape, generator=generator).double()


def _between(generator: torch.Generator, *shape: int) -> Tensor:
    """Fractions from −0.4 to 0.4: nobody's rounding decides on them."""
    return 0.8 * torch.rand(shape, generator=generator, dtype=torch.float64) - 0.4


def roundings(seed: int) -> list[dict]:
    """Numbers halfway, between and beyond the codes; zero points odd and even; one scale, or one per channel."""
    g = _generator(seed)
    grid = [
        ((6,), 0.5, 3, 0, 255, 0.5),
        ((2, 5), 0.25, 7, 0, 255, 0.5),
        ((8,), 2.0, -5, -128, 127, 0.5),
        ((3, 4), 0.125, 4, 0, 15, 0.0),
        ((9,), 0.037, 128, 0, 255, 0.0),
        ((2, 2, 3), 0.3, 0, -127, 127, 0.0),
        ((7,), 4.0, 1, -8, 7, 0.5),
        ((1,), 0.01, 11, 0, 255, 0.0),
    ]
    cases = []
    for shape, scale, zero_point, low, high, tie in grid:
        steps = _whole(g, low - zero_point, high - zero_point, *shape) + (tie or _between(g, *shape))
        flat = steps.view(-1)
        if len(flat) > 5:
            halfway = [-0.5 - 2 * (seed % 2), 0.5] if tie else []  # of such scales float32 loses nothing
            beyond = [low - zero_point - 3.3, high - zero_point + 40.2, *halfway]
            flat[: len(beyond)] = torch.tensor(beyond, dtype=torch.float64)
        tensor = (steps * scale).float()
        cases.append({"tensor": tensor, "scale": scale, "zero_point": zero_point, "low": low, "high": high})
    steps = _whole(g, -140, 140, 3, 5) + _between(g, 3, 5)
    scale, zero_point = torch.tensor([[0.02], [1.5], [0.4]]), torch.tensor([[0], [-7], [12]], dtype=torch.int32)
    codes = {"low": -128, "high": 127}
    cases.append({"tensor": (steps * scale).float(), "scale": scale, "zero_point": zero_point, **codes})
    steps = _whole(g, -9, 9, 4) + 0.5
    cases.append({"tensor": steps / 4, "scale": 0.25, "zero_point": 5, "low": 0, "high": 15})
    return [*cases, {"tensor": torch.empty(0, 2), "scale": 0.1, "zero_point": 1, **codes}]


def ranges(seed: int) -> list[dict]:
    """Numbers of both signs, of one, none, and of a kind; codes with and without sign; zero points that tie."""
    g = _generator(seed)
    grid = [
        ((6,), 0, 255, 90, 0.013),
        ((3, 4), -128, 127, 60, 0.2),
        ((2, 2, 2), 0, 15, 5, 1.7),
        ((9,), -8, 7, 11, 0.06),
        ((5,), -127, 127, 127, 0.5),
        ((4,), 3, 20, 6, 3.0),
    ]
    cases = []
    for shape, low, high, below, scale in grid:
        smallest = -(below + float(_between(g)))
        ends = torch.tensor([smallest, smallest + (high - low)], dtype=torch.float64)
        values = ends[0] + torch.rand(shape, generator=g, dtype=torch.float64) * (high - low)
        values.view(-1)[torch.randperm(values.numel(), generator=g)[:2]] = ends
        cases.append({"tensor": (values * scale).float(), "low": low, "high": high})
    sizes = 2 + torch.rand(3, 5, generator=g)
    cases.append({"tensor": sizes, "low": 0, "high": 255})
    cases.append({"tensor": -sizes[0], "low": -128, "high": 127})
    cases.append({"tensor": sizes[0, :1], "low": -8, "high": 7})
    half = 2.0 ** (seed % 3)
    for low, high, ends in ((0, 3, (-0.5, 2.5)), (-1, 2, (-1.5, 1.5)), (-3, 4, (-2.5, 4.5)), (5, 12, (-3.5, 3.5))):
        tensor = torch.tensor([0.25, *ends]) * half
        cases.append({"tensor": tensor, "low": low, "high": high})
    cases.append({"tensor": torch.zeros(2, 2), "low": 0, "high": 255})
    cases.append({"tensor": torch.zeros(3), "low": -128, "high": 127})
    return [*cases, {"tensor": torch.empty(0), "low": -8, "high": 7}]


def weights(seed: int) -> list[dict]:
    """Layers of either kind whose channels differ in size by powers of ten; some channels of zeros; several bits."""
    g = _generator(seed)
    shapes = [(2, 3), (4, 4), (3, 6), (3, 2, 2, 2), (2, 3, 1, 3), (5, 1), (1, 4), (3, 1, 2, 2)]
    cases = []
    for number, shape in enumerate(shapes):
        weight = torch.randn(shape, generator=g)
        rows = weight.view(shape[0], -1)
        rows *= 10.0 ** torch.randint(-2, 3, (shape[0], 1), generator=g)
        most = rows.abs().argmax(1)
        rows[torch.arange(shape[0]), most] = -1.2 * rows.abs().amax(1)  # what is largest is negative
        if number % 3 == 1:
            rows[int(torch.randint(shape[0], (), generator=g))] = 0
        cases.append({"weight": weight, "bits": (8, 4, 8, 3, 8, 2, 6, 8)[number]})
    return cases


def layers(seed: int) -> list[dict]:
    """Codes of inputs with and without sign, all of them in use; some sums that float32 cannot hold."""
    g = _generator(seed)
    grid = [
        (torch.uint8, 1, 2, 2, 3),
        (torch.uint8, 2, 4, 3, 128),
        (torch.int8, 3, 3, 3, -5),
        (torch.int8, 2, 6, 1, 100),
        (torch.uint8, 4, 5, 2, 0),
        (torch.int8, 1, 9, 4, -128),
    ]
    cases = []
    for dtype, batch, inputs, outputs, zero_point in grid:
        ends = torch.iinfo(dtype)
        codes = _whole(g, ends.min, ends.max, batch, inputs)
        codes[0, :2] = torch.tensor([ends.min, ends.max])
        weight = _whole(g, -127, 127, outputs, inputs)
        weight[:, :2] = weight[:, :2].sign() * 120 + 7
        bias = _whole(g, -40_000, 40_000, outputs)
        whole = {"inputs": codes.to(dtype), "zero_point": zero_point, "weight": weight.to(torch.int8)}
        cases.append({**whole, "bias": bias.to(torch.int32)})
    for dtype, zero_point in ((torch.uint8, 0), (torch.int8, -128)):  # odd sums of odd products, above 2**24
        last = torch.iinfo(dtype).max
        codes = (last - 2 * _whole(g, 0, 4, 2, 901)).to(dtype)
        weight = (127 - 2 * _whole(g, 0, 4, 2, 901)).to(torch.int8)
        bias = 2 * _whole(g, -900, 900, 2).to(torch.int32)
        cases.append({"inputs": codes, "zero_point": zero_point, "weight": weight, "bias": bias})
    return cases


MAP = (-0.875, -0.25, -0.0625, 0.0, 0.03125, 0.25, 0.5, 1.0)
"""Entries whose middles are exact numbers."""


def states(seed: int) -> list[dict]:
    """States whose blocks differ in size; short last blocks, blocks of zeros, one number, none; some ties."""
    g = _generator(seed)
    small = torch.tensor(MAP)
    even = torch.linspace(-1, 1, 9)
    wide = torch.cat([-(10.0 ** torch.linspace(-6, -0.01, 120)).flip(0), torch.zeros(1)])
    wide = torch.cat([wide, 10.0 ** torch.linspace(-6, 0, 135)])
    grid = [
        ((5,), small, 2),
        ((3, 4), small, 4),
        ((2, 5), even, 3),
        ((7,), small, 7),
        ((4, 6), wide, 5),
        ((6,), wide, 4),
    ]
    cases = []
    for shape, code, block in grid:
        tensor = _on_entries(g, torch.Size(shape).numel(), code, block)
        cases.append({"tensor": tensor.view(shape), "code": code, "block": block})
    zeros = torch.tensor([0.0, 0.0, 0.0, 2.0, -1.0, 0.0, 0.0])
    cases.append({"tensor": zeros, "code": small, "block": 3})
    cases.append({"tensor": torch.tensor([1.0, 0.375, -0.5625, 0.75, 0.015625]), "code": small, "block": 8})
    cases.append({"tensor": torch.tensor([[-4.0 - seed % 5]]), "code": small, "block": 2})
    positive = wide[wide >= 0]
    squares = _on_entries(g, 12, positive, 4).abs()
    cases.append({"tensor": squares.view(3, 4), "code": positive, "block": 8})
    return [*cases, {"tensor": torch.empty(0), "code": small, "block": 4}]


def _on_entries(generator: torch.Generator, count: int, code: Tensor, block: int) -> Tensor:
    """Numbers near entries of a map, a third of the way to a neighbour at most; each block has a size of its own."""
    places = torch.randint(1, len(code) - 1, (count,), generator=generator)
    below, above = code[places] - code[places - 1], code[places + 1] - code[places]
    way = 2 * torch.rand(count, generator=generator) - 1
    values = code[places] + 0.35 * torch.where(way > 0, way * above, way * below)
    for start in range(0, count, block):
        piece = values[start : start + block]
        piece[int(torch.randint(len(piece), (), generator=generator))] = (
            1.0 if start % (2 * block) or code[0] == 0 else -1.0
        )
        piece *= 10.0 ** float(torch.randint(-3, 3, (), generator=generator))
    return values


def maps(seed: int) -> list[dict]:
    """Every map from 3 to 5 bits and of 8, with signs and without: there are no others to ask for."""
    return [{"signed": signed, "bits": bits} for bits in (3, 4, 5, 8) for signed in (True, False)]
