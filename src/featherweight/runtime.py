"""Where and how the book computes: device, threads, seeds, the cache folder, and files that are never half-written."""

from __future__ import annotations

import os
import random
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from featherweight.errors import FileProblem, InputError

if TYPE_CHECKING:
    import torch

__all__ = ["cache_folder", "device", "seed", "strict", "use_threads", "write_all", "write_atomically"]

DEVICES = ("cpu", "cuda", "auto")


def device() -> torch.device:
    """Where lessons train: FEATHERWEIGHT_DEVICE = cpu (default), cuda or auto (cuda if there is one).

    Raises InputError for another value, or for cuda where torch finds no GPU.
    """
    import torch

    wanted = os.environ.get("FEATHERWEIGHT_DEVICE", "cpu").strip().lower() or "cpu"
    if wanted not in DEVICES:
        raise InputError(f"FEATHERWEIGHT_DEVICE is {wanted!r}; wanted one of {', '.join(DEVICES)}: set it and restart.")
    if wanted == "cuda" and not torch.cuda.is_available():
        raise InputError(
            "FEATHERWEIGHT_DEVICE is 'cuda' but torch finds no GPU; set it to cpu or auto, or install a CUDA build."
        )
    return torch.device("cuda" if wanted != "cpu" and torch.cuda.is_available() else "cpu")


def use_threads() -> int:
    """Set and return torch's intra-op threads: FEATHERWEIGHT_THREADS, or 1.

    One is the default because threads that wait for each other on a busy machine make a small training step
    many times slower; raise it for large networks on an idle one.
    """
    import torch

    text = os.environ.get("FEATHERWEIGHT_THREADS", "1")
    if not text.isdecimal() or int(text) < 1:
        raise InputError(f"FEATHERWEIGHT_THREADS is {text!r}; wanted a whole number of at least 1.")
    torch.set_num_threads(int(text))
    return int(text)


def seed(number: int) -> torch.Generator:
    """Seed Python, NumPy and torch with `number`; return a fresh torch CPU generator with the same seed."""
    import numpy
    import torch

    random.seed(number)
    numpy.random.seed(number)
    torch.manual_seed(number)
    return torch.Generator().manual_seed(number)


def strict() -> bool:
    """True where anything but a passed check must raise: FEATHERWEIGHT_STRICT=1, or under nbgrader."""
    return os.environ.get("FEATHERWEIGHT_STRICT", "") not in ("", "0") or bool(os.environ.get("NBGRADER_EXECUTION"))


def cache_folder() -> Path:
    """FEATHERWEIGHT_CACHE, or the platform's folder for things that can be made again. Not created here."""
    chosen = os.environ.get("FEATHERWEIGHT_CACHE")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "featherweight"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "featherweight"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "featherweight"


def write_atomically(path: str | Path, content: str | bytes) -> None:
    """Write `content` to a temporary file beside `path`, then rename it: readers see the old file or the new one.

    Text is UTF-8 with LF; a symbolic link stays one. Raises FileProblem when the file system refuses, or where a
    folder or device is in the way; what was there is then untouched.
    """
    path = Path(os.path.realpath(path))
    if path.exists() and not path.is_file():
        raise FileProblem(f"Could not write {path.name}: it is no ordinary file and stays as it is. Choose another.")
    data = content.encode("utf-8") if isinstance(content, str) else content
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        os.replace(temporary, path)
    except OSError as problem:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)
        reason = problem.strerror or problem
        raise FileProblem(
            f"Could not write {path.name} ({reason}); what was there is unchanged. "
            "Free some space or choose a writable folder."
        ) from problem


def write_all(root: Path, files: Mapping[str, bytes], cure: str, mode: int | None = None) -> None:
    """Write every file beside its place first, then rename them in order: a full disk changes nothing.

    files: name from `root` → content. cure: what to do when the file system refuses, the end of FileProblem's line.
    mode: the files' permissions; by default the user's own for new files.
    """
    waiting: list[tuple[str, Path]] = []
    name = ""
    try:
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            waiting.append((temporary, path))
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.chmod(temporary, 0o666 & ~_umask() if mode is None else mode)
        for temporary, path in waiting:
            name = path.name
            os.replace(temporary, path)
    except OSError as problem:
        raise FileProblem(f"Could not write {name} ({problem.strerror or problem}); {cure}") from problem
    finally:
        for temporary, _ in waiting:
            Path(temporary).unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
