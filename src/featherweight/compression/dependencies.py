"""Which layers must shrink together, found by following channels through a network (arXiv:2301.12900, section 3).

A channel is written by a layer's row, passes through batch normalization, activations and pooling, and is read by a
column of each layer behind. An addition ties the channels of both its sides: they are one group from there on. The
paper builds a matrix of dependencies between parameters; here one walk over the traced graph is enough.
Understood: linear layers, convolutions without groups, batch normalization, ReLU, pooling, dropout, flattening and
addition. Anything else is refused: a wrong guess would delete wrong channels.
"""

from __future__ import annotations

import copy
import operator
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor, fx, nn
from torch.fx.passes.shape_prop import ShapeProp

from featherweight.errors import InputError

__all__ = ["Group", "Reader", "groups"]

POINTWISE = (nn.ReLU, nn.Identity, nn.Dropout, nn.MaxPool2d, nn.AvgPool2d, nn.AdaptiveAvgPool2d)
FUNCTIONS = (F.relu, torch.relu, "relu")
ADDITIONS = (operator.add, operator.iadd, torch.add, "add", "add_")
NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)
LAYERS = (nn.Linear, nn.Conv2d)


@dataclass(frozen=True)
class Reader:
    """A layer that reads a group's channels.

    positions: how many of its inputs each channel owns: 1, or the pixels of a flattened map.
    between: names of the modules on the way from the writer, where there is one straight way; else None.
    """

    name: str
    positions: int
    between: tuple[str, ...] | None


@dataclass
class Group:
    """Channels that go or stay together. writers, norms: names of layers with one row or entry per channel."""

    size: int
    writers: list[str] = field(default_factory=list)
    norms: list[str] = field(default_factory=list)
    readers: list[Reader] = field(default_factory=list)
    fixed: bool = False


@dataclass(frozen=True)
class _Flow:
    """What a value of the graph carries: its group, how it is flattened, and the way it came from its only writer."""

    group: Group
    positions: int = 1
    way: tuple[str, ...] | None = ()


def groups(network: nn.Module, example: Tensor) -> dict[str, Group]:
    """The groups of channels that can be deleted, each by the name of its first writer, from input to output.

    example: an input of the network, (n, …). What enters and what leaves the network keeps its size and is no group.
    Raises InputError for a part that the walk does not understand.
    """
    traced = fx.symbolic_trace(copy.deepcopy(network).eval())  # the walk must not touch statistics or mode
    ShapeProp(traced).propagate(example)
    flows: dict[fx.Node, _Flow] = {}
    found: list[Group] = []
    for node in traced.graph.nodes:
        if node.op == "placeholder":
            flows[node] = _Flow(Group(_shape(node)[1], fixed=True), way=None)
        elif node.op == "output":
            flows[node.args[0]].group.fixed = True
        else:
            flows[node] = _follow(node, traced, flows, found)
    return {group.writers[0]: group for group in found if group.writers and not group.fixed}


def _follow(node: fx.Node, traced: fx.GraphModule, flows: dict, found: list[Group]) -> _Flow:
    """What one operation makes of the flow it is given."""
    module = traced.get_submodule(node.target) if node.op == "call_module" else None
    if node.target in ADDITIONS:
        return _joined(node, flows, found)
    flow = flows[node.args[0]]
    if isinstance(module, nn.Linear) or (isinstance(module, nn.Conv2d) and module.groups == 1):
        flow.group.readers.append(Reader(node.target, flow.positions, flow.way))
        found.append(Group(len(module.weight), writers=[node.target]))
        return _Flow(found[-1])
    if isinstance(module, NORMS):
        flow.group.norms.append(node.target)
        return _longer(flow, node.target)
    if isinstance(module, POINTWISE):
        return _longer(flow, node.target)
    if isinstance(module, nn.Unflatten) and flow.group.fixed:
        return _Flow(Group(_shape(node)[1], fixed=True), way=None)
    if isinstance(module, nn.Flatten) or node.target in (torch.flatten, "flatten"):
        return _Flow(flow.group, flow.positions * (_shape(node)[1] // _shape(node.args[0])[1]), flow.way)
    if node.target in FUNCTIONS:
        return _Flow(flow.group, flow.positions, None)
    raise InputError(
        f"The walk met {node.format_node()}; wanted linear layers, convolutions without groups, batch normalization, "
        "ReLU, pooling, dropout, flattening or addition: write the network with these."
    )


def _longer(flow: _Flow, name: str) -> _Flow:
    return _Flow(flow.group, flow.positions, None if flow.way is None else (*flow.way, name))


def _joined(node: fx.Node, flows: dict, found: list[Group]) -> _Flow:
    """Two flows added: one group with everything of both, and no straight way back to a single writer."""
    one, other = (flows[argument].group for argument in node.args)
    if other is not one:
        for name in ("writers", "norms", "readers"):
            getattr(one, name).extend(getattr(other, name))
        one.fixed |= other.fixed
        for other_node, flow in flows.items():
            if flow.group is other:
                flows[other_node] = _Flow(one, flow.positions, flow.way)
        found[:] = [group for group in found if group is not other]
    return _Flow(one, flows[node.args[0]].positions, None)


def _shape(node: fx.Node) -> torch.Size:
    return node.meta["tensor_meta"].shape
