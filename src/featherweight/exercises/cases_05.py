"""The cases of lesson 5, and the two rules that judge a mask where several are right."""

import torch
from torch import Tensor

__all__ = [
    "grouped",
    "layers",
    "networks",
    "pruned_before",
    "prunes_the_smallest",
    "ramps",
    "steps",
    "two_of_every_four",
]


def _generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _distinct(generator: torch.Generator, *shape: int, dtype=torch.float32) -> Tensor:
    """Tenths of either sign in a random order, no two of the same size, none of them zero."""
    count = torch.Size(shape).numel()
    sizes = (torch.randperm(count, generator=generator) + 1) / 10
    signs = 2 * torch.randint(2, (count,), generator=generator) - 1
    return (sizes * signs).reshape(shape).to(dtype)


def networks(seed: int) -> list[dict]:
    """Layers of different scale, tie-free but for the last two cases; no count of exactly one half."""
    g = _generator(seed)
    grid = [
        ([(2,), (1, 4)], 0.5),
        ([(5, 5)], 0.72),
        ([(6, 4), (3, 6)], 0.7),
        ([(4, 9), (2, 4), (2,)], 0.9),
        ([(1, 17)], 0.3),
        ([(17, 1), (1, 1)], 0.6),
        ([(1, 1)], 1.0),
        ([(1, 1), (3, 2)], 0.0),
        ([(2, 3), (5, 1)], 1.0),
        ([(3, 2, 2, 2), (7,)], 0.82),
        ([(0, 3), (2, 2)], 0.4),
    ]
    cases = []
    for shapes, sparsity in grid:
        sizes = [torch.Size(shape).numel() for shape in shapes]
        parts = _distinct(g, sum(sizes)).split(sizes)
        # A small first layer and a large last one: one ranking for all is not one ranking for each.
        tensors = [(part * 3.0**i).reshape(shape) for i, (part, shape) in enumerate(zip(parts, shapes, strict=True))]
        cases.append({"tensors": tensors, "sparsity": sparsity})
    pruned = _distinct(g, 4, 5)
    pruned[:, 1:3] = 0.0
    equal = torch.ones(3, 4)
    equal[0] = -2.0
    return [
        *cases,
        {"tensors": [pruned], "sparsity": 0.6},
        {"tensors": [pruned], "sparsity": 0.2},
        {"tensors": [equal], "sparsity": 0.3},
    ]


def prunes_the_smallest(inputs, answer, expected) -> str | None:
    """The count is exact, and no kept weight is smaller than a pruned one; which of several equals go is free."""
    sizes = torch.cat([tensor.abs().flatten() for tensor in inputs["tensors"]])
    kept = torch.cat([mask.flatten() for mask in answer])
    wanted = sum(int((~mask).sum()) for mask in expected)
    found = int((~kept).sum())
    if found != wanted:
        return f"{wanted} of {len(kept)} entries pruned (False), found {found}"
    return _order(sizes, kept)


def _order(sizes: Tensor, kept: Tensor) -> str | None:
    if kept.all() or not kept.any() or sizes[kept].min() >= sizes[~kept].max():
        return None
    smallest, largest = sizes[kept].min().item(), sizes[~kept].max().item()
    return f"the smallest pruned; one of size {largest:.4g} is pruned while one of size {smallest:.4g} is kept"


def steps(seed: int) -> list[dict]:
    """Survivors and pruned, most with a past in their moments; gradients from 1e-6 to 1, and large rates."""
    g = _generator(seed)
    grid = [
        ((2, 3), 3, 1e-2, 0.5, 0.9),
        ((5, 5), 2, 1e-2, 0.5, 0.9),
        ((2, 7), 1, 1.0, 0.9, 0.999),
        ((7, 2), 2, 1e-3, 0.9, 0.99),
    ]
    grid += [((1, 1), 4, 1e-4, 0.5, 0.5), ((9,), 10, 1e-6, 0.8, 0.9), ((0, 3), 2, 1.0, 0.9, 0.999)]
    cases = []
    for number, (shape, step, size, beta1, beta2) in enumerate(grid):

        def draw(shape=shape):
            return torch.randn(shape, generator=g, dtype=torch.float64)

        mask = draw() > 0
        if mask.numel() > 1:
            mask.view(-1)[:2] = torch.tensor([True, False])
        past = 0.0 if step == 1 else size
        tensors = {"weight": draw(), "gradient": size * draw(), "mask": mask}
        tensors |= {"first_moment": past * draw(), "second_moment": past**2 * draw().abs()}
        dtype = torch.float32 if number in (2, 3) else torch.float64
        tensors = {name: t if t.dtype == torch.bool else t.to(dtype) for name, t in tensors.items()}
        rest = {"step": step, "learning_rate": 0.1, "beta1": beta1, "beta2": beta2, "epsilon": 1e-8}
        cases.append(tensors | rest)
    all_kept, all_gone = ({**cases[0], "mask": torch.full((2, 3), keep)} for keep in (True, False))
    already_zero = {**cases[0], "weight": cases[0]["weight"] * cases[0]["mask"]}
    return [already_zero, *cases, all_kept, all_gone]


