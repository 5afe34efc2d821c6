"""How long a fresh machine takes for `make lab`'s set-up, and what then lies on the disk."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from featherweight.bench.repeats import ratio
from featherweight.bench.row import Row, number
from featherweight.errors import FeatherweightError, InputError

__all__ = ["bytes_in", "copy_book", "fresh_rows"]

SCRIPT = Path("src", "featherweight", "setup_environment.py")
LEFT = shutil.ignore_patterns(".*", "build", "dist", "__pycache__", "kept", "tests")
TORCH = ("torch", "torchgen", "functorch", "torch-*.dist-info", "nvidia", "nvidia_*", "triton", "triton-*.dist-info")
DISK_GOAL = 2.0  # GB: what the README asks for
SECONDS = 580


def fresh_rows(root: Path, script: Path = SCRIPT) -> Iterator[Row]:
    """Set up a copy of the book under `root`, and look at what that took.

    Raises InputError where there is no book, and FeatherweightError where the set-up fails.
    """
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:
        copy = copy_book(root, Path(name, "book"))
        seconds, cpu, torch = _set_up(copy, script)
        whole, part = bytes_in(copy / ".venv"), sum(map(bytes_in, _torch_folders(copy)))
    own = f"its processor's, {number(cpu)} s"
    yield Row(
        f"set-up, {torch}", seconds, "s", beside=own, ratio=ratio(seconds, cpu), why="the network decides most of it"
    )
    beside = f"torch alone, {number(part / 1e9)} GB"
    yield Row("the environment on disk", whole / 1e9, "GB", DISK_GOAL, beside=beside, ratio=ratio(whole, part))
    rest = f"all else, {number((whole - part) / 1e9)} GB"
    share = ratio(part, whole - part)
    yield Row(f"of it {torch}", part / 1e9, "GB", beside=rest, ratio=share, why="the build that pip finds")


def copy_book(root: Path, to: Path) -> Path:
    """Copy what a set-up reads. Raises InputError where `root` holds no book."""
    if not (root / SCRIPT).is_file() or not (root / "pyproject.toml").is_file():
        raise InputError(f"{root.resolve()} holds no copy of the book's sources; run this in one.")
    shutil.copytree(root, to, ignore=LEFT)
    return to


def bytes_in(folder: Path) -> int:
    """The sizes of all files below a folder, each once; links are not followed."""
    files = [path.lstat() for path in folder.rglob("*") if path.is_symlink() or path.is_file()]
    return sum({(one.st_dev, one.st_ino): one.st_size for one in files}.values())


def _set_up(copy: Path, script: Path) -> tuple[float, float, str]:
    """Seconds on the clock and of processors, and the torch that the set-up says it got."""
    environment = {**os.environ, "PIP_NO_CACHE_DIR": "1"}
    for name in ("PYTHONPATH", "VIRTUAL_ENV"):
        environment.pop(name, None)
    before, start = os.times(), time.perf_counter()
    python = Path(sys.base_prefix, "python.exe" if os.name == "nt" else "bin/python3")
    options = {"capture_output": True, "text": True, "timeout": SECONDS}
    done = subprocess.run([str(python), "-I", str(script), "lab"], cwd=copy, env=environment, check=False, **options)
    seconds, after = time.perf_counter() - start, os.times()
    told = [line for line in done.stdout.splitlines() if line.startswith("torch ")]
    if done.returncode or not told:
        lines = (done.stderr.strip() or done.stdout.strip() or "no torch was named").splitlines()
        problem = next((line for line in lines if line.startswith("ERROR")), lines[-1])  # pip's, and not what follows
        raise FeatherweightError(f"not measured: the set-up ended with status {done.returncode}: {problem}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return seconds, cpu, told[-1]


def _torch_folders(copy: Path) -> list[Path]:
    """What torch brought, with its CUDA libraries where it has any."""
    places = [*copy.glob(".venv/lib/python*/site-packages"), copy / ".venv" / "Lib" / "site-packages"]
    return [found for place in places for name in TORCH for found in place.glob(name)]
