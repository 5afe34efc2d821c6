"""The network of a .fw file at work: its nodes are computed one after the other, each weighed before it is run."""

from collections.abc import Sequence
from math import prod

import torch
from torch import Tensor, nn

from featherweight.artifact.cost import MAX_MACS, Meter
from featherweight.artifact.header import Graph, Node
from featherweight.artifact.values import Ref, damaged
from featherweight.artifact.vocabulary import FUNCTIONS, LAYERS, build
from featherweight.errors import InputError

__all__ = ["Decoded", "Slot", "network_of", "slots"]


class Slot:
    """A place for a tensor: its node, its name there ("weight"), its shape; module: its layer, or None."""

    def __init__(self, node: int, name: str, shape: Sequence[int], module: nn.Module | None) -> None:
        self.node, self.name, self.shape, self.module = node, name, tuple(shape), module

    @property
    def count(self) -> int:
        """How many numbers it holds."""
        return prod(self.shape)


def slots(graph: Graph) -> tuple[list[Slot], dict[int, nn.Module]]:
    """The tensors that a network wants, in the order of the file, and its layers without memory, by node."""
    found, modules = [], {}
    for place, node in enumerate(graph.nodes):
        if node.word in LAYERS:
            modules[place] = build(node.word, node.settings)
            named = {**modules[place].state_dict()}
            found += [Slot(place, name, value.shape, modules[place]) for name, value in named.items() if _kept(name)]
        elif node.word == "constant":
            found.append(Slot(place, "values", _shape(node), None))
    return found, modules


def _kept(name: str) -> bool:
    return not name.endswith("num_batches_tracked")


def _shape(node: Node) -> tuple[int, ...]:
    [shape] = node.arguments
    if not isinstance(shape, tuple) or len(shape) > 8 or not all(type(n) is int and 0 <= n < 2**32 for n in shape):
        raise damaged(f"a tensor of the shape {shape!r:.60}")
    return shape


def network_of(graph: Graph, tensors: Sequence[Tensor], macs: int = MAX_MACS) -> "Decoded":
    """The network with these tensors, one for every slot in order."""
    wanted, modules = slots(graph)
    states: dict[int, dict[str, Tensor]] = {place: {} for place in modules}
    constants = {}
    for slot, tensor in zip(wanted, tensors, strict=True):
        if slot.module is None:
            constants[slot.node] = tensor
        else:
            states[slot.node][slot.name] = tensor
    for place, module in modules.items():
        counters = [name for name in module.state_dict() if not _kept(name)]
        filled = states[place] | {name: torch.tensor(0) for name in counters}
        module.load_state_dict(filled, assign=True)
    return Decoded(graph, modules, constants, macs)


class Decoded(nn.Module):
    """A network read from a .fw file. It predicts as the stored one in evaluation mode and without gradients.

    It cannot be trained: it has no gradients and stays in evaluation mode. `graph` is its architecture as data.
    """

    def __init__(self, graph: Graph, modules: dict[int, nn.Module], constants: dict[int, Tensor], macs: int) -> None:
        super().__init__()
        self.graph, self.macs = graph, macs
        self.layers = nn.ModuleDict({str(place): module for place, module in modules.items()})
        for place, tensor in constants.items():
            self.register_buffer(f"constant_{place}", tensor)
        self.inputs = [place for place, node in enumerate(graph.nodes) if node.word == "input"]
        self.last_use = _last_uses(graph)
        self.eval()

    def train(self, mode: bool = True) -> "Decoded":
        """Stay in evaluation mode, whatever is asked for."""
        return super().train(False)

    def forward(self, *inputs: Tensor) -> Tensor | tuple[Tensor, ...]:
        """Predictions for a batch. Raises InputError for inputs that do not fit, ArtifactProblem for too much work."""
        if inputs and not self.inputs:
            raise InputError("This file holds numbers only, and no network. Read it with load_weights(FILE).")
        if len(inputs) != len(self.inputs):
            raise InputError(f"This network takes {len(self.inputs)} inputs; got {len(inputs)}.")
        given = dict(zip(self.inputs, inputs, strict=True))
        meter, values = Meter(inputs, self.macs), {}
        with torch.no_grad():
            for place, node in enumerate(self.graph.nodes):
                values[place] = given[place] if place in given else self._run(place, node, values, meter)
                for dead in self.last_use.get(place, ()):
                    del values[dead]
        return _filled(self.graph.output, values)

    def _run(self, place: int, node: Node, values: dict[int, object], meter: Meter) -> object:
        if node.word == "constant":
            return getattr(self, f"constant_{place}")
        arguments = _filled(node.arguments, values)
        layer, name = self._layer(place, node), node.word
        if node.word == "again":
            name, arguments = self.graph.nodes[node.arguments[0]].word, arguments[1]
        try:
            meter.weigh(name, layer, arguments)
            result = _called(name, layer, arguments)
            meter.count(result)
        except (
            ArithmeticError,
            AssertionError,
            AttributeError,
            LookupError,
            RuntimeError,
            TypeError,
            ValueError,
        ) as no:
            first = str(no).strip().split("\n")[0]
            raise InputError(
                f"Node {place} of this network, {name}, cannot take what it gets: {first:.120}. "
                "Look at the shape and dtype of the inputs."
            ) from no
        return result

    def _layer(self, place: int, node: Node) -> nn.Module | None:
        if node.word == "again":
            return self.layers[str(node.arguments[0])]
        return self.layers[str(place)] if node.word in LAYERS else None


def _called(name: str, layer: nn.Module | None, arguments: tuple) -> object:
    if layer is None:
        function = FUNCTIONS[name]
        missing = len(function.names) - len(arguments)
        return function.run(*arguments, *function.defaults[len(function.defaults) - missing :])
    names = LAYERS[name].calls
    return layer(**dict(zip(names, arguments, strict=False))) if len(names) > 1 else layer(arguments[0])


def _filled(value: object, values: dict[int, object]) -> object:
    """A value with the results in the place of references."""
    if isinstance(value, Ref):
        return values[value.node]
    if isinstance(value, tuple):
        return tuple(_filled(part, values) for part in value)
    if isinstance(value, slice):
        return slice(*(_filled(part, values) for part in (value.start, value.stop, value.step)))
    return value


def _references(value: object) -> set[int]:
    if isinstance(value, Ref):
        return {value.node}
    if isinstance(value, slice):
        value = (value.start, value.stop, value.step)
    return set().union(*map(_references, value)) if isinstance(value, tuple) else set()


def _last_uses(graph: Graph) -> dict[int, list[int]]:
    """Which results nobody needs once a node has been run."""
    last = {place: place for place in range(len(graph.nodes))}
    for place, node in enumerate(graph.nodes):
        last |= dict.fromkeys(_references(node.arguments), place)
    kept = _references(graph.output)
    ends: dict[int, list[int]] = {}
    for place, end in last.items():
        if place not in kept:
            ends.setdefault(end, []).append(place)
    return ends
