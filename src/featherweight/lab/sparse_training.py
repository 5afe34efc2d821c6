"""Training with masks: retrain what one cut has left, or cut a little at a time while training goes on.

The functions that the reader writes in lesson 5 are arguments here, with the book's own as defaults.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from featherweight.compression import pruning
from featherweight.lab.data import Split
from featherweight.lab.training import Stepper, train

__all__ = ["ADAM", "apply_masks", "layer_inputs", "prune_gradually", "retrain", "train_dense", "weights"]

ADAM = (1e-3, 0.9, 0.999, 1e-8)
"""Learning rate, β1, β2 and ε of every run: Adam's own defaults (arXiv:1412.6980, algorithm 1)."""


def weights(network: nn.Module) -> list[Tensor]:
    """The tensors that pruning looks at, detached: matrices and convolution kernels, no biases."""
    return [parameter.detach() for parameter in network.parameters() if parameter.ndim > 1]


@torch.no_grad()
def layer_inputs(network: nn.Sequential, inputs: Tensor) -> list[Tensor]:
    """What each linear layer reads when the network sees `inputs`: one (examples, inputs) tensor per layer."""
    read = []
    for layer in network:
        if isinstance(layer, nn.Linear):
            read.append(inputs)
        inputs = layer(inputs)
    return read


def apply_masks(network: nn.Module, masks: Sequence[Tensor]) -> None:
    """Set every pruned weight to zero, in place. masks: one per tensor of `weights`, True = kept."""
    for weight, mask in zip(weights(network), masks, strict=True):
        weight.mul_(mask)


def train_dense(network: nn.Module, data: Split, epochs: int, seed: int = 0, title: str | None = None) -> None:
    """Train all weights in place with torch's own Adam."""
    optimizer = torch.optim.Adam(network.parameters(), ADAM[0], ADAM[1:3], ADAM[3], fused=True)
    train(network, data.train_inputs, data.train_labels, optimizer, epochs, seed=seed, title=title)


def retrain(
    network: nn.Module,
    masks: Sequence[Tensor],
    data: Split,
    epochs: int,
    seed: int = 0,
    step: Callable = pruning.masked_step,
    title: str | None = None,
) -> None:
    """Train the weights that are left, in place; moments start at zero."""
    stepper = _stepper(network, masks, step)
    train(network, data.train_inputs, data.train_labels, stepper, epochs, seed=seed, title=title)


def prune_gradually(
    network: nn.Module,
    sparsity: float,
    data: Split,
    epochs: int,
    seed: int = 0,
    step: Callable = pruning.masked_step,
    schedule: Callable = pruning.cubic_sparsity,
    further: Callable = pruning.prune_further,
    every: int = 10,
    title: str | None = None,
) -> list[Tensor]:
    """Prune to `sparsity` on a schedule while training goes on, in place; returns the final masks.

    The ramp takes the first two thirds of the steps; every `every` steps a ranking over all layers renews the masks.
    """
    masks = [torch.ones_like(weight, dtype=torch.bool) for weight in weights(network)]
    stepper = _stepper(network, masks, step)
    batches = -(-len(data.train_labels) // 64)
    end = 2 * epochs * batches // 3

    def renew(now: int) -> None:
        if now > end or (now % every and now != end):
            return
        flat = torch.cat([weight.flatten() for weight in weights(network)])
        kept = further(flat, torch.cat([mask.flatten() for mask in masks]), schedule(now, 0.0, sparsity, 0, end))
        for mask, part in zip(masks, kept.split([mask.numel() for mask in masks]), strict=True):
            mask.copy_(part.view(mask.shape))

    train(network, data.train_inputs, data.train_labels, stepper, epochs, seed=seed, before_step=renew, title=title)
    return masks


def _stepper(network: nn.Module, masks: Sequence[Tensor], step: Callable) -> Stepper:
    """`masks` are shared with the stepper, so that they can change while it runs; biases are all kept."""
    given = iter(masks)
    everything = [next(given) if p.ndim > 1 else torch.ones_like(p, dtype=torch.bool) for p in network.parameters()]
    return Stepper(network.parameters(), step, 2, ADAM, everything)
