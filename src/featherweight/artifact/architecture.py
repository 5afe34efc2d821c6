"""Traces a torch module into the vocabulary of .fw files: which layers and functions follow each other, as data."""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, fx, nn

from featherweight.artifact.header import Graph, Node
from featherweight.artifact.interpreter import Slot, slots
from featherweight.artifact.values import Ref
from featherweight.artifact.vocabulary import FUNCTIONS, LAYERS
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
    """A network in the vocabulary of .fw files. Raises ArtifactProblem, naming the first thing that is not in it.

    example_inputs: one batch for each input. They are not needed to follow the network.
    """
    if isinstance(network, fx.GraphModule):
        found, owner = network.graph, network
    else:
        tracer = _Tracer()
        try:
            found = tracer.trace(network)
        except ArtifactProblem:
            raise
        except Exception as problem:  # whatever a stranger's forward does with a proxy
            raise ArtifactProblem(
                f"This {type(network).__name__} cannot be followed: {str(problem).split(chr(10))[0]:.150}. Its forward "
                "must do the same steps for every input: no if or loop over values of tensors."
            ) from problem
        owner = tracer.root
    return _Builder(owner).build(found)


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


def _only(value: tuple | int) -> object:
    """(3, 3) as 3."""
    if isinstance(value, tuple | list) and len(set(value)) == 1:
        return value[0]
    return tuple(value) if isinstance(value, list) else value


def _conv(m: nn.Module) -> tuple:
    padding = m.padding if not isinstance(m.padding, str) else {"valid": 0, "same": -1}[m.padding]
    bias, sizes = m.bias is not None, (_only(m.kernel_size), _only(m.stride), _only(padding))
    if isinstance(m, nn.ConvTranspose1d | nn.ConvTranspose2d):
        tail = (_only(m.output_padding), m.groups, bias, _only(m.dilation))
    else:
        tail = (_only(m.dilation), m.groups, bias)
    return m.in_channels, m.out_channels, *sizes, *tail


def _encoder_layer(m: nn.TransformerEncoderLayer) -> tuple:
    first, bias = m.linear1, m.linear1.bias is not None
    gelu = getattr(m.activation, "__name__", "") == "gelu" or isinstance(m.activation, nn.GELU)
    heads = m.self_attn.num_heads
    return first.in_features, heads, first.out_features, gelu, m.norm1.eps, m.norm_first, bias


def _recurrent(m: nn.RNNBase) -> tuple:
    return m.input_size, m.hidden_size, m.num_layers, m.bias, m.batch_first, m.bidirectional


