"""The fixed vocabulary of networks: layers that hold tensors, and functions. A file names them by their number here.

A new word goes to the end of its table; a word that is taken out leaves its place empty: numbers never change.
Functions get their number from 1, layers from 100; the high bit of a node's byte is a flag (see `header`).
"""

import math
import operator
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from featherweight.artifact.values import damaged

__all__ = ["FUNCTIONS", "LAYERS", "Function", "Layer", "arity", "build", "number_of", "word"]

MOST = 2**24
"""The largest size, kernel or stride that a layer may ask for."""


@dataclass(frozen=True)
class Function:
    """A word without tensors of its own: a callable and the names of its arguments; `defaults` are those left out."""

    run: Callable
    names: tuple[str, ...]
    defaults: tuple = ()


@dataclass(frozen=True)
class Layer:
    """A word with tensors of its own: a torch layer, the names of its settings, and those of what it is called with.

    defaults: of the last settings. calls: arguments of a call, all of them written in every file.
    """

    kind: Callable[..., nn.Module]
    names: tuple[str, ...]
    defaults: tuple = ()
    calls: tuple[str, ...] = ("x",)


def _f(run: Callable, names: str, *defaults: object) -> Function:
    return Function(run, tuple(names.split()), defaults)


def _softmax(x: Tensor, dim: int) -> Tensor:
    return torch.softmax(x, dim)


def _zero_pad(x: Tensor, sizes: tuple[int, ...], value: float) -> Tensor:
    return F.pad(x, sizes, "constant", value)


def _attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, causal: bool, scale: float | None) -> Tensor:
    return F.scaled_dot_product_attention(q, k, v, mask, 0.0, causal, scale=scale)


def _arange(start: int, end: int, step: int) -> Tensor:
    return torch.arange(start, end, step)


def _resize(x: Tensor, factor: float, mode: int) -> Tensor:
    return F.interpolate(x, scale_factor=factor, mode=("nearest", "bilinear")[mode])


