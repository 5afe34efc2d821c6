"""Traces a torch module into the vocabulary of .fw files: which layers and functions follow each other, as data."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, fx, nn

from featherweight.artifact.function_words import CALLS, METHODS, SPREAD, arranged
from featherweight.artifact.header import Graph, Node
from featherweight.artifact.interpreter import Slot, slots
from featherweight.artifact.module_words import MODULES, NOTHING, Unknown, all_unknown, settings_of, unknown, word_of
from featherweight.artifact.values import Ref
from featherweight.artifact.vocabulary import LAYERS
from featherweight.errors import ArtifactProblem

__all__ = ["Traced", "trace"]


@dataclass(frozen=True)
class Traced:
    """A network as data, with its own tensors: for each slot in order the tensor and its name in the network."""

    graph: Graph
    slots: list[Slot]
    tensors: list[Tensor]
    names: dict[int, str]


def trace(network: nn.Module, example_inputs: Sequence[Tensor] | Tensor | None = None) -> Traced:
    """A network in the vocabulary of .fw files. Raises ArtifactProblem, naming all that is not in it.

    example_inputs: one batch for each input. They are not needed to follow the network.
    """
    training = [module for module in network.modules() if module.training]
    network.eval()  # what a forward does while it is trained is not what it predicts with
    try:
        if isinstance(network, fx.GraphModule):
            return _Builder(network).build(network.graph)
        tracer = _Tracer()
        found = tracer.trace(network)
        return _Builder(tracer.root).build(found)
    except ArtifactProblem:
        raise
    except Exception as problem:  # whatever a stranger's forward does with a proxy
        raise ArtifactProblem(
            f"This {type(network).__name__} cannot be followed: {str(problem).split(chr(10))[0]:.150}. Its forward "
            "must do the same steps for every input: no if or loop over values of tensors."
        ) from problem
    finally:
        for module in training:
            module.training = True


class _Tracer(fx.Tracer):
    """Follows a network down to the layers that the vocabulary has, and to torch's own that it does not have."""

    proxy_buffer_attributes = True

    def is_leaf_module(self, m: nn.Module, name: str) -> bool:
        inside = (nn.Sequential, nn.ModuleList, nn.ModuleDict, nn.TransformerEncoder)
        return type(m).__module__.startswith("torch.nn") and not isinstance(m, inside)

    def call_module(self, m: nn.Module, forward: Callable, args: tuple, kwargs: dict) -> object:
        if isinstance(m, nn.TransformerEncoder) and len(args) == 1 and not kwargs:
            x = args[0]
            for layer in m.layers:
                x = layer(x)
            return x if m.norm is None else m.norm(x)
        return super().call_module(m, forward, args, kwargs)


