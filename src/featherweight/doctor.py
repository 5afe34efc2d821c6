"""What this machine has and lacks for the book: one line each, with the cure."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from featherweight.errors import InputError

__all__ = ["Finding", "examine"]

GIB = 2**30
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
CONTAINER_LIMIT = Path("/sys/fs/cgroup/memory.max")


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `fact` is what was found, `cure` what to do when not `well`; `needed` by the lessons."""

    name: str
    well: bool
    fact: str
    cure: str = ""
    needed: bool = True

    @property
    def blocks(self) -> bool:
        return self.needed and not self.well

    def line(self) -> str:
        mark = "ok  " if self.well else "lack" if self.needed else "note"
        return f"{mark}  {self.name}: {self.fact}" + ("" if self.well else f". {self.cure}")


def examine() -> list[Finding]:
    """Look at everything; never raises for what it finds missing."""
    torch = look_at_torch()
    after = [look_at_device(), look_at_threads()] if torch.well else []
    return [
        look_at_python(sys.version_info[:2]),
        torch,
        *after,
        look_at_program("browser", BROWSERS, "the widget tests drive one", "chromium"),
        look_at_program("bubblewrap", ("bwrap",), "only grading others' notebooks needs it", "bubblewrap"),
        look_at_disk(shutil.disk_usage(Path.cwd()).free),
        look_at_memory(),
    ]


def look_at_python(found: tuple[int, int]) -> Finding:
    text = ".".join(map(str, found))
    return Finding("python", found >= (3, 11), text, "Install Python 3.11 or newer, then `make lab PYTHON=python3.11`")


def look_at_torch() -> Finding:
    """The build that is installed; read from its metadata and its version file, so a missing one costs nothing."""
    cure = "Run `make lab`, or `pip install torch` (the README says how to get the small CPU build)"
    try:
        number = version("torch")
    except PackageNotFoundError:
        return Finding("torch", False, "not installed", cure)
    if importlib.util.find_spec("torch") is None:
        return Finding("torch", False, f"{number} is listed but cannot be found", cure)
    import torch

    build = f"CUDA {torch.version.cuda} build" if torch.version.cuda else "CPU build"
    newer = tuple(int(part) for part in number.split(".")[:2]) >= (2, 9)
    return Finding("torch", newer, f"{number}, {build}", "Install torch 2.9 or newer: `pip install --upgrade torch`")


def look_at_device() -> Finding:
    """Where lessons train, and the GPU if there is one; REQUIRE_GPU=1 makes its absence a lack."""
    import torch

    from featherweight import runtime

    required = os.environ.get("REQUIRE_GPU", "") not in ("", "0")
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU"
    try:
        fact, well = f"lessons train on {runtime.device()} ({gpu})", True
    except InputError as problem:
        return Finding("device", False, str(problem).rstrip("."), "Unset FEATHERWEIGHT_DEVICE")
    if required and not torch.cuda.is_available():
        fact, well = "REQUIRE_GPU is set and torch finds no GPU", False
    return Finding("device", well, fact, "Use a machine with an NVIDIA GPU and a CUDA build: `make gpu TORCH=cuda`")


def look_at_threads() -> Finding:
    from featherweight import runtime

    try:
        threads = runtime.use_threads()
    except InputError as problem:
        return Finding("threads", False, str(problem).rstrip("."), "Unset FEATHERWEIGHT_THREADS")
    return Finding("threads", True, f"{threads} of {os.cpu_count()} cores (FEATHERWEIGHT_THREADS changes it)")


def look_at_program(name: str, programs: tuple[str, ...], purpose: str, package: str) -> Finding:
    found = next(filter(None, map(shutil.which, programs)), None)
    cure = f"On Debian or Ubuntu: `sudo apt-get install {package}`"
    return Finding(name, found is not None, found or f"not found ({purpose})", cure, needed=False)


def look_at_disk(free: int) -> Finding:
    return Finding("disk", free >= 2 * GIB, f"{free / GIB:.1f} GiB free", "Free some: 2 GiB are wanted here")


def look_at_memory() -> Finding:
    import psutil

    free = psutil.virtual_memory().available
    if CONTAINER_LIMIT.is_file() and CONTAINER_LIMIT.read_text().strip().isdecimal():
        free = min(free, int(CONTAINER_LIMIT.read_text()))
    return Finding(
        "memory", free >= 1.2 * GIB, f"{free / GIB:.1f} GiB free", "Close something: a lesson takes up to 1.2 GiB"
    )
