"""What a node would cost is known from shapes before it is run, so that a small file cannot ask for a large machine."""

from collections.abc import Sequence
from math import prod

import torch
from torch import Tensor, nn

from featherweight.errors import ArtifactProblem

__all__ = ["MAX_ELEMENTS", "MAX_MACS", "Meter"]

MAX_MACS = 2 * 10**9
"""Multiplications and additions for one example."""

MAX_ELEMENTS = 2**28
"""Numbers in one result of one call: 1 GiB as float32."""

MAX_INTEGER = 2**40
MAX_PIECES, MAX_AXES = 4096, 16
SPLIT = ("chunk", "split", "unbind")
SPREAD = ("expand", "repeat", "reshape", "unflatten")
BROADCAST = ("add", "sub", "mul", "div", "floordiv", "pow", "eq", "ne", "lt", "gt", "maximum", "minimum", "where")


class Meter:
    """Counts what one call of a network costs, and stops it before it costs too much. macs: allowed for an example."""

    def __init__(self, inputs: Sequence[Tensor], macs: int) -> None:
        examples = max([len(value) for value in inputs if value.dim()] or [1])
        self.macs, self.most = 0, macs * max(examples, 1)

    def weigh(self, name: str, layer: nn.Module | None, arguments: tuple) -> None:
        """Add what a node is going to cost. Raises ArtifactProblem, or TypeError where a sum of lists is meant."""
        if layer is None and name in BROADCAST:
            _numbers_only(name, arguments)
        elements, macs = _layer_cost(layer, arguments) if layer is not None else _function_cost(name, arguments)
        pieces = _pieces(name, arguments) if name in SPLIT else 1
        self.macs += macs + elements
        if elements > MAX_ELEMENTS or self.macs > self.most or pieces > MAX_PIECES:
            raise ArtifactProblem(
                f"This .fw file asks for {self.macs:,} steps and {elements:,} numbers at once in its {name}; at most "
                f"{self.most:,} and {MAX_ELEMENTS:,} are run. Use fewer examples at a time, or a smaller network."
            )

    def count(self, result: object) -> None:
        """Look at a result that has been computed: numbers about sizes must stay small."""
        parts = result if isinstance(result, tuple | list) else (result,)
        if any(isinstance(part, int | float) and abs(part) > MAX_INTEGER for part in parts):
            raise ArtifactProblem("This .fw file computes with sizes that no tensor has. Get or write the file again.")


def _tensors(arguments: object) -> list[Tensor]:
    if isinstance(arguments, Tensor):
        return [arguments]
    return [one for part in arguments for one in _tensors(part)] if isinstance(arguments, tuple | list) else []


def _layer_cost(layer: nn.Module, arguments: tuple) -> tuple[int, int]:
    """Numbers in the result and multiplications, or bounds on them."""
    x = arguments[0]
    size = max(one.numel() for one in _tensors(arguments))
    if isinstance(layer, nn.Conv1d | nn.Conv2d | nn.ConvTranspose1d | nn.ConvTranspose2d):
        return _convolution(layer, x)
    if isinstance(layer, nn.Linear):
        out = size // max(layer.in_features, 1) * layer.out_features
        return out, out * layer.in_features
    if isinstance(layer, nn.Embedding):
        return size * layer.embedding_dim, 0
    weights = sum(parameter.numel() for parameter in layer.parameters())
    if isinstance(layer, nn.MultiheadAttention | nn.TransformerEncoderLayer):
        keys = arguments[1] if isinstance(layer, nn.MultiheadAttention) else x
        width, heads = x.shape[-1], getattr(layer, "num_heads", None) or layer.self_attn.num_heads
        queries, others = x.numel() // max(width, 1), max(x.shape[:-1]) if x.dim() > 1 else 1
        others = max(others, *keys.shape[:-1])
        wide = layer.linear1.out_features if isinstance(layer, nn.TransformerEncoderLayer) else width
        return queries * max(others * heads, wide, 3 * width), queries * (weights + 2 * others * width)
    if isinstance(layer, nn.GRU | nn.LSTM):
        steps = x.numel() // max(layer.input_size, 1)
        return steps * layer.hidden_size * 2, steps * weights
    return size, size


