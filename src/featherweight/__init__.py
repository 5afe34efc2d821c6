"""featherweight: an interactive workbook on optimizing and compressing neural networks.

Importing this package loads neither torch nor matplotlib; the names below arrive on first use.
"""

import sys
from importlib import import_module
from importlib.metadata import version

# Below nbformat, jsonschema would build the grammar of addresses in all scripts, which takes it longer than importing
# torch. Without that package it leaves out a check of a format that no notebook has.
sys.modules.setdefault("rfc3987_syntax", None)

__version__ = version("featherweight")

_HOME = {
    "catalogue": "featherweight.exercises",
    "check": "featherweight.exercises.check",
    "compress": "featherweight.artifact.compress",
    "hint": "featherweight.exercises.check",
    "progress": "featherweight.exercises.progress",
    "reset": "featherweight.exercises.reset",
}

__all__ = ["catalogue", "check", "compress", "hint", "progress", "reset"]


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(f"module 'featherweight' has no attribute {name!r}; it offers {', '.join(__all__)}")
    value = globals()[name] = getattr(import_module(_HOME[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
