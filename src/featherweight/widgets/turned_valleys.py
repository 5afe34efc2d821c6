"""Valleys turned by an angle, and how many steps each method needs in them with equal budgets of tuning.

f(x) = ½ xᵀHx with H = R diag(1, κ) Rᵀ; the start turns with the valley. Equal budgets: for each method, angle and κ the
best of the same 46 learning rates (10⁻⁴ to 10^0.5, ten a decade), the other settings PyTorch's defaults. Best is the
fewest steps until the walk is, and stays, within a tenth of its first distance from the minimum; where no rate arrives,
the nearest at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import product

import torch
from torch import Tensor

from featherweight.lab.methods import walk
from featherweight.widgets.racers import RACERS

__all__ = [
    "ANGLES",
    "CONDITIONS",
    "FAR",
    "METHODS",
    "NEAR",
    "RATES",
    "STEPS",
    "Best",
    "arrives_at",
    "best_walks",
    "hessians",
    "slope_in",
    "starts",
    "turns",
]

STEPS, NEAR, FAR = 300, 0.1, 100.0  # arrived: NEAR of the first distance; diverged: FAR times it
START = torch.tensor([-2.4, 0.8], dtype=torch.float64)  # along and across the valley
RATES = torch.logspace(-4, 0.5, 46, dtype=torch.float64)
ANGLES = tuple(range(0, 91, 5))
CONDITIONS = (1, 10, 100, 1000)
METHODS = ("sgd_step", "momentum_step", "adam_step")


@dataclass(frozen=True)
class Best:
    """A method's best walk in one valley: its rate, the points (STEPS + 1, 2), the step of arrival if it arrives."""

    rate: float
    points: Tensor
    arrival: int | None


def hessians(angles: Tensor, conditions: Tensor) -> Tensor:
    """Valleys (n, 2, 2) turned by angles (n,) in degrees, with condition numbers (n,)."""
    turn = turns(angles)
    curvatures = torch.stack([torch.ones_like(conditions), conditions], dim=-1)
    return turn @ torch.diag_embed(curvatures) @ turn.mT


def starts(angles: Tensor) -> Tensor:
    """Where the walks begin, turned with the valley: (n, 2)."""
    return turns(angles) @ START


def arrives_at(distances: Tensor) -> Tensor:
    """The step from which on distances (steps + 1, …) are within NEAR of the first; steps + 1 where they never are."""
    outside = ~(distances <= NEAR * distances[0])  # NaN is outside
    numbers = torch.arange(1, len(distances) + 1).view(-1, *[1] * (distances.ndim - 1))
    return (outside * numbers).amax(0)


@cache
def best_walks() -> dict[tuple, Best]:
    """The best walk of every method, angle and κ."""
    states = list(product(ANGLES, CONDITIONS))
    angles, conditions = torch.tensor(states, dtype=torch.float64).T
    found = {}
    for name in METHODS:
        rates = _best_rates(name, hessians(angles, conditions), starts(angles))
        points = walk(RACERS[name].rule, slope_in(hessians(angles, conditions)), starts(angles), rates[:, None], STEPS)
        arrivals = arrives_at(points.norm(dim=-1)).tolist()
        for place, (state, rate) in enumerate(zip(states, rates.tolist(), strict=True)):
            arrival = arrivals[place] if arrivals[place] <= STEPS else None
            found[name, *state] = Best(rate, points[:, place], arrival)
    return found


def _best_rates(name: str, valleys: Tensor, begins: Tensor) -> Tensor:
    """For each valley the rate that arrives first, or else ends nearest: (n,)."""
    count = len(valleys)
    valleys, begins = valleys.repeat_interleave(len(RATES), 0), begins.repeat_interleave(len(RATES), 0)
    points = walk(RACERS[name].rule, slope_in(valleys), begins, RATES.repeat(count)[:, None], STEPS)
    distances = points.norm(dim=-1)
    ends = (distances[-1] / distances[0]).nan_to_num(nan=torch.inf)
    steps = arrives_at(distances)
    scores = torch.where(steps <= STEPS, steps, STEPS + ends)
    return RATES[scores.view(count, -1).argmin(1)]


def slope_in(valleys: Tensor) -> Callable[[Tensor], Tensor]:
    """From points (…, 2) to gradients in valleys (…, 2, 2)."""
    return lambda points: (valleys @ points[..., None])[..., 0]


def turns(angles: Tensor) -> Tensor:
    """Rotations (n, 2, 2) by angles (n,) in degrees."""
    radians = torch.deg2rad(angles)
    cosine, sine = radians.cos(), radians.sin()
    return torch.stack([torch.stack([cosine, -sine], -1), torch.stack([sine, cosine], -1)], -2)
