"""Train one small network with any method of lesson 4: rules for single tensors, or for all weights as one vector.

The functions that the reader writes in lesson 4 are arguments here, with the book's own as defaults.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from featherweight.lab.training import Stepper
from featherweight.optimizers.adaptive import adamw_step, momentum_step
from featherweight.optimizers.lion import lion_step
from featherweight.optimizers.muon import muon_step
from featherweight.optimizers.sam import sam_gradient
from featherweight.optimizers.schedule_free import schedule_free_step

__all__ = [
    "BATCH",
    "Flat",
    "Library",
    "PerTensor",
    "Walker",
    "adamw",
    "fit",
    "lion",
    "momentum",
    "muon",
    "sam",
    "schedule_free",
    "state_bytes",
]

BATCH = 64


class Walker(Protocol):
    """Moves the weights of a network, one batch a step. state: the tensors that it keeps beside the weights."""

    network: nn.Module

    def step(self, inputs: Tensor, labels: Tensor, rate: float) -> None: ...
    def state(self) -> list[Tensor]: ...


def fit(
    walker: Walker,
    inputs: Tensor,
    labels: Tensor,
    epochs: int,
    seed: int,
    rate: Callable[[int, int], float],
    after_epoch: Callable[[int], None] | None = None,
) -> None:
    """Walk over the examples `epochs` times in batches of BATCH, in orders drawn from `seed`.

    rate: (step from 1, all steps) → learning rate. after_epoch: called with the number of the epoch, from 1.
    """
    order = torch.Generator().manual_seed(seed)
    total, step = epochs * -(-len(labels) // BATCH), 0
    for epoch in range(1, epochs + 1):
        for batch in torch.randperm(len(labels), generator=order).to(inputs.device).split(BATCH):
            step += 1
            walker.step(inputs[batch], labels[batch], rate(step, total))
        if after_epoch:
            after_epoch(epoch)


class PerTensor:
    """A rule for each parameter of its own: `rule(parameter, gradient, *moments, step, rate)`, as in `Stepper`.

    rules: one pair of a rule and its number of moments for each parameter of the network.
    """

    def __init__(self, network: nn.Module, rules: Sequence[tuple[Callable, int]]) -> None:
        self.network = network
        pairs = zip(network.parameters(), rules, strict=True)
        self.steppers = [Stepper([parameter], rule, moments) for parameter, (rule, moments) in pairs]

    def step(self, inputs: Tensor, labels: Tensor, rate: float) -> None:
        self.network.zero_grad()
        F.cross_entropy(self.network(inputs), labels).backward()
        for stepper in self.steppers:
            stepper.settings = (rate,)
            stepper.step()

    def state(self) -> list[Tensor]:
        return [moment for moments in self.moments for moment in moments]

    @property
    def moments(self) -> list[list[Tensor]]:
        """Of each parameter, in order."""
        return [stepper.moments[0] for stepper in self.steppers]


class Flat:
    """A rule for all weights as one vector, which asks for gradients itself.

    rule: `rule(weights, second, gradient, step, rate)` gives back the first two anew; the network then holds `weights`.
    from_zero: whether `second` starts at zero, or where the weights start.
    """

    def __init__(self, network: nn.Module, rule: Callable, from_zero: bool) -> None:
        self.network, self.rule, self.steps = network, rule, 0
        self.weights = parameters_to_vector(network.parameters()).detach()
        self.second = torch.zeros_like(self.weights) if from_zero else self.weights.clone()

    def step(self, inputs: Tensor, labels: Tensor, rate: float) -> None:
        self.steps += 1

        def gradient(point: Tensor) -> Tensor:
            vector_to_parameters(point, self.network.parameters())
            self.network.zero_grad()
            F.cross_entropy(self.network(inputs), labels).backward()
            return parameters_to_vector([parameter.grad for parameter in self.network.parameters()])

        self.weights, self.second = self.rule(self.weights, self.second, gradient, self.steps, rate)
        vector_to_parameters(self.weights, self.network.parameters())

    def state(self) -> list[Tensor]:
        return [self.second]


class Library:
    """An optimizer of torch.optim, built by `make(parameters)`. bfloat16: run the network under autocast."""

    def __init__(self, network: nn.Module, make: Callable, bfloat16: bool = False) -> None:
        self.network, self.optimizer, self.bfloat16 = network, make(network.parameters()), bfloat16

    def step(self, inputs: Tensor, labels: Tensor, rate: float) -> None:
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.zero_grad()
        with torch.autocast(inputs.device.type, torch.bfloat16, enabled=self.bfloat16):
            loss = F.cross_entropy(self.network(inputs), labels)
        loss.backward()
        self.optimizer.step()

    def state(self) -> list[Tensor]:
        kept = [value for values in self.optimizer.state.values() for value in values.values()]
        flat = [part for value in kept for part in (value if isinstance(value, list) else [value])]
        return [value for value in flat if isinstance(value, Tensor)]


def state_bytes(walker: Walker) -> float:
    """Bytes that the optimizer keeps from step to step beside the weights, per weight; after at least one step."""
    kept = sum(tensor.numel() * tensor.element_size() for tensor in walker.state())
    return kept / sum(parameter.numel() for parameter in walker.network.parameters())


def momentum(network: nn.Module) -> PerTensor:
    """SGD with momentum 0.9, in PyTorch's convention."""
    return _alike(network, lambda w, g, m, step, rate: momentum_step(w, g, m, rate, 0.9), 1)


