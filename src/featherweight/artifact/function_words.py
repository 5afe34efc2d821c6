"""What torch's functions and methods are called in the vocabulary, and how their arguments are arranged there."""

import operator
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from featherweight.artifact.module_words import only, unknown
from featherweight.artifact.vocabulary import FUNCTIONS

__all__ = ["CALLS", "METHODS", "SPREAD", "arranged"]

SAME_NAME = [name for name in FUNCTIONS if name not in ("input", "constant", "again", "item", "resize", "normalize")]
CALLS: dict[object, str] = {
    **{getattr(F, name): name for name in (*SAME_NAME, "normalize") if hasattr(F, name)},
    **{getattr(torch, name): name for name in SAME_NAME if callable(getattr(torch, name, None))},
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
del CALLS[torch.adaptive_max_pool1d]  # unlike the one of torch.nn.functional it gives the indices as well
METHODS = {
    **{name: name for name in SAME_NAME if hasattr(Tensor, name) and name != "where"},
    **{
        f"{name}_": name
        for name in ("relu", "sigmoid", "tanh", "add", "sub", "mul", "div", "clamp", "exp", "masked_fill")
    },
    **{"view": "reshape", "swapaxes": "transpose", "bmm": "matmul", "clamp_min": "clamp_min", "t": "t", "to": "to"},
    **{"detach": "nothing", "clone": "nothing", "dim": "dims", "size": "size", "square": "square"},
}
SPREAD = ("view", "reshape", "permute", "expand", "repeat")
"""Methods that take their numbers one by one or in a tuple."""

RENAMED = {"other": "y", "negative_slope": "slope", "exponent": "y", "mat2": "y", "keepdims": "keepdim", "axis": "dim"}
IGNORED = ("inplace", "training", "memory_format")


def _size(arguments: list, more: dict) -> tuple:
    dim = arguments[1] if len(arguments) > 1 else more.get("dim")
    return ("shape", arguments[0]) if dim is None else ("size", arguments[0], dim)


def _arange(arguments: list, more: dict) -> tuple:
    if more.get("dtype") not in (None, torch.int64) or more.keys() - {"dtype", "device"}:
        raise unknown(f"arange with {', '.join(more)}")
    return ("arange", *{1: (0, *arguments, 1), 2: (*arguments, 1), 3: tuple(arguments)}[len(arguments)])


def _attention(arguments: list, more: dict) -> tuple:
    names = ("query", "key", "value", "attn_mask", "dropout_p", "is_causal", "scale")
    values = {"attn_mask": None, "is_causal": False, "scale": None} | dict(zip(names, arguments, strict=False)) | more
    return ("attention", *(values[name] for name in names if name != "dropout_p"))


def _gelu(arguments: list, more: dict) -> tuple:
    return "gelu", arguments[0], "tanh" in (more.get("approximate"), *arguments[1:])


def _softmax(word: str) -> Callable[[list, dict], tuple]:
    def found(arguments: list, more: dict) -> tuple:
        dim = arguments[1] if len(arguments) > 1 else more.get("dim")
        if dim is None or more.get("dtype") not in (None, torch.float32):
            raise unknown(f"{word} without dim, or with another dtype")
        return word, arguments[0], dim

    return found


def _flatten(arguments: list, more: dict) -> tuple:
    start, end = [*arguments[1:], 0, -1][:2] if len(arguments) != 2 else (arguments[1], -1)
    return "flatten", arguments[0], more.get("start_dim", start), more.get("end_dim", end)


def _pool(word: str, *names: str) -> Callable[[list, dict], tuple]:
    """A pool, whose sizes are one number where all are the same."""

    def found(arguments: list, more: dict) -> tuple:
        values = dict(zip(names, arguments, strict=False)) | {key: one for key, one in more.items() if key in names}
        if more.get("return_indices") or more.get("divisor_override"):
            raise unknown(f"{word} with more than a pool of sizes")
        values = {key: only(one) for key, one in values.items()}
        defaults = dict(zip(names[-len(FUNCTIONS[word].defaults) :], FUNCTIONS[word].defaults, strict=True))
        return (word, *((defaults | values)[name] for name in names))

    return found


def _pad(arguments: list, more: dict) -> tuple:
    values = dict(zip(("input", "pad", "mode", "value"), arguments, strict=False)) | more
    if values.get("mode", "constant") != "constant":
        raise unknown(f"a pad of the mode {values['mode']}")
    return "pad", values["input"], values["pad"], float(values.get("value") or 0)


def _clamp_min(arguments: list, more: dict) -> tuple:
    return "clamp", arguments[0], arguments[1] if len(arguments) > 1 else more["min"], None


def _to(arguments: list, more: dict) -> tuple:
    wanted = [one for one in (*arguments[1:], *more.values()) if isinstance(one, torch.dtype)]
    if not wanted:
        return "nothing", arguments[0]
    if wanted[0] not in (torch.float32, torch.int64):
        raise unknown(f"a change to {wanted[0]}")
    return "float" if wanted[0] == torch.float32 else "long", arguments[0]


MAX_POOL = ("x", "kernel_size", "stride", "padding", "dilation", "ceil_mode")
AVG_POOL = ("x", "kernel_size", "stride", "padding", "ceil_mode", "count_include_pad")
ADAPTED: dict[str, Callable[[list, dict], tuple]] = {
    "nothing": lambda arguments, more: ("nothing", arguments[0]),
    "size": _size,
    "arange": _arange,
    "attention": _attention,
    "gelu": _gelu,
    "softmax": _softmax("softmax"),
    "log_softmax": _softmax("log_softmax"),
    "flatten": _flatten,
    **{name: _pool(name, *MAX_POOL) for name in ("max_pool1d", "max_pool2d")},
    **{name: _pool(name, *AVG_POOL) for name in ("avg_pool1d", "avg_pool2d")},
    "pad": _pad,
    "clamp_min": _clamp_min,
    "to": _to,
    "t": lambda arguments, more: ("transpose", arguments[0], 0, 1),
    "square": lambda arguments, more: ("mul", arguments[0], arguments[0]),
}


def arranged(word: str, arguments: list, more: dict) -> tuple:
    """A call as a word and all its arguments in the order of the vocabulary; the word "nothing" is its argument.

    Raises ArtifactProblem for what the vocabulary does not have.
    """
    if word in ADAPTED:
        return ADAPTED[word](arguments, more)
    names, defaults = FUNCTIONS[word].names, FUNCTIONS[word].defaults
    more = {RENAMED.get(key, key): value for key, value in more.items() if key not in IGNORED}
    if more.get("return_indices") is False:
        del more["return_indices"]
    more = {key: value for key, value in more.items() if key in (*names, "input") or value is not None}
    if names and names[0] in ("x", "tensors"):
        more = {names[0] if key == "input" else key: value for key, value in more.items()}
    values = dict(zip(names, arguments, strict=False)) | more
    least = len(names) - len(defaults)
    if len(arguments) > len(names) or set(values) - set(names) or any(name not in values for name in names[:least]):
        raise unknown(f"{word} with {', '.join(sorted(set(values) - set(names))) or 'these arguments'}")
    padded = dict(zip(names[least:], defaults, strict=True)) | values
    return (word, *(padded[name] for name in names))
