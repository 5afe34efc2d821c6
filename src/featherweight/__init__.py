"""featherweight: an interactive workbook on optimizing and compressing neural networks.

Importing this package loads neither torch nor matplotlib; the names below arrive on first use.
"""

from importlib import import_module
from importlib.metadata import version

__version__ = version("featherweight")

_HOME = {
    "catalogue": "featherweight.exercises",
    "check": "featherweight.exercises.check",
    "hint": "featherweight.exercises.check",
    "progress": "featherweight.exercises.progress",
    "reset": "featherweight.exercises.reset",
}

__all__ = ["catalogue", "check", "hint", "progress", "reset"]


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(f"module 'featherweight' has no attribute {name!r}; it offers {', '.join(__all__)}")
    value = globals()[name] = getattr(import_module(_HOME[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