def adamw(network: nn.Module) -> PerTensor:
    """AdamW with β = 0.9, 0.999 and decay 0.01."""
    return _alike(network, _adamw, 2)


def lion(network: nn.Module, step_function: Callable = lion_step) -> PerTensor:
    """Lion with β = 0.9, 0.99 and decay 0.1: ten times AdamW's for rates ten times smaller, as its paper advises."""
    return _alike(network, lambda w, g, m, step, rate: step_function(w, g, m, rate, 0.9, 0.99, 0.1), 1)


def muon(network: nn.Module, step_function: Callable = muon_step) -> PerTensor:
    """Muon with β = 0.95 for every matrix but the last; AdamW, at a tenth of Muon's rate, for the last and biases."""
    shapes = [parameter.ndim for parameter in network.parameters()]
    last = len(shapes) - 1 - shapes[::-1].index(2)
    hidden = (lambda w, g, m, step, rate: step_function(w, g, m, rate, 0.95, 0.01), 1)
    rest = (lambda w, g, m, v, step, rate: _adamw(w, g, m, v, step, rate / 10), 2)
    return PerTensor(network, [hidden if n == 2 and k != last else rest for k, n in enumerate(shapes)])


def sam(network: nn.Module, radius: float = 0.05, gradient_function: Callable = sam_gradient) -> Flat:
    """SAM's gradient, radius 0.05 unless told otherwise, handed to SGD with momentum 0.9."""

    def rule(weights, velocity, gradient, step, rate):
        return momentum_step(weights, gradient_function(gradient, weights, radius), velocity, rate, 0.9)

    return Flat(network, rule, from_zero=True)


def schedule_free(network: nn.Module, step_function: Callable = schedule_free_step) -> Flat:
    """Schedule-free SGD with β = 0.9; the network holds the average."""

    def rule(average, iterate, gradient, step, rate):
        return step_function(average, iterate, gradient, step, rate, 0.9)

    return Flat(network, rule, from_zero=False)


def _adamw(w, g, m, v, step, rate):
    return adamw_step(w, g, m, v, step, rate, 0.9, 0.999, 1e-8, 0.01)


def _alike(network: nn.Module, rule: Callable, moments: int) -> PerTensor:
    return PerTensor(network, [(rule, moments) for _ in network.parameters()])
