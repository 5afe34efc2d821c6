"""Training with tickets: a network of which a part is masked, from whatever weights it is to start with."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from featherweight.lab.data import Split
from featherweight.lab.networks import lenet_300_100, seeded
from featherweight.lab.sparse_training import apply_masks
from featherweight.lab.training import train

__all__ = ["EPOCHS", "copies", "fit", "fresh", "narrow", "network_from", "redrawn_sizes", "shuffled", "uniform"]

EPOCHS = 6
BATCH = 64


def copies(tensors: Sequence[Tensor]) -> list[Tensor]:
    """Clones, which no training reaches."""
    return [tensor.detach().clone() for tensor in tensors]


def network_from(start: Sequence[Tensor], masks: Sequence[Tensor]) -> nn.Sequential:
    """LeNet-300-100 with these six parameters (three weights, three biases), its weights masked. Copies them."""
    network = lenet_300_100().to(start[0].device)
    with torch.no_grad():
        for parameter, value in zip(network.parameters(), start, strict=True):
            parameter.copy_(value)
    apply_masks(network, masks)
    return network


def fit(
    network: nn.Module,
    masks: Sequence[Tensor],
    data: Split,
    rate: float,
    epochs: int = EPOCHS,
    seed: int = 0,
    title: str | None = None,
) -> list[Tensor]:
    """Train what the masks leave, in place, with Adam from empty moments; returns the parameters after one epoch.

    Pruned weights are zero when it starts and stay zero: without gradients no moment is ever made.
    """
    optimizer = torch.optim.Adam(network.parameters(), rate, fused=True)
    masked = [parameter for parameter in network.parameters() if parameter.ndim > 1]
    batches = -(-len(data.train_labels) // BATCH)
    early: list[Tensor] = []

    def before(step: int) -> None:
        if step == batches + 1:
            early.extend(copies(network.parameters()))
        for parameter, mask in zip(masked, masks, strict=True):
            parameter.grad.mul_(mask)

    train(network, data.train_inputs, data.train_labels, optimizer, epochs, seed=seed, before_step=before, title=title)
    return early or copies(network.parameters())


def fresh(seed: int, device: torch.device | str = "cpu") -> list[Tensor]:
    """The parameters of another LeNet-300-100, drawn as the first one was."""
    return copies([parameter.to(device) for parameter in lenet_300_100(1000 + seed).parameters()])


def redrawn_sizes(start: Sequence[Tensor], seed: int) -> list[Tensor]:
    """The signs of `start` with the sizes of a fresh network."""
    pairs = zip(start, fresh(seed, start[0].device), strict=True)
    return [value.sign() * other.abs() for value, other in pairs]


def shuffled(masks: Sequence[Tensor], seed: int) -> list[Tensor]:
    """Each layer keeps as many weights as before, at places drawn by chance."""
    generator = torch.Generator().manual_seed(seed)
    orders = [torch.randperm(mask.numel(), generator=generator).to(mask.device) for mask in masks]
    return [mask.flatten()[order].view(mask.shape) for mask, order in zip(masks, orders, strict=True)]


def uniform(masks: Sequence[Tensor], seed: int) -> list[Tensor]:
    """As many weights as before in all, drawn by chance from all layers together."""
    joined = torch.cat([mask.flatten() for mask in masks])
    parts = shuffled([joined], seed)[0].split([mask.numel() for mask in masks])
    return [part.view(mask.shape) for part, mask in zip(parts, masks, strict=True)]


def narrow(count: int, seed: int) -> nn.Sequential:
    """A dense network with one hidden layer and about `count` weights, drawn with `seed`."""
    with seeded(seed):
        hidden = max(1, round(count / (784 + 10)))
        return nn.Sequential(nn.Linear(784, hidden), nn.ReLU(), nn.Linear(hidden, 10))
