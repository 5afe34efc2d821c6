"""The cases of lesson 3: seed → inputs. Each is a whole walk on given gradients: (steps, tensors, entries …).

They are chosen so that no two misconceptions answer all of them alike. The first has numbers for a walk by hand; the
last has tensors of the same shape, so that what an answer remembers of one pass fits the next.
"""

import torch
from torch import Tensor

__all__ = ["adagrad_walks", "adam_walks", "adamw_walks", "mended_walks", "momentum_walks", "rmsprop_walks"]

BY_HAND = [[[1.0, 0.5]], [[-1.0, 0.5]], [[2.0, 0.5]]]


def _slopes(kind: str, g: torch.Generator, size: tuple[int, ...]) -> Tensor:
    """Gradients of a kind, shape (steps, tensors, …)."""
    slopes = torch.randn(size, generator=g, dtype=torch.float64)
    if kind == "tiny":
        return slopes * 10.0 ** -torch.randint(3, 9, size[1:], generator=g).double()
    if kind == "late":
        late = torch.rand(size[1:], generator=g) < 0.6
        return torch.where(late & (torch.arange(size[0]).reshape(-1, *[1] * (len(size) - 1)) < 2), 0.0, slopes)
    if kind == "uphill":
        return slopes.abs() + 0.1
    return slopes


WALKS = (
    ("ordinary", 4, (2, 3), False),
    ("tiny", 5, (1, 2, 3), False),
    ("late", 5, (1, 4), False),
    ("ordinary", 3, (2, 2, 1, 3), False),
    ("ordinary", 100, (1, 2), False),
    ("ordinary", 2, (2, 1), True),
    ("ordinary", 1, (2, 0), False),
    ("uphill", 4, (2, 2), False),
)
"""Kind of gradients, steps, shape of the parameters, and whether the walk is met halfway."""


def _walks(seed: int, states: tuple[str, ...], settings: list[dict], by_hand: dict, step: bool = False) -> list[dict]:
    """The walk by hand and the eight of WALKS, with a state of zeros except halfway, and one dict of settings each."""
    g = torch.Generator().manual_seed(seed)
    start, counted = torch.tensor([[1.0, -2.0]]).double(), {"step": 1} if step else {}
    zeros = dict.fromkeys(states, torch.zeros_like(start))
    cases = [{"parameters": start, "gradients": torch.tensor(BY_HAND).double()} | zeros | counted | by_hand]
    for (kind, steps, shape, halfway), setting in zip(WALKS, settings, strict=True):
        dtype = torch.float32 if steps == 100 else torch.float64
        parameters, slopes = torch.randn(shape, generator=g).to(dtype), _slopes(kind, g, (steps, *shape)).to(dtype)
        state = {name: torch.rand(shape, generator=g).to(dtype) * halfway for name in states}
        counted = {"step": 8 if halfway else 1} if step else {}
        cases.append({"parameters": parameters, "gradients": slopes} | state | counted | setting)
    return cases


def momentum_walks(seed: int) -> list[dict]:
    """Rates on both sides of the momentum, a momentum of 0 and of ½ among them."""
    grid = (0.1, 0.9), (0.5, 0.9), (0.1, 0.5), (0.3, 0.0), (0.01, 0.9), (0.2, 0.8), (0.1, 0.9), (0.05, 0.6)
    settings = [{"learning_rate": rate, "momentum": momentum} for rate, momentum in grid]
    return _walks(seed, ("velocity",), settings, {"learning_rate": 0.5, "momentum": 0.8})


RATES = (0.1, 0.1, 0.5, 0.2, 1 / 64, 0.1, 0.1, 0.3)
EPSILONS = (1e-8, 1e-8, 1e-10, 1e-2, 1e-8, 1e-3, 1e-8, 1e-6)
BETA1 = (0.9, 0.8, 0.9, 0.5, 0.9, 0.7, 0.9, 0.6)
BETA2 = (0.999, 0.99, 0.999, 0.8, 0.95, 0.95, 0.99, 0.75)
DECAYS = (0.1, 0.5, 0.2, 0.0, 0.25, 0.3, 0.1, 1.0)
"""The fifth belong to single precision, which holds 1 − 1/256 exactly: 0.999 would be off by 2e-6 after 100 steps."""


def adagrad_walks(seed: int) -> list[dict]:
    """Every size of gradient and of epsilon; entries whose first gradients are zero, and with them their squares."""
    settings = [{"learning_rate": rate, "epsilon": e} for rate, e in zip(RATES, EPSILONS, strict=True)]
    return _walks(seed, ("squares",), settings, {"learning_rate": 0.5, "epsilon": 0.01})


def rmsprop_walks(seed: int) -> list[dict]:
    """As `adagrad_walks`, with shares of ½ to 0.999."""
    grid = zip(RATES, (0.9, 0.99, 0.999, 0.5, 0.95, 0.95, 0.99, 0.75), EPSILONS, strict=True)
    settings = [{"learning_rate": rate, "beta2": beta, "epsilon": e} for rate, beta, e in grid]
    return _walks(seed, ("second_moment",), settings, {"learning_rate": 0.5, "beta2": 0.84, "epsilon": 0.01})


def adam_walks(seed: int) -> list[dict]:
    """As `rmsprop_walks`, with two shares that always differ."""
    grid = zip(RATES, BETA1, BETA2, EPSILONS, strict=True)
    settings = [{"learning_rate": rate, "beta1": b1, "beta2": b2, "epsilon": e} for rate, b1, b2, e in grid]
    by_hand = {"learning_rate": 0.5, "beta1": 0.5, "beta2": 0.84, "epsilon": 0.01}
    return _walks(seed, ("first_moment", "second_moment"), settings, by_hand, step=True)


def adamw_walks(seed: int) -> list[dict]:
    """As `adam_walks`, with decays of 0 to 1."""
    decays = (0.25, *DECAYS)
    return [case | {"decay": decay} for case, decay in zip(adam_walks(seed), decays, strict=True)]


def mended_walks(seed: int) -> list[dict]:
    """As `adam_walks`, the first 12 steps: there are many ways to leave a bug, and each is walked."""
    return [case | {"gradients": case["gradients"][:12]} for case in adam_walks(seed)]
