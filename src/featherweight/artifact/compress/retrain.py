"""Training what is left of a network: pruned weights stay zero, rounded ones feel the grid that they will be put on.

The loss is half cross-entropy with the labels, half the distance to what the network predicted when it was whole
(Hinton et al., arXiv:1503.02531, section 2): few examples say more that way. For a grid the forward pass sees the
rounded weights and their gradients go to the exact ones (straight-through, Bengio et al., arXiv:1308.3432).
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from featherweight.artifact.compress.data import Examples
from featherweight.artifact.compress.prune import apply_masks
from featherweight.artifact.compress.rounding import on_grid

__all__ = ["Clock", "Course", "retrain"]

TEMPERATURE = 2.0
RATE = 1e-3


class Clock:
    """The time that is left, in seconds."""

    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds until the end, never below 0."""
        return max(self.end - time.monotonic(), 0.0)


@dataclass(frozen=True, eq=False)
class Course:
    """What a network is trained on. teacher: (n, classes), what the whole network said. batch: examples a step."""

    examples: Examples
    teacher: Tensor
    batch: int
    seed: int


def retrain(
    network: nn.Module,
    course: Course,
    steps: int,
    clock: Clock,
    masks: Mapping[str, Tensor] | None = None,
    grids: Mapping[str, Tensor] | None = None,
    rate: float = RATE,
) -> int:
    """Train a network in place for some steps of Adam, the rate falling to 0 by half a cosine; returns the steps done.

    masks: name → bool, True = kept. grids: name → step of a grid that the weight is seen on. Stops when time is up.
    """
    named = dict(network.named_parameters())
    optimizer = torch.optim.Adam([one for one in named.values() if one.requires_grad], lr=rate)
    network.train()
    for done, rows in enumerate(_batches(course, steps)):
        if not clock.left:
            break
        for group in optimizer.param_groups:
            group["lr"] = rate * 0.5 * (1 + math.cos(math.pi * done / steps))
        exact = _rounded(named, grids or {})
        loss = _slope(network, optimizer, course, rows)
        _put_back(named, exact)
        if not math.isfinite(loss):
            break
        optimizer.step()
        apply_masks(network, masks or {})
    else:
        done = steps
    network.eval()
    return done


def _slope(network: nn.Module, optimizer: torch.optim.Optimizer, course: Course, rows: Tensor) -> float:
    """Set the gradients of one batch, none of them too long; returns the loss."""
    optimizer.zero_grad(set_to_none=True)
    loss = _loss(network(course.examples.inputs[rows]), course.examples.labels[rows], course.teacher[rows])
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
    return float(loss.detach())


def _loss(found: Tensor, labels: Tensor, teacher: Tensor) -> Tensor:
    student = F.log_softmax(found / TEMPERATURE, 1)
    soft = F.kl_div(student, F.log_softmax(teacher / TEMPERATURE, 1), log_target=True, reduction="batchmean")
    return 0.5 * F.cross_entropy(found, labels) + 0.5 * TEMPERATURE**2 * soft


def _batches(course: Course, steps: int) -> Iterator[Tensor]:
    """Rows of each step's examples; a rest of fewer than two is left out (batch normalization cannot use it)."""
    generator, done = torch.Generator().manual_seed(course.seed), 0
    home = course.examples.labels.device
    while done < steps:
        order = torch.randperm(len(course.examples), generator=generator).to(home)
        for rows in order.split(course.batch):
            if done < steps and len(rows) > 1:
                yield rows
                done += 1


@torch.no_grad()
def _rounded(named: Mapping[str, nn.Parameter], grids: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Put weights on their grids; returns what they were."""
    exact = {name: named[name].detach().clone() for name in grids}
    for name, step in grids.items():
        spread = step.reshape(-1, *[1] * (named[name].dim() - 1)) if step.numel() > 1 else step.reshape(())
        named[name].copy_(on_grid(named[name], step) * spread)
    return exact


@torch.no_grad()
def _put_back(named: Mapping[str, nn.Parameter], exact: Mapping[str, Tensor]) -> None:
    for name, value in exact.items():
        named[name].copy_(value)
