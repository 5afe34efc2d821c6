"""LeNet-300-100 made small: pruned, rounded, and trained on in between, in the usual order and in others.

A plan is a row of stages; each trains for some epochs, and prunes, rounds, or both. All plans have equally many epochs.
Pictures are those of the book, as they are: whatever the small network gains, the dense one could have had.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from featherweight.compression.pruning import cubic_sparsity, prune_further
from featherweight.lab.coded_layers import CodedLayer, rounded
from featherweight.lab.data import Split
from featherweight.lab.networks import lenet_300_100
from featherweight.lab.training import train

__all__ = ["BIAS_BITS", "BITS", "EPOCHS", "PLANS", "RATE", "Stage", "dense", "follow"]

EPOCHS, BITS, BIAS_BITS = 40, 4, 5
RATE = 1e-3
EVERY = 20
"""Steps between two rankings while a network is pruned."""


@dataclass(frozen=True)
class Stage:
    """epochs: may be 0. prune: "slowly" (a cubic schedule over the first 70% of its steps), "at once" (before the
    first step), or "" (what is pruned stays so). bits: of the weights from here on; None leaves them as they are.
    """

    epochs: int
    prune: str = ""
    bits: int | None = None


PLANS = {
    "prune, then quantize": (Stage(30, "slowly"), Stage(10, bits=BITS)),
    "quantize, then prune": (Stage(10, bits=BITS), Stage(30, "slowly")),
    "both at once": (Stage(40, "slowly", BITS),),
    "prune, quantize without training": (Stage(40, "slowly"), Stage(0, bits=BITS)),
    "both without training": (Stage(40), Stage(0, "at once", BITS)),
    "quantize only": (Stage(30), Stage(10, bits=BITS)),
}
"""Where a plan begins to round, it begins with the network that the stage before has left."""


def dense(data: Split, seed: int) -> nn.Sequential:
    """LeNet-300-100 with all its weights, trained as long as the others."""
    network = lenet_300_100(seed)
    _train(network, data, EPOCHS, seed, [])
    return network


def follow(plan: Sequence[Stage], sparsity: float, data: Split, seed: int) -> nn.Sequential:
    """A fresh network after all stages of a plan: a rounded one, whose `coded_layers.codes` are what is stored.

    sparsity: the share of all weights that are pruned in the end, by size, in all layers together.
    """
    network: nn.Sequential = lenet_300_100(seed)
    masks = [torch.ones_like(weight, dtype=torch.bool) for weight in _weights(network)]
    for place, stage in enumerate(plan):
        if stage.prune == "at once":
            _cut(network, masks, sparsity)
        if stage.bits is not None:
            network = rounded(network, stage.bits, BIAS_BITS, survivors=True)
        target = sparsity if stage.prune == "slowly" else None
        _train(network, data, stage.epochs, seed + 100 * place, masks, target)
    return network


def _weights(network: nn.Sequential) -> list[Tensor]:
    """The real numbers behind all weights, rounded or not."""
    layers = [module.layer if isinstance(module, CodedLayer) else module for module in network]
    return [layer.weight for layer in layers if isinstance(layer, nn.Linear)]


@torch.no_grad()
def _cut(network: nn.Sequential, masks: Sequence[Tensor], sparsity: float) -> None:
    """Prune further, in place: masks and weights."""
    weights = _weights(network)
    before = torch.cat([mask.flatten() for mask in masks])
    kept = prune_further(torch.cat([weight.flatten() for weight in weights]), before, sparsity)
    for weight, mask, part in zip(weights, masks, kept.split([mask.numel() for mask in masks]), strict=True):
        mask.copy_(part.view(mask.shape))
        weight.mul_(mask)


class _Masked:
    """Adam, after whose every step what is pruned is zero again."""

    def __init__(self, network: nn.Sequential, masks: Sequence[Tensor]) -> None:
        self.adam = torch.optim.Adam(network.parameters(), RATE, fused=True)
        self.weights, self.masks = _weights(network) if masks else [], masks

    def zero_grad(self) -> None:
        self.adam.zero_grad()

    @torch.no_grad()
    def step(self) -> None:
        self.adam.step()
        for weight, mask in zip(self.weights, self.masks, strict=True):
            weight.mul_(mask)


def _train(
    network: nn.Sequential,
    data: Split,
    epochs: int,
    seed: int,
    masks: Sequence[Tensor],
    sparsity: float | None = None,
) -> None:
    """Adam from RATE down to 0 along a cosine; prunes to `sparsity` meanwhile, where one is given."""
    if not epochs:
        return
    optimizer, steps = _Masked(network, masks), epochs * -(-len(data.train_labels) // 64)
    end = round(0.7 * steps)

    def before_step(step: int) -> None:
        for group in optimizer.adam.param_groups:
            group["lr"] = RATE * (0.5 + 0.5 * math.cos(math.pi * step / steps))
        if sparsity is not None and (step == end or (step < end and step % EVERY == 0)):
            _cut(network, masks, cubic_sparsity(step, 0.0, sparsity, 0, end))

    train(network, data.train_inputs, data.train_labels, optimizer, epochs, seed=seed, before_step=before_step)
