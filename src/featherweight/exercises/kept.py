"""Where text goes that is no longer in use: numbered files in `kept/`, never overwritten, beside the workbooks."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from featherweight.errors import FileProblem
from featherweight.runtime import write_atomically

__all__ = ["FOLDER", "keep_aside"]

FOLDER = "kept"


def keep_aside(folder: str | Path, name: str, content: str | bytes) -> Path:
    """Write `content` to `kept/<stem>-<number><suffix>` in `folder`, under the first free number; return its path.

    The same content is kept once. Raises FileProblem when the file system refuses; nothing is then left behind.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    wanted = Path(name)
    for number in count(1):
        path = Path(folder) / FOLDER / f"{wanted.stem}-{number}{wanted.suffix}"
        if _claim(path):
            return _fill(path, data)
        if path.is_file() and path.read_bytes() == data:
            return path


def _claim(path: Path) -> bool:
    """Create an empty file, so that no other process takes its number; False if it is there already."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("xb").close()
    except FileExistsError:
        if path.parent.is_dir():
            return False
        raise FileProblem(f"{path.parent} is a file; wanted a folder for what is kept aside: rename it.") from None
    except OSError as problem:
        raise FileProblem(
            f"Could not keep a copy as {path} ({problem.strerror}); nothing was changed. Choose a writable folder."
        ) from problem
    return True


def _fill(path: Path, data: bytes) -> Path:
    try:
        write_atomically(path, data)
    except FileProblem:
        path.unlink()
        raise
    return path