def ramps(seed: int) -> list[dict]:
    g = _generator(seed)
    grid = [(10, 0, 10), (1, 0, 10), (5, 0, 10), (20, 10, 50), (30, 10, 50), (49, 10, 50), (50, 10, 50), (10, 10, 50)]
    grid += [(3, 10, 50), (80, 10, 50), (1, 1, 2), (101, 100, 500), (0, 0, 3)]
    names = ("step", "initial_sparsity", "final_sparsity", "begin_step", "end_step")
    draws = torch.rand(len(grid), 2, generator=g, dtype=torch.float64).tolist()
    cases = []
    for number, ((step, begin, end), (a, b)) in enumerate(zip(grid, draws, strict=True)):
        initial, final = 0.0 if number < 3 else round(0.1 + 0.3 * a, 3), round(0.6 + 0.35 * b, 3)
        cases.append(dict(zip(names, (step, initial, final, begin, end), strict=True)))
    return cases


def grouped(seed: int) -> list[dict]:
    g = _generator(seed)
    shapes = [(1, 4), (2, 8), (8, 8), (3, 12), (12, 4), (1, 40)]
    tie = torch.tensor([[1.0, -1.0, 1.0, 1.0], [0.0, 0.0, 0.0, 0.0], [2.0, 1.0, -1.0, 0.5]])
    return [*({"weight": _distinct(g, *shape)} for shape in shapes), {"weight": tie}]


def two_of_every_four(inputs, answer, expected) -> str | None:
    sizes, kept = inputs["weight"].abs().reshape(-1, 4), answer.reshape(-1, 4)
    columns = inputs["weight"].shape[1]
    for number, (group, keep) in enumerate(zip(sizes, kept, strict=True)):
        row, first = divmod(4 * number, columns)
        place = f"in row {row}, entries {first} to {first + 3}"
        if keep.sum() != 2:
            return f"two kept {place}, found {int(keep.sum())}"
        if group[keep].min() < group[~keep].max():
            return f"the two largest of {[round(x, 3) for x in group.tolist()]} kept {place}"
    return None


def layers(seed: int) -> list[dict]:
    g = _generator(seed)
    grid = [(2, 3, 4), (3, 5, 4), (5, 5, 5), (2, 7, 20), (9, 2, 3), (1, 1, 6), (4, 3, 1), (2, 3, 0), (6, 6, 6)]
    cases = []
    for number, (outputs, inputs, examples) in enumerate(grid):
        dtype = torch.float32 if number % 3 == 0 else torch.float64
        weight = torch.randn(outputs, inputs, generator=g, dtype=torch.float64)
        scales = 10 ** torch.linspace(-2, 1, inputs, dtype=torch.float64)  # inputs differ in size, as in real networks
        activations = torch.randn(examples, inputs, generator=g, dtype=torch.float64) * scales
        cases.append({"weight": weight.to(dtype), "activations": activations.to(dtype)})
    return cases


def pruned_before(seed: int) -> list[dict]:
    """Weights with old values under the mask, and shares that leave no count of exactly one half."""
    g = _generator(seed)
    grid = [
        ((2, 5), 0.4, 0.8),
        ((5, 5), 0.4, 0.72),
        ((2, 11), 0.5, 0.8),
        ((13, 1), 0.3, 0.6),
        ((4, 5), 0.6, 0.6),
        ((4, 5), 0.7, 0.4),
    ]
    grid += [
        ((6, 3), 0.5, 1.0),
        ((6, 3), 0.5, 0.0),
        ((9,), 0.0, 0.7),
        ((7,), 1.0, 0.6),
        ((1,), 0.0, 1.0),
        ((0,), 0.0, 0.5),
    ]
    cases = []
    for shape, before, sparsity in grid:
        weight = _distinct(g, *shape)
        order = torch.randperm(weight.numel(), generator=g)
        mask = torch.ones(weight.numel(), dtype=torch.bool)
        mask[order[: round(before * weight.numel())]] = False
        cases.append({"weight": weight, "mask": mask.view(shape), "sparsity": sparsity})
    zeroed = {**cases[0], "weight": cases[0]["weight"] * cases[0]["mask"]}
    return [zeroed, *cases]
