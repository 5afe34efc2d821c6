"""Notebooks in a zip, in memory. Nothing is written to disk, and nothing that a zip says of itself is believed."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from featherweight.errors import FileProblem
from featherweight.grading.handed import MAX_NOTEBOOK, is_twin, wanted

__all__ = ["MAX_ZIP", "Budget", "Member", "content", "open_archive", "unpacked"]

MAX_ZIP = 64 * 2**20
"""Bytes of a student's zip that are read."""

MAX_UNPACKED = 8 * MAX_NOTEBOOK
"""Bytes that a student's zips may unpack to, those in them included; ordinary workbooks need a hundredth."""

MAX_MEMBERS, MAX_DEPTH = 2_000, 2
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
Member = tuple[str, bytes | str]


@dataclass
class Budget:
    """Bytes that a student's zips may still unpack to."""

    left: int = MAX_UNPACKED


def open_archive(data: bytes | Path) -> zipfile.ZipFile:
    """A zip's directory. Raises FileProblem with the reason."""
    try:
        return zipfile.ZipFile(io.BytesIO(data) if isinstance(data, bytes) else data)
    except Exception as problem:  # whatever a damaged zip makes zipfile raise
        raise FileProblem(f"it is no whole zip ({problem})") from problem


def unpacked(data: bytes, name: str, budget: Budget, depth: int = 1) -> Iterator[Member]:
    """Names and bytes of the notebooks and Python files in a student's zip, or why there are none.

    name: the zip's own path.
    """
    if depth > MAX_DEPTH:
        yield name, "it is a zip inside too many others"
    elif data.count(b"PK\x01\x02") > MAX_MEMBERS:
        yield name, f"it is a zip of more than {MAX_MEMBERS:,} files"
    else:
        try:
            archive = open_archive(data)
        except FileProblem as problem:
            yield name, str(problem)
            return
        with archive:
            members = list(_members(archive, name, budget, depth))
        yield from members or [(name, "there is no notebook in it")]


def _members(archive: zipfile.ZipFile, name: str, budget: Budget, depth: int) -> Iterator[Member]:
    for member in archive.infolist():
        inside = f"{name[: -len('.zip')]}/{member.filename}".replace("\\", "/")
        if not wanted(inside) and not is_twin(inside):
            continue
        found = content(archive, member, budget)
        if inside.lower().endswith(".zip") and isinstance(found, bytes):
            yield from unpacked(found, inside, budget, depth + 1)
        else:
            yield inside, found


def content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: Budget | None = None) -> bytes | str:
    """A member's bytes, or why there are none. budget: what the zip may still unpack to."""
    if stat.S_ISLNK(member.external_attr >> 16):
        return "it is a link, which is not followed"
    if member.flag_bits & 1:
        return "it is encrypted"
    if member.compress_type not in METHODS:
        return "it is packed by a method that is not read: wanted an ordinary zip"
    most = MAX_ZIP if member.filename.lower().endswith(".zip") else MAX_NOTEBOOK
    most = most if budget is None else min(most, budget.left)
    try:
        with archive.open(member) as file:
            data = file.read(most + 1)
    except Exception as problem:  # whatever a damaged zip makes zipfile and zlib raise
        return f"it cannot be unpacked ({type(problem).__name__})"
    if budget is not None:
        budget.left -= min(len(data), most)
    return data if len(data) <= most else "it unpacks to more than is read"