class _Builder:
    """Turns the steps of torch.fx into nodes."""

    def __init__(self, network: nn.Module) -> None:
        self.network, self.nodes, self.refs = network, [], {}
        self.sources: dict[int, tuple[str, object]] = {}
        self.missing: list[str] = []

    def build(self, found: fx.Graph) -> Traced:
        """All nodes and tensors."""
        output = None
        for step in found.nodes:
            if step.op == "output":
                output = self._value(step.args[0])
            else:
                self.refs[step] = self._step(step)
        if self.missing:
            raise all_unknown(self.missing)
        graph = Graph(tuple(self.nodes), output)
        return self._with_tensors(graph)

    def _step(self, step: fx.Node) -> object:
        """What a step gives; where the vocabulary does not have it, something, so that all the others are found."""
        try:
            return getattr(self, f"_{step.op}")(step)
        except Unknown as problem:
            self.missing += problem.what
        except Exception:
            if not self.missing:
                raise
        return Ref(0)

    def _with_tensors(self, graph: Graph) -> Traced:
        wanted, _ = slots(graph)
        tensors, names = [], {}
        for place, slot in enumerate(wanted):
            path, owner = self.sources[slot.node]
            names[place] = path if slot.module is None else f"{path}.{slot.name}" if path else slot.name
            tensors.append(owner if slot.module is None else _own(owner, slot.name, path))
        return Traced(graph, wanted, tensors, names)

    def _add(self, word: str, *arguments: object) -> Ref:
        self.nodes.append(Node(word, tuple(arguments)))
        return Ref(len(self.nodes) - 1)

    def _placeholder(self, step: fx.Node) -> Ref:
        return self._add("input")

    def _get_attr(self, step: fx.Node) -> Ref:
        value = self.network
        for part in step.target.split("."):
            value = getattr(value, part)
        if not isinstance(value, Tensor):
            raise unknown(f"the attribute {step.target}, a {type(value).__name__}")
        ref = self._add("constant", tuple(value.shape))
        self.sources[ref.node] = (step.target, value)
        return ref

    def _call_module(self, step: fx.Node) -> object:
        module = self.network.get_submodule(step.target)
        kind = type(module)
        arguments = [self._value(one) for one in step.args]
        if kind in NOTHING:
            return arguments[0]
        if kind in MODULES:
            word, *settings = word_of(module, step.target)
            return self._add(word, arguments[0], *settings)
        settings = settings_of(module, step.target)
        return self._layer(step, module, arguments, settings)

    def _layer(self, step: fx.Node, module: nn.Module, arguments: list, settings: tuple) -> Ref:
        name = type(module).__name__
        calls = LAYERS[name].calls
        values = dict(zip(calls, arguments, strict=False))
        defaults = {"key_padding_mask": None, "need_weights": True, "attn_mask": None, "is_causal": False}
        values |= {key: self._value(one) for key, one in step.kwargs.items()}
        if set(values) - set(calls) or len(arguments) > len(calls):
            raise unknown(f"{step.target} called with {', '.join(sorted(set(values) - set(calls))) or 'a state'}")
        given = tuple(values[key] if key in values else defaults[key] for key in calls)
        known = next((place for place, (_, owner) in self.sources.items() if owner is module), None)
        if known is not None:
            return self._add("again", known, given)
        ref = self._add(name, *given, *settings)
        self.sources[ref.node] = (step.target, module)
        return ref

    def _call_function(self, step: fx.Node) -> object:
        if step.target is getattr:
            return self._attribute(step)
        word = CALLS.get(step.target)
        if word is None:
            name = getattr(step.target, "__name__", str(step.target))
            raise unknown(f"the function {name}", name)
        return self._word(word, step, step.args)

    def _call_method(self, step: fx.Node) -> object:
        word = METHODS.get(step.target)
        if word is None:
            raise unknown(f"the method {step.target} of tensors", step.target)
        arguments = step.args
        if step.target in SPREAD and len(arguments) > 1 and not isinstance(arguments[1], tuple | list):
            whole = isinstance(arguments[1], fx.Node) and len(arguments) == 2
            arguments = (arguments[0], arguments[1] if whole else tuple(arguments[1:]))
        return self._word(word, step, arguments)

    def _attribute(self, step: fx.Node) -> Ref:
        source, name = step.args[:2]
        if name == "shape":
            return self._add("shape", self._value(source))
        if name == "ndim":
            return self._add("dims", self._value(source))
        if name in ("T", "mT"):
            return self._add("transpose", self._value(source), -2, -1)
        if name in ("device", "dtype"):
            return None
        raise unknown(f"the attribute {name} of tensors")

    def _word(self, word: str, step: fx.Node, given: Sequence) -> object:
        more = {key: self._value(one) for key, one in step.kwargs.items()}
        word, *arguments = arranged(word, [self._value(one) for one in given], more)
        return arguments[0] if word == "nothing" else self._add(word, *arguments)

    def _value(self, value: object) -> object:
        """An argument with references in the place of steps."""
        if isinstance(value, fx.Node):
            return self.refs[value]
        if isinstance(value, tuple | list):
            return tuple(self._value(part) for part in value)
        if isinstance(value, slice):
            return slice(*(self._value(part) for part in (value.start, value.stop, value.step)))
        if value is None or value is ... or isinstance(value, bool | int | float):
            return value
        if isinstance(value, torch.dtype | torch.device | str):
            return value
        raise unknown(f"an argument that is a {type(value).__name__}")


def _own(module: nn.Module, name: str, path: str) -> Tensor:
    """A layer's tensor. Raises ArtifactProblem where hooks compute it in each call."""
    state = dict(module.named_parameters()) | dict(module.named_buffers())
    if name not in state:
        raise unknown(f"{path}, whose {name} is computed in each call", "parametrized")
    return state[name]
