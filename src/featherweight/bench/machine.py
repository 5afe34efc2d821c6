"""The machine that a number is from: without it, no time means anything."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version

import psutil

from featherweight.lab import sparse_speed

__all__ = ["machine"]

GIB = 2**30


def machine() -> dict[str, str]:
    """Name → text. No host's name is in it."""
    import torch

    name, flags = sparse_speed.machine().rstrip(")").rsplit(" (", 1)
    build = f"CUDA {torch.version.cuda} build" if torch.version.cuda else "CPU build"
    return {
        "processor": f"{name}, {os.cpu_count()} cores",
        "vector units": flags,
        "memory": f"{psutil.virtual_memory().total / GIB:.0f} GiB",
        "system": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "torch": f"{torch.__version__.partition('+')[0]} ({build}), {torch.get_num_threads()} thread(s)",
        "other libraries": ", ".join(f"{one} {version(one)}" for one in ("onnxruntime", "numpy", "ipywidgets")),
    }