SETTINGS: dict[type, Callable] = {
    nn.Linear: lambda m: (m.in_features, m.out_features, m.bias is not None),
    nn.Conv1d: _conv,
    nn.Conv2d: _conv,
    nn.ConvTranspose1d: _conv,
    nn.ConvTranspose2d: _conv,
    nn.BatchNorm1d: lambda m: (m.num_features, m.eps, m.affine),
    nn.BatchNorm2d: lambda m: (m.num_features, m.eps, m.affine),
    nn.LayerNorm: lambda m: (_only(m.normalized_shape), m.eps, m.elementwise_affine, m.bias is not None),
    nn.GroupNorm: lambda m: (m.num_groups, m.num_channels, m.eps, m.affine),
    nn.RMSNorm: lambda m: (_only(m.normalized_shape), m.eps, m.elementwise_affine),
    nn.PReLU: lambda m: (m.num_parameters,),
    nn.Embedding: lambda m: (m.num_embeddings, m.embedding_dim),
    nn.MultiheadAttention: lambda m: (m.embed_dim, m.num_heads, m.in_proj_bias is not None, m.batch_first),
    nn.TransformerEncoderLayer: _encoder_layer,
    nn.GRU: _recurrent,
    nn.LSTM: _recurrent,
}
REFUSED: dict[type, Callable] = {
    nn.Conv1d: lambda m: m.padding_mode != "zeros",
    nn.Conv2d: lambda m: m.padding_mode != "zeros",
    nn.BatchNorm1d: lambda m: not m.track_running_stats,
    nn.BatchNorm2d: lambda m: not m.track_running_stats,
    nn.Embedding: lambda m: m.max_norm is not None,
    nn.MultiheadAttention: lambda m: not m._qkv_same_embed_dim or m.bias_k is not None or m.add_zero_attn,
    nn.TransformerEncoderLayer: lambda m: not m.self_attn.batch_first or m.norm1.eps != m.norm2.eps,
    nn.GRU: lambda m: False,
    nn.LSTM: lambda m: m.proj_size != 0,
}
MODULES: dict[type, Callable] = {
    nn.ReLU: lambda m: ("relu",),
    nn.ReLU6: lambda m: ("relu6",),
    nn.LeakyReLU: lambda m: ("leaky_relu", m.negative_slope),
    nn.ELU: lambda m: ("elu", m.alpha),
    nn.SELU: lambda m: ("selu",),
    nn.GELU: lambda m: ("gelu", m.approximate == "tanh"),
    nn.SiLU: lambda m: ("silu",),
    nn.Mish: lambda m: ("mish",),
    nn.Sigmoid: lambda m: ("sigmoid",),
    nn.Tanh: lambda m: ("tanh",),
    nn.Hardswish: lambda m: ("hardswish",),
    nn.Hardsigmoid: lambda m: ("hardsigmoid",),
    nn.Hardtanh: lambda m: ("hardtanh", m.min_val, m.max_val),
    nn.Softplus: lambda m: ("softplus", m.beta, m.threshold),
    nn.Softsign: lambda m: ("softsign",),
    nn.Softmax: lambda m: ("softmax", m.dim),
    nn.LogSoftmax: lambda m: ("log_softmax", m.dim),
    nn.MaxPool1d: lambda m: ("max_pool1d", *map(_only, (m.kernel_size, m.stride, m.padding, m.dilation)), m.ceil_mode),
    nn.MaxPool2d: lambda m: ("max_pool2d", *map(_only, (m.kernel_size, m.stride, m.padding, m.dilation)), m.ceil_mode),
    nn.AvgPool1d: lambda m: ("avg_pool1d", *_average(m)),
    nn.AvgPool2d: lambda m: ("avg_pool2d", *_average(m)),
    nn.AdaptiveAvgPool1d: lambda m: ("adaptive_avg_pool1d", _only(m.output_size)),
    nn.AdaptiveAvgPool2d: lambda m: ("adaptive_avg_pool2d", _only(m.output_size)),
    nn.AdaptiveMaxPool1d: lambda m: ("adaptive_max_pool1d", _only(m.output_size)),
    nn.AdaptiveMaxPool2d: lambda m: ("adaptive_max_pool2d", _only(m.output_size)),
    nn.Flatten: lambda m: ("flatten", m.start_dim, m.end_dim),
    nn.Unflatten: lambda m: ("unflatten", m.dim, tuple(m.unflattened_size)),
    nn.ZeroPad2d: lambda m: ("pad", tuple(m.padding)),
}
NOTHING = (nn.Identity, nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.AlphaDropout)


def _average(m: nn.Module) -> tuple:
    return *map(_only, (m.kernel_size, m.stride, m.padding)), m.ceil_mode, m.count_include_pad


CALLS: dict[object, str] = {
    **{getattr(F, name): name for name in FUNCTIONS if hasattr(F, name)},
    **{getattr(torch, name): name for name in FUNCTIONS if hasattr(torch, name) and callable(getattr(torch, name))},
    **{getattr(operator, name): name for name in ("add", "sub", "mul", "floordiv", "pow", "neg", "matmul", "eq", "ne")},
    **{operator.lt: "lt", operator.gt: "gt", operator.truediv: "div", operator.getitem: "item"},
    **{operator.iadd: "add", operator.isub: "sub", operator.imul: "mul", operator.itruediv: "div"},
    torch.max_pool1d: "max_pool1d",
    torch.max_pool2d: "max_pool2d",
    torch.concat: "cat",
    torch.true_divide: "div",
    torch.bmm: "matmul",
    torch._C._nn.scaled_dot_product_attention: "attention",
    torch.swapaxes: "transpose",
    torch.square: "square",
    F.dropout: "nothing",
}
METHODS = {
    **{name: name for name in FUNCTIONS if hasattr(Tensor, name)},
    **{
        f"{name}_": name
        for name in ("relu", "sigmoid", "tanh", "add", "sub", "mul", "div", "clamp", "exp", "masked_fill")
    },
    **{"view": "reshape", "unsqueeze": "unsqueeze", "swapaxes": "transpose", "bmm": "matmul", "clamp_min": "clamp_min"},
    **{"type_as": "nothing", "detach": "nothing", "clone": "nothing", "dim": "dims", "t": "t", "size": "size"},
}
SPREAD = {"view": 1, "reshape": 1, "permute": 1, "expand": 1, "repeat": 1}


