"""One plain training loop, its progress bar, and the class that keeps a step function's state."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from tqdm import tqdm

__all__ = ["Stepper", "train", "watched"]


class Optimizer(Protocol):
    def zero_grad(self) -> None: ...
    def step(self) -> None: ...


def train(
    network: nn.Module,
    inputs: Tensor,
    labels: Tensor,
    optimizer: Optimizer,
    epochs: int,
    *,
    seed: int = 0,
    batch_size: int = 64,
    loss: Callable[[Tensor, Tensor], Tensor] = F.cross_entropy,
    before_step: Callable[[int], None] | None = None,
    title: str | None = None,
) -> list[float]:
    """Train in place and return the mean loss of each epoch.

    Every epoch visits all examples once, in a fresh order drawn from `seed` on the CPU, so that a GPU sees the same
    batches. `before_step(step)` runs before each update, with steps counted from 1 (a schedule, a growing mask).
    `title` names the progress bar; without one the loop is silent.
    """
    order = torch.Generator().manual_seed(seed)
    history, step = [], 0
    for _ in watched(range(epochs), title):
        total = torch.zeros((), device=inputs.device)
        for batch in torch.randperm(len(labels), generator=order).to(inputs.device).split(batch_size):
            step += 1
            optimizer.zero_grad()
            value = loss(network(inputs[batch]), labels[batch])
            value.backward()
            if before_step:
                before_step(step)
            optimizer.step()
            total += value.detach() * len(batch)
        history.append(total.item() / len(labels))
    return history


def watched(things: Iterable, title: str | None) -> Iterator:
    """Iterate with a progress bar in a terminal or a notebook; everywhere else one line when it is done.

    The bar, too, is replaced by that line: `title: 15 of 15 in 3.2 s`. Without a title nothing is shown.
    """
    if title is None:
        yield from things
        return
    started, done = time.perf_counter(), 0
    bar = tqdm(things, desc=title, file=sys.stdout, leave=False, ncols=72, disable=not _someone_watches())
    for thing in bar:
        yield thing
        done += 1
    print(f"{title}: {done} of {done} in {time.perf_counter() - started:.1f} s")


def _someone_watches() -> bool:
    return sys.stdout.isatty() or type(sys.stdout).__module__.startswith("ipykernel")


class Stepper:
    """Run a pure step function as an optimizer: it keeps each parameter's moments and counts the steps.

    `rule(parameter, gradient, [mask,] *moments, step, *settings)` returns the new parameter and the new moments.

    parameters: the tensors to train. moments: how many moments the rule keeps, each starts at zero.
    settings: what the rule takes after `step`, in its order. masks: one boolean tensor per parameter (True = kept),
    or None for a rule without masks.
    """

    def __init__(
        self,
        parameters: Iterable[Tensor],
        rule: Callable[..., tuple[Tensor, ...]],
        moments: int,
        settings: Sequence[float] = (),
        masks: Sequence[Tensor] | None = None,
    ) -> None:
        self.parameters = list(parameters)
        self.rule = rule
        self.masks = masks
        self.settings = settings
        self.moments = [[torch.zeros_like(p) for _ in range(moments)] for p in self.parameters]
        self.steps = 0

    def zero_grad(self) -> None:
        for parameter in self.parameters:
            parameter.grad = None

    @torch.no_grad()
    def step(self) -> None:
        self.steps += 1
        for index, parameter in enumerate(self.parameters):
            mask = [] if self.masks is None else [self.masks[index]]
            new, *self.moments[index] = self.rule(
                parameter.detach(), parameter.grad, *mask, *self.moments[index], self.steps, *self.settings
            )
            parameter.copy_(new)