FUNCTIONS: dict[str, Function] = {
    "input": _f(lambda: None, ""),
    "constant": _f(lambda: None, "shape"),
    "again": _f(lambda: None, "layer arguments"),
    "relu": _f(F.relu, "x"),
    "relu6": _f(F.relu6, "x"),
    "leaky_relu": _f(F.leaky_relu, "x slope", 0.01),
    "elu": _f(F.elu, "x alpha", 1.0),
    "selu": _f(F.selu, "x"),
    "gelu": _f(lambda x, rough: F.gelu(x, approximate="tanh" if rough else "none"), "x tanh", False),
    "silu": _f(F.silu, "x"),
    "mish": _f(F.mish, "x"),
    "sigmoid": _f(torch.sigmoid, "x"),
    "tanh": _f(torch.tanh, "x"),
    "hardswish": _f(F.hardswish, "x"),
    "hardsigmoid": _f(F.hardsigmoid, "x"),
    "hardtanh": _f(F.hardtanh, "x min_val max_val", -1.0, 1.0),
    "softplus": _f(F.softplus, "x beta threshold", 1.0, 20.0),
    "softsign": _f(F.softsign, "x"),
    "softmax": _f(_softmax, "x dim"),
    "log_softmax": _f(F.log_softmax, "x dim"),
    "normalize": _f(F.normalize, "x p dim eps", 2.0, 1, 1e-12),
    "max_pool1d": _f(F.max_pool1d, "x kernel_size stride padding dilation ceil_mode", None, 0, 1, False),
    "max_pool2d": _f(F.max_pool2d, "x kernel_size stride padding dilation ceil_mode", None, 0, 1, False),
    "avg_pool1d": _f(F.avg_pool1d, "x kernel_size stride padding ceil_mode count_include_pad", None, 0, False, True),
    "avg_pool2d": _f(F.avg_pool2d, "x kernel_size stride padding ceil_mode count_include_pad", None, 0, False, True),
    "adaptive_avg_pool1d": _f(F.adaptive_avg_pool1d, "x output_size"),
    "adaptive_avg_pool2d": _f(F.adaptive_avg_pool2d, "x output_size"),
    "adaptive_max_pool1d": _f(F.adaptive_max_pool1d, "x output_size"),
    "adaptive_max_pool2d": _f(F.adaptive_max_pool2d, "x output_size"),
    "flatten": _f(torch.flatten, "x start_dim end_dim", 1, -1),
    "unflatten": _f(torch.unflatten, "x dim sizes"),
    "reshape": _f(torch.reshape, "x shape"),
    "transpose": _f(torch.transpose, "x dim0 dim1"),
    "permute": _f(torch.permute, "x dims"),
    "unsqueeze": _f(torch.unsqueeze, "x dim"),
    "squeeze": _f(lambda x, dim: torch.squeeze(x) if dim is None else torch.squeeze(x, dim), "x dim", None),
    "expand": _f(lambda x, sizes: x.expand(sizes), "x sizes"),
    "repeat": _f(lambda x, sizes: x.repeat(sizes), "x sizes"),
    "contiguous": _f(lambda x: x.contiguous(), "x"),
    "cat": _f(torch.cat, "tensors dim", 0),
    "stack": _f(torch.stack, "tensors dim", 0),
    "chunk": _f(torch.chunk, "x chunks dim", 0),
    "split": _f(torch.split, "x sizes dim", 0),
    "unbind": _f(torch.unbind, "x dim", 0),
    "item": _f(operator.getitem, "x index"),
    "shape": _f(lambda x: tuple(x.shape), "x"),
    "size": _f(lambda x, dim: x.size(dim), "x dim"),
    "dims": _f(lambda x: x.dim(), "x"),
    "arange": _f(_arange, "start end step", 1),
    "pad": _f(_zero_pad, "x sizes value", 0.0),
    "add": _f(operator.add, "x y"),
    "sub": _f(operator.sub, "x y"),
    "mul": _f(operator.mul, "x y"),
    "div": _f(operator.truediv, "x y"),
    "floordiv": _f(operator.floordiv, "x y"),
    "pow": _f(torch.pow, "x y"),
    "neg": _f(operator.neg, "x"),
    "matmul": _f(torch.matmul, "x y"),
    "linear": _f(F.linear, "x weight bias", None),
    "exp": _f(torch.exp, "x"),
    "log": _f(torch.log, "x"),
    "sqrt": _f(torch.sqrt, "x"),
    "rsqrt": _f(torch.rsqrt, "x"),
    "abs": _f(torch.abs, "x"),
    "clamp": _f(torch.clamp, "x min max", None, None),
    "maximum": _f(torch.maximum, "x y"),
    "minimum": _f(torch.minimum, "x y"),
    "eq": _f(operator.eq, "x y"),
    "ne": _f(operator.ne, "x y"),
    "lt": _f(operator.lt, "x y"),
    "gt": _f(operator.gt, "x y"),
    "masked_fill": _f(torch.masked_fill, "x mask value"),
    "where": _f(torch.where, "condition x y"),
    "mean": _f(
        lambda x, dim, keep: torch.mean(x) if dim is None else torch.mean(x, dim, keep), "x dim keepdim", None, False
    ),
    "sum": _f(
        lambda x, dim, keep: torch.sum(x) if dim is None else torch.sum(x, dim, keep), "x dim keepdim", None, False
    ),
    "amax": _f(torch.amax, "x dim keepdim", False),
    "float": _f(lambda x: x.float(), "x"),
    "long": _f(lambda x: x.long(), "x"),
    "attention": _f(_attention, "query key value mask causal scale", None, False, None),
    "resize": _f(_resize, "x scale_factor mode", 0),
}


def _encoder_layer(d_model, nhead, dim_feedforward, gelu, layer_norm_eps, norm_first, bias, **more) -> nn.Module:
    kind, name = nn.TransformerEncoderLayer, "gelu" if gelu else "relu"
    return kind(d_model, nhead, dim_feedforward, 0.0, name, layer_norm_eps, True, norm_first, bias, **more)


