"""What a sandbox can see: the system, the interpreter and its environment, read-only; and nothing of the book.

Wherever the package or its checkout lies inside what is shown, an empty folder is put over it: an editable install
below /usr/src, a copy in another environment of the same interpreter. Folders are mounted from the top down, so that
an environment inside a hidden checkout comes back.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

__all__ = ["hidden", "prefixes", "shown"]

PACKAGE = Path(__file__).parents[1]
SYSTEM = ("bin", "sbin", "lib", "lib32", "lib64")
SOURCES = (Path("/usr/src"), Path("/usr/local/src"))
INSTALLED = "lib*/python*/*-packages/featherweight"


def prefixes() -> list[Path]:
    """The folders of the interpreter and of its environment that /usr does not hold. Raises OSError for the root."""
    found = {Path(sys.base_prefix), Path(sys.prefix)}
    program = Path(os.path.realpath(sys.executable))
    if program.parent.name == "bin":
        found.add(program.parents[1])
    if Path("/") in found:
        raise OSError("the interpreter's prefix is /, and would show every file")
    return sorted(path for path in found if not path.is_relative_to("/usr"))


def hidden(visible: Iterable[Path], package: Path = PACKAGE) -> list[Path]:
    """What must not be seen of the visible folders: every copy of the package, its checkout, and sources at large."""
    visible = [Path("/usr"), Path("/usr/local"), *visible]
    checkout = package.parents[1]
    own = {package, checkout} if (checkout / "pyproject.toml").is_file() else {package}
    copies = {path for place in visible for path in place.glob(INSTALLED)}
    return sorted({found for path in own | copies | set(SOURCES) if path.is_dir() for found in _seen(path, visible)})


def _seen(path: Path, visible: Iterable[Path]) -> Iterator[Path]:
    """Under which names a folder is seen below the visible ones."""
    real = path.resolve()
    for place in visible:
        if real.is_relative_to(place.resolve()):
            yield place / real.relative_to(place.resolve())


def shown(places: Mapping[Path, Path], disk: int) -> list[str]:
    """bubblewrap's arguments for what can be seen inside.

    places: prefix → the folder from which it is bound. disk: bytes of each temporary folder.
    """
    words = ["--ro-bind", "/usr", "/usr", "--proc", "/proc", "--dev", "/dev"]
    words += ["--ro-bind", "/dev/null", "/dev/zero"]  # shared pages of zero are memory that nobody counts
    for path in (Path("/", name) for name in SYSTEM):
        if path.is_symlink():
            words += ["--symlink", os.readlink(path), str(path)]
        elif path.is_dir():
            words += ["--ro-bind", str(path), str(path)]
    for place in ("/tmp", "/dev/shm"):
        words += ["--size", str(disk), "--tmpfs", place]
    mounts = {path: ["--tmpfs", str(path)] for path in hidden(places)}
    mounts |= {path: ["--ro-bind", str(source), str(path)] for path, source in places.items()}
    for path in sorted(mounts, key=lambda path: len(path.parts)):
        words += mounts[path]
    for path in mounts.keys() - places.keys():
        words += ["--remount-ro", str(path)]
    return [*words, "--remount-ro", "/dev"]
