"""The smaller measurements of lesson 4: times of a step, L-BFGS, bfloat16, and gradients added up in pieces."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from featherweight.lab import modern_training as training
from featherweight.lab.data import Split
from featherweight.lab.measure import errors, peak_memory
from featherweight.lab.networks import mlp

__all__ = ["LIBRARY", "accumulation", "bfloat16", "lbfgs", "step_times", "surroundings"]

ROUNDS, STEPS = 11, 12
LARGE = 512
GRADIENTS = 100


class Both:
    """Two optimizers as one."""

    def __init__(self, *optimizers) -> None:
        self.optimizers = optimizers
        self.param_groups = [group for optimizer in optimizers for group in optimizer.param_groups]

    def zero_grad(self) -> None:
        for optimizer in self.optimizers:
            optimizer.zero_grad()

    def step(self) -> None:
        for optimizer in self.optimizers:
            optimizer.step()


def muon_and_adamw(parameters) -> Both:
    """PyTorch's Muon for every matrix but the last, its AdamW for the rest."""
    given = list(parameters)
    *hidden, last = [p for p in given if p.ndim == 2]
    return Both(torch.optim.Muon(hidden), torch.optim.AdamW([last, *(p for p in given if p.ndim != 2)]))


def bfloat16(network: nn.Module) -> training.Library:
    """PyTorch's AdamW, the network under autocast."""
    return training.Library(network, torch.optim.AdamW, bfloat16=True)


LIBRARY = {
    "PyTorch's adamw": lambda network: training.Library(network, torch.optim.AdamW),
    "PyTorch's adamw, fused": lambda network: training.Library(network, lambda p: torch.optim.AdamW(p, fused=True)),
    "PyTorch's muon": lambda network: training.Library(network, muon_and_adamw),
    "PyTorch's adamw, bfloat16": bfloat16,
}
"""Walkers that are timed beside the methods: network → walker."""


def step_times(makers: dict[str, Callable], data: Split) -> dict[str, tuple[float, float, float]]:
    """Time of a whole training step in steps of AdamW: (median, smallest, largest) of rounds in which all take turns.

    Processor time, of one thread. "muon, batch 512" compares "adamw" and "muon" at that batch size.
    """
    found = _rounds({name: (make, training.BATCH) for name, make in makers.items()}, data)
    large = _rounds({name: (makers[name], LARGE) for name in ("adamw", "muon")}, data)
    return found | {f"muon, batch {LARGE}": large["muon"]}


def _rounds(makers: dict[str, tuple[Callable, int]], data: Split) -> dict[str, tuple[float, float, float]]:
    walkers = {name: (make(mlp(0)), batch) for name, (make, batch) in makers.items()}
    rounds = []
    for _ in range(ROUNDS + 1):  # the first one warms up
        rounds.append({name: _seconds(walker, batch, data) for name, (walker, batch) in walkers.items()})
    ratios = {name: [each[name] / each["adamw"] for each in rounds[1:]] for name in makers}
    return {name: tuple(round(f(r), 3) for f in (median, min, max)) for name, r in ratios.items()}


def _seconds(walker: training.Walker, batch: int, data: Split) -> float:
    """Processor time of a few steps: what else the machine does is not in it."""
    started = time.process_time()
    for _ in range(STEPS):
        walker.step(data.train_inputs[:batch], data.train_labels[:batch], 1e-3)
    return time.process_time() - started


def lbfgs(data: Split, seed: int) -> list[tuple[float, ...]]:
    """L-BFGS on all training digits at once: (gradients so far, loss, test errors) after every five iterations."""
    network, found, gradients = mlp(seed), [], 0
    optimizer = torch.optim.LBFGS(network.parameters(), max_iter=5, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        nonlocal gradients
        gradients += 1
        optimizer.zero_grad()
        loss = F.cross_entropy(network(data.train_inputs), data.train_labels)
        loss.backward()
        return loss

    while gradients < GRADIENTS:
        optimizer.step(closure)
        with torch.no_grad():
            loss = F.cross_entropy(network(data.train_inputs), data.train_labels).item()
        found.append((gradients, round(loss, 5), errors(network, data.test_inputs, data.test_labels)))
    return found


def surroundings(network: nn.Module, data: Split, radii: tuple[float, ...] = (0.05, 1.0)) -> list[float]:
    """The training loss, and how much it rises over a step of each radius up its own slope: what SAM keeps small."""
    slope = _gradient(network, data.train_inputs, data.train_labels, 1)
    weights = parameters_to_vector(network.parameters()).detach()
    losses = []
    for radius in (0.0, *radii):
        vector_to_parameters(weights + radius * slope / slope.norm(), network.parameters())
        with torch.no_grad():
            losses.append(F.cross_entropy(network(data.train_inputs), data.train_labels).item())
    vector_to_parameters(weights, network.parameters())
    return [losses[0], *(loss - losses[0] for loss in losses[1:])]


def accumulation(data: Split, pieces: int = 35) -> dict[str, float]:
    """The gradient of all training digits, at once and in pieces: how far apart, and bytes that torch held at most.

    Keys: "float32", "float64" (largest difference, relative to the largest entry), "at once", "in pieces" (bytes).
    """
    found = {}
    for dtype in (torch.float32, torch.float64):
        network, inputs = mlp(0).to(dtype), data.train_inputs.to(dtype)
        whole = _gradient(network, inputs, data.train_labels, 1)
        apart = (_gradient(network, inputs, data.train_labels, pieces) - whole).abs().max() / whole.abs().max()
        found[str(dtype).removeprefix("torch.")] = float(f"{apart:.2e}")
    for name, count in {"at once": 1, "in pieces": pieces}.items():
        network = mlp(0)
        found[name] = peak_memory(lambda n=network, k=count: _gradient(n, data.train_inputs, data.train_labels, k))
    return found


def _gradient(network: nn.Module, inputs: Tensor, labels: Tensor, pieces: int) -> Tensor:
    network.zero_grad()
    for xs, ys in zip(inputs.chunk(pieces), labels.chunk(pieces), strict=True):
        (F.cross_entropy(network(xs), ys) * (len(ys) / len(labels))).backward()
    return torch.cat([p.grad.flatten() for p in network.parameters()])
