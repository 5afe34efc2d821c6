"""What torch's layers are called in the vocabulary, and with which settings."""

from collections.abc import Callable, Sequence

import torch.nn.functional as F
from torch import nn

from featherweight.artifact.replacements import instead_of
from featherweight.artifact.vocabulary import LAYERS
from featherweight.errors import ArtifactProblem

__all__ = ["MODULES", "NOTHING", "Unknown", "all_unknown", "only", "settings_of", "unknown", "word_of"]

MOST_NAMED = 8


class Unknown(ArtifactProblem):
    """A network has parts that the vocabulary does not have. what: each of them, with what could stand in its place."""

    def __init__(self, message: str, what: tuple[str, ...]) -> None:
        super().__init__(message)
        self.what = what


def unknown(what: str, name: str = "") -> Unknown:
    """The problem of one part. name: of its class, function or method, to look up what could stand in its place."""
    known = instead_of(name)
    return all_unknown([f"{what} (write {known})" if known else what])


def all_unknown(what: Sequence[str]) -> Unknown:
    """The problem of many parts in one line, each once."""
    what = tuple(dict.fromkeys(what))
    named = ", ".join(what[:MOST_NAMED])
    more = f" and {len(what) - MOST_NAMED} more" if len(what) > MOST_NAMED else ""
    return Unknown(
        f"A .fw file cannot hold {named}{more}. It knows the layers {', '.join(LAYERS)}, the usual activations, pools "
        f"and shape functions; write {'that part' if len(what) == 1 else 'those parts'} with these.",
        what,
    )


def only(value: tuple | int) -> object:
    """(3, 3) as 3."""
    if isinstance(value, tuple | list) and len(set(value)) == 1:
        return value[0]
    return tuple(value) if isinstance(value, list) else value


def _conv(m: nn.Module) -> tuple:
    padding = m.padding if not isinstance(m.padding, str) else {"valid": 0, "same": -1}[m.padding]
    bias, sizes = m.bias is not None, (only(m.kernel_size), only(m.stride), only(padding))
    if isinstance(m, nn.ConvTranspose1d | nn.ConvTranspose2d):
        tail = (only(m.output_padding), m.groups, bias, only(m.dilation))
    else:
        tail = (only(m.dilation), m.groups, bias)
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
    nn.LayerNorm: lambda m: (only(m.normalized_shape), m.eps, m.elementwise_affine, m.bias is not None),
    nn.GroupNorm: lambda m: (m.num_groups, m.num_channels, m.eps, m.affine),
    nn.RMSNorm: lambda m: (only(m.normalized_shape), m.eps, m.elementwise_affine),
    nn.PReLU: lambda m: (m.num_parameters,),
    nn.Embedding: lambda m: (m.num_embeddings, m.embedding_dim),
    nn.MultiheadAttention: lambda m: (m.embed_dim, m.num_heads, m.in_proj_bias is not None, m.batch_first),
    nn.TransformerEncoderLayer: _encoder_layer,
    nn.GRU: _recurrent,
    nn.LSTM: _recurrent,
}
MAX_POOLS = (nn.MaxPool1d, nn.MaxPool2d, nn.AdaptiveMaxPool1d, nn.AdaptiveMaxPool2d)


def _is_usual(m: nn.TransformerEncoderLayer) -> bool:
    """Whether an encoder layer has the parts and settings that its word stands for."""
    first, second, act = m.norm1, m.norm2, m.activation
    usual = act in (F.relu, F.gelu) or type(act) is nn.ReLU or (type(act) is nn.GELU and act.approximate == "none")
    return usual and m.self_attn.batch_first and type(first) is type(second) is nn.LayerNorm and first.eps == second.eps


REFUSED: dict[type, Callable] = {
    nn.Conv1d: lambda m: m.padding_mode != "zeros",
    nn.Conv2d: lambda m: m.padding_mode != "zeros",
    nn.BatchNorm1d: lambda m: not m.track_running_stats,
    nn.BatchNorm2d: lambda m: not m.track_running_stats,
    nn.Embedding: lambda m: m.max_norm is not None,
    nn.MultiheadAttention: lambda m: not m._qkv_same_embed_dim or m.bias_k is not None or m.add_zero_attn,
    nn.TransformerEncoderLayer: lambda m: not _is_usual(m),
    nn.LSTM: lambda m: m.proj_size != 0,
    **dict.fromkeys(MAX_POOLS, lambda m: m.return_indices),
    nn.AvgPool2d: lambda m: m.divisor_override is not None,
}
"""Layers of the vocabulary with settings that it does not have."""


def _average(m: nn.Module) -> tuple:
    return *map(only, (m.kernel_size, m.stride, m.padding)), m.ceil_mode, m.count_include_pad


def _upsample(m: nn.Upsample) -> tuple:
    modes, factor = ("nearest", "bilinear"), m.scale_factor
    if m.mode not in modes or not isinstance(factor, int | float) or m.align_corners:
        raise unknown(f"{m!r:.80}")
    return "resize", float(factor), modes.index(m.mode)


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
    nn.MaxPool1d: lambda m: ("max_pool1d", *map(only, (m.kernel_size, m.stride, m.padding, m.dilation)), m.ceil_mode),
    nn.MaxPool2d: lambda m: ("max_pool2d", *map(only, (m.kernel_size, m.stride, m.padding, m.dilation)), m.ceil_mode),
    nn.AvgPool1d: lambda m: ("avg_pool1d", *_average(m)),
    nn.AvgPool2d: lambda m: ("avg_pool2d", *_average(m)),
    nn.AdaptiveAvgPool1d: lambda m: ("adaptive_avg_pool1d", only(m.output_size)),
    nn.AdaptiveAvgPool2d: lambda m: ("adaptive_avg_pool2d", only(m.output_size)),
    nn.AdaptiveMaxPool1d: lambda m: ("adaptive_max_pool1d", only(m.output_size)),
    nn.AdaptiveMaxPool2d: lambda m: ("adaptive_max_pool2d", only(m.output_size)),
    nn.Flatten: lambda m: ("flatten", m.start_dim, m.end_dim),
    nn.Unflatten: lambda m: ("unflatten", m.dim, tuple(m.unflattened_size)),
    nn.Upsample: _upsample,
    nn.ZeroPad2d: lambda m: ("pad", tuple(m.padding)),
}
NOTHING = (nn.Identity, nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.AlphaDropout, nn.FeatureAlphaDropout)


def word_of(module: nn.Module, path: str) -> tuple:
    """The word and settings of a layer without tensors. Raises ArtifactProblem for settings that it does not have."""
    _check(module, path, MODULES)
    return MODULES[type(module)](module)


def _check(module: nn.Module, path: str, known: dict) -> None:
    kind = type(module)
    if kind not in known or REFUSED.get(kind, lambda m: False)(module):
        said = " ".join(repr(module).split())
        name = "parametrized" if kind.__name__.startswith("Parametrized") else kind.__name__
        raise unknown(f"{path}, {said if len(said) <= 80 else said[:79] + '…'}", name)


def settings_of(module: nn.Module, path: str) -> tuple:
    """What the vocabulary's layer of this kind is built with. Raises ArtifactProblem where it has none."""
    _check(module, path, SETTINGS)
    kind = type(module)
    return SETTINGS[kind](module)
