"""Which weights go first, across layers of any kind: the share that a weight has in what is left of its own layer.

Source: LAMP, Lee et al., arXiv:2010.07611. A network of the user's own has embeddings, attention and
depthwise kernels side by side, whose weights differ in size by orders of magnitude: one ranking by magnitude would
empty whole layers. By this score each layer's largest weight has 1, and is among the last to go.

| paper | code      | shape                      |
|-------|-----------|----------------------------|
| W     | `weights` | name → any shape           |
| score | `scores`  | flat, as many as weights   |
| κ     | `zeros`   | share of all that are zero |
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

__all__ = ["apply_masks", "lamp_masks", "lamp_scores", "prunable"]

SMALLEST = 64
"""Tensors with fewer numbers are left whole: there is nothing to win."""


def prunable(network: nn.Module) -> dict[str, nn.Parameter]:
    """The parameters worth pruning and coding: matrices, kernels and tables, each once, by their names."""
    named = network.named_parameters()  # a tied one comes once, by its first name
    return {name: one for name, one in named if one.is_floating_point() and one.dim() > 1 and one.numel() >= SMALLEST}


def lamp_scores(weight: Tensor) -> Tensor:
    """Each weight's square over the sum of the squares that are not smaller; of equals the later is larger.

    Returns a flat tensor, double: 0 … 1.
    """
    squares, order = weight.detach().double().square().flatten().sort(stable=True)
    left = squares.flip(0).cumsum(0).flip(0)
    scores = torch.empty_like(squares)
    scores[order] = torch.where(left > 0, squares / left, 0.0)
    return scores


def lamp_masks(weights: Mapping[str, Tensor], zeros: float) -> dict[str, Tensor]:
    """name → bool, True = kept. Of all weights, round(zeros · N) go: those of the smallest scores. zeros: 0 … 1."""
    scores = torch.cat([lamp_scores(weight) for weight in weights.values()])
    kept = torch.ones_like(scores, dtype=torch.bool)
    kept[scores.argsort(stable=True)[: round(zeros * len(scores))]] = False
    parts = kept.split([weight.numel() for weight in weights.values()])
    return {name: part.view(weight.shape) for (name, weight), part in zip(weights.items(), parts, strict=True)}


@torch.no_grad()
def apply_masks(network: nn.Module, masks: Mapping[str, Tensor]) -> None:
    """Zero what is not kept."""
    named = dict(network.named_parameters())
    for name, mask in masks.items():
        named[name].mul_(mask)