def _convolution(layer: nn.Module, x: Tensor) -> tuple[int, int]:
    spatial, length = len(layer.kernel_size), x.shape[-len(layer.kernel_size) :]
    batch = x.numel() // max(prod(x.shape[-spatial - 1 :]), 1)
    each = prod(layer.kernel_size) * layer.in_channels // layer.groups
    if isinstance(layer, nn.ConvTranspose1d | nn.ConvTranspose2d):
        ends = zip(length, layer.stride, layer.dilation, layer.kernel_size, layer.output_padding, strict=True)
        out = prod((n - 1) * s + d * (k - 1) + o + 1 for n, s, d, k, o in ends)
        return max(0, batch * layer.out_channels * out), x.numel() * prod(layer.kernel_size) * layer.out_channels
    padding = (0,) * spatial if isinstance(layer.padding, str) else layer.padding
    ends = zip(length, padding, layer.dilation, layer.kernel_size, layer.stride, strict=True)
    if layer.padding == "same":
        out = prod(length)
    else:
        out = prod(max(0, (n + 2 * p - d * (k - 1) - 1) // s + 1) for n, p, d, k, s in ends)
    padded = batch * layer.in_channels * prod(n + 2 * p for n, p in zip(length, padding, strict=True))
    elements = batch * layer.out_channels * out
    return max(elements, padded), elements * each


def _function_cost(name: str, arguments: tuple) -> tuple[int, int]:
    tensors = _tensors(arguments)
    size = max([one.numel() for one in tensors] or [0])
    if name == "item":
        return _chosen(arguments), 0
    if name in ("cat", "stack"):
        return sum(one.numel() for one in tensors), 0
    if name in SPREAD:
        return _spread(name, arguments, size), 0
    if name == "arange":
        return abs(arguments[1] - arguments[0]) // max(abs((*arguments, 1)[2]), 1) + 1, 0
    if name in ("matmul", "linear") and len(tensors) > 1:
        return _product(name, *tensors[:2])
    if name == "attention":
        query, key = tensors[:2]
        scores = query.numel() // max(query.shape[-1], 1) * key.shape[-2]
        return max(scores, size), 2 * scores * max(query.shape[-1], 1)
    if name.startswith("adaptive"):
        wanted = arguments[1] if isinstance(arguments[1], tuple) else (arguments[1],) * int(name[-2])
        out = tensors[0].numel() // max(prod(tensors[0].shape[-int(name[-2]) :]), 1) * prod(n or 1 for n in wanted)
        return max(out, size), max(out, size)
    if name in ("max_pool1d", "max_pool2d", "avg_pool1d", "avg_pool2d"):
        kernel = arguments[1] if isinstance(arguments[1], tuple) else (arguments[1],) * int(name[-2])
        return 4 * size, size * prod(kernel)
    if name == "pad":
        x, sizes = tensors[0], arguments[1]
        grown = [n + abs(a) + abs(b) for n, a, b in zip(reversed(x.shape), sizes[::2], sizes[1::2], strict=False)]
        return prod(grown) * prod(x.shape[: x.dim() - len(grown)]), 0
    if name == "resize":
        return int(size * max(arguments[1], 1) ** 2), 0
    if tensors and (name in BROADCAST or name in ("masked_fill", "clamp", "normalize")):
        return _broadcast(tensors), 0
    return size, 0


def _numbers_only(name: str, arguments: tuple) -> None:
    """Tuples are shapes here: two may be joined, as long as they stay short, and nothing else is done with them."""
    tuples = [part for part in arguments if isinstance(part, tuple | list)]
    if tuples and (name != "add" or len(tuples) < 2 or sum(map(len, tuples)) > MAX_AXES):
        raise TypeError(f"{name} of {len(tuples[0])} numbers in a tuple")


def _pieces(name: str, arguments: tuple) -> int:
    """How many tensors come of a split."""
    x, rest = arguments[0], arguments[1:]
    if name == "unbind":
        return x.shape[rest[0] if rest else 0]
    dim = rest[1] if len(rest) > 1 else 0
    if name == "chunk":
        return min(rest[0], x.shape[dim])
    return len(rest[0]) if isinstance(rest[0], tuple | list) else -(-x.shape[dim] // max(rest[0], 1))


def _chosen(arguments: tuple) -> int:
    """A bound on the numbers that an index chooses: a tensor in it may choose each more than once."""
    source, index = arguments
    if not isinstance(source, Tensor):
        return len(_tensors(source))
    choosers, size = _tensors(index), source.numel()
    if choosers:
        size *= max(_broadcast(choosers), 1)
    return size


def _spread(name: str, arguments: tuple, size: int) -> int:
    if name in ("reshape", "unflatten"):
        return size
    if name == "repeat":
        return size * prod(max(n, 0) for n in arguments[1])
    x, sizes = arguments[0], arguments[1]
    shape = (1,) * (len(sizes) - x.dim()) + tuple(x.shape)
    return prod(own if n == -1 else n for n, own in zip(sizes, shape, strict=True))


def _broadcast(tensors: list[Tensor]) -> int:
    try:
        return prod(torch.broadcast_shapes(*(one.shape for one in tensors)))
    except RuntimeError:  # it will not run either
        return max(one.numel() for one in tensors)


def _product(name: str, left: Tensor, right: Tensor) -> tuple[int, int]:
    if name == "linear" or left.dim() < 2 or right.dim() < 2:
        inner = max(right.shape[-1] if name == "linear" else left.shape[-1], 1)
        outs = right.shape[0] if name == "linear" else max(right.numel() // inner, 1)
        out = max(left.numel() // inner, 1) * outs
        return out, out * inner
    batch = _broadcast([left[..., 0, 0], right[..., 0, 0]])
    out = batch * left.shape[-2] * right.shape[-1]
    return out, out * left.shape[-1]