CONV = ("in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "groups", "bias")
UP = ("in_channels", "out_channels", "kernel_size", "stride", "padding", "output_padding", "groups")
UP = (*UP, "bias", "dilation")
NORM = ("num_features", "eps", "affine")
RECURRENT = ("input_size", "hidden_size", "num_layers", "bias", "batch_first", "bidirectional")
LAYERS: dict[str, Layer] = {
    "Linear": Layer(nn.Linear, ("in_features", "out_features", "bias"), (True,)),
    "Conv1d": Layer(nn.Conv1d, CONV, (1, 0, 1, 1, True)),
    "Conv2d": Layer(nn.Conv2d, CONV, (1, 0, 1, 1, True)),
    "ConvTranspose1d": Layer(nn.ConvTranspose1d, UP, (1, 0, 0, 1, True, 1)),
    "ConvTranspose2d": Layer(nn.ConvTranspose2d, UP, (1, 0, 0, 1, True, 1)),
    "BatchNorm1d": Layer(nn.BatchNorm1d, NORM, (1e-5, True)),
    "BatchNorm2d": Layer(nn.BatchNorm2d, NORM, (1e-5, True)),
    "LayerNorm": Layer(nn.LayerNorm, ("normalized_shape", "eps", "elementwise_affine", "bias"), (1e-5, True, True)),
    "GroupNorm": Layer(nn.GroupNorm, ("num_groups", "num_channels", "eps", "affine"), (1e-5, True)),
    "RMSNorm": Layer(nn.RMSNorm, ("normalized_shape", "eps", "elementwise_affine"), (None, True)),
    "PReLU": Layer(nn.PReLU, ("num_parameters",), (1,)),
    "Embedding": Layer(nn.Embedding, ("num_embeddings", "embedding_dim")),
    "MultiheadAttention": Layer(
        nn.MultiheadAttention,
        ("embed_dim", "num_heads", "bias", "batch_first"),
        (True, False),
        ("query", "key", "value", "key_padding_mask", "need_weights", "attn_mask", "is_causal"),
    ),
    "TransformerEncoderLayer": Layer(
        _encoder_layer,
        ("d_model", "nhead", "dim_feedforward", "gelu", "layer_norm_eps", "norm_first", "bias"),
        (False, 1e-5, False, True),
    ),
    "GRU": Layer(nn.GRU, RECURRENT, (1, True, False, False)),
    "LSTM": Layer(nn.LSTM, RECURRENT, (1, True, False, False)),
}
NUMBERS = {name: 1 + place for place, name in enumerate(FUNCTIONS)} | {
    name: 100 + place for place, name in enumerate(LAYERS)
}
WORDS = {number: name for name, number in NUMBERS.items()}


def number_of(name: str) -> int:
    """The number of a word, 1 … 127."""
    return NUMBERS[name]


def word(number: int) -> str:
    """The word of a number. Raises ArtifactProblem."""
    if number not in WORDS:
        raise damaged(f"{number} is the number of no layer or function")
    return WORDS[number]


def arity(name: str) -> tuple[int, tuple]:
    """How many arguments a word must have, and the defaults of those that may follow."""
    known = LAYERS.get(name) or FUNCTIONS[name]
    names = known.calls + known.names if isinstance(known, Layer) else known.names
    return len(names) - len(known.defaults), known.defaults


def build(name: str, settings: Sequence[object]) -> nn.Module:
    """A layer of these settings, in evaluation mode, its tensors without memory (on torch's meta device).

    Raises ArtifactProblem for settings that no such layer has.
    """
    layer = LAYERS[name]
    missing = len(layer.names) - len(settings)
    rest = layer.defaults[len(layer.defaults) - missing :]
    values = dict(zip(layer.names, (*settings, *rest), strict=True))
    for key, value in values.items():
        if not _usable(key, value):
            raise damaged(f"{name} with {key} = {value!r:.40}")
    if values.get("padding") == -1:
        values["padding"] = "same"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a layer of no rows has nothing to draw at random
            return layer.kind(**values, device="meta").eval()
    except (ArithmeticError, AssertionError, LookupError, RuntimeError, TypeError, ValueError) as problem:
        raise damaged(f"{name} cannot have the settings {tuple(values.values())!r:.80}") from problem


def _usable(key: str, value: object) -> bool:
    if isinstance(value, tuple):
        return 1 <= len(value) <= 3 and all(type(part) is int and 0 <= part <= MOST for part in value)
    if isinstance(value, float):
        return math.isfinite(value)
    if value is None or isinstance(value, bool):
        return True
    least, most = (1 if key in ("num_layers", "num_heads", "nhead") else 0), (64 if key == "num_layers" else MOST)
    return isinstance(value, int) and (least <= value <= most or (key == "padding" and value == -1))
