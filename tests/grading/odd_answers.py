"""Answers that no exercise expects: of every type that the wire delivers, and of the right form with odd contents."""

import math

import torch

from featherweight.grading.wire import DTYPES, Other, pack, unpack

NUMBERS = [0, -1, 2**63, 2**64, 10**400, -(10**400), 0.0, -0.0, 1e308, 5e-324, math.nan, math.inf, -math.inf]
TENSORS = [torch.empty(0), torch.zeros(2, 0), torch.empty(0, 2**39), torch.tensor(math.nan), torch.tensor(True)]
OTHERS = [None, True, "", "x", Other("dict"), [], (), [[]], [None], [[1], [2, 3]], [10**400], [Other("x")], ["x"]]
ODD = [*NUMBERS, *TENSORS, *(tensor.numpy() for tensor in TENSORS), *OTHERS]
INSERTED = [10**400, math.nan, None, "x", Other("y"), True, [], torch.zeros(3), torch.zeros(0)]


def odd_answers(expected):
    """Odd answers where `expected` is wanted, each as it comes off the wire."""
    return [unpack(*pack(value)) for value in (*ODD, *_like(expected))]


def spoilt(value, number):
    """An answer with every float in it replaced."""
    if isinstance(value, torch.Tensor) and value.is_floating_point():
        return torch.full_like(value, number)
    if isinstance(value, list | tuple):
        return type(value)(spoilt(part, number) for part in value)
    return number if isinstance(value, float) else value


def has_floats(value):
    """Whether anything in an answer can be spoilt."""
    if isinstance(value, list | tuple):
        return any(map(has_floats, value))
    return value.is_floating_point() and value.numel() > 0 if isinstance(value, torch.Tensor) else type(value) is float


def _like(value):
    if isinstance(value, torch.Tensor):
        yield from _tensors_like(value)
    elif isinstance(value, list | tuple):
        yield from ([*value[1:]], [*value, *value], [*reversed(value)])
        for place, part in enumerate(value):
            for odd in (*ODD, *_like(part)):
                yield [*value[:place], odd, *value[place + 1 :]]
    elif isinstance(value, int | float):
        yield from ([value], str(value), torch.tensor(value), torch.tensor([value]), torch.tensor(2**62))


def _tensors_like(value):
    yield from (torch.ones(value.shape, dtype=dtype) for dtype in DTYPES.values())
    yield from (value.flatten(), value.unsqueeze(0), value.numpy().copy(), value.tolist())
    kind = torch.finfo if value.is_floating_point() else torch.iinfo if value.dtype != torch.bool else None
    numbers = [kind(value.dtype).max, kind(value.dtype).min] if kind else []
    for number in (*numbers, *((math.nan, math.inf, -math.inf) if kind is torch.finfo else ())):
        yield torch.full_like(value, number)
        yield torch.cat([value.flatten()[:-1], torch.full_like(value.flatten()[:1], number)]).reshape(value.shape)
    if value.ndim and len(value):
        yield from ([odd, *value.tolist()[1:]] for odd in INSERTED)