class _Builder:
    """Turns the steps of torch.fx into nodes."""

    def __init__(self, network: nn.Module) -> None:
        self.network, self.nodes, self.refs = network, [], {}
        self.sources: dict[int, tuple[str, object]] = {}
        self.layers: dict[str, int] = {}

    def build(self, found: fx.Graph) -> Traced:
        """All nodes and tensors."""
        output = None
        for step in found.nodes:
            if step.op == "output":
                output = self._value(step.args[0])
            else:
                self.refs[step] = getattr(self, f"_{step.op}")(step)
        graph = Graph(tuple(self.nodes), output)
        return self._with_tensors(_without_unused(graph, self))

    def _with_tensors(self, graph: Graph) -> Traced:
        wanted, _ = slots(graph)
        tensors, names = [], {}
        for place, slot in enumerate(wanted):
            path, owner = self.sources[slot.node]
            names[place] = path if slot.module is None else f"{path}.{slot.name}" if path else slot.name
            tensors.append(owner if slot.module is None else _plain_state(owner)[slot.name])
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
            raise _unknown(f"the attribute {step.target}, a {type(value).__name__}")
        ref = self._add("constant", tuple(value.shape))
        self.sources[ref.node] = (step.target, value)
        return ref

    def _call_module(self, step: fx.Node) -> object:
        module, kind = self.network.get_submodule(step.target), None
        kind = type(module)
        arguments = [self._value(one) for one in step.args]
        if kind in NOTHING:
            return arguments[0]
        if kind in MODULES:
            word, *settings = MODULES[kind](module)
            return self._add(word, arguments[0], *settings)
        if kind not in SETTINGS or REFUSED.get(kind, lambda m: False)(module):
            raise _unknown(f"{step.target}, {module!r:.80}")
        return self._layer(step, module, kind.__name__, arguments)

    def _layer(self, step: fx.Node, module: nn.Module, name: str, arguments: list) -> Ref:
        calls = LAYERS[name].calls
        values = dict(zip(calls, arguments, strict=False))
        defaults = {"key_padding_mask": None, "need_weights": True, "attn_mask": None, "is_causal": False}
        values |= {key: self._value(one) for key, one in step.kwargs.items()}
        if set(values) - set(calls) or len(arguments) > len(calls):
            raise _unknown(f"{step.target} called with {', '.join(sorted(set(values) - set(calls))) or 'a state'}")
        given = tuple(values[key] if key in values else defaults[key] for key in calls)
        known = next((place for place, (_, owner) in self.sources.items() if owner is module), None)
        if known is not None:
            return self._add("again", known, given)
        ref = self._add(name, *given, *SETTINGS[type(module)](module))
        self.sources[ref.node] = (step.target, module)
        return ref

    def _call_function(self, step: fx.Node) -> object:
        if step.target is getattr:
            return self._attribute(step)
        word = CALLS.get(step.target)
        if word is None:
            raise _unknown(f"the function {getattr(step.target, '__name__', step.target)}")
        return self._word(word, step, step.args)

    def _call_method(self, step: fx.Node) -> object:
        word = METHODS.get(step.target)
        if word is None:
            raise _unknown(f"the method {step.target} of tensors")
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
        raise _unknown(f"the attribute {name} of tensors")

    def _word(self, word: str, step: fx.Node, given: Sequence) -> object:
        arguments = [self._value(one) for one in given]
        more = {key: self._value(one) for key, one in step.kwargs.items()}
        if word in ADAPTED:
            return ADAPTED[word](self, arguments, more)
        names = FUNCTIONS[word].names
        more = {RENAMED.get(key, key): value for key, value in more.items() if key not in IGNORED}
        if names and names[0] in ("x", "tensors"):
            more = {names[0] if key == "input" else key: value for key, value in more.items()}
        values = dict(zip(names, arguments, strict=False)) | more
        least = len(names) - len(FUNCTIONS[word].defaults)
        if len(arguments) > len(names) or set(values) - set(names) or any(name not in values for name in names[:least]):
            raise _unknown(f"{word} with {', '.join(sorted(set(values) - set(names))) or 'these arguments'}")
        padded = dict(zip(names[least:], FUNCTIONS[word].defaults, strict=True)) | values
        return self._add(word, *(padded[name] for name in names))

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
        raise _unknown(f"an argument that is a {type(value).__name__}")


