"""Find what was handed in: folders, students' folders, and the zips that Canvas, Moodle and nbgrader give out.

Nothing is unpacked to disk and nothing is executed: a notebook is read as bytes, up to a cap.

| layout                                        | student                                |
|-----------------------------------------------|----------------------------------------|
| `alice/03_topic.ipynb`, at any depth          | the first folder                       |
| `submitted/alice/assignment/03_topic.ipynb`   | the folder below `submitted`           |
| `Alice Doe_123456_assignsubmission_file/…`    | what stands before the number (Moodle) |
| `doealice_123_456_03_topic.ipynb`             | what stands before the numbers (Canvas) |
| `alice.ipynb`, `alice.zip`                    | the file's name                        |
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from featherweight.errors import FileProblem

__all__ = ["MAX_FILES", "MAX_NOTEBOOK", "Handed", "collect"]

MAX_NOTEBOOK = 20 * 2**20
"""Bytes of a notebook that are read; a larger one is unreadable."""

MAX_FILES = 20_000
MAX_ZIP_DEPTH = 2
MOODLE = re.compile(r"^(.+?)_\d+_assignsubmission_")
CANVAS = re.compile(r"^(.+?)(_LATE|_late)?_\d+_\d+_")
SKIPPED = re.compile(r"(^|/)(\.|__MACOSX)|-checkpoint\.ipynb$|-Copy\d+\.ipynb$")


@dataclass(frozen=True)
class Handed:
    """One notebook as it was handed in. path: within what was given. data: its bytes, or why there are none."""

    student: str
    path: str
    data: bytes | str
    late: bool = False


def collect(place: str | Path) -> list[Handed]:
    """Every notebook in a folder or zip, ordered by student and path. Raises FileProblem where there is none."""
    place = Path(place)
    try:
        found = list(_walk_zip(place.read_bytes(), "", 0) if place.is_file() else _walk_folder(place))
    except OSError as problem:
        raise FileProblem(
            f"Could not read {place} ({problem.strerror or problem}); wanted a folder of submissions or a zip."
        ) from problem
    if not found:
        raise FileProblem(f"There is no notebook in {place}; wanted *.ipynb, in it or in students' folders or zips.")
    return sorted(found, key=lambda one: (one.student, one.path))


def _walk_folder(root: Path) -> Iterator[Handed]:
    """The notebooks below a folder. Links are not followed: they may lead anywhere."""
    if not root.is_dir():
        raise FileProblem(f"{root} is not there; wanted a folder of submissions or a zip.")
    for count, path in enumerate(sorted(root.rglob("*"))):
        if count > MAX_FILES:
            raise FileProblem(f"{root} holds more than {MAX_FILES:,} files; wanted a folder of submissions.")
        name = path.relative_to(root).as_posix()
        if SKIPPED.search(name) or path.suffix not in (".ipynb", ".zip"):
            continue
        if any(each.is_symlink() for each in (path, *path.parents) if each.is_relative_to(root) and each != root):
            yield _handed(name, "it is a link, which is not followed")
        elif path.is_file():
            yield from _file(name, path.stat().st_size, path.read_bytes, 0)


def _file(name: str, size: int, read, depth: int) -> Iterator[Handed]:
    if name.endswith(".zip"):
        if size <= MAX_NOTEBOOK * 5 and depth < MAX_ZIP_DEPTH:
            yield from _walk_zip(read(), name.removesuffix(".zip") + "/", depth + 1)
        else:
            yield _handed(name, "a zip that is too large, or inside too many others")
    elif size > MAX_NOTEBOOK:
        yield _handed(name, f"it has {size:,} bytes; at most {MAX_NOTEBOOK:,} are read")
    else:
        yield _handed(name, read())


def _walk_zip(data: bytes, prefix: str, depth: int) -> Iterator[Handed]:
    """The notebooks in a zip, in memory; what it claims about sizes is checked while reading."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as problem:
        if not prefix:
            raise FileProblem(f"This is no whole zip ({problem}); wanted submissions: download it again.") from problem
        yield _handed(prefix.rstrip("/") + ".zip", f"it is no whole zip ({problem})")
        return
    with archive:
        for member in members[:MAX_FILES]:
            name = prefix + member.filename
            if (
                SKIPPED.search(name)
                or not name.endswith((".ipynb", ".zip"))
                or stat.S_ISLNK(member.external_attr >> 16)
            ):
                continue
            yield from _member(archive, member, name, depth)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, depth: int) -> Iterator[Handed]:
    cap = MAX_NOTEBOOK * (5 if name.endswith(".zip") else 1)
    try:
        with archive.open(member) as file:
            data = file.read(cap + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError) as problem:
        yield _handed(name, f"it cannot be unpacked ({problem})")
        return
    yield from _file(name, len(data), lambda: data, depth)


def _handed(name: str, data: bytes | str) -> Handed:
    """A notebook under the student that its path names."""
    parts = [part for part in PurePosixPath(name).parts if part not in ("/", "..", ".")]
    if parts[0] == "submitted" and len(parts) > 2:
        parts = parts[1:]
    first = parts[0]
    found = Handed(first, name, data)
    if moodle := MOODLE.match(first):
        return replace(found, student=moodle[1])
    if canvas := CANVAS.match(first):
        return replace(found, student=canvas[1], late=canvas[2] is not None)
    return replace(found, student=PurePosixPath(first).stem) if len(parts) == 1 else found
