"""What can be taken out of a network without a change of what it computes: batch normalization and dead channels.

In use, batch normalization multiplies and adds constants, which the layer before it can do (Jacob et al.,
arXiv:1712.05877, section 3.2). A channel whose weights were all pruned says a constant, which the next bias takes over;
one that nobody reads says nothing. Both are only done where the graph is understood, and undone where predictions move.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval, fuse_linear_bn_eval

from featherweight.artifact.architecture import trace
from featherweight.artifact.compress.models import logits
from featherweight.artifact.values import Ref
from featherweight.compression.deletion import deleted
from featherweight.compression.dependencies import Group, groups
from featherweight.compression.structured import magnitude_scores
from featherweight.errors import FeatherweightError

__all__ = ["folded", "narrowed", "without_dead"]

NORMS = ("BatchNorm1d", "BatchNorm2d")
LAYERS = ("Linear", "Conv1d", "Conv2d")
LARGEST_CHANGE = 1e-3
"""Of the largest score: float32 sums in another order differ by less."""


def folded(network: nn.Module, some: Tensor) -> nn.Module:
    """The network without the batch normalization that follows a layer; the network itself where there is none."""
    pairs = _normalized(network)
    return _unchanged(network, some, lambda: _folded(network, pairs)) if pairs else network


def _normalized(network: nn.Module) -> list[tuple[str, str]]:
    """Names of a layer and the batch normalization that alone reads it, each of them used once."""
    traced = trace(network)
    nodes, paths = traced.graph.nodes, {}
    for place, slot in enumerate(traced.slots):
        paths[slot.node] = traced.names[place].rpartition(".")[0]
    used = Counter(one for node in nodes for one in _references(node.arguments))
    used.update(_references(traced.graph.output))
    again = {node.arguments[0] for node in nodes if node.word == "again"}
    pairs = [(node.arguments[0].node, place) for place, node in enumerate(nodes) if node.word in NORMS]
    return [
        (paths[layer], paths[norm])
        for layer, norm in pairs
        if nodes[layer].word in LAYERS and norm in paths and used[layer] == 1 and not {layer, norm} & again
    ]


def _references(value: object) -> list[int]:
    if isinstance(value, Ref):
        return [value.node]
    return [one for part in value for one in _references(part)] if isinstance(value, tuple) else []


def _folded(network: nn.Module, pairs: list[tuple[str, str]]) -> nn.Module:
    smaller = copy.deepcopy(network).eval()
    for layer, norm in pairs:
        one, other = smaller.get_submodule(layer), smaller.get_submodule(norm)
        fuse = fuse_linear_bn_eval if isinstance(one, nn.Linear) else fuse_conv_bn_eval
        smaller.set_submodule(layer, fuse(one, other))
        smaller.set_submodule(norm, nn.Identity())
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