RENAMED = {
    "other": "y",
    "negative_slope": "slope",
    "kernel": "kernel_size",
    "exponent": "y",
    "mat2": "y",
    "keepdims": "keepdim",
}
IGNORED = ("inplace", "training", "dtype", "device", "_stacklevel", "return_indices", "dropout_p", "memory_format")


def _relabelled(word: str, *names: str) -> Callable:
    """A function whose arguments torch names otherwise."""

    def add(builder: _Builder, arguments: list, more: dict) -> Ref:
        values = dict(zip(names, arguments, strict=False)) | more
        return builder._add(word, *(values[name] for name in names if name in values))

    return add


def _size(builder: _Builder, arguments: list, more: dict) -> Ref:
    dim = arguments[1] if len(arguments) > 1 else more.get("dim")
    return builder._add("shape", arguments[0]) if dim is None else builder._add("size", arguments[0], dim)


def _arange(builder: _Builder, arguments: list, more: dict) -> Ref:
    start, end, step = {1: (0, *arguments, 1), 2: (*arguments, 1), 3: tuple(arguments)}[len(arguments)]
    return builder._add("arange", start, end, step)


def _attention(builder: _Builder, arguments: list, more: dict) -> Ref:
    values = (
        dict(zip(("query", "key", "value", "attn_mask", "dropout_p", "is_causal", "scale"), arguments, strict=False))
        | more
    )
    mask, causal = values.get("attn_mask"), values.get("is_causal", False)
    return builder._add("attention", values["query"], values["key"], values["value"], mask, causal, values.get("scale"))


def _gelu(builder: _Builder, arguments: list, more: dict) -> Ref:
    return builder._add("gelu", arguments[0], "tanh" in (more.get("approximate"), *arguments[1:]))


def _softmax(word: str) -> Callable:
    def add(builder: _Builder, arguments: list, more: dict) -> Ref:
        dim = arguments[1] if len(arguments) > 1 else more.get("dim")
        if dim is None:
            raise _unknown(f"{word} without dim")
        return builder._add(word, arguments[0], dim)

    return add


def _flatten(builder: _Builder, arguments: list, more: dict) -> Ref:
    start, end = [*arguments[1:], 0, -1][:2] if len(arguments) != 2 else (arguments[1], -1)
    return builder._add("flatten", arguments[0], more.get("start_dim", start), more.get("end_dim", end))


def _max_pool(word: str) -> Callable:
    def add(builder: _Builder, arguments: list, more: dict) -> Ref:
        names = ("x", "kernel_size", "stride", "padding", "dilation", "ceil_mode")
        values = dict(zip(names, arguments, strict=False)) | {key: one for key, one in more.items() if key in names}
        values = {key: one if key == "x" else _only(one) for key, one in values.items()}
        defaults = {"stride": None, "padding": 0, "dilation": 1, "ceil_mode": False}
        return builder._add(word, *((defaults | values)[name] for name in names))

    return add


ADAPTED: dict[str, Callable] = {
    "nothing": lambda builder, arguments, more: arguments[0],
    "size": _size,
    "arange": _arange,
    "attention": _attention,
    "gelu": _gelu,
    "softmax": _softmax("softmax"),
    "log_softmax": _softmax("log_softmax"),
    "flatten": _flatten,
    "max_pool1d": _max_pool("max_pool1d"),
    "max_pool2d": _max_pool("max_pool2d"),
    "clamp": _relabelled("clamp", "x", "min", "max"),
    "clamp_min": _relabelled("clamp", "x", "min"),
    "t": lambda builder, arguments, more: builder._add("transpose", arguments[0], 0, 1),
    "square": lambda builder, arguments, more: builder._add("mul", arguments[0], arguments[0]),
}


def _plain_state(module: nn.Module) -> dict[str, Tensor]:
    return dict(module.named_parameters()) | dict(module.named_buffers())


def _without_unused(graph: Graph, builder: _Builder) -> Graph:
    return graph


def _unknown(what: str) -> ArtifactProblem:
    layers = ", ".join(LAYERS)
    return ArtifactProblem(
        f"A .fw file cannot hold {what}. It knows the layers {layers}, the usual activations, pools and shape "
        "functions; write that part with these."
    )
