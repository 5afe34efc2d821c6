"""What can be taken out of a network without a change of what it computes: batch normalization and dead channels.

In use, batch normalization multiplies and adds constants, which the layer before it can do (Jacob et al.,
arXiv:1712.05877, section 3.2). A channel whose weights were all pruned says a constant, which the next bias takes over;
one that nobody reads says nothing. Both are only done where the graph is understood, and undone where predictions move.
"""

from __future__ import annotations

import copy
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.fx.experimental.optimization import fuse

from featherweight.artifact.architecture import trace
from featherweight.artifact.compress.models import logits
from featherweight.compression.deletion import deleted
from featherweight.compression.dependencies import Group, groups
from featherweight.compression.structured import magnitude_scores
from featherweight.errors import FeatherweightError

__all__ = ["folded", "narrowed", "without_dead"]

NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)
LARGEST_CHANGE = 1e-3
"""Of the largest score: float32 sums in another order differ by less."""


def folded(network: nn.Module, some: Tensor) -> nn.Module:
    """The network without the batch normalization that follows a layer; the network itself where that fails."""
    if not any(isinstance(module, NORMS) for module in network.modules()):
        return network
    return _unchanged(network, some, lambda: _fused(network))


def _fused(network: nn.Module) -> nn.Module:
    smaller = fuse(copy.deepcopy(network).eval())
    trace(smaller)  # torch.fx stops at layers of torch that a .fw file only knows by their parts
    return smaller


def without_dead(network: nn.Module, some: Tensor) -> nn.Module:
    """The network without channels that no weight leads to, or that no weight reads; itself where there are none."""
    try:
        known = groups(network, some[:2])
    except Exception:  # the walk knows few layers, and may meet anything
        return network
    smaller = network
    for keep in (_alive, _heard):  # first both kinds; where that moves predictions, only what nobody reads
        keeps = {name: keep(network, group) for name, group in known.items()}
        keeps = {name: mask for name, mask in keeps.items() if mask.any() and not mask.all()}
        if keeps:
            smaller = _unchanged(network, some, lambda keeps=keeps: deleted(network, some[:2], keeps))
        if smaller is not network:
            break
    return smaller


def narrowed(network: nn.Module, some: Tensor, share: float) -> nn.Module | None:
    """The network with this share of its channels, those with the largest weights; None where it is not understood."""
    try:
        known = groups(network, some[:2])
        keeps = {name: _largest(network, group, share) for name, group in known.items()}
        return deleted(network, some[:2], keeps) if keeps else None
    except Exception:
        return None


def _largest(network: nn.Module, group: Group, share: float) -> Tensor:
    scores = sum(magnitude_scores(network.get_submodule(name).weight.detach()).square() for name in group.writers)
    keep = torch.zeros(group.size, dtype=torch.bool, device=scores.device)
    keep[scores.topk(max(1, round(share * group.size))).indices] = True
    return keep


def _heard(network: nn.Module, group: Group) -> Tensor:
    """(channels,) bool: which of them some reader has a weight for."""
    heard = torch.zeros(group.size, dtype=torch.bool)
    for reader in group.readers:
        weight = network.get_submodule(reader.name).weight.detach().cpu()
        heard |= (weight != 0).transpose(0, 1).reshape(group.size, -1).any(1)
    return heard


def _alive(network: nn.Module, group: Group) -> Tensor:
    """(channels,) bool: which of them are heard, and say more than a constant."""
    alive = torch.zeros(group.size, dtype=torch.bool)
    for name in group.writers:
        alive |= (network.get_submodule(name).weight.detach().cpu() != 0).flatten(1).any(1)
    return alive & _heard(network, group)


def _unchanged(network: nn.Module, some: Tensor, change: Callable[[], nn.Module]) -> nn.Module:
    """What `change` gives, if it predicts what `network` does; else the network."""
    wanted = logits(network, some)
    try:
        other = change()
        found = logits(other, some)
    except (FeatherweightError, RuntimeError, TypeError, ValueError, KeyError, AttributeError, NameError):
        return network
    near = LARGEST_CHANGE * float(wanted.abs().max().clamp(min=1e-6))
    return other if found.shape == wanted.shape and torch.allclose(found, wanted, rtol=0, atol=near) else network
