"""How the book's own small networks are made: trained on distorted digits, squeezed to a few bits, taught by a larger.

Each is a stack of four convolutions, with batch normalization while it learns. Then the normalization is folded in, and
the network trains on while its weights have `bits` bits: what is left is whole numbers and one step for each tensor.
The largest teaches itself in that second part; it teaches the smaller ones from the beginning.
All that could be chosen (widths, bits, epochs, rates) was chosen on the validation digits with seed 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from featherweight.compression.distillation import distillation_loss
from featherweight.lab.coded_layers import Rounded, folded, rounded
from featherweight.lab.data import Split
from featherweight.lab.distortions import distorted
from featherweight.lab.networks import seeded
from featherweight.lab.training import train

__all__ = ["RECIPES", "Recipe", "convolutional", "doubtful", "fit", "learned", "squeezed"]

COPIES, APART = 7, 900_000
"""Distorted copies of the validation digits for `doubtful`, and their first seed, far from those of training."""


@dataclass(frozen=True)
class Recipe:
    """One small network.

    widths: channels of its four convolutions. pooled: the mean of each channel goes to the last layer, else its 3 × 3
    places. bits: of a weight; bias_bits: of a bias. epochs, more: with all bits, and while they are few. rate, lower:
    the learning rates of the two parts. share: how much of the loss is the teacher's, at temperature 2.
    """

    widths: tuple[int, int, int, int]
    pooled: bool
    bits: int = 3
    bias_bits: int = 7
    epochs: int = 30
    more: int = 12
    rate: float = 6e-3
    lower: float = 2e-3
    share: float = 0.9


RECIPES = {
    "featherweight": Recipe((16, 32, 48, 52), pooled=False, epochs=50, more=14, rate=5e-3, lower=1.5e-3, share=0.7),
    "flyweight": Recipe((8, 16, 25, 30), pooled=True),
    "strawweight": Recipe((7, 14, 21, 25), pooled=True),
}
TEMPERATURE = 2.0


def convolutional(recipe: Recipe, seed: int) -> nn.Sequential:
    """The recipe's network on rows of 784 pixels, freshly drawn."""
    one, two, three, four = recipe.widths
    with seeded(seed):
        last = [nn.Flatten(), nn.Linear(four if recipe.pooled else 9 * four, 10)]
        return nn.Sequential(
            nn.Unflatten(1, (1, 28, 28)),
            *_convolution(1, one, kernel=5, stride=2),
            *_convolution(one, two),
            nn.MaxPool2d(2),
            *_convolution(two, three),
            *_convolution(three, four),
            nn.MaxPool2d(2),
            *([nn.AdaptiveAvgPool2d(1)] if recipe.pooled else []),
            *last,
        )


def _convolution(inputs: int, outputs: int, kernel: int = 3, stride: int = 1) -> list[nn.Module]:
    layer = nn.Conv2d(inputs, outputs, kernel, stride=stride, padding=kernel // 2, bias=False)
    return [layer, nn.BatchNorm2d(outputs), nn.ReLU()]


def learned(recipe: Recipe, data: Split, seed: int, teacher: nn.Module | None = None) -> nn.Sequential:
    """The recipe's network with all its bits, trained on distorted digits and folded."""
    network = convolutional(recipe, seed).train()
    fit(network, data, recipe.epochs, recipe.rate, seed, teacher, recipe.share)
    return folded(network)


def squeezed(recipe: Recipe, network: nn.Sequential, data: Split, seed: int, teacher: nn.Module) -> nn.Sequential:
    """A copy of a folded network that has been trained on with few bits. `coded_layers.codes` takes it apart."""
    small = rounded(network, recipe.bits, recipe.bias_bits).train()
    fit(small, data, recipe.more, recipe.lower, seed + 500, teacher, recipe.share)
    return small.eval()


def fit(
    network: nn.Module,
    data: Split,
    epochs: int,
    rate: float,
    seed: int,
    teacher: nn.Module | None = None,
    share: float = 0.0,
    distort: Callable[[Tensor, int], Tensor] = distorted,
) -> None:
    """Train in place with Adam on pictures that are distorted anew in every epoch.

    rate: rises for a tenth of the steps, then falls as a cosine to 0; steps of rounding move at a tenth of it.
    teacher: sees the same pictures; `share` of the loss is its soft loss (arXiv:1503.02531).
    """
    network.to(memory_format=torch.channels_last)  # the same numbers in another order: a third less time
    optimizer = torch.optim.Adam(_groups(network), fused=True)
    batches, done = -(-len(data.train_labels) // 64), 0

    def set_rate(step: int) -> None:
        share_done = (done * batches + step) / (epochs * batches)
        height = min(share_done / 0.1, 0.5 + 0.5 * math.cos(math.pi * max(0.0, share_done - 0.1) / 0.9))
        for group in optimizer.param_groups:
            group["lr"] = rate * height * group["share"]

    def loss(outputs: Tensor, targets: Tensor) -> Tensor:
        labels = targets[:, 0].long()
        if teacher is None:
            return F.cross_entropy(outputs, labels)
        return distillation_loss(outputs, targets[:, 1:], labels, TEMPERATURE, share)

    for epoch in range(epochs):
        done = epoch
        pictures = distort(data.train_inputs, 1000 * seed + epoch)
        targets = _targets(pictures, data.train_labels, teacher)
        train(network, pictures, targets, optimizer, 1, seed=1000 * seed + epoch, loss=loss, before_step=set_rate)


def _groups(network: nn.Module) -> list[dict]:
    steps = [module.step for module in network.modules() if isinstance(module, Rounded)]
    others = [each for each in network.parameters() if not any(each is step for step in steps)]
    return [{"params": others, "share": 1.0}, *([{"params": steps, "share": 0.1}] if steps else [])]


@torch.no_grad()
def _targets(pictures: Tensor, labels: Tensor, teacher: nn.Module | None) -> Tensor:
    """(n, 1 or 11): the label, and the teacher's logits."""
    columns = [labels[:, None].float()]
    if teacher is not None:
        columns.append(torch.cat([teacher(part) for part in pictures.split(500)]))
    return torch.cat(columns, dim=1)


@torch.no_grad()
def doubtful(network: nn.Module, data: Split) -> int:
    """Errors on the validation digits and COPIES distorted copies of each: 4,000 pictures, for choosing between seeds.

    500 digits alone cannot tell networks apart that miss 5 of them.
    """
    inputs, labels = data.validation_inputs, data.validation_labels
    wrong = [(network(inputs).argmax(1) != labels).sum()]
    wrong += [(network(distorted(inputs, APART + copy)).argmax(1) != labels).sum() for copy in range(COPIES)]
    return int(sum(wrong))
