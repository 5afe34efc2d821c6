"""The .fw file: a whole network, its architecture and its tensors, in as few bytes as can be, as data and never code.

`save` and `encode` write it, `load` and `decode` read it back to the exact same predictions; the names arrive on use.
A network that cannot be told as data leaves only its numbers: `encode_weights` and `load_weights`, see `weights`.
The format is told in `layout`, `header`, `values` and `codings`. A new layer or function goes to the end of its
table in `vocabulary`, with its cost in `cost` and its name in `module_words` or `function_words`. What changes the
bytes of an old file changes `layout.VERSION`.
"""

from importlib import import_module

_HOME = {
    "Codes": "stored",
    "Decoded": "interpreter",
    "Plain": "stored",
    "Shared": "stored",
    "decode": "reading",
    "encode": "writing",
    "encode_weights": "writing",
    "load": "reading",
    "load_weights": "weights",
    "network_with": "stored",
    "parts": "reading",
    "save": "writing",
    "trace": "architecture",
}

__all__ = [
    "Codes",
    "Decoded",
    "Plain",
    "Shared",
    "decode",
    "encode",
    "encode_weights",
    "load",
    "load_weights",
    "network_with",
    "parts",
    "save",
    "trace",
]


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(
            f"module 'featherweight.artifact' has no attribute {name!r}; it offers {', '.join(__all__)}"
        )
    value = globals()[name] = getattr(import_module(f"featherweight.artifact.{_HOME[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
