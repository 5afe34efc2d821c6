"""The cases of lesson 13: networks with ties, two networks on one test set, guesses, and recipes to choose from."""

import torch
from torch import Tensor

__all__ = ["fronts", "guesses", "pairs", "recipes"]

DOUBLE = torch.float64


def _generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _whole(generator: torch.Generator, low: int, high: int, *shape: int) -> Tensor:
    return torch.randint(low, high, shape, generator=generator)


def fronts(seed: int) -> list[dict]:
    """Sizes and errors with ties in one of them and in both, curves that bend inwards, one network, none.

    The first two and the last are written down so that every way to go wrong is seen in one of them.
    """
    g = _generator(seed)
    scale = 1 + torch.rand(2, generator=g, dtype=DOUBLE)
    tied = [(40, 9), (40, 7), (10, 30), (90, 7), (25, 12), (25, 12), (60, 8), (10, 31), (120, 2), (61, 5)]
    bent = [(10, 100), (20, 90), (30, 80), (40, 20), (100, 19), (200, 3), (150, 18), (35, 95), (300, 5)]
    cases = []
    for points in (tied, bent, [*bent[::-1], *tied]):
        places = torch.randperm(len(points), generator=g).tolist()
        chosen = torch.tensor([points[place] for place in places], dtype=DOUBLE) * scale
        cases.append({"sizes": chosen[:, 0].clone(), "errors": chosen[:, 1].clone()})
    crowd = {"sizes": _whole(g, 1, 9, 24), "errors": _whole(g, 0, 9, 24)}
    falling = {"sizes": torch.arange(5, 0, -1), "errors": torch.arange(1, 6)}
    same = {"sizes": torch.full((3,), 7.0), "errors": torch.full((3,), 2.0)}
    one = {"sizes": torch.tensor([5.0]), "errors": torch.tensor([1.0])}
    none = {"sizes": torch.zeros(0), "errors": torch.zeros(0)}
    return [*cases[:2], crowd, falling, same, one, none, cases[2]]


def pairs(seed: int) -> list[dict]:
    """Two networks that share most of their errors; few examples as well as many; equal; better than the dense one."""
    g = _generator(seed)
    grid = [(9, 0.7, 0.2, 1.645), (40, 0.9, 0.1, 2.326), (200, 0.95, 0.04, 1.645), (31, 0.6, 0.3, 1.282)]
    cases = []
    for count, share, changed, z in grid:
        dense = torch.rand(count, generator=g) < share
        dense[0], dense[1] = True, False
        flips = torch.rand(count, generator=g) < changed
        flips[0], flips[1], flips[2:4] = True, True, False  # each is right once where the other is not
        flips[2] |= count > 9
        cases.append({"dense": dense, "small": dense ^ flips, "z": z})
    lost = {"dense": torch.arange(12) < 11, "small": torch.arange(12) < 7, "z": 1.645}
    won = {"dense": torch.arange(12) < 6, "small": torch.arange(12) < 9, "z": 1.0}
    same = {"dense": torch.arange(8) < 5, "small": torch.arange(8) < 5, "z": 1.645}
    two = {"dense": torch.tensor([True, True]), "small": torch.tensor([True, False]), "z": 0.5}
    return [*cases, lost, won, same, two]


def guesses(seed: int) -> list[dict]:
    """Guesses at a few levels, two of them in one tenth; a level without a hit, one with a single guess; none."""
    g = _generator(seed)
    cases = []
    for levels, count in (((0.34, 0.39, 0.6, 0.9), 30), ((0.5, 0.75, 1.0), 17), ((0.9,), 5)):
        stated = torch.tensor(levels, dtype=DOUBLE)[_whole(g, 0, len(levels), count)]
        stated[: len(levels)] = torch.tensor(levels, dtype=DOUBLE).flip(0)
        right = torch.rand(count, generator=g, dtype=DOUBLE) < 0.3 + 0.4 * stated
        right[0], right[-1] = True, False
        cases.append({"stated": stated, "right": right})
    never = {"stated": torch.tensor([0.8, 0.2, 0.8, 0.2, 0.55], dtype=DOUBLE), "right": torch.arange(5) % 2 == 0}
    single = {"stated": torch.tensor([0.9, 0.3, 0.9]), "right": torch.tensor([True, False, False])}
    none = {"stated": torch.zeros(0), "right": torch.zeros(0, dtype=torch.bool)}
    return [*cases, never, single, none]


def recipes(seed: int) -> list[dict]:
    """Recipes of which the large ones are better, of which every rule chooses another one; then ties."""
    g = _generator(seed)
    cases = [_recipes(g, count, seeds) for count, seeds in ((12, 3), (14, 5), (16, 4), (12, 3))]
    spread = torch.tensor([[10, 10, 40], [18, 18, 18], [5, 20, 26], [1, 40, 40]])  # least median, most, mean, first
    uneven = {"sizes": torch.tensor([400, 300, 200, 100]), "validation": spread + seed % 5}
    uneven |= {"test": _whole(g, 40, 90, 4, 3), "budget": 500.0}
    sizes = torch.tensor([700, 500, 900, 500, 1000])
    equal = torch.tensor([[5, 5, 8], [6, 6, 6], [4, 7, 7], [6, 5, 7], [0, 1, 0]])
    tied = {"sizes": sizes, "validation": equal, "test": _whole(g, 40, 90, 5, 3), "budget": 900.0}
    edge = {"sizes": sizes, "validation": equal - torch.tensor([[0], [0], [2], [0], [0]]), "budget": 900.0}
    edge["test"] = _whole(g, 40, 90, 5, 3)
    alone = {
        "sizes": torch.tensor([10]),
        "validation": torch.tensor([[3]]),
        "test": torch.tensor([[4]]),
        "budget": 10.0,
    }
    keys = ("sizes", "validation", "test", "budget")
    return [*cases, uneven, tied, {key: edge[key] for key in keys}, alone]


def _recipes(generator: torch.Generator, count: int, seeds: int) -> dict:
    """Half of them fit. Least mean and least seed, of validation and test, lie at eight different recipes."""
    half = count // 2
    sizes = (100 * torch.randperm(2 * count, generator=generator)[:count] + 700).sort().values
    errors = [start + _whole(generator, 0, 20, count, seeds) for start in (45, 65)]  # validation, test
    order = torch.cat(
        [torch.randperm(half, generator=generator), torch.randperm(count - half, generator=generator) + half]
    )
    for part, ground in ((order[:half], 0), (order[half:], -12)):  # those that fit, and those that do not, are better
        for place, (table, start) in enumerate(zip(errors, (32, 52), strict=True)):
            steady, lucky = part[2 * place], part[2 * place + 1]
            table[steady] = start + ground + _whole(generator, 0, 3, seeds)
            table[lucky] += 8
            table[lucky, _whole(generator, 0, seeds, 1)] = start + ground - 9
    shuffle = torch.randperm(count, generator=generator)
    budget = float(sizes[half - 1] + sizes[half]) / 2
    return {"sizes": sizes[shuffle], "validation": errors[0][shuffle], "test": errors[1][shuffle], "budget": budget}
